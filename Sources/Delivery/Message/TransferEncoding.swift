// Texts as mails carry them: in ASCII, in short lines (RFC 2045, 6.7 and 6.8).

/// The encoding of a text: quoted-printable, or Base64 where that is clearly shorter.
struct TransferEncoding {
    /// As `Content-Transfer-Encoding` has it.
    let name: String
    /// Lines of at most 76 characters, each with CR LF.
    let bytes: [UInt8]

    private static let lineMax = 76

    /// - Parameter text: its line ends may be CR LF, LF or CR.
    init(_ text: String) {
        let canonical = Self.canonical(text)
        let quoted = Self.quotedPrintable(canonical)
        let digits = Base64.length(of: canonical.count)
        let base64Length = digits + (digits + Self.lineMax - 1) / Self.lineMax * 2
        // People can read the first one, so the second has to save a sixth.
        if quoted.count * 5 <= base64Length * 6 {
            (name, bytes) = ("quoted-printable", quoted)
        } else {
            (name, bytes) = ("base64", Self.base64Lines(canonical))
        }
    }

    /// `=3D`.
    static func escaped(_ byte: UInt8) -> [UInt8] {
        [UInt8(ascii: "="), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
    }

    private static let hex = Array("0123456789ABCDEF".utf8)

    private static func canonical(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + text.utf8.count / 16)
        var last: UInt8 = 0
        for byte in text.utf8 {
            defer { last = byte }
            switch byte {
            case 0x0a where last == 0x0d: break
            case 0x0a, 0x0d:
                bytes.append(0x0d)
                bytes.append(0x0a)
            default: bytes.append(byte)
            }
        }
        return bytes
    }

    private static func base64Lines(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Base64.encoded(bytes)
        var lines: [UInt8] = []
        lines.reserveCapacity(digits.count + digits.count / 38 + 2)
        for start in stride(from: 0, to: digits.count, by: lineMax) {
            lines += digits[start..<min(digits.count, start + lineMax)]
            lines += "\r\n".utf8
        }
        return lines
    }

    /// Besides what has to be, it encodes a dot at the beginning of a line, which some relays double or lose,
    /// and the `From ` there, which mailboxes in one file take for the next mail.
    private static func quotedPrintable(_ bytes: [UInt8]) -> [UInt8] {
        var lines: [UInt8] = []
        lines.reserveCapacity(bytes.count + bytes.count / 4)
        var column = 0
        for (index, byte) in bytes.enumerated() {
            if byte == 0x0d || byte == 0x0a {
                lines.append(byte)
                column = 0
                continue
            }
            var isEscaped = mustEscape(byte) || (isBlank(byte) && endsLine(bytes, after: index))
            // The `=` of a soft line break needs a place, too.
            if column + (isEscaped ? 3 : 1) > lineMax - 1 {
                lines += "=\r\n".utf8
                column = 0
            }
            if column == 0, byte == UInt8(ascii: ".") || bytes[index...].starts(with: "From ".utf8) {
                isEscaped = true
            }
            if isEscaped { lines += escaped(byte) } else { lines.append(byte) }
            column += isEscaped ? 3 : 1
        }
        if column > 0 { lines += "\r\n".utf8 }
        return lines
    }

    private static func mustEscape(_ byte: UInt8) -> Bool {
        (byte < 0x20 && byte != 0x09) || byte > 0x7e || byte == UInt8(ascii: "=")
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func endsLine(_ bytes: [UInt8], after index: Int) -> Bool {
        index + 1 == bytes.count || bytes[index + 1] == 0x0d
    }
}
