// `latchstring run`: the whole job.

import ArgumentParser
import Campaign
import Foundation
import Glibc
import Providers
import Logging
import Files
import Exports
import Pacing
import Model

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Enrol a roster, issue a recovery code for everybody who has none, write the invitations.",
        discussion: """
            The campaign is named after the roster's file. It issues for whom the roster names; without a \
            roster, for everybody in the campaign that --campaign names. Everything is in \
            <output-dir>/<campaign>/: the ledger, invitations.csv, failures.csv, rejected.csv and \
            summary.json. Given again, the same command goes on: who has an invitation gets another one with \
            --reissue alone, failures that may pass are tried anew.

            SIGUSR1 prints how far it is, also with --quiet; SIGUSR2 does nothing. A first SIGINT, SIGTERM \
            or SIGHUP lets what is on its way come to its end; a second one ends the process at once.

            \(ExitStatus.help())
            """
    )

    @OptionGroup(RosterGroup.self) var roster
    @OptionGroup(section: ServerGroup.self) var server
    @OptionGroup(section: IssuingGroup.self) var issue
    @OptionGroup(ReissueGroup.self) var reissue
    @OptionGroup(RunGroup.self) var run
    @OptionGroup(CampaignGroup.self) var campaign
    @OptionGroup(LockGroup.self) var lock
    @OptionGroup(section: ExportGroup.self) var export
    @OptionGroup(section: HandOverGroup.self) var handOver
    @OptionGroup(section: FormatGroup.self) var format
    @OptionGroup(ConfigGroup.self) var config

    func run() async throws {
        // In the background words may be written, and `stty tostop` must not stop what servers are answering.
        signal(SIGTTOU, SIG_IGN)
        let status = try await run(.process)
        if status != .done { throw status.exitCode }
    }

    func run(_ context: CommandContext) async throws -> ExitStatus {
        let settings = try Settings(of: self, context)
        let runSettings = try RunSettings(settings)
        let job = RunJob(
            settings: runSettings,
            goOn: GoOn(context.arguments, settings, runSettings),
            origin: LogSettings.origin(settings, server: runSettings.server.server.text),
            context: context.quiet(runSettings.isQuiet)
        )
        return try await job.run()
    }
}

/// One run, with its words on the terminal.
struct RunJob {
    let settings: RunSettings
    let goOn: GoOn
    /// What the run is started with, for its log.
    let origin: Logger.Metadata
    let context: CommandContext

    private var console: Console { context.console }

    /// - Returns: the exit status.
    /// - Throws: `CommandFailure` for what ends a run before or beside its work.
    func run() async throws -> ExitStatus {
        if let warning = settings.issue.validityWarning { console.note(warning) }
        try noteEncryption()
        let display = ProgressDisplay(console, time: context.time)
        let log = settings.log.map {
            RunLog($0, settings.folder, startedWith: origin, console, time: context.time)
        }
        let flushing = Task { await log?.keepFlushing() }
        defer { flushing.cancel() }
        do {
            let result = try await RunCampaign(settings.request, runContext(display, log)).run()
            return try RunReport(result: result, settings: settings).show(console, goOn)
        } catch {
            throw described(CommandFailure(describing: error))
        }
    }

    private func runContext(_ display: ProgressDisplay, _ log: RunLog?) -> RunContext {
        let notes = RunNotes(console: console, folder: settings.folder, goOn: goOn.again)
        var subscribers: [RunEvents.Subscriber] = [display.tell, notes.tell]
        if let log { subscribers.append(log.tell) }
        return RunContext(
            time: context.time,
            process: context.processName(),
            version: latchstringVersion,
            connect: { [settings, context] in try await context.connect(settings.server, $0, context.time) },
            signals: context.signals,
            exitNow: context.exitNow,
            events: RunEvents(subscribers)
        )
    }

    /// A failure with how to go on when it is mended, and what is not written.
    private func described(_ failure: CommandFailure) -> CommandFailure {
        guard failure.hasBegun, failure.isResumable else { return failure }
        var lines = [failure.sentence, goOn.whenMended]
        if failure.leavesOutputs, let missing = RunReport.missing(allOf: settings) { lines.append(missing) }
        let words = Wording(lines.joined(separator: "\n"))
        return CommandFailure(failure.status, Problem(failure.problem.code, words))
    }

    /// Says who encrypts the invitations, where a run does not write them plain.
    private func noteEncryption() throws {
        guard !settings.exportRecipients.isEmpty else { return }
        let folder = settings.folder
        let export = CommandText.again(
            ["latchstring", "export", "--campaign", folder.name, "--output-dir", folder.outputFolder]
                + (settings.handOver == nil ? [] : ["--new"])
                + settings.exportRecipients.flatMap { ["--encrypt-to", $0] }
        )
        console.note(
            "encrypt-to is set, so the run writes no plain invitations. To write them encrypted: \(export)"
        )
        let plain = try CommandFailure.wrapping { try CampaignOutputs.plainExports(in: folder) }
        for line in PlainExportWarning.lines(plain, beside: nil) { console.note(line) }
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
