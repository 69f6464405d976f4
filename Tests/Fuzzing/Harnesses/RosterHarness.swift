// Rosters: the same whatever the pieces that they come in, and nothing lost.

import Roster
import Model

/// Reads a roster twice, whole and in pieces, and a simple CSV a third time by splitting it at its line
/// breaks.
enum RosterHarness {
    static func run(_ bytes: [UInt8], isJSON: Bool) throws(BrokenProperty) {
        var input = FuzzInput(bytes)
        let choice = input.byte()
        let pieces = [1 + Int(input.byte()) % 64, 1 + Int(input.byte())]
        let text = input.bytes
        let options = RosterOptions(
            idColumn: choice & 0x08 != 0 ? "id" : nil,
            delimiter: choice & 0x04 != 0 ? Delimiter.allCases[Int(choice & 0x03)] : nil
        )

        let whole = try RosterReading(PieceSource(text, pieces: [text.count + 1]), options, batch: 1000)
        if let format = whole.format, (format == .json) != isJSON { return }
        let cut = try RosterReading(
            PieceSource(text, pieces: pieces),
            options,
            batch: pieces[0]
        )
        try require(cut == whole, "a roster reads otherwise in pieces of \(pieces) bytes")
        try check(whole)
        if isJSON {
            try JSONOracle.check(whole, of: text)
        } else if !text.contains(UInt8(ascii: "\"")), options.idColumn == nil {
            try CSVOracle.check(whole, of: text)
        }
    }

    private static func check(_ reading: RosterReading) throws(BrokenProperty) {
        if let error = reading.error {
            try require(!error.message.isEmpty, "an error says nothing")
            try require(!error.description.hasControlCharacter, "an error has a control character")
            try require(error.description.utf8.count <= 16 << 10, "an error has no end")
        }
        try require(reading.columns.count < RosterBounds.columnsMax, "there are too many columns")
        var line = 0
        for item in reading.items {
            try require(item.line > line, "line \(item.line) comes after line \(line)")
            line = item.line
            switch item {
            case .row(let row): try check(row, in: reading)
            case .rejected(let row):
                try require(row.value.count <= RejectedRow.valueCharactersMax, "a reject's value is too long")
                try require(
                    row.value.utf8.count <= RejectedRow.valueCharactersMax * 4,
                    "a reject's value has no end"
                )
            }
        }
    }

    private static func check(_ row: RosterRow, in reading: RosterReading) throws(BrokenProperty) {
        try require(row.identityID != .null, "line \(row.line) has nobody's ID")
        if reading.format == .json {
            try require(row.columns.count <= reading.columns.count, "item \(row.line) is too wide")
        } else {
            try require(row.columns.count == reading.columns.count, "line \(row.line) has another width")
        }
        for value in row.columns {
            try require(
                value.utf8.count <= RosterBounds.fieldBytesMax,
                "line \(row.line) has too long a field"
            )
        }
    }
}

/// Everything that a roster reads as.
struct RosterReading: Equatable {
    private(set) var format: RosterFormat?
    private(set) var encoding: TextEncoding?
    private(set) var idColumn = ""
    private(set) var columns: [String] = []
    private(set) var leftBehind: [String] = []
    private(set) var items: [RosterItem] = []
    private(set) var error: RosterError?
    private(set) var fingerprint = ""

    init(_ source: PieceSource, _ options: RosterOptions, batch: Int) throws(BrokenProperty) {
        do {
            let reader = try RosterReader(source: source, options: options)
            (format, encoding, idColumn) = (reader.format, reader.encoding, reader.idColumnName)
            defer { (columns, leftBehind) = (reader.columnNames, reader.leftBehind) }
            while true {
                let next = try reader.next(max: batch)
                if next.isEmpty { break }
                items += next
            }
            fingerprint = reader.fingerprint
        } catch let error as RosterError {
            self.error = error
        } catch {
            throw BrokenProperty(description: "a roster fails with \(type(of: error))")
        }
    }
}

/// Bytes in pieces of the given sizes, over and over.
struct PieceSource: ByteSource {
    private let bytes: [UInt8]
    private let pieces: [Int]
    private var position = 0
    private var turn = 0

    init(_ bytes: [UInt8], pieces: [Int]) {
        (self.bytes, self.pieces) = (bytes, pieces)
    }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, pieces[turn % pieces.count], bytes.count - position)
        buffer.copyBytes(from: bytes[position..<position + count])
        (position, turn) = (position + count, turn + 1)
        return count
    }
}

extension RosterItem {
    var line: Int {
        switch self {
        case .row(let row): row.line
        case .rejected(let row): row.line
        }
    }
}
