// Where a table begins below a title, a console's words and other lines that are no rows of it.

import Model

/// Finds a table's first row in a sample.
///
/// A row with a known name of the ID column is the header, unless a row above it has a UUID where the rows
/// below have theirs. Without such a name the header is the row above the first UUID whose width agrees with
/// the rows that have one, and which has a name wherever they have values; else the fullest of that width. Of
/// several such rows it is the first with a name like an ID's where the UUIDs are, else the first below a
/// gap. Where no row agrees, the table begins with its first UUID.
enum TableFinder {
    /// The index of the header, or of the first row of a table without one.
    static func start(of rows: [CSVSample.Row], wanted: String?) -> Int {
        if let named = namedHeader(in: rows, wanted) { return named }
        guard let table = Shape(rows[...]) else { return 0 }
        guard table.width > 1 else { return startOfList(rows, firstUUID: table.firstUUID) }
        let candidates = rows[..<table.firstUUID].indices.filter { table.agrees(rows[$0]) }
        let covering = candidates.filter { table.filled.isSubset(of: rows[$0].filled) }
        if let header = likeliestHeader(covering, in: rows, table) { return header }
        // A line of words that a spreadsheet filled up is no header, nor is a sum.
        let headers = candidates.filter { index in
            let names = rows[index].texts.filter { !$0.isEmpty }
            return names.allSatisfy(CSVDialect.looksLikeName)
                && (names.count > 1 || SampledColumn(name: names[0]).isNamedLikeAnID)
        }
        return headers.max { (rows[$0].filled.count, $1) < (rows[$1].filled.count, $0) } ?? table.firstUUID
    }

    /// The row above a table without a header that seems to be its header and has more names than the rows
    /// have values, or fewer; nil where there is none.
    static func misfit(above start: Int, in rows: [CSVSample.Row]) -> CSVSample.Row? {
        guard rows.indices.contains(start), start > 0, rows[start].hasUUID else { return nil }
        let row = rows[start - 1]
        let names = row.texts.filter { !$0.isEmpty }
        guard !row.hasUUID, names.count > 1, names.allSatisfy(CSVDialect.looksLikeName),
            row.fields.count != rows[start].fields.count
        else { return nil }
        // Words with blanks between them may be a title with a delimiter in it.
        let areWords = names.allSatisfy { !$0.contains(" ") }
        return areWords || names.contains { SampledColumn(name: $0).isNamedAsID } ? row : nil
    }

    /// Without what has a single field in a table of several columns, and no ID: it would blur the columns.
    static func withoutStrays(_ rows: [CSVSample.Row]) -> [CSVSample.Row] {
        guard let table = Shape(rows[...]), table.width > 1 else { return rows }
        return rows.enumerated().filter { index, row in
            index == 0 || row.hasUUID || row.fields.count > 1
        }.map(\.element)
    }

    /// A header's names where its line begins with `# `, as in a comment: `# identity_id` is `identity_id`.
    static func uncommented(_ texts: [String]) -> [String] {
        guard let first = texts.first, first.hasPrefix("#") else { return texts }
        let name = String(first.drop { $0 == "#" || $0 == " " })
        return SampledColumn(name: name).isNamedAsID ? [name] + texts.dropFirst() : texts
    }

    private static func namedHeader(in rows: [CSVSample.Row], _ wanted: String?) -> Int? {
        let wanted = wanted?.lowercased()
        var first: Int?
        for (index, row) in rows.enumerated() where !row.hasUUID {
            let named = row.texts.indices.filter { column in
                let name = row.texts[column]
                return SampledColumn(name: name).isNamedAsID || name.lowercased() == wanted
            }
            guard !named.isEmpty else { continue }
            if first == nil { first = index }
            guard let table = Shape(rows[(index + 1)...]) else { continue }
            // A title of one word may be `Identity`, too.
            guard named.contains(table.idIndex) || row.texts.count >= max(table.used, 2) else { continue }
            let isInside = rows[..<index].contains { above in
                above.fields.count == table.width && above.fields[table.idIndex] == .uuid
            }
            if !isInside { return index }
        }
        // Where no row has a UUID, the first name is as good as any, and the error lists its columns.
        guard let first, !rows.contains(where: \.hasUUID),
            rows[..<first].allSatisfy({ $0.filled.count <= 1 })
        else { return nil }
        return first
    }

    private static func likeliestHeader(_ candidates: [Int], in rows: [CSVSample.Row], _ table: Shape) -> Int?
    {
        guard candidates.count > 1 else { return candidates.first }
        let named = candidates.first { SampledColumn(name: rows[$0].texts[table.idIndex]).isNamedLikeAnID }
        if let named { return named }
        var blockStart = table.firstUUID
        while blockStart > 0, rows[blockStart].line == rows[blockStart - 1].line + 1 { blockStart -= 1 }
        return candidates.first { $0 >= blockStart } ?? candidates.last
    }

    /// The start of a list of IDs: a line of words, below a gap, that names them; or else its first line.
    private static func startOfList(_ rows: [CSVSample.Row], firstUUID: Int) -> Int {
        guard firstUUID > 1 else { return 0 }
        var start = firstUUID - 1
        while start > 0, rows[start].line == rows[start - 1].line + 1 { start -= 1 }
        guard start == firstUUID - 1, let name = rows[start].texts.first, CSVDialect.looksLikeName(name),
            !name.utf8.contains(where: { 0x30...0x39 ~= $0 })
        else { return 0 }
        return start
    }
}

/// What the rows with a UUID have in common.
private struct Shape {
    /// The number of fields that most of them have.
    let width: Int
    /// The column that has most of the UUIDs.
    let idIndex: Int
    /// The columns that have a value in any of them.
    let filled: Set<Int>
    /// The first row with a UUID in that column.
    let firstUUID: Int

    /// One more than the last column with a value.
    var used: Int { (filled.max() ?? 0) + 1 }

    init?(_ rows: ArraySlice<CSVSample.Row>) {
        let certain = rows.filter(\.hasUUID)
        var counts: [Int: Int] = [:]
        for row in certain { counts[row.fields.count, default: 0] += 1 }
        guard let most = counts.values.max(),
            let width = certain.first(where: { counts[$0.fields.count] == most })?.fields.count
        else { return nil }
        var uuids = [Int](repeating: 0, count: width)
        var filled: Set<Int> = []
        for row in certain where row.fields.count == width {
            filled.formUnion(row.filled)
            for (index, content) in row.fields.enumerated() where content == .uuid { uuids[index] += 1 }
        }
        let column = uuids.firstIndex(of: uuids.max() ?? 0) ?? 0
        let first = rows.firstIndex { $0.fields.count > column && $0.fields[column] == .uuid }
        guard let first else { return nil }
        (self.width, idIndex, self.filled, firstUUID) = (width, column, filled, first)
    }

    /// Whether a row could be the header: it has no fewer fields than the rows have values, and no more names
    /// than they have fields.
    func agrees(_ row: CSVSample.Row) -> Bool {
        !row.hasUUID && row.fields.count >= used && (row.filled.max() ?? 0) < width && !row.filled.isEmpty
    }
}

extension CSVSample.Row {
    /// The columns in which the row has a value.
    var filled: Set<Int> { Set(fields.indices.filter { fields[$0] != .empty }) }
}
