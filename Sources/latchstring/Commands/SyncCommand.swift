// `latchstring sync`: who has activated.

import ArgumentParser
import Campaign
import Files
import Model
import Work

struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Ask the server who has activated, and keep the answer in the campaign's ledger.",
        discussion: """
            It asks about everybody with an invitation who is not known to have activated. It issues \
            nothing. Identities are asked for 500 at a time; only those that were changed since their \
            invitation was issued are asked for alone. A credential that was created or changed after that \
            is an activation; a change of traits is none, and neither is a password that was imported. Times \
            are compared by the server's own clock. The campaign remembers its server, so that --server may \
            be left out.

            Given again, it asks about those who are left. Stopped, it keeps what it has learnt.

            \(ExitStatus.help(done: "everybody was asked about"))
            """
    )

    @OptionGroup(CampaignGroup.self) var campaign
    @OptionGroup(section: ServerGroup.self) var server
    @OptionGroup(section: SyncGroup.self) var sync
    @OptionGroup(LockGroup.self) var lock
    @OptionGroup(ConfigGroup.self) var config

    func run() async throws {
        let status = try await run(.process)
        if status != .done { throw status.exitCode }
    }

    func run(_ context: CommandContext) async throws -> ExitStatus {
        let settings = try SyncSettings(Settings(of: self, context))
        let context = context.quiet(settings.isQuiet)
        let display = ProgressDisplay(context.console, time: context.time)
        let notes = RunNotes(console: context.console, folder: settings.folder)
        let result = try await SyncCampaign(
            settings.request,
            RunContext(
                time: context.time,
                process: context.processName(),
                version: latchstringVersion,
                connect: { try await context.connect(settings.server, $0, context.time) },
                signals: context.signals,
                exitNow: context.exitNow,
                events: RunEvents([display.tell, notes.tell])
            )
        ).run()
        display.clear()
        return try SyncReport(result: result, isJSON: settings.isJSON).show(context)
    }
}
