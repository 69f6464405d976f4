// What kind of CSV a roster is: decided once, from its first lines.

import Model

/// How a delimited roster is to be read.
struct CSVDialect {
    /// Nil where each row is one field.
    let delimiter: Delimiter?
    /// How rows are cut into fields where a delimiter cannot tell; nil where it can.
    let layout: TableLayout?
    /// The line on which the table begins; what stands above it is no row.
    let firstLine: Int
    /// Whether rows begin with `#`.
    let hasHashValues: Bool
    /// The line of the header; nil where the first row is a row.
    let headerLine: Int?
    /// All columns by position; empty columns that trailing delimiters make are left out.
    let names: [String]
    let idIndex: Int
    let quotes: CSVQuotes
    /// How missing values are written.
    let nulls: CSVNulls
    let leftBehind: LeftBehind

    /// Decides; throws a `RosterError` where there are no rows, no ID column, or several.
    init(sample text: [UInt8], isWhole: Bool, encoding: TextEncoding, options: RosterOptions) throws {
        try TableLayout.refuseExpandedRecords(text)
        let quotes = CSVQuotes(recognizedIn: text, isWhole: isWhole, delimiter: options.delimiter)
        self.quotes = quotes
        layout = try TableLayout(recognizedIn: text, isWhole: isWhole, delimiter: options.delimiter)
        let (delimiter, sample) = Self.delimit(text, quotes, isWhole, options, layout)
        self.delimiter = delimiter
        firstLine = sample.firstLine
        hasHashValues = sample.hasHashValues
        nulls = CSVNulls(sample.marks, delimiter, quotes)
        guard let first = sample.rows.first else {
            guard sample.rejectCount == 0 else {
                throw RosterError(
                    .noIDColumn,
                    "no row can be read: a quote in its first lines does not close, or its rows are too "
                        + "long; check how it was exported"
                )
            }
            throw RosterError(.empty, "is empty; give a file with one identity ID a line or a CSV with them")
        }
        let hasHeader = Self.isHeader(sample, options.idColumn)
        headerLine = hasHeader ? first.line : nil
        if !hasHeader, let misfit = sample.misfit {
            throw Self.mismatch(misfit.line, names: misfit.fields.count, values: sample.commonWidth.width)
        }
        let rows = hasHeader ? sample.rows.dropFirst() : sample.rows[...]
        if hasHeader, rows.isEmpty, sample.rejectCount == 0 {
            throw RosterError(.headerOnly, "has a header but no rows; add rows below it")
        }

        if sample.rowsWithUUID == 0 { try TableLayout.refusePaddingOfBlanks(text) }
        if let headerLine { try HeaderCheck.check(text, headerLine, delimiter, quotes, encoding) }
        let names = try Self.names(of: sample, hasHeader, rows)
        // The last row of a part of a roster may be cut.
        if let headerLine, isWhole || rows.count > 2, rows.contains(where: \.hasUUID),
            !rows.contains(where: { $0.fits(names.count) })
        {
            throw Self.mismatch(headerLine, names: names.count, values: sample.commonWidth.width)
        }
        self.names = names
        let secrets = EarlierInvitations.secretColumns(
            in: CSVRowReader(sample: text, delimiter: delimiter, quotes: quotes, layout: layout),
            header: hasHeader ? names : nil
        )
        var leftBehind = LeftBehind(
            options,
            header: hasHeader ? names : [],
            recognised: Set(secrets.lazy.filter(names.indices.contains).map { names[$0] })
        )
        var columns = names.map { SampledColumn(name: $0) }
        for row in rows {
            for (index, content) in row.fields.prefix(names.count).enumerated() where content != .empty {
                columns[index].filled += 1
                if content == .uuid { columns[index].uuids += 1 }
            }
        }
        let (line, left) = (headerLine, leftBehind)
        idIndex = try NearMiss.explaining(
            NearMiss.first(in: text, delimiter, quotes, names: names, headerLine: line, leavingBehind: left)
        ) {
            try IDColumn.choose(
                among: columns,
                wanted: options.idColumn,
                hasRows: !rows.isEmpty,
                leavingBehind: left
            )
        }
        for name in names where leftBehind.includes(name) { leftBehind.note(name) }
        self.leftBehind = leftBehind
    }

    private static func mismatch(_ line: Int, names: Int, values: Int) -> RosterError {
        RosterError(
            .headerMismatch,
            "the header on line \(line) has \(names) \(names == 1 ? "name" : "names") and the rows below "
                + "have \(values) values: give every column one name, or take the line out if it is no header"
        )
    }

