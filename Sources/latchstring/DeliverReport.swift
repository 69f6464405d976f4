// What mailing came to, in words and in JSON.

import Campaign
import Exports
import Ledger
import Model
import Work

/// The end of a `deliver` on the terminal.
struct DeliverReport {
    let result: DeliverResult
    let isJSON: Bool

    /// - Returns: the exit status.
    /// - Throws: `CommandFailure` when standard output cannot be written.
    func show(_ console: Console, again: String) throws -> ExitStatus {
        try console.data(isJSON ? json : words)
        if result.tally.relativeLinks > 0 {
            console.note(
                "warning: \(result.tally.relativeLinks.grouped) links are relative and open nothing in a "
                    + "mail: give --link-base"
            )
        }
        if let unwritten = result.unwritten { console.error(unwritten.sentence.inOptions) }
        if let sentence = RunReport.sentence(result.stop) { console.error(sentence) }
        let status = result.status
        if [.stoppedEarly, .interrupted, .terminated].contains(status) { console.error(again) }
        return status
    }

    private var tally: DeliverTally { result.tally }

    private var words: String {
        var lines = ["Campaign \(result.campaign) through \(result.relay)"]
        lines.append(Self.line("sent", tally.sent.grouped + (tally.sentAgain > 0 ? sentAgain : "")))
        let rest: [(String, Int)] = [
            ("put off", tally.putOff), ("in doubt", tally.inDoubt), ("failed", tally.failed),
        ]
        lines += rest.filter { $0.1 > 0 }.map { Self.line($0.0, $0.1.grouped) }
        for (reason, count) in tally.leftOut.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            lines.append(Self.line("left out", "\(count.grouped): \(reason.rawValue)"))
        }
        for (reason, count) in tally.passedBy.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            lines.append(Self.line("passed by", "\(count.grouped): \(reason.rawValue)"))
        }
        lines.append("All mails of the campaign")
        lines += Self.lines(result.counts)
        if let file = result.deliveries { lines.append("  \(file.path)  \(file.rows.grouped) mails") }
        return lines.joined(separator: "\n") + "\n"
    }

    private var sentAgain: String { ", \(tally.sentAgain.grouped) of them perhaps for the second time" }

    static func words(_ counts: DeliveryCounts, campaign: String) -> String {
        (["Campaign \(campaign)"] + lines(counts)).joined(separator: "\n") + "\n"
    }

    private static func lines(_ counts: DeliveryCounts) -> [String] {
        let words = counts.inWords
        return (words.isEmpty ? [line("mailed", "0")] : words.map { line($0.name, $0.text) })
            + [line("not yet", "\(counts.notHandedOver.grouped) invitations nobody was handed")]
    }

    private static func line(_ name: String, _ text: String) -> String {
        "  \(name)\(String(repeating: " ", count: max(1, 11 - name.count)))\(text)"
    }

    private var json: String {
        JSONWriter.document([
            ("campaign", .text(result.campaign)), ("relay", .text(result.relay)),
            ("sent", .number(tally.sent)), ("sent_again", .number(tally.sentAgain)),
            ("put_off", .number(tally.putOff)), ("in_doubt", .number(tally.inDoubt)),
            ("failed", .number(tally.failed)),
            (
                "left_out",
                .counts(Dictionary(tally.leftOut.map { ($0.rawValue, $1) }, uniquingKeysWith: +))
            ),
            (
                "passed_by",
                .counts(Dictionary(tally.passedBy.map { ($0.rawValue, $1) }, uniquingKeysWith: +))
            ),
            ("requests", .number(result.requests)),
            ("stopped_because", .optional(result.stop?.code)),
            ("finished_at", .text(result.finishedAt.rfc3339)),
            ("deliveries", .object(result.counts.fields)),
        ])
    }
}
