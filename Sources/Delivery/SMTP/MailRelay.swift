// The server that takes mails, as the stage sees it.

/// A relay that takes one mail at a time on each of its connections.
package protocol MailRelay: Sendable {
    /// Sends one mail and awaits what became of it, also when the task is cancelled.
    ///
    /// A mail of which nothing was taken is not tried again here: the caller decides that.
    ///
    /// - Parameter onSend: called at most once, when the mail's first command goes out.
    func send(_ mail: OutgoingMail, onSend: (@Sendable () -> Void)?) async -> MailOutcome

    /// Says goodbye on every connection that is idle, and closes them.
    func close() async
}

/// What became of one mail.
package enum MailOutcome: Hashable, Sendable {
    /// The relay has taken it over.
    case sent(SMTPReply)
    /// The relay will not take it now (4xx), and has not got it. `slowDown`: it wants less of us (421, 452,
    /// 454 and the like), and says nothing of this mail.
    case later(SMTPReply, slowDown: Bool)
    /// The relay will never take it (5xx), and has not got it.
    case refused(SMTPReply)
    /// It cannot be sent by this relay: a non-ASCII address without SMTPUTF8, or a mail over its SIZE.
    case unsendable(String)
    /// The relay was ready for the message (354), and no final reply came: it may have it.
    case inDoubt(String)
    /// The connection failed before that: the relay has not got it, through no fault of the mail.
    case notTaken(String)
    /// The same for every mail: a refused credential, a certificate, a relay without TLS.
    case stop(MailStop)
}

/// Why no mail can be sent through a relay.
package struct MailStop: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case credentialRefused
        case tls
        case settings
    }

    package var kind: Kind
    package var reason: String

    package init(_ kind: Kind, _ reason: String) {
        self.kind = kind
        self.reason = reason
    }
}

/// A relay's reply to a command; its text is one line, without control characters, and bounded.
package struct SMTPReply: Hashable, Codable, Sendable {
    /// Three digits.
    package var code: Int
    /// As in `5.1.1`; nil where the relay says none.
    package var enhanced: String?
    package var text: String
    /// The relay's own name of a mail that it has taken, where its reply tells.
    package var queueID: String?

    package init(code: Int, enhanced: String? = nil, text: String, queueID: String? = nil) {
        self.code = code
        self.enhanced = enhanced
        self.text = text
        self.queueID = queueID
    }
}