    /// The delimiter under which most rows have a UUID as a field of its own; where several do equally, or
    /// none does, a first row with the ID column's name decides, and then how alike the rows are in their
    /// width.
    private static func delimit(
        _ text: [UInt8],
        _ quotes: CSVQuotes,
        _ isWhole: Bool,
        _ options: RosterOptions,
        _ layout: TableLayout?
    ) -> (Delimiter?, CSVSample) {
        let wanted = options.idColumn
        func sample(_ delimiter: Delimiter?, _ layout: TableLayout? = nil) -> CSVSample {
            CSVSample(
                text,
                delimiter: delimiter,
                quotes: quotes,
                layout: layout,
                isWhole: isWhole,
                wanted: wanted
            )
        }
        if let layout { return (layout.delimiter, sample(nil, layout)) }
        if let given = options.delimiter ?? StrayLine.separator(in: text) { return (given, sample(given)) }
        let single = sample(nil)
        let singleUUIDs = single.rowsWithUUID
        var best: (delimiter: Delimiter?, sample: CSVSample) = (nil, single)
        var bestScore = [singleUUIDs, 0, 0, 0]
        for delimiter in Delimiter.allCases {
            let sample = sample(delimiter)
            let (uuids, (width, alike)) = (sample.rowsWithUUID, sample.commonWidth)
            let isNamed = sample.isNamed && sample.firstFields.count > 1
            guard uuids > singleUUIDs || isNamed || (singleUUIDs == 0 && width > 1) else { continue }
            let share = alike * 1000 / max(uuids, sample.rows.count, 1)
            let score = [uuids, isNamed ? 1 : 0, share, width]
            if bestScore.lexicographicallyPrecedes(score) { (best, bestScore) = ((delimiter, sample), score) }
        }
        return (best.delimiter, best.sample)
    }

    /// Whether the first row is a header: it has no UUID, and does not look like a row with a malformed one.
    ///
    /// A row looks so if it has no ID column's name and has an e-mail address, or text that cannot be a name
    /// where the other rows have their UUIDs. So a malformed ID on the first line of a plain list is a
    /// reject.
    private static func isHeader(_ sample: CSVSample, _ wanted: String?) -> Bool {
        guard let first = sample.rows.first, !first.hasUUID else { return false }
        let fields = sample.firstFields
        if sample.isNamed || fields.contains(where: { $0.lowercased() == wanted?.lowercased() }) {
            return true
        }
        if fields.contains(where: { $0.contains("@") || UUIDLikeness.whyNone($0) != nil }) { return false }
        var uuids = [Int](repeating: 0, count: fields.count)
        for row in sample.rows {
            for (index, content) in row.fields.prefix(fields.count).enumerated() where content == .uuid {
                uuids[index] += 1
            }
        }
        guard let most = uuids.max(), most > 0, let index = uuids.firstIndex(of: most) else { return true }
        return fields[index].isEmpty
            || looksLikeName(fields[index]) && !missingValues.contains(fields[index].lowercased())
    }

    /// What programs write where an ID is missing: no name of a column.
    private static let missingValues: Set = [
        "null", "none", "nil", "nan", "na", "undefined", "unknown", "missing", "empty", "deleted",
    ]

    /// Whether text could name a column: begins with a letter, has none but letters, digits, blanks and
    /// `_-.#()/:`, and is not a UUID with a typo.
    static func looksLikeName(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, first.properties.isAlphabetic || first == "_",
            text.utf8.count <= 64
        else { return false }
        let isNameLike = text.unicodeScalars.allSatisfy { scalar in
            // U+FFFD stands for bytes that are not UTF-8: the header with them is refused as such.
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "\u{fffd}"
                || " _-.#()/:".unicodeScalars.contains(scalar)
        }
        let looksLikeUUID =
            text.utf8.count >= 20 && text.utf8.contains { 0x30...0x39 ~= $0 }
            && text.utf8.count { $0 == UInt8(ascii: "-") || Character(Unicode.Scalar($0)).isHexDigit } * 5
                >= text.utf8.count * 4
        return isNameLike && !looksLikeUUID
    }

    /// The columns' names, without those that are empty to the end.
    private static func names(
        of sample: CSVSample,
        _ hasHeader: Bool,
        _ rows: ArraySlice<CSVSample.Row>
    ) throws -> [String] {
        var width = hasHeader ? sample.firstFields.count : sample.commonWidth.width
        // Of a header every nameless column may go. Without one only the last, since a column whose values
        // begin after the sample cannot be told from a trailing delimiter.
        let least = hasHeader ? 1 : max(width - 1, 1)
        while width > least, sample.isEmpty(column: width - 1, in: rows),
            !hasHeader || sample.firstFields[width - 1].isEmpty
        {
            width -= 1
        }
        guard width <= RosterBounds.columnsMax else {
            throw RosterError(
                .tooManyColumns,
                "has more than \(RosterBounds.columnsMax) columns; leave out those that "
                    + "invitations do not need"
            )
        }
        return (0..<width).map { index in
            let name = hasHeader ? sample.firstFields[index] : ""
            return name.isEmpty ? "column_\(index + 1)" : name
        }
    }
}
