// One campaign in a list, as fields and as a line of a table.

import Campaign
import Ledger
import Files
import Model

/// What a list says of one campaign.
struct ListEntry {
    private let campaign: ListedCampaign

    init(_ campaign: ListedCampaign) { self.campaign = campaign }

    private var name: String { campaign.name }
    private var holder: CampaignFolder.Holder? { campaign.holder }

    /// Why it cannot be read; a sentence.
    var error: String? {
        if case .failure(let failure) = campaign.found { failure.sentence } else { nil }
    }

    private var isLive: Bool { holder?.isRun == true }

    var fields: JSONMembers {
        let glance = try? campaign.found.get()
        let numbers = [
            ("identities", glance?.counts.identities), ("issued", glance?.counts.issued),
            ("failed", glance?.counts.failed), ("pending", glance?.counts.pending(isRunning: isLive)),
            ("in_doubt", glance?.counts.inDoubt(isRunning: isLive)),
        ]
        return [("campaign", .text(name)), ("server", .optional(glance?.server))]
            + numbers.map { ($0.0, .optional($0.1)) }
            + [
                ("last_run_started_at", .optional(glance?.startedAt?.rfc3339)),
                ("last_run_finished_at", .optional(glance?.finishedAt?.rfc3339)),
                ("stopped_because", .optional(glance?.stoppedBecause)),
                ("live", .flag(isLive)),
                ("process", .optional(holder?.process)),
                ("error", .optional(error)),
            ]
    }

    /// All of them, their columns aligned, with a header and a line break at the end of each line.
    static func table(_ entries: [ListEntry]) -> String {
        let header = [
            "CAMPAIGN", "IDENTITIES", "ISSUED", "FAILED", "PENDING", "IN DOUBT", "LAST RUN", "SERVER",
            "STATE",
        ]
        let cells = [header] + entries.map(\.cells)
        let widths = header.indices.map { column in
            cells.map { $0.count > column + 1 || $0.count == header.count ? $0[column].count : 0 }.max() ?? 0
        }
        return cells.map { line($0, widths) }.joined()
    }

    /// A line of the table; of a campaign that cannot be read its name and the error alone.
    private var cells: [String] {
        guard let glance = try? campaign.found.get() else { return [name, "error: \(error ?? "")"] }
        return [
            name, String(glance.counts.identities), String(glance.counts.issued),
            String(glance.counts.failed),
            String(glance.counts.pending(isRunning: isLive)),
            String(glance.counts.inDoubt(isRunning: isLive)), glance.startedAt?.rfc3339 ?? "none",
            glance.server ?? "none yet", state(glance),
        ]
    }

    private func state(_ glance: LedgerGlance) -> String {
        if let holder { return "\(holder.isRun ? "live" : "in use"): \(holder.process)" }
        guard glance.startedAt != nil else { return "no run yet" }
        guard glance.finishedAt != nil else { return "killed, or died" }
        return glance.stoppedBecause.map { "stopped: \($0)" } ?? "finished"
    }

    private static func line(_ cells: [String], _ widths: [Int]) -> String {
        let padded = cells.enumerated().map { column, cell in
            let room = String(repeating: " ", count: max(0, widths[column] - cell.count))
            let isNumber = (1...5).contains(column) && cells.count == widths.count
            if isNumber { return room + cell }
            return column == cells.count - 1 ? cell : cell + room
        }
        return padded.joined(separator: "  ") + "\n"
    }
}
