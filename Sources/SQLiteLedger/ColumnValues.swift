// A row's further columns as one text: a JSON array of strings, which sqlite3's json functions read too.

/// Writes and reads JSON arrays of strings.
///
/// Once for every row of a roster in both directions, so it does without a JSON library; the tests hold it against
/// one.
enum ColumnValues {
    /// Writes `["a","b"]`.
    static func encode(_ values: [String]) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(values.reduce(2) { $0 + $1.utf8.count + 3 })
        bytes.append(UInt8(ascii: "["))
        for (index, value) in values.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(UInt8(ascii: "\""))
            var value = value
            value.withUTF8 { for byte in $0 { append(byte, to: &bytes) } }
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: "]"))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The strings of an array; nil when the text is none of ours.
    static func decode(_ text: String) -> [String]? {
        var text = text
        return text.withUTF8 { bytes in
            guard bytes.count >= 2, bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]") else {
                return nil
            }
            var values: [String] = []
            var position = 1
            let end = bytes.count - 1
            while position < end {
                guard let value = string(in: bytes, from: &position, to: end) else { return nil }
                values.append(value)
                if position == end { break }
                guard bytes[position] == UInt8(ascii: ","), position + 1 < end else { return nil }
                position += 1
            }
            return values
        }
    }

    private static func append(_ byte: UInt8, to bytes: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        case 0x00..<0x20:
            let digits = Array("0123456789abcdef".utf8)
            bytes.append(contentsOf: "\\u00".utf8)
            bytes.append(digits[Int(byte >> 4)])
            bytes.append(digits[Int(byte & 15)])
        default:
            bytes.append(byte)
        }
    }

    /// Reads one quoted string of what `encode` writes, or sqlite3's json functions: with JSON's short escapes, and
    /// `\u00XX` of ASCII.
    private static func string(
        in bytes: UnsafeBufferPointer<UInt8>,
        from position: inout Int,
        to end: Int
    ) -> String? {
        guard bytes[position] == UInt8(ascii: "\"") else { return nil }
        let start = position + 1
        guard
            let quote = bytes[start..<end].firstIndex(where: {
                $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\")
            })
        else { return nil }
        if bytes[quote] == UInt8(ascii: "\"") {
            position = quote + 1
            return String(decoding: bytes[start..<quote], as: UTF8.self)
        }
        var unescaped = Array(bytes[start..<quote])
        var index = quote
        while index < end {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                position = index + 1
                return String(decoding: unescaped, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard index + 1 < end else { return nil }
                if bytes[index + 1] == UInt8(ascii: "u") {
                    guard index + 5 < end, bytes[index + 2] == UInt8(ascii: "0"),
                        let value = UInt8(
                            String(decoding: bytes[index + 2...index + 5], as: UTF8.self),
                            radix: 16
                        ), value < 0x80
                    else { return nil }
                    unescaped.append(value)
                    index += 6
                } else {
                    guard let value = shortEscape(bytes[index + 1]) else { return nil }
                    unescaped.append(value)
                    index += 2
                }
            default:
                unescaped.append(bytes[index])
                index += 1
            }
        }
        return nil
    }

    /// What a letter after a backslash stands for.
    private static func shortEscape(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "n"): 0x0a
        case UInt8(ascii: "f"): 0x0c
        case UInt8(ascii: "r"): 0x0d
        default: nil
        }
    }
}
