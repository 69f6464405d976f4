// Values of a JSON document as texts, spelled as the document spells them.

import Foundation

/// Walks over a document that a decoder has accepted, and makes texts of what it finds at the end of a path.
///
/// A decoder would make numbers of numbers: of a price of 1.10 it knows no more than 1.1, and 1e400 is none to it.
struct JSONText {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    private init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    /// For each element of the list that the document is, the texts at the paths; nil where there is nothing.
    static func texts(ofEachIn document: [UInt8], at paths: [ColumnPath]) -> [[String?]] {
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        var list = JSONText(document.starts(with: mark) ? document.dropFirst(mark.count) : document[...])
        var texts: [[String?]] = []
        list.forEachElement { element in
            texts.append(paths.map { JSONText(element).text(at: $0.steps[...]) })
            return true
        }
        return texts
    }

    /// The text of the value at the end of the steps.
    private func text(at steps: ArraySlice<String>) -> String? {
        guard let step = steps.first else { return wholeText }
        var (values, place) = (self, ArraySlice<UInt8>?.none)
        values.skipBlanks()
        switch values.next {
        case UInt8(ascii: "{"):
            values.forEachMember { key, value in
                if key == step { place = value }
                return place == nil
            }
        case UInt8(ascii: "["):
            guard step.utf8.allSatisfy({ (0x30...0x39).contains($0) }), var ahead = Int(step) else {
                return nil
            }
            values.forEachElement { value in
                if ahead == 0 { place = value }
                ahead -= 1
                return place == nil
            }
        default: break
        }
        return place.flatMap { JSONText($0).text(at: steps.dropFirst()) }
    }

    /// The value as a field of a table.
    private var wholeText: String? {
        var value = self
        value.skipBlanks()
        switch value.next {
        case UInt8(ascii: "\""): return value.string()
        case UInt8(ascii: "n"): return ""
        case UInt8(ascii: "{"), UInt8(ascii: "["): return String(decoding: value.compact, as: UTF8.self)
        default: return String(decoding: value.skipValue(), as: UTF8.self)
        }
    }
}

// MARK: - One piece after the other

extension JSONText {
    private var next: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

    private mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
    }

    private mutating func forEachElement(_ body: (ArraySlice<UInt8>) -> Bool) {
        skipBlanks()
        guard next == UInt8(ascii: "[") else { return }
        repeat {
            position += 1
            skipBlanks()
            guard let first = next, first != UInt8(ascii: "]"), body(skipValue()) else { return }
            skipBlanks()
        } while next == UInt8(ascii: ",")
    }

    private mutating func forEachMember(_ body: (_ key: String, ArraySlice<UInt8>) -> Bool) {
        guard next == UInt8(ascii: "{") else { return }
        repeat {
            position += 1
            skipBlanks()
            guard next == UInt8(ascii: "\""), let key = string() else { return }
            skipBlanks()
            // The colon.
            position = min(position + 1, bytes.endIndex)
            skipBlanks()
            guard body(key, skipValue()) else { return }
            skipBlanks()
        } while next == UInt8(ascii: ",")
    }

    /// Moves behind a value, and returns it.
    private mutating func skipValue() -> ArraySlice<UInt8> {
        let start = position
        var depth = 0
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""): skipString()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return bytes[start..<position] }
                depth -= 1
                position += 1
            case UInt8(ascii: ","), 0x20, 0x0a, 0x0d, 0x09:
                if depth == 0 { return bytes[start..<position] }
                position += 1
                continue
            default:
                position += 1
                continue
            }
            if depth == 0 { break }
        }
        return bytes[start..<position]
    }

    private mutating func skipString() {
        position += 1
        while let byte = next, byte != UInt8(ascii: "\"") { position += byte == UInt8(ascii: "\\") ? 2 : 1 }
        position = min(position + 1, bytes.endIndex)
    }

    private mutating func string() -> String? {
        let start = position
        skipString()
        let quoted = bytes[start..<position]
        guard quoted.contains(UInt8(ascii: "\\")) else {
            return String(decoding: quoted.dropFirst().dropLast(), as: UTF8.self)
        }
        return try? JSONDecoder().decode(String.self, from: Data(quoted))
    }

    /// The value without blanks between its parts.
    private var compact: [UInt8] {
        var value = self
        var compact: [UInt8] = []
        while let byte = value.next {
            let start = value.position
            if byte == UInt8(ascii: "\"") { value.skipString() } else { value.position += 1 }
            if byte > 0x20 { compact.append(contentsOf: bytes[start..<value.position]) }
        }
        return compact
    }
}
