// What a relay's refusal means, by its code and by the command that it answers.

/// The commands of a mail's dialogue, and what is waited for after each.
package enum SMTPCommand: Hashable, Sendable {
    case mail, recipient, data
    /// The message and its final dot.
    case content
    case reset
}

/// The outcome of a mail that the relay has refused, and whether its connection can go on.
struct SMTPVerdict {
    let outcome: MailOutcome
    let keepsConnection: Bool

    /// - Parameter reply: of 4xx or 5xx.
    init(_ reply: SMTPReply, to command: SMTPCommand) {
        var keepsConnection = reply.code != 421
        if reply.code < 500 {
            outcome = .later(reply, slowDown: Self.wantsLess(reply))
        } else if command != .content, let stop = Self.stop(reply) {
            outcome = .stop(stop)
            keepsConnection = false
        } else if command != .content, [500, 502, 503].contains(reply.code) {
            // The relay and we have lost step: that is nobody's mail.
            outcome = .notTaken("the relay is out of step: \(reply.code) \(reply.text)")
            keepsConnection = false
        } else {
            outcome = .refused(reply)
        }
        self.keepsConnection = keepsConnection
    }

    /// Whether a refusal for now is of the sender's pace, and not of the mail.
    private static func wantsLess(_ reply: SMTPReply) -> Bool {
        switch reply.code {
        case 421, 454: return true
        // A full mailbox has this code, too.
        case 452: return !(reply.enhanced?.hasPrefix("4.2.") ?? false)
        // Full disk, not accepting, too many recipients, congested, over a rate (Gmail's 4.7.28).
        default: return ["4.3.1", "4.3.2", "4.4.5", "4.5.3", "4.7.28"].contains(reply.enhanced)
        }
    }

    /// A relay that wants to know who sends, or wants TLS, wants it of every mail.
    private static func stop(_ reply: SMTPReply) -> MailStop? {
        let words = "the relay says \(reply.code) \(reply.text)"
        switch reply.code {
        case 530 where reply.text.uppercased().contains("STARTTLS"):
            return MailStop(.tls, "the relay wants TLS: \(words)")
        case 530, 538: return MailStop(.settings, "the relay wants a credential: \(words)")
        case 534, 535: return MailStop(.credentialRefused, words)
        case 503 where reply.enhanced == "5.7.0" || reply.text.uppercased().contains("AUTH"):
            return MailStop(.settings, "the relay wants a credential: \(words)")
        default:
            let lower = reply.text.lowercased()
            guard reply.enhanced == "5.7.60" || ofUs.contains(where: { lower.contains($0) }) else {
                return nil
            }
            return MailStop(.settings, "the relay refuses us, and not the recipient: \(words)")
        }
    }

    /// What Postfix says of our name, machine and sender, in reply to RCPT; Exchange has the code above.
    private static let ofUs = ["helo command rejected", "client host rejected", "sender address rejected"]
}
