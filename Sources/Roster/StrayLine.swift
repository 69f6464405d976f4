// Lines of a file with a table that are no rows of it: comments, `sep=`, and what consoles and reports print.

import Model

/// Tells a line that is no row from a malformed row.
///
/// A comment and a `sep=` line are passed over; any other stray line is a reject, `not_a_row`. What could be
/// a row keeps the reason that it has: a short row has an ID or the beginning of one, an address, or several
/// fields.
enum StrayLine {
    enum Verdict {
        case row, notARow, passedOver
    }

    /// Where a table has its ID and its comments.
    struct Table {
        /// The number of columns.
        let width: Int
        let idIndex: Int
        /// Whether values in the first column begin with `#`: then no line that does is a comment.
        let hasHashValues: Bool
    }

    /// Judges a line that would be a reject for a given reason.
    static func judge(_ reason: RejectedRow.Reason, _ rows: CSVRowReader, in table: Table) -> Verdict {
        guard [.notAUUID, .wrongNumberOfFields, .invalidUTF8].contains(reason) else { return .row }
        let (bytes, fields) = (rows.bytes, rows.fields)
        if fields.indices.contains(table.idIndex),
            fields[table.idIndex].withBytes(in: bytes, { IdentityID(utf8: $0) != nil })
        {
            return .row
        }
        if bytes.isSeparatorLine, rows.line == 1 { return .passedOver }
        // A row that was commented out.
        if bytes.isCertainlyComment, table.idIndex == 0, !table.hasHashValues { return .passedOver }
        guard !holdsUUID(bytes) else { return .row }
        if bytes.isComment, !table.hasHashValues {
            if bytes.isSpreadsheetError { return .row }
            let isWide = rows.fieldCount > 1 && !bytes.isCertainlyComment
            return isWide || rows.fieldCount == table.width && table.width > 1 ? .row : .passedOver
        }
        if isConsoleLine(bytes) { return .notARow }
        guard table.width > 1 else { return .row }
        let filled = fields.indices.filter { !fields[$0].isEmpty }
        guard filled.count == 1, filled[0] == 0 else { return .row }
        let text = fields[0].withBytes(in: bytes) { String(decoding: $0.prefix(textMax), as: UTF8.self) }
        guard !resemblesValue(text) else { return .row }
        if rows.fieldCount == 1 { return .notARow }
        // Spreadsheets fill a line of words up with delimiters. Beside an ID column that comes later it may
        // be a row whose ID is missing.
        return table.idIndex == 0 && text.contains { $0 == " " || $0 == ":" } ? .notARow : .row
    }

    /// Whether a line without a UUID counts for nothing when a table is looked for.
    static func isNone(_ bytes: UnsafeBufferPointer<UInt8>, fields: [String]) -> Bool {
        if bytes.isSeparatorLine { return true }
        if fields.contains(where: { SampledColumn(name: $0).isNamedAsID }) { return false }
        if bytes.isComment, bytes.isCertainlyComment || fields.count == 1 { return true }
        return isConsoleLine(bytes)
    }

    /// The delimiter that a `sep=` line names, among a file's first lines.
    static func separator(in text: [UInt8]) -> Delimiter? {
        text.withUnsafeBufferPointer { text in
            var rest = text[...]
            for _ in 0..<20 {
                let end = rest.firstIndex { $0 == 0x0a || $0 == 0x0d } ?? rest.endIndex
                let line = UnsafeBufferPointer(rebasing: rest[..<end])
                if let byte = line.separator { return Delimiter(rawValue: byte) }
                guard end < rest.endIndex else { return nil }
                rest = rest[(end + 1)...]
            }
            return nil
        }
    }

    private static let textMax = 400

    /// Whether a UUID stands anywhere in a line.
    static func holdsUUID(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        bytes.prefix(4096).split { !($0 == UInt8(ascii: "-") || isHexDigit($0)) }.contains { word in
            word.count >= 32 && IdentityID(utf8: UnsafeBufferPointer(rebasing: word)) != nil
        }
    }

    /// Whether text could be a value of a row that was cut short: an address, a number, a part of a UUID.
    private static func resemblesValue(_ text: String) -> Bool {
        if text.contains("@") { return true }
        if text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) { return true }
        return text.utf8.contains { 0x30...0x39 ~= $0 }
            && text.utf8.allSatisfy { $0 == UInt8(ascii: "-") || isHexDigit($0) }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        0x30...0x39 ~= byte || 0x41...0x46 ~= byte || 0x61...0x66 ~= byte
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Without the ASCII blanks around it.
    var trimmingBlanks: Slice<UnsafeBufferPointer<UInt8>> {
        var text = self[...]
        while let first = text.first, first == 0x20 || 0x09...0x0d ~= first { text.removeFirst() }
        while let last = text.last, last == 0x20 || 0x09...0x0d ~= last { text.removeLast() }
        return text
    }

    private var words: Slice<UnsafeBufferPointer<UInt8>> { trimmingBlanks }

    /// Whether a line begins with `#`.
    var isComment: Bool { words.first == UInt8(ascii: "#") }

    /// Whether a line begins with `#` and a blank, another `#` or `!`, or holds nothing else.
    var isCertainlyComment: Bool {
        let line = words
        guard line.first == UInt8(ascii: "#") else { return false }
        guard let next = line.dropFirst().first else { return true }
        return [0x20, 0x09, UInt8(ascii: "#"), UInt8(ascii: "!")].contains(next)
    }

    /// Whether a line begins with what a spreadsheet writes for a value that it could not find.
    var isSpreadsheetError: Bool {
        let line = words
        return spreadsheetErrors.contains { line.starts(with: $0) }
    }

    /// Whether a line is Excel's `sep=;`.
    var isSeparatorLine: Bool { separator != nil }

    /// The byte that a line of the form `sep=;` names, quoted or not, in any case; of `sep=` alone a zero.
    var separator: UInt8? {
        guard count <= 64 else { return nil }
        var line = self[...]
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == UInt8(ascii: "\"") }
        while let first = line.first, isBlank(first) || first == 0x09 { line.removeFirst() }
        for letter in "sep".utf8 {
            guard let first = line.popFirst(), first | 0x20 == letter else { return nil }
        }
        while line.first == 0x20 { line.removeFirst() }
        guard line.popFirst() == UInt8(ascii: "=") else { return nil }
        while let first = line.first, isBlank(first) { line.removeFirst() }
        guard let named = line.popFirst() else { return 0 }
        // A spreadsheet that saves the line again fills it up with delimiters.
        guard line.allSatisfy({ isBlank($0) || Delimiter(rawValue: $0) != nil }) else { return nil }
        return named
    }
}

/// Excel's and LibreOffice's, as far as they begin alike.
private let spreadsheetErrors = [
    "#N/A", "#REF", "#NAME", "#VALUE", "#DIV/0", "#NUM", "#NULL", "#SPILL", "#CALC", "#FIELD",
    "#GETTING_DATA",
].map { Array($0.utf8) }
