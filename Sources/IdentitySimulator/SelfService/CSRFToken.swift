// The token against forged requests: one in a cookie, the same in the form, covered by a pad that differs
// each time.

/// A token as `nosurf` has it: 32 bytes, in the cookie as they are, in forms as a pad and the bytes XORed
/// with it.
struct CSRFToken: Hashable, Sendable {
    /// The name of the cookie, which Kratos derives from its own URL.
    static let cookieName = "csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10778f481"

    private let bytes: [UInt8]

    /// - Parameter bytes: 32 of them.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    init?(cookie: String) {
        guard let bytes = Base64.decoded(cookie) else { return nil }
        self.init(bytes)
    }

    var cookieValue: String { Base64.encoded(bytes) }

    /// The text for a form.
    ///
    /// - Parameter pad: 32 bytes.
    func masked(by pad: [UInt8]) -> String {
        Base64.encoded(pad + zip(bytes, pad).map { $0 ^ $1 })
    }

    /// Whether a form's text is this token under some pad.
    func matches(_ text: String) -> Bool {
        guard let sent = Base64.decoded(text), sent.count == 64 else { return false }
        return zip(sent.prefix(32), sent.suffix(32)).map { $0 ^ $1 } == bytes
    }
}

/// A client's token, and the cookies to set for it.
struct CSRFGrant: Sendable {
    var token: CSRFToken?
    var cookies: [String] = []

    static let none = CSRFGrant()
}

/// Base64 with the standard letters and padding (RFC 4648, section 4).
enum Base64 {
    private static let letters = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )

    static func encoded(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let word = group.reduce(0) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for place in 0..<4 {
                let isFilled = place <= group.count
                text.append(isFilled ? letters[Int(word >> UInt32(18 - 6 * place) & 63)] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The text with the letters for URLs and without padding (RFC 4648, section 5).
    static func encodedForURL(_ text: String) -> String {
        encoded(Array(text.utf8)).replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// The text that was encoded for a URL; nil where there is none.
    static func decodedFromURL(_ text: String) -> String? {
        let letters = text.replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - letters.utf8.count % 4) % 4)
        return decoded(letters + padding).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The bytes; nil where the text is no Base64.
    static func decoded(_ text: String) -> [UInt8]? {
        let digits = text.utf8.prefix { $0 != UInt8(ascii: "=") }
        guard text.utf8.count % 4 == 0, text.utf8.count - digits.count <= 2 else { return nil }
        var bytes: [UInt8] = []
        var word: UInt32 = 0
        var bits = 0
        for digit in digits {
            guard let value = letters.firstIndex(of: digit) else { return nil }
            word = word << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(bits)))
            }
        }
        guard text.utf8.count - digits.count == (3 - bytes.count % 3) % 3 else { return nil }
        return bytes
    }
}
