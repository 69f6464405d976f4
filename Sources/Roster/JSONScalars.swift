// JSON's numbers and strings, as bytes.

extension UnsafeBufferPointer<UInt8> {
    /// RFC 8259: `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`.
    var isJSONNumber: Bool {
        var position = 0
        func digits() -> Int {
            let start = position
            while position < count, 0x30...0x39 ~= self[position] { position += 1 }
            return position - start
        }
        func accept(_ bytes: StaticString) -> Bool {
            guard position < count else { return false }
            let isAccepted = bytes.withUTF8Buffer { $0.contains(self[position]) }
            if isAccepted { position += 1 }
            return isAccepted
        }
        _ = accept("-")
        if !accept("0"), digits() == 0 { return false }
        if accept("."), digits() == 0 { return false }
        if accept("eE") {
            _ = accept("+-")
            if digits() == 0 { return false }
        }
        return position == count
    }

    /// A string's text without its escapes; nil where one is malformed.
    ///
    /// A lone surrogate becomes U+FFFD.
    var unescapedJSON: [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(count)
        var position = 0
        func unit(at start: Int) -> UInt32? {
            guard start + 4 <= count else { return nil }
            return self[start..<start + 4].reduce(UInt32?.some(0)) { sum, byte in
                guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
                return sum.map { $0 << 4 | UInt32(digit) }
            }
        }
        while position < count {
            guard self[position] == UInt8(ascii: "\\") else {
                result.append(self[position])
                position += 1
                continue
            }
            guard position + 1 < count else { return nil }
            let escape = self[position + 1]
            position += 2
            switch escape {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(escape)
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "f"): result.append(0x0c)
            case UInt8(ascii: "n"): result.append(0x0a)
            case UInt8(ascii: "r"): result.append(0x0d)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "u"):
                guard var scalar = unit(at: position) else { return nil }
                position += 4
                if 0xd800..<0xdc00 ~= scalar, position + 1 < count, self[position] == UInt8(ascii: "\\"),
                    self[position + 1] == UInt8(ascii: "u"), let low = unit(at: position + 2),
                    0xdc00..<0xe000 ~= low
                {
                    scalar = 0x10000 + (scalar - 0xd800) << 10 + (low - 0xdc00)
                    position += 6
                }
                result.append(contentsOf: String(Unicode.Scalar(scalar) ?? "\u{fffd}").utf8)
            default: return nil
            }
        }
        return result
    }
}
