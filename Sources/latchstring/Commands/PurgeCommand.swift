// `latchstring purge`: codes and links out of the ledger, for good.

import ArgumentParser
import Campaign
import Ledger
import OutputFiles
import Outputs
import Pacing
import Vocabulary

struct PurgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge",
        abstract: "Remove codes and links from a campaign's ledger for good.",
        discussion: """
            Those that have expired, or with --all every one. Who was invited when stays: whoever lost a code stays \
            issued, and is not asked for again. The ledger's file is written anew, so that none of its bytes show what \
            was removed; that takes up to twice its size on the same disk. Columns of a roster with an earlier \
            campaign's codes, which an earlier version has enrolled, are removed too. Exports are left alone, and named. Given \
            again, a purge that was cut short is completed. Without --yes, and without a terminal to ask on, --all does \
            nothing (64).

            \(ExitStatus.help(done: "done"))
            """
    )

    @OptionGroup(CampaignGroup.self) var campaign
    @OptionGroup(LockGroup.self) var lockOptions
    @OptionGroup(ConfigGroup.self) var config
    @OptionGroup(PurgeGroup.self) var purge

    func run() async throws {
        let settings = try Settings(of: self)
        let folder = try CampaignSettings(settings, roster: nil).folder
        let isJSON = try settings[\.campaign.json]
        // What is no campaign is not waited for.
        _ = try CommandFailure.wrapping { try folder.openLedger() }
        let all = try settings[\.purge.all]
        let isConfirmed = try settings[\.purge.yes]
        let lock = try await Self.lock(folder, settings)
        try CommandFailure.wrapping {
            let ledger = try folder.openSoundLedger()
            if all, !isConfirmed { try Self.confirm(ledger, folder) }
            // Answers that wait beside the ledger hold codes too.
            let said = try folder.takeInSpill(into: ledger)
            for line in said.notes + said.warnings { Console(isQuiet: false).note(line) }
            let purge = try Purge(ledger, folder, all: all)
            try ledger.close()
            try Console.data(isJSON ? purge.json : purge.words)
        }
        extendLifetime(lock)
    }

    private static func lock(_ folder: CampaignFolder, _ settings: Settings) async throws -> FolderLock {
        let wait = try LockWait(
            settings,
            time: TimeSource(ContinuousClock(), wallClock: Timestamp.now),
            console: Console(isQuiet: false)
        )
        guard wait.limit != nil else {
            return try await wait.lock(folder, work: .purge, stopSwitch: StopSwitch())
        }
        return try await StopSwitch.whileWaiting { try await wait.lock(folder, work: .purge, stopSwitch: $0) }
    }

    /// - Throws: `CommandFailure`, a usage error, where it is not to be done.
    private static func confirm(_ ledger: any Ledger, _ folder: CampaignFolder) throws {
        let held = try ledger.counts(now: .now()).issued - ledger.purgedCount()
        guard Terminal.canAsk else {
            throw CommandFailure(.usage, "nothing was done: give --yes to remove codes that are still valid")
        }
        let question =
            "The codes and links of all \(held) invitations of the campaign \(folder.name) that have them are removed from "
            + "its ledger, also where they are still valid. Type yes to go on: "
        guard Terminal.confirms(question) else { throw CommandFailure(.usage, "nothing was done") }
    }
}

/// What one purge came to.
struct Purge {
    private let campaign: String
    private let removed: Int
    /// How many have no code now.
    private let purged: Int
    private let issued: Int
    /// Rosters' columns with earlier codes that were removed, and the reports that were written anew without them.
    private let columns: [String]
    private let rewritten: [String]
    /// What holds codes beside the ledger.
    private let stillIn: [String]

    /// Purges.
    init(_ ledger: any Ledger, _ folder: CampaignFolder, all: Bool) throws {
        let now = Timestamp.now()
        campaign = folder.name
        let outputs = CampaignOutputs(folder: folder, ledger: ledger)
        columns = try ledger.secretColumnNames()
        // First the reports: they are written anew without them as long as the ledger has them.
        rewritten = try outputs.cleanReports().map(\.path)
        removed = try ledger.purge(expiredBy: all ? nil : now, at: now)
        purged = try ledger.purgedCount()
        issued = try ledger.counts(now: now).issued
        stillIn = try outputs.codesBesideLedger()
    }

    var words: String {
        let before = purged - removed
        var lines = [
            "Campaign \(campaign)",
            "  removed    the codes and links of \(removed) of \(issued) issued"
                + (before > 0 ? "; \(before) had none before" : ""),
        ]
        if !columns.isEmpty {
            lines.append(
                "  removed    the roster's columns \(columns.joined(separator: ", ")), which an earlier version enrolled"
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

    var json: String {
        JSONWriter.document([
            ("campaign", .text(campaign)),
            ("removed", .number(removed)),
            ("purged", .number(purged)),
            ("issued", .number(issued)),
            ("columns_removed", .texts(columns)),
            ("still_in", .texts(stillIn)),
        ])
    }
}
