// Batches as they are listed, in words and in JSON.

import Campaign
import Exports
import Files
import Ledger
import Model
import Sealing

/// A batch, for people and for programs.
enum BatchEntry {
    static func fields(_ listed: BatchOutputs.Listed) -> JSONMembers {
        fields(listed.batch, listed.path, listed.manifestPath) + [
            ("file_state", .optional(listed.file?.rawValue)),
            ("manifest_state", .optional(listed.manifest?.rawValue)),
        ]
    }

    static func fields(_ written: BatchOutputs.Written) -> JSONMembers {
        fields(written.batch, written.path, written.manifestPath) + [("written", .flag(written.wasWritten))]
    }

    private static func fields(_ batch: BatchRecord, _ path: String, _ manifestPath: String) -> JSONMembers {
        [
            ("batch", .number(batch.number)),
            ("kind", .text(batch.kind.rawValue)),
            ("state", .text(batch.state.rawValue)),
            ("rows", .number(batch.rows)),
            ("first_generation", .optional(batch.generations?.lowerBound)),
            ("last_generation", .optional(batch.generations?.upperBound)),
            ("prepared_at", .text(batch.at.rfc3339)),
            ("written_at", .optional(batch.writtenAt?.rfc3339)),
            ("file", .text(path)),
            ("manifest", .text(manifestPath)),
            ("sha256", .optional(batch.sha256.map(SHA256Sum.text))),
            ("left_out", .object(batch.leftOutMembers)),
        ]
    }

    /// One line for each batch, and what is wrong with its files below it.
    static func table(_ listed: [BatchOutputs.Listed], _ folder: CampaignFolder) -> String {
        listed.map { entry in
            let batch = entry.batch
            let state = batch.state == .written ? "" : " (\(batch.state.rawValue))"
            let time = (batch.writtenAt ?? batch.at).rfc3339.prefix(19)
            var lines = [
                "  \(batch.number)  \(batch.kind.rawValue)\(state)  \(time)Z  "
                    + "\(invitations(batch.rows, verb: false))  \(entry.path)"
            ]
            if let leftOut = leftOut(batch.leftOut) { lines.append("      left out: \(leftOut)") }
            lines += wrong(entry, folder).map { "      \($0)" }
            return lines.joined(separator: "\n") + "\n"
        }.joined()
    }

    private static func wrong(_ entry: BatchOutputs.Listed, _ folder: CampaignFolder) -> [String] {
        let number = entry.batch.number
        switch entry.batch.state {
        case .open, .prepared:
            return ["not written yet: \(command(["export", "--new"], folder)) goes on with it"]
        case .undoing:
            return ["an undo was cut short: \(command(["handovers", "--undo", "\(number)"], folder))"]
        case .written, .undone: break
        }
        guard entry.isBroken else { return [] }
        let wrong = [(entry.file, entry.path), (entry.manifest, entry.manifestPath)].compactMap {
            state,
            path in
            switch state {
            case .missing: "\(path) is gone"
            case .changed: "\(path) was changed since it was written"
            case .intact, nil: nil
            }
        }
        return wrong + ["written again by: \(command(["export", "--batch", "\(number)"], folder))"]
    }

    private static func command(_ arguments: [String], _ folder: CampaignFolder) -> String {
        CommandText.again(
            ["latchstring"] + arguments + ["--campaign", folder.name, "--output-dir", folder.outputFolder]
        )
    }

    /// How many are left out, and why; nil where nobody is.
    static func leftOut(_ counts: [LeftOutReason: Int]) -> String? {
        let texts = LeftOutReason.allCases.compactMap { reason in
            counts[reason].map { "\($0) \(words(reason))" }
        }
        return texts.isEmpty ? nil : texts.joined(separator: ", ")
    }

    private static func words(_ reason: LeftOutReason) -> String {
        switch reason {
        case .noCode: "whose code was purged"
        case .expired: "expired"
        case .tooLittleTime: "valid for too little time"
        case .activated: "activated already"
        case .gone: "gone from the server"
        case .inactive: "inactive on the server"
        }
    }

    static func invitations(_ count: Int, verb: Bool = true) -> String {
        count == 1 ? "1 invitation\(verb ? " is" : "")" : "\(count) invitations\(verb ? " are" : "")"
    }

    /// The lines of a batch's files.
    static func lines(_ written: BatchOutputs.Written) -> [String] {
        let unchanged = written.wasWritten ? "" : " (unchanged)"
        return [
            "  \(written.path)  \(invitations(written.batch.rows, verb: false))\(unchanged)",
            "  \(written.manifestPath)",
        ]
    }
}
