// What came of handing over, in words and in JSON.

import Campaign
import Exports
import Files
import Ledger
import Model

/// The words of `export --new`, `--reminder` and `--batch`, and of `run --hand-over`.
struct HandOverReport {
    let written: [BatchOutputs.Written]
    /// Nil where somebody was handed over, or that was not asked for.
    var leftOutOfNone: [LeftOutReason: Int]?
    /// The batches in the format that was asked for.
    var formatted: [FormatReport] = []

    /// Whether somebody of a batch is not in its format's files.
    var leavesOut: Bool { formatted.contains(where: \.leavesOut) }
    /// Of what kind a batch was asked for.
    var kind = BatchKind.new

    /// Warns of what was found while files were written.
    func warn(_ options: InvitationOptions, _ console: Console) {
        for written in written {
            if let remarks = written.remarks { RunReport.warn(remarks, options, console) }
            if written.differs {
                console.note(
                    "note: \(written.path) is not what was written for batch \(written.batch.number) before: "
                        + "rosters have changed since, or it was encrypted anew"
                )
            }
        }
        for report in formatted { report.note(console) }
        for line in leftOut { console.note(line) }
        guard leftOutOfNone != nil else { return }
        let whom = kind == .new ? "new" : "to be reminded"
        console.note("Nobody is \(whom): no batch was begun.")
    }

    private var leftOut: [String] {
        let counts = written.map(\.batch.leftOut) + [leftOutOfNone ?? [:]]
        return counts.compactMap(BatchEntry.leftOut).map { "Left out: \($0)." }
    }

    var words: String {
        (written.flatMap(BatchEntry.lines).map { "\($0)\n" } + formatted.map(\.words)).joined()
    }

    var json: String {
        var members: JSONMembers = [
            ("batches", .objects(written.map(BatchEntry.fields))),
            ("left_out_of_none", leftOutOfNone.map(Self.counts) ?? .null),
        ]
        if !formatted.isEmpty { members.append(("formatted", .objects(formatted.map(\.members)))) }
        return JSONWriter.document(members)
    }

    private static func counts(_ counts: [LeftOutReason: Int]) -> JSONValue {
        .counts(Dictionary(uniqueKeysWithValues: counts.map { ($0.key.rawValue, $0.value) }))
    }
}

extension HandOverReport {
    init(_ result: HandOverResult) {
        self.init(
            written: result.written,
            leftOutOfNone: result.leftOutOfNone,
            formatted: result.formatted.map(FormatReport.init)
        )
    }
}
