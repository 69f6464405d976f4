// A mail of its rendered texts: headers and parts, as they go over the wire.

import Crypto
package import Model

/// Makes mails that differ in recipient and texts only.
///
/// All of a mail is ASCII, but for an address whose local part is not. No line is over 998 bytes, and only
/// that of a long address over 78. Line breaks come from here, never from the data.
package struct MailComposer: Sendable {
    /// How many digits stand before the `@` of a Message-ID: 128 bits, by which nobody is told.
    static let tokenLength = 32

    private let sender: String
    private let senderDomain: String
    private let bounce: BounceAddress?
    /// From and Reply-To.
    private let senderLines: [UInt8]
    /// What every mail has besides.
    private let constantLines: [UInt8]

    /// - Parameters:
    ///   - bounce: the envelope's sender; `from`'s address where it is nil.
    ///   - headers: further ones.
    /// - Throws: a `MailSettingError`, for a sender whose domain is impossible.
    package init(
        from: MailSender,
        replyTo: MailSender? = nil,
        bounce: BounceAddress? = nil,
        headers: [MailHeader] = []
    ) throws(MailSettingError) {
        sender = try Self.ascii(from)
        senderDomain = sender.split(separator: "@").last.map(String.init) ?? ""
        self.bounce = bounce
        var writer = HeaderWriter()
        writer.mailbox("From", from.name, sender)
        if let replyTo { writer.mailbox("Reply-To", replyTo.name, try Self.ascii(replyTo)) }
        senderLines = writer.bytes
        writer = HeaderWriter()
        // RFC 3834, and the header by which Exchange sends no notices of absence.
        writer.line("Auto-Submitted: auto-generated")
        writer.line("X-Auto-Response-Suppress: All")
        for header in headers {
            if header.value.utf8.allSatisfy({ $0 < 0x80 }) {
                writer.structured(header.name, header.value)
            } else {
                writer.unstructured(header.name, header.value)
            }
        }
        writer.line("MIME-Version: 1.0")
        constantLines = writer.bytes
    }

    /// The Message-ID of an invitation: the same for the same three, and it tells nothing of them.
    ///
    /// - Parameter key: the campaign's own.
    package func messageID(key: Secret<[UInt8]>, identity: IdentityID, generation: Int) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Array("message-id \(identity) \(generation)".utf8),
            using: SymmetricKey(data: key.revealed)
        )
        let digits = Array("0123456789abcdef".utf8)
        let token = code.prefix(Self.tokenLength / 2).flatMap {
            [digits[Int($0 >> 4)], digits[Int($0 & 15)]]
        }
        return "<\(String(decoding: token, as: UTF8.self))@\(senderDomain)>"
    }

    /// - Parameters:
    ///   - address: as `MailAddress.checked` has passed it.
    ///   - name: the person's; nil or empty where it is not known.
    ///   - messageID: with its angle brackets.
    package func mail(
        _ rendered: RenderedMail,
        to address: String,
        name: String?,
        messageID: String,
        date: Timestamp
    ) throws(UnsendableMail) -> OutgoingMail {
        guard MailAddress.checked(address) == address, let recipient = DomainName.asciiAddress(address) else {
            throw UnsendableMail(reason: "no mail can have the address")
        }
        var writer = HeaderWriter()
        var dates = TimeFormat.Writer(Self.dateFormat)
        writer.line("Date: \(dates.text(of: date))")
        var message = writer.bytes + senderLines
        writer = HeaderWriter()
        writer.mailbox("To", Self.oneLine(name ?? ""), recipient)
        writer.unstructured("Subject", Self.oneLine(rendered.subject))
        writer.line("Message-ID: \(messageID)")
        message += writer.bytes
        message += constantLines
        Self.putBody(rendered, boundary: Self.boundary(messageID), into: &message)
        return OutgoingMail(
            sender: bounce?.sender(forMessageID: messageID) ?? sender,
            recipient: recipient,
            messageID: messageID,
            message: message
        )
    }
}

/// A mail that no relay can send.
package struct UnsendableMail: Error, Hashable {
    /// Without the address.
    package let reason: String
}

// MARK: - Parts

extension MailComposer {
    private static let dateFormat =
        TimeFormat("%a, %d %b %Y %H:%M:%S %z") ?? .standard

    private static func oneLine(_ text: String) -> String {
        let clean = FieldText.cleaned(text)
        let isBlank = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace }
        guard let first = clean.unicodeScalars.firstIndex(where: { !isBlank($0) }),
            let last = clean.unicodeScalars.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(clean.unicodeScalars[first...last])
    }

    private static func ascii(_ sender: MailSender) throws(MailSettingError) -> String {
        guard let address = DomainName.asciiAddress(sender.address) else {
            throw MailSettingError(.mailSender, "the domain of \(sender.address) is not a possible one")
        }
        return address
    }

    /// `=_` is in no part: quoted-printable has digits after each `=`, and Base64 has no `_`.
    private static func boundary(_ messageID: String) -> String {
        let token = messageID.utf8.filter { 0x30...0x39 ~= $0 || 0x41...0x5a ~= $0 || 0x61...0x7a ~= $0 }
        return "=_\(String(decoding: token.prefix(tokenLength), as: UTF8.self))"
    }

    private static func putBody(_ rendered: RenderedMail, boundary: String, into message: inout [UInt8]) {
        guard let html = rendered.html else {
            putPart(rendered.text, type: "text/plain", into: &message)
            return
        }
        message += "Content-Type: multipart/alternative;\r\n boundary=\"\(boundary)\"\r\n\r\n".utf8
        // The best form comes last (RFC 2046, 5.1.4).
        for (text, type) in [(rendered.text, "text/plain"), (html, "text/html")] {
            message += "--\(boundary)\r\n".utf8
            putPart(text, type: type, into: &message)
            message += "\r\n".utf8
        }
        message += "--\(boundary)--\r\n".utf8
    }

    private static func putPart(_ text: Secret<String>, type: String, into message: inout [UInt8]) {
        let encoding = TransferEncoding(text.revealed)
        message += "Content-Type: \(type); charset=utf-8\r\n".utf8
        message += "Content-Transfer-Encoding: \(encoding.name)\r\n\r\n".utf8
        message += encoding.bytes
    }
}
