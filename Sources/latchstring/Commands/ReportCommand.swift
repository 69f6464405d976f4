// `latchstring report`: failures, rejected rows and the summary again, at any time.

import ArgumentParser
import Campaign
import Exports
import Files
import Pacing
import Model

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write a campaign's failures, rejected rows and summary again, also while a run is on.",
        discussion: ExitStatus.help(done: "done")
    )

    @OptionGroup(CampaignGroup.self) var campaign
    @OptionGroup(ExportGroup.self) var export
    @OptionGroup(ConfigGroup.self) var config

    func run() async throws { try run(.process) }

    func run(_ context: CommandContext) throws {
        let settings = try Settings(of: self, context)
        let folder = try CampaignSettings(settings, roster: nil).folder
        let options = try ExportSettings(settings)
        let isJSON = try settings[\.campaign.json]
        let notes = RunNotes(console: context.console, folder: folder)
        let result = try ReportCampaign(
            folder,
            formulas: options.invitations.formulas,
            LookContext(now: context.time.wallClock, events: RunEvents([notes.tell]))
        ).run()
        guard !isJSON else { return try context.console.data(result.summary.json) }
        let files = [
            result.summary.words, RunReport.line(result.reported.failures, "failure"),
            RunReport.line(result.reported.rejected, "rejected or doubled row"),
            "  \(result.reported.summary.path)",
        ]
        try context.console.data(files.joined(separator: "\n") + "\n")
    }
}
