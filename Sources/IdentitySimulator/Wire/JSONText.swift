// JSON and quoted text as a Go server writes them.

/// Builds the bytes of JSON answers and log lines.
enum JSONText {
    /// Appends a string in quotes, escaped as Go's `encoding/json` does with HTML escaping off.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        defer { bytes.append(UInt8(ascii: "\"")) }
        // Nearly every text goes as it is, and scalar by scalar is ten times slower.
        let isPlain = text.utf8.withContiguousStorageIfAvailable { utf8 in
            utf8.allSatisfy {
                $0 >= 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
            }
        }
        if isPlain == true {
            return bytes.append(contentsOf: text.utf8)
        }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": bytes.append(contentsOf: #"\""#.utf8)
            case "\\": bytes.append(contentsOf: #"\\"#.utf8)
            case "\n": bytes.append(contentsOf: #"\n"#.utf8)
            case "\r": bytes.append(contentsOf: #"\r"#.utf8)
            case "\t": bytes.append(contentsOf: #"\t"#.utf8)
            case "\u{8}": bytes.append(contentsOf: #"\b"#.utf8)
            case "\u{c}": bytes.append(contentsOf: #"\f"#.utf8)
            case "\u{0}"..."\u{1f}", "\u{2028}", "\u{2029}":
                bytes.append(contentsOf: #"\u"#.utf8)
                bytes.append(contentsOf: hex(scalar.value, digits: 4).utf8)
            default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
    }

    /// The text in quotes as Go's `%q` shows it.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            result += scalar == "\"" ? #"\""# : escaped(scalar)
        }
        return result + "\""
    }

    /// One byte as `encoding/json` names it in `invalid character …`.
    static func quotedCharacter(_ byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "'"): #"'\''"#
        case UInt8(ascii: "\""): #"'"'"#
        default: "'\(escaped(Unicode.Scalar(byte)))'"
        }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\\": return #"\\"#
        case "\u{7}": return #"\a"#
        case "\u{8}": return #"\b"#
        case "\u{c}": return #"\f"#
        case "\n": return #"\n"#
        case "\r": return #"\r"#
        case "\t": return #"\t"#
        case "\u{b}": return #"\v"#
        case "\u{0}"..."\u{1f}", "\u{7f}": return #"\x"# + hex(scalar.value, digits: 2)
        case "\u{80}"..."\u{a0}", "\u{ad}": return #"\u"# + hex(scalar.value, digits: 4)
        default: return String(scalar)
        }
    }

    private static func hex(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
