// Codes and links in what a server says, taken out before anyone sees it.

extension String {
    /// The text without what may open an account: the values of queries (`?flow=…&token=…`), and numbers of six to eight
    /// digits that stand alone, as recovery codes do.
    var withoutKeys: String {
        var kept: [UInt8] = []
        var rest = Array(utf8)[...]
        while let first = rest.first {
            if let name = Self.parameter(at: rest) {
                kept += name
                kept += Self.redacted
                rest = rest.dropFirst(name.count).drop { !Self.endsValue($0) }
            } else if Self.isOfWord(first) {
                let word = rest.prefix(while: Self.isOfWord)
                kept += Self.isCode(word) ? Self.redacted[...] : word
                rest = rest.dropFirst(word.count)
            } else {
                kept.append(first)
                rest.removeFirst()
            }
        }
        return String(decoding: kept, as: UTF8.self)
    }

    private static let redacted = Array("[redacted]".utf8)

    /// `?name=`, `&name=` or `;name=` (also of `&amp;`), with a value behind it.
    private static func parameter(at rest: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let lead = rest.first, "?&;".utf8.contains(lead) else { return nil }
        let name = rest.dropFirst().prefix { isOfWord($0) || ".[]".utf8.contains($0) }
        guard !name.isEmpty, name.endIndex < rest.endIndex, rest[name.endIndex] == UInt8(ascii: "=") else {
            return nil
        }
        let value = rest[(name.endIndex + 1)...]
        return value.first.map(endsValue) ?? true ? nil : rest[..<value.startIndex]
    }

    private static func isCode(_ word: ArraySlice<UInt8>) -> Bool {
        (6...8).contains(word.count) && word.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// Letters and digits, and what holds identifiers together: of those no part is a code.
    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }

    private static func endsValue(_ byte: UInt8) -> Bool {
        byte <= 0x20 || "&\"'<>#;,)".utf8.contains(byte)
    }
}
