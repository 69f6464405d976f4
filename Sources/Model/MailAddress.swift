// Whether a text can be an e-mail address, and when two are one.

/// Addresses as mailing systems take them: a dot-atom, `@` and a domain with a dot (RFC 5321, 4.1.2).
///
/// Quoted local parts and addresses in brackets are refused: no mailing system takes them.
package enum MailAddress {
    private static let bytesMax = 254
    private static let localBytesMax = 64
    private static let labelBytesMax = 63

    /// The address without blanks around it; nil where it is impossible.
    package static func checked(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        guard let start = bytes.firstIndex(where: { !isBlank($0) }),
            let last = bytes.lastIndex(where: { !isBlank($0) }), last - start < bytesMax
        else { return nil }
        let address = bytes[start...last]
        guard let at = address.lastIndex(of: UInt8(ascii: "@")), isLocal(address[..<at]),
            isDomain(address[(at + 1)...])
        else { return nil }
        let checked = String(decoding: address, as: UTF8.self)
        // Beyond ASCII there are blanks and controls too.
        return checked.unicodeScalars.allSatisfy { $0.isASCII || isWritten($0) } ? checked : nil
    }

    /// Whether nothing before the `@` is beyond ASCII.
    package static func hasASCIILocalPart(_ address: String) -> Bool {
        address.utf8.prefix { $0 != UInt8(ascii: "@") }.allSatisfy { $0 < 0x80 }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0d ~= byte }

    private static func isLocal(_ part: ArraySlice<UInt8>) -> Bool {
        (1...localBytesMax).contains(part.count)
            && part.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy {
                !$0.isEmpty && $0.allSatisfy(isAtom)
            }
    }

    private static func isAtom(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || byte >= 0x80 || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
    }

    private static func isDomain(_ part: ArraySlice<UInt8>) -> Bool {
        let labels = part.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return labels.count >= 2
            && labels.allSatisfy { label in
                (1...labelBytesMax).contains(label.count) && label.first != UInt8(ascii: "-")
                    && label.last != UInt8(ascii: "-")
                    && label.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") || $0 >= 0x80 }
            }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        0x30...0x39 ~= byte || 0x41...0x5a ~= byte || 0x61...0x7a ~= byte
    }

    private static func isWritten(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .unassigned,
            .privateUse, .surrogate:
            false
        default: scalar != "\u{fffd}"
        }
    }
}
