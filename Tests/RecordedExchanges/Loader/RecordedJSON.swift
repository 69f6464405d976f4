// JSON that keeps what JSON decoders lose: the order of members, and how strings and numbers are spelled.

import Foundation

/// A JSON value as it stands in a file.
package enum RecordedJSON: Sendable {
    /// Names with their quotes.
    case object([(name: String, value: RecordedJSON)])
    case array([RecordedJSON])
    /// A string with its quotes and escapes.
    case string(String)
    /// A number, `true`, `false` or `null`.
    case word(String)

    /// - Throws: `RecordingError` where the bytes are not one JSON value.
    package init(_ bytes: [UInt8]) throws {
        var reader = RecordedJSONReader(bytes)
        self = try reader.document()
    }

    /// The value without white space, as Kratos writes it.
    ///
    /// A string `"{#name}"` becomes `{name}` without quotes: a number that differs each time.
    package var compact: String {
        switch self {
        case .object(let members): "{" + members.map { "\($0):\($1.compact)" }.joined(separator: ",") + "}"
        case .array(let values): "[" + values.map(\.compact).joined(separator: ",") + "]"
        case .string(let text): text.hasPrefix("\"{#") ? "{" + text.dropFirst(3).dropLast() : text
        case .word(let text): text
        }
    }

    /// The text of a string; nil for anything else.
    package var text: String? {
        guard case .string(let spelled) = self else { return nil }
        return try? JSONDecoder().decode(String.self, from: Data(spelled.utf8))
    }
}

/// What is wrong with a recording's file.
package struct RecordingError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

private struct RecordedJSONReader {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func document() throws -> RecordedJSON {
        let value = try value()
        skipSpace()
        guard place == bytes.count else { throw unexpected() }
        return value
    }

    private mutating func value() throws -> RecordedJSON {
        skipSpace()
        switch next {
        case UInt8(ascii: "{"):
            return .object(
                try list(until: "}") { reader in
                    let name = try reader.string()
                    try reader.take(":")
                    return (name, try reader.value())
                }
            )
        case UInt8(ascii: "["): return .array(try list(until: "]") { reader in try reader.value() })
        case UInt8(ascii: "\""): return .string(try string())
        default: return .word(try word())
        }
    }

    /// What stands between two brackets, separated by commas.
    private mutating func list<Element>(
        until end: Unicode.Scalar,
        _ element: (inout RecordedJSONReader) throws -> Element
    ) throws -> [Element] {
        place += 1
        var elements: [Element] = []
        skipSpace()
        while next != UInt8(ascii: end) {
            if !elements.isEmpty { try take(",") }
            elements.append(try element(&self))
            skipSpace()
        }
        place += 1
        return elements
    }

    private mutating func string() throws -> String {
        skipSpace()
        let start = place
        try take("\"")
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw unexpected() }
            place += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        try take("\"")
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private mutating func word() throws -> String {
        let start = place
        while let byte = next, byte.isOfWord { place += 1 }
        let word = String(decoding: bytes[start..<place], as: UTF8.self)
        guard ["true", "false", "null"].contains(word) || Double(word) != nil else {
            place = start
            throw unexpected()
        }
        return word
    }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipSpace() {
        while let byte = next, [0x20, 0x0A, 0x0D, 0x09].contains(byte) { place += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) throws {
        skipSpace()
        guard next == UInt8(ascii: character) else { throw unexpected() }
        place += 1
    }

    private func unexpected() -> RecordingError {
        let line = 1 + bytes.prefix(place).count { $0 == 0x0A }
        return RecordingError("line \(line): this is no JSON")
    }
}

extension UInt8 {
    fileprivate var isOfWord: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "E"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
