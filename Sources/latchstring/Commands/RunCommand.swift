// `latchstring run`: the whole job.

import ArgumentParser
import Foundation
import Glibc

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Enrol a roster, issue a recovery code for everybody who has none, write the invitations.",
        discussion: """
            The campaign is named after the roster's file. It issues for whom the roster names; without a roster, for \
            everybody in the campaign that --campaign names. Everything is in <output-dir>/<campaign>/: the ledger, \
            invitations.csv, failures.csv, rejected.csv and summary.json. Given again, the same command goes on: \
            what is issued is never asked for twice, failures that may pass are tried anew.

            SIGUSR1 prints how far it is, also with --quiet; SIGUSR2 does nothing. A first SIGINT, SIGTERM or SIGHUP \
            lets what is on its way come to its end; a second one ends the process at once.

            \(ExitStatus.help())
            """
    )

    @OptionGroup(RosterGroup.self) var roster
    @OptionGroup(section: ServerGroup.self) var server
    @OptionGroup(section: IssuingGroup.self) var issue
    @OptionGroup(RunGroup.self) var run
    @OptionGroup(CampaignGroup.self) var campaign
    @OptionGroup(LockGroup.self) var lock
    @OptionGroup(section: ExportGroup.self) var export
    @OptionGroup(ConfigGroup.self) var config

    func run() async throws {
        // In the background words may be written, and `stty tostop` must not stop what servers are answering.
        signal(SIGTTOU, SIG_IGN)
        let settings = try Settings(of: self)
        let runSettings = try RunSettings(settings)
        let context = RunContext(
            settings: runSettings,
            goOn: GoOn(CommandLine.arguments, settings, runSettings)
        )
        let status = try await RunJob(context).run()
        if status != .done { throw status.exitCode }
    }
}

/// The command line as text, to be given again.
enum CommandText {
    /// The arguments quoted for a shell, as they were given: no option takes a credential itself.
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
