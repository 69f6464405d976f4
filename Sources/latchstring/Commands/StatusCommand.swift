// `latchstring status`: the counts, at any time.

import ArgumentParser
import Campaign
import OutputFiles
import Reports
import Vocabulary

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Tell the counts of a campaign, also while a run is on.",
        discussion: """
            Of a live run it tells the process, how far it is, and its rate so far. --json: live, process (null where \
            nobody works on the campaign; not live: a purge), done (issued and failed), percent_done.

            \(ExitStatus.help(done: "done"))
            """
    )

    @OptionGroup var campaign: CampaignOptions
    @OptionGroup var config: ConfigOptions

    func run() async throws {
        let settings = try config.settings([campaign])
        let folder = try CampaignSettings(settings, roster: nil).folder
        let isJSON = try settings.isOn("json")
        try CommandFailure.wrapping {
            let ledger = try folder.openLedger()
            if let warning = folder.spillWarning() { Console(isQuiet: false).note(warning) }
            let holder = folder.holder
            let summary = try Summary(ledger, now: .now(), isRunning: holder?.isRun == true)
            if isJSON {
                try Console.data(summary.json(adding: Self.fields(summary, holder)))
            } else {
                try Console.data(summary.words + "\n")
                if let holder { try Console.data(Self.words(summary, holder)) }
            }
        }
    }

    /// Whose the campaign is, and how far a live run has come.
    private static func words(_ summary: Summary, _ holder: CampaignFolder.Holder) -> String {
        guard holder.isRun else { return "  in use by  \(holder.process)\n" }
        let text = "  live       \(holder.process)\n"
        // Before the run's own record is there, the latest is another's.
        guard let startedAt = summary.startedAt, summary.finishedAt == nil else {
            return text + "  so far     the run reads its roster, or waits for its first answer\n"
        }
        let rate = (summary.issuedPerSecond * 10).rounded() / 10
        return text
            + "  so far     \(summary.done) of \(summary.identities) done (\(summary.percentDone)%), \(rate) issued a second "
            + "since \(startedAt.rfc3339)\n"
    }

    private static func fields(_ summary: Summary, _ holder: CampaignFolder.Holder?)
        -> [(name: String, value: JSONText.Value)]
    {
        [
            ("live", .flag(holder?.isRun == true)),
            ("process", .optional(holder?.process)),
            ("done", .number(summary.done)),
            ("percent_done", .decimal(summary.percentDone)),
        ]
    }
}

extension Summary {
    /// Identities that are through: issued or failed.
    fileprivate var done: Int { issued + failed }

    /// In a hundred, rounded down to tenths, so that 100 means all.
    fileprivate var percentDone: Double {
        identities > 0 ? Double(done * 1000 / identities) / 10 : 0
    }
}
