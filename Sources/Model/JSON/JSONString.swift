// A string of a JSON text, as it is spelled there.

/// What is between a string's quotes; valid as long as the text that it is part of.
@frozen package struct JSONString {
    package let bytes: UnsafeBufferPointer<UInt8>
    package let hasEscapes: Bool

    /// Which `\u` escapes are taken.
    package enum Escapes {
        /// All; a surrogate without its other half becomes U+FFFD.
        case any
        /// All but surrogates without their other half.
        case paired
        /// Those of ASCII.
        case ascii
    }

    @inlinable package init(_ bytes: UnsafeBufferPointer<UInt8>, hasEscapes: Bool) {
        self.bytes = bytes
        self.hasEscapes = hasEscapes
    }

    /// The text as UTF-8 without its escapes; nil where one is malformed or not taken.
    package func unescaped(_ taken: Escapes = .any) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var position = 0
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "\\") else {
                result.append(bytes[position])
                position += 1
                continue
            }
            guard position + 1 < bytes.count else { return nil }
            let escape = bytes[position + 1]
            position += 2
            switch escape {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(escape)
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "f"): result.append(0x0c)
            case UInt8(ascii: "n"): result.append(0x0a)
            case UInt8(ascii: "r"): result.append(0x0d)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "u"):
                guard let scalar = scalar(at: &position, taken) else { return nil }
                result.append(contentsOf: String(scalar).utf8)
            default: return nil
            }
        }
        return result
    }

    /// The text, what is no UTF-8 in it replaced; nil where an escape is malformed or not taken.
    package func text(_ taken: Escapes = .any) -> String? {
        guard hasEscapes else { return String(decoding: bytes, as: UTF8.self) }
        return unescaped(taken).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The character whose digits follow a `\u`, or two of them, which are passed.
    private func scalar(at position: inout Int, _ taken: Escapes) -> Unicode.Scalar? {
        guard let unit = unit(at: position) else { return nil }
        position += 4
        switch taken {
        case .ascii where unit >= 0x80: return nil
        default: if let scalar = Unicode.Scalar(unit) { return scalar }
        }
        if unit < 0xdc00, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u"), let low = self.unit(at: position + 2),
            0xdc00..<0xe000 ~= low
        {
            position += 6
            return Unicode.Scalar(0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00))
        }
        return taken == .any ? "\u{fffd}" : nil
    }

    /// Four hexadecimal digits.
    private func unit(at start: Int) -> UInt32? {
        guard start + 4 <= bytes.count else { return nil }
        var unit: UInt32 = 0
        for byte in bytes[start..<start + 4] {
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x41...0x46: digit = byte - 0x41 + 10
            case 0x61...0x66: digit = byte - 0x61 + 10
            default: return nil
            }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }
}
