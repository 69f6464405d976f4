// Rows of a delimited roster, checked and taken apart.

import Model

/// Turns the rows of a CSV into items.
final class CSVRosterReader: RosterParser {
    let columnNames: [String]
    let leftBehind: LeftBehind
    var idColumnName: String { names[idIndex] }

    private let rows: CSVRowReader
    private let names: [String]
    private let idIndex: Int
    /// Where the further columns stand.
    private let columnIndices: [Int]
    private let headerLine: Int?
    private let nulls: CSVNulls
    let notes: [String]
    private let firstLine: Int
    private let table: StrayLine.Table

    init(window: TextWindow, dialect: CSVDialect) {
        rows =
            dialect.layout.map { CSVRowReader(window: window, layout: $0) }
            ?? CSVRowReader(window: window, delimiter: dialect.delimiter, quotes: dialect.quotes)
        nulls = dialect.nulls
        notes = dialect.notes
        firstLine = dialect.firstLine
        table = StrayLine.Table(
            width: dialect.names.count,
            idIndex: dialect.idIndex,
            hasHashValues: dialect.hasHashValues
        )
        names = dialect.names
        idIndex = dialect.idIndex
        headerLine = dialect.headerLine
        leftBehind = dialect.leftBehind
        columnIndices = dialect.names.indices.filter { index in
            index != dialect.idIndex && !dialect.leftBehind.includes(dialect.names[index])
        }
        columnNames = columnIndices.map { dialect.names[$0] }
    }

    func next() throws -> RosterItem? {
        while true {
            switch try rows.next() {
            case .end: return nil
            case .rowTooLong: return reject(.rowTooLong, column: nil, rows.bytes)
            case .unterminated(let field, _):
                if rows.bytes.isCertainlyComment, !StrayLine.holdsUUID(rows.bytes) { continue }
                if rows.line < firstLine { return reject(.notARow, column: nil, rows.bytes) }
                return reject(.unterminatedQuote, column: field, rows.bytes)
            case .row:
                let bytes = rows.bytes
                if rows.line == headerLine || rows.isBlank || bytes.isPageTokenLine { continue }
                guard rows.line >= firstLine else {
                    if bytes.isComment || bytes.isSeparatorLine { continue }
                    return reject(.notARow, column: nil, bytes)
                }
                guard let item = item(bytes) else { continue }
                guard case .rejected(let row) = item else { return item }
                try refuseOutput(bytes)
                if row.reason == .notAUUID { try refuseAnotherTable(bytes) }
                switch StrayLine.judge(row.reason, rows, in: table) {
                case .row: return item
                case .passedOver: continue
                case .notARow: return reject(.notARow, column: nil, bytes)
                }
            }
        }
    }

    /// The row as an item; nil for the header once more, as in files that were joined.
    private func item(_ bytes: UnsafeBufferPointer<UInt8>) -> RosterItem? {
        let fields = rows.fields
        let kinds = ByteKinds(bytes)
        if bytes.count > RosterBounds.fieldBytesMax, let index = tooLongField(in: bytes) {
            return fields[index].withBytes(in: bytes) { reject(.fieldTooLong, column: index, $0) }
        }
        if kinds.hasNUL { return nulByte(bytes) }
        // Where fields are told by their places, quotes are text.
        let mayDoubt = !rows.hasLayout
        if mayDoubt, kinds.hasQuote, let index = rows.fieldInDoubt(nulls) { return ambiguous(index, bytes) }
        if mayDoubt, kinds.hasBackslash, let index = rows.fieldWithEscapedEnd(nulls) {
            return ambiguous(index, bytes)
        }
        guard rows.fieldCount >= names.count, !rows.hasTextBeyondKept,
            fields.count == names.count || fields[names.count...].allSatisfy(\.isEmpty)
        else {
            return reject(.wrongNumberOfFields, column: nil, bytes)
        }
        if mayDoubt, kinds.hasQuote, let index = rows.fieldThatSeemsToOpen { return ambiguous(index, bytes) }
        if mayDoubt, kinds.hasApostrophe, let index = rows.fieldThatAnApostropheOpens {
            return ambiguous(index, bytes)
        }
        if kinds.hasBackslash,
            let index = rows.unknownNullMark(nulls, among: names.count, but: idIndex)
        {
            return ambiguous(index, bytes)
        }
        if !kinds.isASCII, let index = fields.firstIndex(where: { !$0.withBytes(in: bytes, \.isUTF8) }) {
            return fields[index].withBytes(in: bytes) { reject(.invalidUTF8, column: index, $0) }
        }
        return fields[idIndex].withBytes(in: bytes) { text in
            guard let id = IdentityID(utf8: text) else {
                return isHeaderAgain(bytes) ? nil : reject(.notAUUID, column: idIndex, text)
            }
            guard id != .null else { return reject(.nilUUID, column: idIndex, text) }
            if kinds.hasEquals,
                let index = columnIndices.first(where: {
                    fields[$0].withBytes(in: bytes, \.holdsRecoveryLink)
                })
            {
                return reject(.earlierInvitation, column: index, bytes)
            }
            return .row(RosterRow(line: rows.line, identityID: id, columns: columns(fields, bytes, kinds)))
        }
    }

