// Rosters in short: what the tests of this module share.

import Roster
import Model

/// Numbers that are the same for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
        return word ^ word >> 31
    }
}

/// A source that answers with pieces of random sizes, or of any size that is asked for.
struct PieceSource: ByteSource {
    private let bytes: [UInt8]
    private var position = 0
    private var generator: SeededGenerator?
    private let pieceMax: Int

    init(_ bytes: [UInt8], seed: UInt64? = nil, pieceMax: Int = 7) {
        self.bytes = bytes
        self.pieceMax = pieceMax
        generator = seed.map { SeededGenerator(seed: $0) }
    }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        var wanted = buffer.count
        if var random = generator {
            wanted = min(wanted, Int.random(in: 1...pieceMax, using: &random))
            generator = random
        }
        let count = min(wanted, bytes.count - position)
        buffer.copyBytes(from: bytes[position..<position + count])
        position += count
        return count
    }
}

/// The identity ID that fixtures call `#n`; one digit.
func uuid(_ number: Int) -> String {
    "a0000000-0000-4000-8000-00000000000\(number)"
}

/// A roster's text with `#1` to `#9` as UUIDs.
func roster(_ text: String) -> [UInt8] {
    Array((1...9).reduce(text) { $0.replacing("#\($1)", with: uuid($1)) }.utf8)
}

/// UTF-16 with a byte order mark.
func utf16(_ text: [UInt8], bigEndian: Bool) -> [UInt8] {
    let units = [0xfeff] + Array(String(decoding: text, as: UTF8.self).utf16)
    return units.flatMap { unit in
        bigEndian ? [UInt8(unit >> 8), UInt8(unit & 0xff)] : [UInt8(unit & 0xff), UInt8(unit >> 8)]
    }
}

/// Everything that a reader yields, each item in one line of text:
/// `2 #1 [Ann|Berlin]`, and of a reject `3 email not_a_uuid <x>`, with `-` for no column.
struct Reading: Equatable {
    var items: [String] = []
    var idColumn: String
    var columns: [String] = []

    init(
        _ bytes: [UInt8],
        _ options: RosterOptions = RosterOptions(),
        seed: UInt64? = nil,
        max: Int = 3
    ) throws {
        let reader = try RosterReader(source: PieceSource(bytes, seed: seed), options: options)
        idColumn = reader.idColumnName
        while true {
            let next = try reader.next(max: max)
            if next.isEmpty { break }
            items += next.map(Self.line)
        }
        columns = reader.columnNames
    }

    static func line(_ item: RosterItem) -> String {
        switch item {
        case .row(let row):
            let text = row.identityID.text
            let id = text.hasPrefix("a0000000-") ? "#\(text.suffix(1))" : text
            return "\(row.line) \(id) [\(row.columns.joined(separator: "|"))]"
        case .rejected(let row):
            let value = (1...9).reduce(row.value) { $0.replacing(uuid($1), with: "#\($1)") }
            return "\(row.line) \(row.column ?? "-") \(row.reason.rawValue) <\(value)>"
        }
    }
}

/// The error that reading throws, at its beginning or later.
func failure(_ bytes: [UInt8], _ options: RosterOptions = RosterOptions()) -> RosterError? {
    do {
        _ = try Reading(bytes, options)
        return nil
    } catch {
        return error as? RosterError
    }
}
