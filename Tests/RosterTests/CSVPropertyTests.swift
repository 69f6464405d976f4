// Random tables, written with random quotes and line breaks, read back as they were.

import Roster
import Testing
import Model

@Suite struct CSVPropertyTests {
    @Test(arguments: 0..<200 as Range<UInt64>)
    func aTableReadsBackAsItWas(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let table = RandomTable(using: &random)
        let reader = try RosterReader(
            source: PieceSource(table.written(using: &random), seed: seed, pieceMax: 100),
            options: RosterOptions(delimiter: Bool.random(using: &random) ? table.delimiter : nil)
        )
        #expect(reader.columnNames == table.names)
        #expect(reader.format == .delimited(table.delimiter))
        var rows: [[String]] = []
        while let item = try reader.next(max: 1).first {
            guard case .row(let row) = item else {
                Issue.record("rejected: \(Reading.line(item))")
                return
            }
            rows.append([row.identityID.text] + row.columns)
        }
        #expect(rows == table.rows)
    }
}

/// A table with an ID in its first column and anything in the others.
private struct RandomTable {
    let delimiter: Delimiter
    let names: [String]
    let rows: [[String]]

    private static let pieces = [
        "a", "Zoë", "\"", "\"\"", "\n", "\r\n", "\r", ",", ";", "\t", "|", " ", "😀", "x y", "'",
    ]

    init(using random: inout SeededGenerator) {
        delimiter = Delimiter.allCases.randomElement(using: &random)!  // There are four.
        names = (1...Int.random(in: 1...5, using: &random)).map { "name \($0)" }
        var rows: [[String]] = []
        for _ in 0..<Int.random(in: 1...30, using: &random) {
            var row = [uuid(Int.random(in: 1...9, using: &random))]
            for _ in names {
                let count = Int.random(in: 0...6, using: &random)
                row.append((0..<count).map { _ in Self.pieces.randomElement(using: &random)! }.joined())
            }
            rows.append(row)
        }
        self.rows = rows
    }

    func written(using random: inout SeededGenerator) -> [UInt8] {
        let lineBreak = ["\n", "\r\n", "\r"].randomElement(using: &random)!
        let separator = String(decoding: [delimiter.rawValue], as: UTF8.self)
        var lines: [String] = []
        for row in [["identity_id"] + names] + rows {
            lines.append(row.map { Self.field($0, using: &random) }.joined(separator: separator))
            if Int.random(in: 0..<10, using: &random) == 0 { lines.append("") }
        }
        let text = lines.joined(separator: lineBreak) + (Bool.random(using: &random) ? lineBreak : "")
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return utf16(Array(text.utf8), bigEndian: false)
        case 1: return utf16(Array(text.utf8), bigEndian: true)
        case 2: return [0xef, 0xbb, 0xbf] + Array(text.utf8)
        default: return Array(text.utf8)
        }
    }

    /// Quoted where it must be, and else by chance.
    private static func field(_ text: String, using random: inout SeededGenerator) -> String {
        let special = text.unicodeScalars.contains { "\"\r\n,;\t|".unicodeScalars.contains($0) }
        guard special || Bool.random(using: &random) else { return text }
        return "\"\(text.replacing("\"", with: "\"\""))\""
    }
}
