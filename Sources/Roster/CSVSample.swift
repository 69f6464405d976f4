// The first rows of a delimited roster as one delimiter would have them.

import Model

/// Rows of a sample: what is in their fields, not the fields themselves.
struct CSVSample {
    enum Content {
        case empty, uuid, text
    }

    struct Row {
        let line: Int
        let fields: [Content]
        /// The fields, trimmed: the names of the columns if the row is a header; kept of rows without a UUID.
        let texts: [String]
        let beginsWithHash: Bool

        var hasUUID: Bool { fields.contains(.uuid) }

        /// Whether it has so many fields, and beyond them nothing but empty ones.
        func fits(_ width: Int) -> Bool {
            fields.count >= width && fields.dropFirst(width).allSatisfy { $0 == .empty }
        }
    }

    private(set) var rows: [Row] = []
    /// The physical line on which the table begins; what stands above it is no row.
    private(set) var firstLine = 1
    /// What stands right above a table without a header like one, with another number of names than it has
    /// columns.
    private(set) var misfit: Row?
    /// The first row's fields, trimmed: the names of the columns if that row is a header.
    var firstFields: [String] { rows.first?.texts ?? [] }
    /// Lines that will be rejects whatever the dialect.
    private(set) var rejectCount = 0
    private(set) var marks = CSVMarks()

    /// Reads the sample; a sample that is not the whole roster ends with a cut row, which does not count
    /// unless there are hardly any others.
    ///
    /// - Parameter wanted: the name of the ID column, where the operator has given one.
    init(
        _ text: [UInt8],
        delimiter: Delimiter?,
        quotes: CSVQuotes = .doubled,
        layout: TableLayout? = nil,
        isWhole: Bool,
        wanted: String? = nil
    ) {
        let reader = CSVRowReader(sample: text, delimiter: delimiter, quotes: quotes, layout: layout)
        loop: while rows.count <= RosterBounds.sampleRowsMax, let event = reader.nextOfSample() {
            switch event {
            case .row: append(reader)
            case .rowTooLong: rejectCount += 1
            case .unterminated(_, let atSourceEnd):
                if atSourceEnd, !isWhole, rows.count > 1 { break loop }
                rejectCount += 1
            case .end: break loop
            }
        }
        if !isWhole, rows.count > 2 { rows.removeLast() }
        let start = TableFinder.start(of: rows, wanted: wanted)
        firstLine = start == 0 ? 1 : rows[start].line
        misfit = TableFinder.misfit(above: start, in: rows)
        rows.removeFirst(start)
        rows = TableFinder.withoutStrays(rows)
    }

    private mutating func append(_ reader: CSVRowReader) {
        let bytes = reader.bytes
        if reader.isBlank || bytes.isPageTokenLine { return }
        let fields = reader.fields.map { field in
            field.withBytes(in: bytes) { text -> Content in
                if text.isEmpty || text.isNullMark { return .empty }
                return IdentityID(utf8: text) == nil ? .text : .uuid
            }
        }
        let hasUUID = fields.contains(.uuid)
        var texts: [String] = []
        if !hasUUID || rows.isEmpty {
            texts = reader.fields.map { field in
                field.withBytes(in: bytes) { $0.columnName }
            }
            texts = TableFinder.uncommented(texts)
        }
        if !hasUUID, StrayLine.isNone(bytes, fields: texts) { return }
        marks.note(reader)
        let row = Row(line: reader.line, fields: fields, texts: texts, beginsWithHash: bytes.isComment)
        rows.append(row)
    }

    /// Whether values in the first column begin with `#`.
    var hasHashValues: Bool {
        let width = commonWidth.width
        return rows.contains {
            $0.beginsWithHash && $0.hasUUID && $0.fields.count == width && $0.fields[0] == .text
        }
    }

    var rowsWithUUID: Int { rows.count { $0.hasUUID } }

    var isNamed: Bool {
        firstFields.contains { SampledColumn(name: $0).isNamedAsID }
    }

    /// The number of fields that most rows have; of several the one that comes first.
    var commonWidth: (width: Int, rows: Int) {
        // Rows with an ID are rows for certain; what a stray quote or a comment leaves is not.
        let certain = rows.filter(\.hasUUID)
        var counts: [Int: Int] = [:]
        for row in certain.isEmpty ? rows : certain { counts[row.fields.count, default: 0] += 1 }
        let most = counts.values.max() ?? 0
        let first = (certain.isEmpty ? rows : certain).first { counts[$0.fields.count] == most }
        return (first?.fields.count ?? 0, most)
    }

    /// Whether nothing stands in a column in any of the rows.
    func isEmpty(column: Int, in rows: some Sequence<Row>) -> Bool {
        rows.allSatisfy { column >= $0.fields.count || $0.fields[column] == .empty }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The text as the name of a column: without blanks and guards around it.
    var columnName: String {
        String(decoding: withoutGuards(quotes: false), as: UTF8.self)
    }
}
