// What a relay can do besides the plain protocol, as its reply to EHLO says.

/// The extensions of a relay that matter for sending a mail.
package struct SMTPExtensions: Hashable, Sendable {
    /// MAIL and RCPT may go out together (RFC 2920).
    package var isPipelining = false
    /// Bytes beyond ASCII in the message (8BITMIME, RFC 6152).
    package var takes8Bit = false
    /// Addresses beyond ASCII (SMTPUTF8, RFC 6531).
    package var takesUTF8 = false
    /// Whether MAIL may tell the message's size (SIZE, RFC 1870).
    package var takesSize = false
    /// The largest message that the relay takes, in bytes; nil where it does not say.
    package var sizeMax: Int?
    /// The ways to authenticate, in capital letters.
    package var authentications: Set<String> = []

    package init() {}

    /// - Parameter lines: the lines of the reply to EHLO without their codes; the first is a greeting.
    package init(lines: some Sequence<String>) {
        for line in lines.dropFirst() {
            // Some relays write AUTH=LOGIN, as a draft of the standard had it.
            let words = line.uppercased().split { $0 == " " || $0 == "=" || $0 == "\t" }
            switch words.first {
            case "PIPELINING": isPipelining = true
            case "8BITMIME": takes8Bit = true
            case "SMTPUTF8": takesUTF8 = true
            case "SIZE":
                takesSize = true
                // 0 stands for no limit.
                sizeMax = words.dropFirst().first.flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
            case "AUTH": authentications.formUnion(words.dropFirst().map(String.init))
            default: break
            }
        }
    }
}
