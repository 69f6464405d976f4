// Dialects in which a quote, or what stands for a missing value, is written otherwise than RFC 4180 has it.

import Model

/// How a quote inside a quoted field is written.
enum CSVQuotes {
    /// `""`.
    case doubled
    /// `\"`, with `\\` for a backslash (MySQL's `ESCAPED BY '\\'`); `""` is read as well.
    case backslashed

    /// Decides by the sample: backslashes escape where that makes more rows sound than RFC 4180 does.
    ///
    /// - Parameter delimiter: nil where it has yet to be told.
    init(recognizedIn text: [UInt8], isWhole: Bool, delimiter: Delimiter?) {
        self = .doubled
        guard zip(text, text.dropFirst()).contains(where: { $0 == 0x5c && $1 == 0x22 }) else { return }
        let delimiters = delimiter.map { [$0] } ?? Delimiter.allCases
        func most(_ quotes: CSVQuotes) -> Int {
            delimiters.map { Self.soundRows(text, $0, quotes) }.max() ?? 0
        }
        if most(.backslashed) > most(.doubled) { self = .backslashed }
    }

    /// How many rows have an ID, the width of most others, and nothing behind a closing quote.
    private static func soundRows(_ text: [UInt8], _ delimiter: Delimiter, _ quotes: CSVQuotes) -> Int {
        let reader = CSVRowReader(sample: text, delimiter: delimiter, quotes: quotes)
        var rows: [Int: Int] = [:]
        var count = 0
        while count < RosterBounds.sampleRowsMax, let event = reader.nextOfSample() {
            count += 1
            guard case .row = event, reader.fieldWithTextAfterQuotes == nil else { continue }
            let bytes = reader.bytes
            guard reader.fields.contains(where: { $0.withBytes(in: bytes) { IdentityID(utf8: $0) } != nil })
            else { continue }
            rows[reader.fieldCount, default: 0] += 1
        }
        return rows.values.max() ?? 0
    }
}

/// What a sample shows of the marks of databases.
struct CSVMarks {
    private(set) var rows = 0
    /// Rows with a field in quotes.
    private(set) var quotedRows = 0
    private(set) var hasPlainNull = false
    private(set) var hasQuotedNull = false

    /// Notes the row that a reader is at.
    mutating func note(_ reader: CSVRowReader) {
        rows += 1
        if reader.fields.contains(where: { $0.form != .plain }) { quotedRows += 1 }
        for field in reader.fields where field.isNullMark(in: reader.bytes) {
            if field.form == .plain { hasPlainNull = true } else { hasQuotedNull = true }
        }
    }
}

/// How a roster writes missing values: `\N`, as MySQL and PostgreSQL do, bare or in quotes.
struct CSVNulls {
    let readsPlain: Bool
    let readsQuoted: Bool
    /// Whether quotes at a field's start may be text, as they are in PostgreSQL's text format and MySQL's
    /// default.
    ///
    /// Nobody knows where few rows have them.
    let doubtsQuotes: Bool

    init(_ marks: CSVMarks, _ delimiter: Delimiter?, _ quotes: CSVQuotes) {
        (readsPlain, readsQuoted) = (marks.hasPlainNull, marks.hasQuotedNull)
        doubtsQuotes =
            delimiter == .tab && marks.hasPlainNull && quotes == .doubled && marks.quotedRows * 2 < marks.rows
    }

    func reads(_ field: CSVField) -> Bool {
        field.form == .plain ? readsPlain : readsQuoted
    }
}

extension CSVDialect {
    /// What the operator should know of how the roster is read.
    var notes: [String] {
        let readsNulls = nulls.readsPlain || nulls.readsQuoted
        switch (quotes, readsNulls) {
        case (.doubled, false): return []
        case (.doubled, true):
            return [
                #"the roster writes missing values as \N, as MySQL and PostgreSQL do: each is read as empty"#
            ]
        case (.backslashed, false):
            return [#"the roster writes quotes as MySQL does: \" is read as a quote, and \\ as a backslash"#]
        case (.backslashed, true):
            return [
                #"the roster writes quotes and missing values as MySQL does: \" is read as a quote, "#
                    + #"\\ as a backslash, and \N as empty"#
            ]
        }
    }
}

extension CSVField {
    /// Whether the field is `\N`, bare or in quotes.
    func isNullMark(in row: UnsafeBufferPointer<UInt8>) -> Bool {
        // Two bytes, or four where the quotes belong to the field's form.
        guard rawCount == 2 || (rawCount == 4 && form == .backslashed) else { return false }
        return withBytes(in: row, \.isNullMark)
    }
}

extension UnsafeBufferPointer<UInt8> {
    var isNullMark: Bool {
        count == 2 && self[0] == UInt8(ascii: "\\") && self[1] == UInt8(ascii: "N")
    }
}
