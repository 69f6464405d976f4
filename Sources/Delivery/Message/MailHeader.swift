// Further header fields, as an administrator gives them.

import Model

/// A header field that every mail gets: `List-Id: Team <team.example.com>`.
package struct MailHeader: Hashable, Sendable {
    package let name: String
    package let value: String

    private static let nameBytesMax = 70
    /// RFC 5322 has 998 for a line, and a line can only be broken at blanks.
    private static let pieceBytesMax = 900
    /// What the mail has already, and what would name further recipients or pretend a way.
    private static let reserved: Set = [
        "auto-submitted", "bcc", "cc", "date", "dkim-signature", "from", "message-id", "mime-version",
        "received", "reply-to", "return-path", "subject", "to", "x-auto-response-suppress",
    ]

    /// - Parameter text: `Name: value`.
    /// - Throws: a `MailSettingError`.
    package init(_ text: String) throws(MailSettingError) {
        guard let colon = text.firstIndex(of: ":") else {
            throw Self.refusal("has no colon", text)
        }
        let name = String(text[..<colon])
        // RFC 5322, 3.6.8.
        guard 1...Self.nameBytesMax ~= name.utf8.count,
            name.utf8.allSatisfy({ 0x21...0x7e ~= $0 && $0 != UInt8(ascii: ":") })
        else { throw Self.refusal("has a name that no header can have", text) }
        let lower = name.lowercased()
        guard !Self.reserved.contains(lower), !lower.hasPrefix("content-"), !lower.hasPrefix("resent-") else {
            throw Self.refusal("cannot be given: every mail has its own, or must have none", text)
        }
        let value = text[text.index(after: colon)...].drop { $0 == " " }
        guard FieldText.isClean(String(value)) else {
            throw Self.refusal("has a line break or another control character in it", text)
        }
        guard value.contains(where: { $0 != " " }) else { throw Self.refusal("has no value", text) }
        let longest = value.utf8.split(separator: 0x20).map(\.count).max() ?? 0
        guard longest <= Self.pieceBytesMax, value.utf8.count <= 8 * Self.pieceBytesMax,
            !value.contains(String(repeating: " ", count: 60))
        else { throw Self.refusal("is too long for a line of a mail", text) }
        self.name = name
        self.value = String(value)
    }

    private static func refusal(_ reason: String, _ text: String) -> MailSettingError {
        MailSettingError(
            .mailHeader,
            "the header \"\(text.line(lengthMax: 60))\" \(reason)",
            advice: "write it as in \"List-Id: Team <team.example.com>\""
        )
    }
}