    private func columns(
        _ fields: [CSVField],
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ kinds: ByteKinds
    ) -> [String] {
        var columns: [String] = []
        columns.reserveCapacity(columnIndices.count)
        for index in columnIndices {
            // One of a form that the sample did not have was rejected.
            if kinds.hasBackslash, fields[index].isNullMark(in: bytes) {
                columns.append("")
                continue
            }
            columns.append(fields[index].withBytes(in: bytes) { String(decoding: $0, as: UTF8.self) })
        }
        return columns
    }

    /// Refuses a roster to which an output of ours was appended: its codes would go out under other names.
    private func refuseOutput(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        let names = rows.fields.map { $0.withBytes(in: bytes) { $0.count > 64 ? "" : $0.columnName } }
        guard let name = names.first(where: OwnColumns.isSecret) else { return }
        throw RosterError(
            .appendedOutput,
            "on line \(rows.line) an output of latchstring begins, with its column \(name): its codes still "
                + "open accounts, and its columns are not those of the first line; make a roster of its own "
                + "of it"
        )
    }

    /// Refuses a roster at the header of another table: its values would go under the names of the first.
    private func refuseAnotherTable(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        guard headerLine != nil, names.count > 1 else { return }
        let others = rows.fields.map { $0.withBytes(in: bytes) { $0.count > 256 ? "" : $0.columnName } }
        guard others.filter({ !$0.isEmpty }).count > 1 else { return }
        let id = SampledColumn(name: others[idIndex])
        let known = Set(names.map { $0.lowercased() })
        let isHeader =
            id.isNamedAsID || known.contains(id.name.lowercased())
            || id.isNamedLikeAnID && others.contains { known.contains($0.lowercased()) }
            || others.allSatisfy { $0.isEmpty || CSVDialect.looksLikeName($0) }
                && others.contains { $0.lowercased() == names[idIndex].lowercased() }
        guard isHeader else { return }
        throw RosterError(
            .anotherTable,
            "on line \(rows.line) another table begins, and its columns are not those of the first; make a "
                + "roster of its own of it"
        )
    }

    private func isHeaderAgain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard headerLine != nil else { return false }
        return zip(rows.fields, names).enumerated().allSatisfy { index, pair in
            let name = pair.0.withBytes(in: bytes, \.columnName)
            return name.lowercased() == pair.1.lowercased()
                || (name.isEmpty && pair.1 == "column_\(index + 1)")
        }
    }

    private func nulByte(_ bytes: UnsafeBufferPointer<UInt8>) -> RosterItem {
        guard let index = rows.fields.firstIndex(where: { $0.raw(in: bytes).contains(0) }) else {
            return reject(.nulByte, column: nil, bytes)
        }
        return reject(.nulByte, column: index, rows.fields[index].raw(in: bytes))
    }

    /// The value is as it stands, with its quotes.
    private func ambiguous(_ index: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> RosterItem {
        let fields = rows.fields
        return reject(
            .ambiguousQuote,
            column: index,
            fields.indices.contains(index) ? fields[index].raw(in: bytes) : bytes
        )
    }

    private func tooLongField(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        rows.fields.firstIndex { field in
            field.rawCount > RosterBounds.fieldBytesMax
                && field.withBytes(in: bytes) { $0.count > RosterBounds.fieldBytesMax }
        }
    }

    private func reject(
        _ reason: RejectedRow.Reason,
        column index: Int?,
        _ value: UnsafeBufferPointer<UInt8>
    ) -> RosterItem {
        let column = index.flatMap { names.indices.contains($0) ? names[$0] : nil }
        return .rejected(RejectedRow(line: rows.line, column: column, reason: reason, showing: value))
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Eight bytes at a time: most rows are ASCII, and then need no further validation.
    var isASCII: Bool {
        let raw = UnsafeRawBufferPointer(self)
        var position = 0
        var bits: UInt64 = 0
        while position + 8 <= raw.count {
            bits |= raw.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            position += 8
        }
        while position < raw.count {
            bits |= UInt64(raw[position])
            position += 1
        }
        return bits & 0x8080_8080_8080_8080 == 0
    }

    var isUTF8: Bool {
        isASCII || String(validating: self, as: UTF8.self) != nil
    }
}
