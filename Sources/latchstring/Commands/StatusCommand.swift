// `latchstring status`: the counts, at any time.

import ArgumentParser
import Campaign
import Files
import Pacing
import Exports
import Model

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Tell the counts of a campaign, also while a run is on.",
        discussion: """
            How far the invitations have come is a table, with shares of all identities; who has activated \
            is as latchstring sync has learnt it. Of a live run it tells the process, how far it is, and its \
            rate so far. --json: live, process \
            (null where nobody works on the campaign; not live: a purge), done (issued and failed), \
            percent_done.

            \(ExitStatus.help(done: "done"))
            """
    )

    @OptionGroup(CampaignGroup.self) var campaign
    @OptionGroup(ConfigGroup.self) var config

    func run() async throws { try run(.process) }

    func run(_ context: CommandContext) throws {
        let settings = try Settings(of: self, context)
        let folder = try CampaignSettings(settings, roster: nil).folder
        let isJSON = try settings[\.campaign.json]
        let notes = RunNotes(console: context.console, folder: folder)
        let status = try CampaignStatus(
            folder,
            LookContext(now: context.time.wallClock, events: RunEvents([notes.tell]))
        )
        guard !isJSON else { return try context.console.data(status.summary.json(adding: status.fields)) }
        try context.console.data(status.summary.wordsWithShares + "\n" + (status.holderInWords ?? ""))
    }
}

extension CampaignStatus {
    /// Whose the campaign is, and how far a live run has come; nil while nobody works on it.
    fileprivate var holderInWords: String? {
        guard let holder else { return nil }
        guard holder.isRun else { return "  in use by  \(holder.process)\n" }
        let text = "  live       \(holder.process)\n"
        // Before the run's own record is there, the latest is another's.
        guard let startedAt = summary.startedAt, summary.finishedAt == nil else {
            return text + "  so far     the run reads its roster, or waits for its first answer\n"
        }
        let rate = (summary.issuedPerSecond * 10).rounded() / 10
        return text
            + "  so far     \(done) of \(summary.identities) done (\(percentDone)%), \(rate) issued a second "
            + "since \(startedAt.rfc3339)\n"
    }

    fileprivate var fields: JSONMembers {
        [
            ("live", .flag(holder?.isRun == true)),
            ("process", .optional(holder?.process)),
            ("done", .number(done)),
            ("percent_done", .decimal(percentDone)),
        ]
    }
}
