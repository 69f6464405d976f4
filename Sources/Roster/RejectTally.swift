// How many rows were rejected, and why, in a few words.

package import Model

/// The rejects of a roster, counted.
package struct RejectTally: Hashable, Sendable {
    private var counts: [RejectedRow.Reason: Int] = [:]
    /// Where the first one stands.
    private var firstLine: Int?

    package init() {}

    package var count: Int { counts.values.reduce(0, +) }

    package mutating func note(_ reject: RejectedRow) {
        counts[reject.reason, default: 0] += 1
        if firstLine == nil { firstLine = reject.line }
    }

    /// `2 not_a_uuid, 1 missing_id; the first on line 7`.
    package var inWords: String {
        let counts = counts.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
            .map { "\($0.value) \($0.key.rawValue)" }
        let place = firstLine.map { "; the first on line \($0)" } ?? ""
        return counts.joined(separator: ", ") + place
    }

    /// That no row names an identity, where all rows read are rejects; a sentence without the roster's name.
    ///
    /// - Parameter isWhole: whether the whole roster has been read; else it was its beginning.
    package func nothingToEnrol(isWhole: Bool = true) -> String {
        "none of \(isWhole ? "" : "its first ")\(count) rows names an identity (\(inWords))"
    }

    /// What to do about it.
    package static func advice(_ format: RosterFormat) -> Wording {
        format == .json ? "check \(.idColumn)" : "check \(.idColumn) and \(.delimiter)"
    }
}
