// What an earlier campaign issued, told by how it looks where no header names it.

import Model

/// Finds the codes, links and expiries of an `invitations.csv` whose columns have lost their names.
///
/// The columns may stand in any order, and some may be missing. Links are recognised under any name. Codes
/// alone look like any other numbers: they are recognised beside a link, beside a time in nanoseconds as
/// Kratos writes an expiry, or before an expiry, a time of issue and a generation; under a name only where
/// that speaks of a code.
enum EarlierInvitations {
    private static let rowsMax = 100

    /// The positions of the columns with secrets in a sample.
    ///
    /// - Parameter header: the columns' names; nil where there are none.
    static func secretColumns(in sample: CSVRowReader, header: [String]?) -> Set<Int> {
        let columns = columns(in: sample)
        let places = columns.indices
        let links = places.filter { columns[$0].mostly(columns[$0].links) }
        var codes = places.filter { columns[$0].mostly(columns[$0].codes) && columns[$0].isUniform }
        // A server may be set to codes of other letters. They stand before their link.
        codes += links.map { $0 - 1 }.filter { $0 >= 0 && columns[$0].mayBeCodes }
        if let header {
            codes = codes.filter { header.indices.contains($0) && header[$0].lowercased().contains("code") }
            return links.isEmpty ? [] : Set(links + codes)
        }
        let times = places.filter { columns[$0].mostly(columns[$0].times) }
        // Two times and a generation stand side by side in what this version writes.
        let generations = times.map { $0 + 1 }.filter { place in
            columns.indices.contains(place) && columns[place].mostly(columns[place].ordinals)
                && times.contains(place - 2)
        }
        guard links.isEmpty else { return Set(links + times + codes + generations) }
        let expiries =
            times.filter { columns[$0].mostly(columns[$0].preciseTimes) }
            + generations.flatMap { [$0 - 2, $0 - 1, $0] }
        return expiries.isEmpty || codes.isEmpty ? [] : Set(expiries + codes)
    }

    /// What the fields of the first rows with an ID look like.
    private static func columns(in reader: CSVRowReader) -> [ColumnLooks] {
        var columns: [ColumnLooks] = []
        var rows = 0
        while rows < rowsMax, let event = reader.nextOfSample() {
            guard case .row = event else { continue }
            let fields = reader.fields.prefix(RosterBounds.columnsMax)
            let hasID = fields.contains { $0.withBytes(in: reader.bytes) { IdentityID(utf8: $0) != nil } }
            guard hasID else { continue }
            rows += 1
            for (index, field) in fields.enumerated() {
                if index == columns.count { columns.append(ColumnLooks()) }
                field.withBytes(in: reader.bytes) { columns[index].add($0) }
            }
        }
        return columns
    }
}

/// How the values of one column look.
private struct ColumnLooks {
    private(set) var filled = 0
    private(set) var links = 0
    /// `2026-11-22T02:25:08`, with or without a fraction.
    private(set) var times = 0
    /// Times with more than six decimal places: databases store no more than six.
    private(set) var preciseTimes = 0
    /// Whole numbers from 1 to 999.
    private(set) var ordinals = 0
    /// Six to twelve digits and small letters, a digit among them: the codes of Kratos in all its versions.
    private(set) var codes = 0
    private var wordless = 0
    private var length: Int?
    private(set) var isUniform = true

    /// Whether values could be codes of any alphabet: of one length, and without blanks.
    var mayBeCodes: Bool { mostly(wordless) && isUniform }

    func mostly(_ count: Int) -> Bool { count * 2 > filled }

    mutating func add(_ value: UnsafeBufferPointer<UInt8>) {
        let value = value.withoutBlanks
        guard !value.isEmpty else { return }
        filled += 1
        if let length, length != value.count { isUniform = false }
        length = value.count
        if value.holdsRecoveryLink { links += 1 }
        let isTime =
            value.count >= 19
            && value.prefix(11).elementsEqual("0000-00-00T".utf8) { byte, shape in
                shape == UInt8(ascii: "0") ? 0x30...0x39 ~= byte : byte == shape
            }
        if isTime {
            times += 1
            let decimals = value.dropFirst(19).dropFirst().prefix { 0x30...0x39 ~= $0 }
            if decimals.count > 6 { preciseTimes += 1 }
        }
        if value.count <= 3, value.first != 0x30, value.allSatisfy({ 0x30...0x39 ~= $0 }) { ordinals += 1 }
        let hasDigit = value.contains { 0x30...0x39 ~= $0 }
        let isPlain = value.allSatisfy { 0x30...0x39 ~= $0 || 0x61...0x7a ~= $0 }
        if 6...12 ~= value.count, hasDigit, isPlain { codes += 1 }
        let isWord = value.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "@") && $0 != UInt8(ascii: "/") }
        if 4...64 ~= value.count, isWord, !isTime, IdentityID(utf8: value) == nil { wordless += 1 }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether a recovery link stands in text: a URL or path with `flow=` and a UUID among its parameters.
    var holdsRecoveryLink: Bool {
        let (name, length) = ("flow=", 36)
        guard count > name.utf8.count + length else { return false }
        var position = 1
        while position + name.utf8.count + length <= count {
            let separator = self[position - 1]
            defer { position += 1 }
            guard separator == UInt8(ascii: "?") || separator == UInt8(ascii: "&") else { continue }
            let start = position + name.utf8.count
            let isNamed = zip(self[position..<start], name.utf8).allSatisfy { byte, letter in
                byte == letter || byte | 0x20 == letter
            }
            guard isNamed else { continue }
            let id = UnsafeBufferPointer(rebasing: self[start..<start + length])
            if IdentityID(utf8: id) != nil { return self[..<position].contains(UInt8(ascii: "/")) }
        }
        return false
    }
}
