// `latchstring run`: the whole job.

import ArgumentParser
import Foundation

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Enrol a roster, issue a recovery code for everybody who has none, write the invitations.",
        discussion: """
            The campaign is named after the roster's file. It issues for whom the roster names; without a roster, for \
            everybody in the campaign that --campaign names. Everything is in <output-dir>/<campaign>/: the ledger, \
            invitations.csv, failures.csv, rejected.csv and summary.json. Given again, the same command goes on: \
            what is issued is never asked for twice, failures that may pass are tried anew.

            \(ExitStatus.help())
            """
    )

    @OptionGroup var roster: RosterSource
    @OptionGroup(title: "Server options") var server: ServerOptions
    @OptionGroup(title: "Issuing options") var issue: IssueOptions
    @OptionGroup var run: RunOptions
    @OptionGroup var campaign: CampaignOptions
    @OptionGroup(title: "Export options") var export: ExportOptions
    @OptionGroup var config: ConfigOptions

    func run() async throws {
        let settings = try config.settings([roster, server, issue, run, campaign, export])
        let context = RunContext(
            settings: try RunSettings(settings),
            goOn: CommandText.again(CommandLine.arguments)
        )
        let status = try await RunJob(context).run()
        if status != .done { throw status.exitCode }
    }
}

/// The command line as text, to be given again.
enum CommandText {
    /// The arguments quoted for a shell; no credential is among them, for none is taken from arguments.
    static func again(_ arguments: [String]) -> String {
        let program =
            arguments.first.map { $0.split(separator: "/").last.map(String.init) ?? $0 } ?? "latchstring"
        return ([program] + arguments.dropFirst()).map(quoted).joined(separator: " ")
    }

    private static func quoted(_ argument: String) -> String {
        let plain = argument.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "-_./:=,@%+".utf8.contains(byte)
            }
        }
        return plain && !argument.isEmpty
            ? argument : "'\(argument.replacingOccurrences(of: "'", with: "'\\''"))'"
    }
}
