// Tables that Go pads with tabs.

import Model

/// The columns of a table that Go's text/tabwriter pads with tabs, as `kratos list identities` does
/// (ory/x `cmdx/printing.go`: `tabwriter.NewWriter(w, 0, 8, 1, '\t', 0)`).
///
/// Each column begins at a multiple of eight characters (Unicode scalars), and all its cells at the same one;
/// an empty cell is nothing but tabs. So the tabs, expanded, tell under which header a value stands.
struct TabStops {
    private struct Segment {
        let column: Int
        let start: Int
        let end: Int
    }

    /// Where the columns begin, in characters.
    private var starts: [Int]
    private let names: [[UInt8]]

    private static let tab = UInt8(ascii: "\t")

    /// Nil of what is not so padded.
    init?(recognizedIn lines: [[UInt8]]) throws {
        let firstIndex = lines.firstIndex { $0.contains(Self.tab) && Self.hasUUIDField($0) }
        guard let firstIndex, let header = lines[..<firstIndex].last(where: { Self.isHeader($0) }) else {
            return nil
        }
        let rows = lines[firstIndex...].filter { $0.contains(Self.tab) && Self.hasUUIDField($0) }
        // The tabwriter quotes nothing: what has quotes is a CSV, unless Kratos' own header says otherwise.
        let quote = UInt8(ascii: "\"")
        let segments = header.withUnsafeBufferPointer(Self.segments)
        starts = segments.map(\.column)
        names = segments.map { Array(header[$0.start..<$0.end]) }
        let isOfKratos = Self.isOfKratos(names)
        guard isOfKratos || !lines.contains(where: { $0.contains(quote) }) else { return nil }
        let widestGap = Self.widestGap(header)
        let fields = header.split(separator: Self.tab, omittingEmptySubsequences: false)
        // Under which names the fields would stand if each tab were a delimiter.
        let isDelimited = rows.allSatisfy { row in
            let cells = row.split(separator: Self.tab, omittingEmptySubsequences: false)
            return cells.count >= segments.count
                && cells.enumerated().allSatisfy { index, cell in
                    cell.isEmpty || (index < fields.count && !fields[index].isEmpty)
                }
        }
        // All lines in turn, since a further page may have a header of its own.
        var stops = self
        let fitting = lines[firstIndex...].count { line in
            let fits = line.withUnsafeBufferPointer { stops.row($0).fieldCount == names.count }
            return fits && line.contains(Self.tab) && Self.hasUUIDField(line)
        }
        if fitting == rows.count {
            if isDelimited, widestGap < 4 { return nil }
            return
        }
        let count = fields.count
        let alike = rows.count { $0.count { $0 == Self.tab } + 1 == count }
        guard !isDelimited, widestGap > 1, alike * 2 < rows.count || isOfKratos else { return nil }
        throw RosterError(.noIDColumn, "is a table whose columns are padded with tabs; \(TableLayout.advice)")
    }

    /// A line's fields under their headers; those of a new header move the columns.
    mutating func row(_ bytes: UnsafeBufferPointer<UInt8>) -> TableLayout.Row {
        let segments = Self.segments(bytes)
        let plain = segments.map { CSVField(start: Int32($0.start), end: Int32($0.end), form: .plain) }
        if segments.count == names.count,
            zip(segments, names).allSatisfy({ bytes[$0.start..<$0.end].elementsEqual($1) })
        {
            starts = segments.map(\.column)
            return TableLayout.Row(fields: plain, fieldCount: names.count)
        }
        if segments.count <= 1, !bytes.contains(Self.tab) {
            let isID = plain.first?.withBytes(in: bytes) { IdentityID(utf8: $0) != nil } ?? false
            if !isID { return TableLayout.Row(fields: plain, fieldCount: plain.count) }
        }
        let end = Int32(bytes.count)
        var fields = [CSVField](repeating: CSVField(start: end, end: end, form: .plain), count: names.count)
        for (segment, field) in zip(segments, plain) {
            guard let index = starts.firstIndex(of: segment.column) else {
                return TableLayout.Row(fields: plain, fieldCount: 0)
            }
            fields[index] = field
        }
        return TableLayout.Row(fields: fields, fieldCount: fields.count)
    }

    /// What stands between tabs, and in which column of characters it begins.
    private static func segments(_ bytes: UnsafeBufferPointer<UInt8>) -> [Segment] {
        var segments: [Segment] = []
        var (position, column) = (0, 0)
        while position < bytes.count {
            if bytes[position] == tab {
                column = (column / 8 + 1) * 8
                position += 1
                continue
            }
            let (start, first) = (position, column)
            while position < bytes.count, bytes[position] != tab {
                if bytes[position] & 0xc0 != 0x80 { column += 1 }
                position += 1
            }
            segments.append(Segment(column: first, start: start, end: position))
        }
        return segments
    }

    private static func hasUUIDField(_ line: [UInt8]) -> Bool {
        line.split(separator: tab).contains { field in
            field.withUnsafeBufferPointer { IdentityID(utf8: $0) != nil }
        }
    }

    private static func isHeader(_ line: [UInt8]) -> Bool {
        line.first != UInt8(ascii: "#") && line.split(separator: tab).count > 1
    }

    /// The most tabs between two names.
    private static func widestGap(_ header: [UInt8]) -> Int {
        let gaps = header.split { $0 != tab }.map(\.count)
        return (header.last == tab ? gaps.dropLast() : gaps[...]).max() ?? 0
    }

    private static func isOfKratos(_ names: [[UInt8]]) -> Bool {
        names.contains(Array("SCHEMA ID".utf8)) || names.contains(Array("SCHEMA URL".utf8))
    }
}
