// A mail that is ready to be sent.

package import Model

/// One mail to one recipient: the envelope, and the whole message.
package struct OutgoingMail: Sendable {
    /// The envelope's sender, to whom bounces go.
    package let sender: String
    /// The envelope's recipient, as `MailAddress.checked` has passed it, its domain in ASCII.
    package let recipient: String
    /// With its angle brackets; the same each time that the same invitation is sent.
    package let messageID: String
    /// Headers and body with CR LF at the end of each line; dots are not doubled.
    package let message: Secret<[UInt8]>

    package init(sender: String, recipient: String, messageID: String, message: [UInt8]) {
        self.sender = sender
        self.recipient = recipient
        self.messageID = messageID
        self.message = Secret(message)
    }

    /// Whether an address has other characters than ASCII, which not every relay takes.
    package var needsSMTPUTF8: Bool {
        !recipient.utf8.allSatisfy { $0 < 0x80 } || !sender.utf8.allSatisfy { $0 < 0x80 }
    }
}
