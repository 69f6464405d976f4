// A line that is typed without being shown, byte by byte.

package import Model

/// What was typed so far on a terminal that neither shows nor edits it.
package struct SecretLine: Sendable {
    /// What a byte leads to.
    package enum Next: Hashable, Sendable {
        case more
        case entered(Secret<String>)
        /// ^C, or ^D on an empty line.
        case givenUp
    }

    private var bytes: [UInt8] = []
    private static let lengthMax = 1024

    package init() {}

    package mutating func typed(_ byte: UInt8) -> Next {
        switch byte {
        case 0x03: return .givenUp
        case 0x04: return bytes.isEmpty ? .givenUp : entered
        case 0x0a, 0x0d: return entered
        case 0x08, 0x7f: eraseLast()
        case 0x15: bytes = []
        case 0x20...:
            if bytes.count < Self.lengthMax { bytes.append(byte) }
        default: break
        }
        return .more
    }

    /// A whole character goes, however many bytes it has.
    private mutating func eraseLast() {
        while let last = bytes.popLast(), last & 0xc0 == 0x80 {}
    }

    private var entered: Next { .entered(Secret(Self.trimmed(String(decoding: bytes, as: UTF8.self)))) }

    /// Without the blanks and line breaks around it.
    package static func trimmed(_ text: String) -> String {
        let isBlank: (Character) -> Bool = { $0.isWhitespace || $0.isNewline }
        let start = text.drop(while: isBlank)
        return String(start.reversed().drop(while: isBlank).reversed())
    }
}
