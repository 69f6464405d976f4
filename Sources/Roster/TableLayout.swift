// Tables whose fields are told by their places: padded with tabs, or between bars with blanks around.

import Model

/// How a line of a padded table is cut into its fields.
///
/// No field is guessed: a line that does not fit the table's columns counts zero fields and becomes a reject.
struct TableLayout {
    /// A line's fields and how many they count.
    struct Row {
        var fields: [CSVField] = []
        /// Zero where the line does not fit.
        var fieldCount = 0
    }

    private enum Kind {
        case tabs(TabStops)
        case bars(TableBars)
    }

    private var kind: Kind

    /// The delimiter that comes nearest.
    var delimiter: Delimiter {
        switch kind {
        case .tabs: .tab
        case .bars: .pipe
        }
    }

    /// Recognizes a padded table by its first lines; nil where a delimiter tells the fields.
    ///
    /// - Parameter delimiter: what the operator gave.
    /// - Throws: `RosterError` where tabs pad a table and its columns cannot be told by their places.
    init?(recognizedIn text: [UInt8], isWhole: Bool, delimiter: Delimiter?) throws {
        let lines = Self.lines(text, isWhole)
        if delimiter == nil || delimiter == .pipe, let bars = TableBars(recognizedIn: lines) {
            kind = .bars(bars)
        } else if delimiter == nil || delimiter == .tab, let stops = try TabStops(recognizedIn: lines) {
            kind = .tabs(stops)
        } else {
            return nil
        }
    }

    /// Cuts a line; a header that comes once more may change the places.
    mutating func row(_ bytes: UnsafeBufferPointer<UInt8>) -> Row {
        switch kind {
        case .bars(let bars): return bars.row(bytes)
        case .tabs(var stops):
            let row = stops.row(bytes)
            kind = .tabs(stops)
            return row
        }
    }

    /// Throws where blanks pad a table, so that nobody can tell where a value ends.
    static func refusePaddingOfBlanks(_ text: [UInt8]) throws {
        let isPadded = lines(text, true).contains { line in
            line.withUnsafeBufferPointer { line in
                let words = line.split { $0 == 0x20 || $0 == 0x09 }
                return words.count > 1
                    && words.contains { IdentityID(utf8: UnsafeBufferPointer(rebasing: $0)) != nil }
            }
        }
        guard isPadded else { return }
        throw RosterError(.noIDColumn, "is a table whose columns are separated by blanks; \(advice)")
    }

    /// Throws where a console printed each value on a line of its own: psql after `\x`, mysql after `\G`.
    static func refuseExpandedRecords(_ text: [UInt8]) throws {
        let isExpanded = lines(Array(text.prefix(4096)), true).prefix(20).contains { line in
            line.starts(with: "-[ RECORD ".utf8)
                || line.starts(with: "***".utf8)
                    && String(decoding: line, as: UTF8.self).contains(". row ***")
        }
        guard isExpanded else { return }
        throw RosterError(
            .noIDColumn,
            "has one value a line, as psql prints after \\x and mysql after \\G: export the table as CSV"
        )
    }

    static let advice =
        "its values cannot be told apart for certain: use --format json or -q to list identities, "
        + "or export the table as CSV"

    /// The physical lines of a sample, without one that is cut.
    private static func lines(_ text: [UInt8], _ isWhole: Bool) -> [[UInt8]] {
        var lines = text.split(
            maxSplits: RosterBounds.sampleRowsMax * 2,
            omittingEmptySubsequences: true,
            whereSeparator: { $0 == 0x0a || $0 == 0x0d }
        ).map(Array.init)
        if lines.count > RosterBounds.sampleRowsMax * 2 || (!isWhole && lines.count > 1) {
            lines.removeLast()
        }
        return lines
    }
}
