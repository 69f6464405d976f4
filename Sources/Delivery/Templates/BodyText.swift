// Values of users and rosters, as they come into a mail's body.

import Model

/// Texts for bodies.
enum BodyText {
    /// The text without blanks around it, and without control characters but for tabs and line breaks, which
    /// are `\n`.
    static func cleaned(_ text: String) -> String {
        // Controls beyond ASCII begin with 0xc2.
        let utf8 = text.utf8
        let isClean = !utf8.contains { $0 < 0x20 || $0 == 0x7f || $0 == 0xc2 }
        if isClean, utf8.first != 0x20, utf8.last != 0x20 { return text }
        var scalars = String.UnicodeScalarView()
        var isAfterReturn = false
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0d: scalars.append("\n")
            case 0x0a: if !isAfterReturn { scalars.append("\n") }
            case 0x09: scalars.append(scalar)
            case ..<0x20, 0x7f..<0xa0: break
            default: scalars.append(scalar)
            }
            isAfterReturn = scalar.value == 0x0d
        }
        return String(scalars).withoutBlanksAround
    }
}

/// Texts within HTML.
enum HTMLText {
    /// The text with `&`, `<`, `>` and both quotes escaped, also where a combining mark follows one of them.
    static func escaped(_ text: String) -> String {
        let utf8 = text.utf8
        guard utf8.contains(where: { escape(of: $0) != nil }) else { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(utf8.count + 32)
        for byte in utf8 {
            if let escape = escape(of: byte) {
                bytes.append(contentsOf: escape.utf8)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @inline(__always)
    private static func escape(of byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "\""): "&quot;"
        case UInt8(ascii: "'"): "&#39;"
        default: nil
        }
    }

}
