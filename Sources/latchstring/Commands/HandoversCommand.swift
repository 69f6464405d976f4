// `latchstring handovers`: the batches of a campaign.

import ArgumentParser
import Campaign
import Exports
import Files
import Ledger
import Model
import Pacing

struct HandoversCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "handovers",
        abstract: "List the batches that were handed over, or undo one.",
        discussion: """
            One line for each batch, and one for each file of it that is gone or was changed since: \
            latchstring export --batch writes it again. --undo lets the members of a batch be new again, and \
            removes its files, so that nobody sends them. --json: not_handed_over, and batches, each with \
            batch, kind, state, rows, first_generation, last_generation, prepared_at, written_at, file, \
            manifest, sha256, file_state, manifest_state and left_out.

            \(ExitStatus.help(done: "done"))
            """
    )

    @OptionGroup(CampaignGroup.self) var campaign
    @OptionGroup(BatchesGroup.self) var batches
    @OptionGroup(ConfigGroup.self) var config

    func run() async throws { try await run(.process) }

    func run(_ context: CommandContext) async throws {
        let settings = try Settings(of: self, context)
        let folder = try CampaignSettings(settings, roster: nil).folder
        let isJSON = try settings[\.campaign.json]
        let console = context.console
        let notes = RunNotes(console: console, folder: folder)
        let handOver = HandOver(
            folder,
            HandOverContext(
                now: context.time.wallClock,
                process: context.processName(.handOver),
                events: RunEvents([notes.tell])
            )
        )
        if let number = try settings[\.batches.undo] {
            let batch = try await handOver.undo(number)
            console.note(Self.undone(batch))
        }
        let (listed, notHandedOver) = try handOver.list()
        guard !isJSON else {
            return try console.data(
                JSONWriter.document([
                    ("campaign", .text(folder.name)),
                    ("not_handed_over", .number(notHandedOver)),
                    ("batches", .objects(listed.map(BatchEntry.fields))),
                ])
            )
        }
        try console.data(BatchEntry.table(listed, folder))
        console.note("\(BatchEntry.invitations(notHandedOver)) not handed over.")
    }

    private static func undone(_ batch: BatchRecord) -> String {
        switch batch.kind {
        case .new:
            "Batch \(batch.number) is undone: of its \(batch.rows) invitations, those that are still "
                + "current are new again."
        case .reminder: "Batch \(batch.number) is undone: its \(batch.rows) reminders do not count."
        }
    }
}
