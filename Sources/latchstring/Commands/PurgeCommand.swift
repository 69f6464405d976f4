// `latchstring purge`: codes and links out of the ledger, for good.

import ArgumentParser
import Campaign
import Files
import Pacing
import Model

struct PurgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge",
        abstract: "Remove codes and links from a campaign's ledger for good.",
        discussion: """
            Those that have expired, or with --all every one. Who was invited when stays: whoever lost a \
            code stays issued, and is not asked for again. The ledger's file is written anew, so that none \
            of its bytes show what was removed; that takes up to twice its size on the same disk. Columns of \
            a roster with an earlier campaign's codes, which an earlier version has enrolled, are removed \
            too. Exports are left alone, and named. Given again, a purge that was cut short is completed. \
            Without --yes, and without a terminal to ask on, --all does nothing (64).

            \(ExitStatus.help(done: "done"))
            """
    )

    @OptionGroup(CampaignGroup.self) var campaign
    @OptionGroup(LockGroup.self) var lockOptions
    @OptionGroup(ConfigGroup.self) var config
    @OptionGroup(PurgeGroup.self) var purge

    func run() async throws { try await run(.process) }

    func run(_ context: CommandContext) async throws {
        let settings = try Settings(of: self, context)
        let folder = try CampaignSettings(settings, roster: nil).folder
        let isJSON = try settings[\.campaign.json]
        let waitForLock = try settings[\.lock.waitForLock]
        let isOfAll = try settings[\.purge.all]
        let isConfirmed = try settings[\.purge.yes]
        let notes = RunNotes(console: context.console, folder: folder)
        let purge = { (control: RunControl) in
            PurgeCampaign(
                folder,
                all: isOfAll,
                waitForLock: waitForLock,
                PurgeContext(
                    time: context.time,
                    process: context.processName(.purge),
                    control: control,
                    confirm: { if !isConfirmed { try Self.confirm($0, folder, context.console) } },
                    events: RunEvents([notes.tell])
                )
            )
        }
        let job = purge(RunControl(time: context.time))
        let lock =
            waitForLock == nil
            ? try await job.lock()
            : try await ProcessSignals.whileWaiting(context.time) { try await purge($0).lock() }
        let result = try job.run(holding: lock)
        try context.console.data(isJSON ? result.json(folder) : result.words(folder))
    }

    /// - Throws: `CommandFailure`, a usage error, where it is not to be done.
    private static func confirm(_ held: Int, _ folder: CampaignFolder, _ console: Console) throws {
        guard console.streams.canAsk else {
            throw CommandFailure(
                .usage,
                "nothing was done",
                advice: "give --yes to remove codes that are still valid"
            )
        }
        let question =
            "The codes and links of all \(held) invitations of the campaign \(folder.name) that have them "
            + "are removed from its ledger, also where they are still valid. Type yes to go on: "
        guard console.confirms(question) else { throw CommandFailure(.usage, "nothing was done") }
    }
}

extension PurgeCampaign.Result {
    fileprivate func words(_ folder: CampaignFolder) -> String {
        let current = removed - removedEarlier
        let before = purged - current
        var lines = [
            "Campaign \(folder.name)",
            "  removed    the codes and links of \(current) of \(issued) issued"
                + (removedEarlier > 0 ? ", and of \(removedEarlier) earlier invitations" : "")
                + (before > 0 ? "; \(before) had none before" : ""),
        ]
        if !columns.isEmpty {
            lines.append(
                "  removed    the roster's columns \(columns.joined(separator: ", ")), which an earlier "
                    + "version enrolled"
            )
            lines += rewritten.map { "  written    \($0), without them" }
        }
        if issued > purged { lines.append("  kept       those of \(issued - purged)") }
        if !stillIn.isEmpty {
            lines += stillIn.map { "  still in   \($0)" }
            lines.append(
                "What is still in exports is not touched: delete them when nobody needs them any more."
            )
        }
        return lines.joined(separator: "\n") + "\n"
    }

    fileprivate func json(_ folder: CampaignFolder) -> String {
        JSONWriter.document([
            ("campaign", .text(folder.name)),
            ("removed", .number(removed)),
            ("removed_earlier", .number(removedEarlier)),
            ("purged", .number(purged)),
            ("issued", .number(issued)),
            ("columns_removed", .texts(columns)),
            ("still_in", .texts(stillIn)),
        ])
    }
}
