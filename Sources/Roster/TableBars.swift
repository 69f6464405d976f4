// Tables with bars between their columns.

import Model

/// The columns of a table with bars between and a rule below its header, as psql, mysql and Markdown have it.
///
/// The blanks around a value are the table's, not the value's.
struct TableBars {
    private let columnCount: Int
    /// Whether lines begin and end with a bar.
    private let isBoxed: Bool
    /// In characters; a value that goes on on the next line has a `+` in the last of them.
    private let ruleLength: Int

    private static let bar = UInt8(ascii: "|")

    /// Nil where no rule stands above a line with as many fields and a UUID among them.
    init?(recognizedIn lines: [[UInt8]]) {
        let rule = lines.first { line in
            line.count >= 5 && line.allSatisfy { "-+|: ".utf8.contains($0) }
                && line.contains(UInt8(ascii: "-"))
                && (line.contains(UInt8(ascii: "+")) || Self.trimmed(line).first == Self.bar)
        }
        guard let rule else { return nil }
        let text = Self.trimmed(rule)
        isBoxed = text.first == UInt8(ascii: "+") || text.first == Self.bar
        let crossings = text.count { $0 == UInt8(ascii: "+") || $0 == Self.bar }
        columnCount = isBoxed ? crossings - 1 : crossings + 1
        ruleLength = rule.count
        guard columnCount > (isBoxed ? 0 : 1) else { return nil }
        let bars = self
        let hasRows = lines.contains { line in
            line.withUnsafeBufferPointer { line in
                let row = bars.row(line)
                return row.fieldCount == bars.columnCount
                    && row.fields.contains { $0.withBytes(in: line) { IdentityID(utf8: $0) != nil } }
            }
        }
        guard hasRows else { return nil }
    }

    func row(_ bytes: UnsafeBufferPointer<UInt8>) -> TableLayout.Row {
        var line = bytes.trimmingBlanks
        guard line.contains(Self.bar) else {
            let field = CSVField(start: Int32(line.startIndex), end: Int32(line.endIndex), form: .plain)
            return TableLayout.Row(fields: [field], fieldCount: 1)
        }
        var isWhole = true
        if isBoxed {
            isWhole = line.count > 1 && line.first == Self.bar && line.last == Self.bar
            if line.first == Self.bar { line.removeFirst() }
            if line.last == Self.bar { line.removeLast() }
        }
        let cells = line.split(separator: Self.bar, omittingEmptySubsequences: false)
        // psql's mark for a value of several lines.
        let plus = UInt8(ascii: "+")
        let isContinued =
            cells.dropLast().contains { $0.last == plus } || (bytes.last == plus && bytes.count >= ruleLength)
        let fields = cells.map { cell in
            let text = UnsafeBufferPointer(rebasing: cell).trimmingBlanks
            return CSVField(
                start: Int32(cell.startIndex + text.startIndex),
                end: Int32(cell.startIndex + text.endIndex),
                form: .plain
            )
        }
        let fits = isWhole && !isContinued && fields.count == columnCount
        return TableLayout.Row(fields: fields, fieldCount: fits ? fields.count : 0)
    }

    private static func trimmed(_ line: [UInt8]) -> ArraySlice<UInt8> {
        var line = line[...]
        while line.first == 0x20 { line.removeFirst() }
        while line.last == 0x20 { line.removeLast() }
        return line
    }
}
