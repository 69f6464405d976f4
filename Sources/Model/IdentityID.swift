// The ID of one identity: what a roster names, the ledger keys on and a server is asked about.

/// The UUID of an identity, in 16 bytes, written canonically (lower case, with dashes).
///
/// It reads every spelling that administrators have in hand: upper case, in braces, as `urn:uuid:`, without
/// dashes (RFC 9562, and what Kratos itself accepts); with blanks of any kind around it, and with the guards
/// of spreadsheets, `="…"` and `'…`.
package struct IdentityID: Hashable, Sendable {
    /// The first eight bytes of the UUID, big-endian.
    package let high: UInt64
    /// The last eight bytes of the UUID, big-endian.
    package let low: UInt64

    /// A random UUID of version 4 (RFC 9562, 5.4): nobody's ID, or a request's.
    ///
    /// Foundation's opens a file for each.
    package static func random() -> IdentityID {
        var random = SystemRandomNumberGenerator()
        return IdentityID(
            high: random.next() & 0xffff_ffff_ffff_0fff | 0x4000,
            low: random.next() & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
        )
    }

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The 16 bytes of the UUID, big-endian.
    package func withBytes<T>(_ body: (UnsafeRawBufferPointer) throws -> T) rethrows -> T {
        try withUnsafeBytes(of: (high.bigEndian, low.bigEndian), body)
    }

    /// The nil UUID: well formed, but the ID of nobody.
    package static let null = IdentityID(high: 0, low: 0)

    /// Reads an ID from UTF-8 text; nil where the text is no UUID.
    package init?(utf8 text: UnsafeBufferPointer<UInt8>) {
        guard let words = Self.words(of: Self.trimmed(text[...])) ?? Self.wordsWithoutGuards(of: text) else {
            return nil
        }
        (high, low) = words
    }

    /// What is left where blanks other than ASCII's, or guards, are in the way of the digits.
    private static func wordsWithoutGuards(of text: UnsafeBufferPointer<UInt8>) -> (UInt64, UInt64)? {
        guard text.count > 32 else { return nil }
        let bare = text.withoutGuards(quotes: true)
        return bare.count < text.count ? words(of: bare[...]) : nil
    }

    private static func words(of text: Slice<UnsafeBufferPointer<UInt8>>) -> (UInt64, UInt64)? {
        guard let digits = digits(of: text) else { return nil }
        let dashed: Bool
        switch digits.count {
        case 32: dashed = false
        case 36: dashed = true
        default: return nil
        }
        var words: (UInt64, UInt64) = (0, 0)
        var nibbles = 0
        let hexValues = Self.hexValues
        for (offset, byte) in digits.enumerated() {
            if dashed, offset == 8 || offset == 13 || offset == 18 || offset == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            let value = hexValues[Int(byte)]
            guard value != 0xff else { return nil }
            if nibbles < 16 {
                words.0 = words.0 << 4 | UInt64(value)
            } else {
                words.1 = words.1 << 4 | UInt64(value)
            }
            nibbles += 1
        }
        return words
    }

    /// Reads an ID from text; nil where the text is no UUID.
    package init?(_ text: some StringProtocol) {
        var text = String(text)
        guard let id = text.withUTF8({ IdentityID(utf8: $0) }) else { return nil }
        self = id
    }

    /// The canonical spelling: 36 characters, lower case, with dashes.
    package var text: String {
        String(unsafeUninitializedCapacity: 36) { buffer in
            var position = 0
            let hexDigits = Self.hexDigits
            for nibble in 0..<32 {
                if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
                    buffer[position] = UInt8(ascii: "-")
                    position += 1
                }
                let word = nibble < 16 ? high : low
                let shift = UInt64(60 - (nibble & 15) * 4)
                buffer[position] = hexDigits[Int(word >> shift & 15)]
                position += 1
            }
            return 36
        }
    }
}

extension IdentityID: Comparable, CustomStringConvertible {
    /// The order of the canonical spellings.
    package static func < (left: IdentityID, right: IdentityID) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }

    package var description: String { text }
}

extension IdentityID {
    private static let hexDigits = Array("0123456789abcdef".utf8)

    /// The value of each ASCII hexadecimal digit, 0xff for every other byte.
    private static let hexValues: [UInt8] = (0...255).map { byte in
        switch UInt8(byte) {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt8(byte) - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt8(byte) - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt8(byte) - UInt8(ascii: "A") + 10
        default: 0xff
        }
    }

    private static func trimmed(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Slice<
        UnsafeBufferPointer<UInt8>
    > {
        var text = text
        while let first = text.first, isBlank(first) { text = text.dropFirst() }
        while let last = text.last, isBlank(last) { text = text.dropLast() }
        return text
    }

    /// What stands between `urn:uuid:` or braces and the end.
    private static func digits(
        of text: Slice<UnsafeBufferPointer<UInt8>>
    ) -> Slice<UnsafeBufferPointer<UInt8>>? {
        let prefix = "urn:uuid:".utf8
        if text.count > prefix.count, zip(text, prefix).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) {
            return text.dropFirst(prefix.count)
        }
        guard text.first == UInt8(ascii: "{") else { return text }
        guard text.last == UInt8(ascii: "}") else { return nil }
        return text.dropFirst().dropLast()
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0d).contains(byte)
    }
}
