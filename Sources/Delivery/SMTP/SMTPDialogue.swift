// The dialogue with a relay that is connected, greeted and authenticated: one mail after the other.

import Model

/// A state machine without a network: replies come in as bytes, `unsent` is what is to go out.
///
/// A mail is MAIL, RCPT, DATA and the message. MAIL and RCPT go out together where the relay allows it; DATA
/// always goes alone. After a 354 (the relay is ready for the message) and before its final reply a mail
/// is in doubt; anything earlier leaves it where it was. After a refusal comes a RSET.
package struct SMTPDialogue: Sendable {
    private enum Stage: Hashable {
        /// Between two mails.
        case ready
        /// Replies to MAIL, RCPT or DATA are owed.
        case envelope
        /// The relay has said 354.
        case content
        /// The mail is refused, and the relay owes replies to the rest.
        case recovering
        case ended
    }

    private let extensions: SMTPExtensions
    private var stage = Stage.ready
    private var parser = SMTPReplyParser()
    /// The commands whose replies are owed, in order.
    private var owed: [SMTPCommand] = []
    private var output: [UInt8] = []
    private var sentCount = 0
    /// What has not been decided yet.
    private var mail: OutgoingMail?
    private var content: SMTPContent?
    /// Whether the relay has taken MAIL for the latest mail: it knew the connection then.
    package private(set) var isMailTaken = false

    package init(extensions: SMTPExtensions) {
        self.extensions = extensions
    }

    /// Whether the next mail can begin.
    package var isReady: Bool { stage == .ready && parser.isBetweenReplies }

    /// Whether a mail was refused, and the relay owes the reply to RSET.
    package var isRecovering: Bool { stage == .recovering }

    /// Whether nothing can go over the connection any more.
    package var isEnded: Bool { stage == .ended }

    /// What the relay owes a reply to; nil where it owes nothing.
    package var awaited: SMTPCommand? { owed.first }

    /// What is to be written.
    package var unsent: ArraySlice<UInt8> { output[sentCount...] }

    /// So many bytes of `unsent` have been written.
    package mutating func wrote(_ count: Int) {
        sentCount += count
        if sentCount == output.count { clearOutput() }
    }

    /// Begins a mail, for which it has to be ready.
    ///
    /// - Returns: an outcome where the relay cannot take it at all.
    package mutating func begin(_ mail: OutgoingMail) -> MailOutcome? {
        let content = SMTPContent(mail.message.revealed)
        if let reason = reasonAgainst(mail, content) { return .unsendable(reason) }
        self.mail = mail
        self.content = content
        isMailTaken = false
        stage = .envelope
        var parameters = extensions.takesSize ? " SIZE=\(mail.message.revealed.count)" : ""
        if !content.isASCII || mail.needsSMTPUTF8 { parameters += " BODY=8BITMIME" }
        if mail.needsSMTPUTF8 { parameters += " SMTPUTF8" }
        put("MAIL FROM:<\(mail.sender)>\(parameters)\r\n", awaiting: .mail)
        if extensions.isPipelining { putRecipient() }
        return nil
    }

    /// Takes what has come; an outcome as soon as one is known.
    ///
    /// What is still owed after that has to come before the next mail.
    package mutating func receive(_ bytes: ArraySlice<UInt8>) -> MailOutcome? {
        var (rest, outcome): (ArraySlice<UInt8>, MailOutcome?) = (bytes, nil)
        while stage != .ended, let item = parser.next(in: &rest) {
            switch item {
            case .malformed(let reason): outcome = fail(reason) ?? outcome
            case .reply(let code, let text): outcome = answer(code, text) ?? outcome
            }
        }
        return outcome
    }

    /// The connection has failed, in the reason's words; an outcome where the mail had none yet.
    package mutating func fail(_ reason: String) -> MailOutcome? {
        let place =
            switch awaited {
            case nil: "between mails"
            case .mail: "before the reply to MAIL"
            case .recipient: "before the reply to RCPT"
            case .data: "before the reply to DATA"
            case .content: unsent.isEmpty ? "after the final dot" : "within the message"
            case .reset: "before the reply to RSET"
            }
        let isInDoubt = stage == .content
        end()
        let words = "\(place): \(reason)"
        return decide(isInDoubt ? .inDoubt(words) : .notTaken(words))
    }
}

// MARK: - Replies

extension SMTPDialogue {
    private mutating func answer(_ code: Int, _ text: [UInt8]) -> MailOutcome? {
        // More than was asked for: whose reply the next one is cannot be told any more.
        guard let command = owed.first else {
            end()
            return nil
        }
        // What is not written yet is the last command's, or follows on a reply of the same moment.
        if !unsent.isEmpty, owed.count == 1 { return answerTooEarly(code, text) }
        owed.removeFirst()
        switch (command, code) {
        case (_, 400...): return refuse(code, text, command)
        case (.mail, 200..<300):
            isMailTaken = true
            if stage == .envelope, owed.isEmpty { putRecipient() }
        case (.recipient, 200..<300):
            if stage == .envelope { put("DATA\r\n", awaiting: .data) }
        case (.data, 354):
            stage = .content
            owed.append(.content)
            output = content?.bytes ?? []
            content = nil
        case (.content, 200..<300):
            stage = .ready
            return decide(.sent(reply(code, text)))
        case (.reset, 200..<300): stage = .ready
        default:
            owed.insert(command, at: 0)
            return fail("the relay says \(code), which is no answer to it")
        }
        return nil
    }

    /// A reply before the end of what it is to: a refusal is one, and anything else is not to be believed.
    private mutating func answerTooEarly(_ code: Int, _ text: [UInt8]) -> MailOutcome? {
        guard code >= 400 else { return fail("the relay says \(code) before it was asked") }
        let outcome = SMTPVerdict(reply(code, text), to: owed.first ?? .content).outcome
        end()
        return decide(outcome)
    }

    private mutating func refuse(_ code: Int, _ text: [UInt8], _ command: SMTPCommand) -> MailOutcome? {
        // RCPT after a refused MAIL is refused too, and that says nothing.
        if mail == nil, command != .reset, code != 421 { return nil }
        let verdict = SMTPVerdict(reply(code, text), to: command)
        guard command != .reset, verdict.keepsConnection else {
            end()
            return decide(verdict.outcome)
        }
        stage = .recovering
        put("RSET\r\n", awaiting: .reset)
        return decide(verdict.outcome)
    }

    private func reply(_ code: Int, _ text: [UInt8]) -> SMTPReply {
        SMTPReply(code: code, text: text, hiding: mail?.recipient ?? "")
    }
}

// MARK: - State

extension SMTPDialogue {
    /// The outcome, where the mail had none yet.
    private mutating func decide(_ outcome: MailOutcome) -> MailOutcome? {
        guard mail != nil else { return nil }
        (mail, content) = (nil, nil)
        return outcome
    }

    private mutating func end() {
        stage = .ended
        owed = []
        clearOutput()
    }

    private mutating func clearOutput() {
        output.removeAll(keepingCapacity: true)
        sentCount = 0
    }

    private mutating func putRecipient() {
        put("RCPT TO:<\(mail?.recipient ?? "")>\r\n", awaiting: .recipient)
    }

    private mutating func put(_ line: String, awaiting command: SMTPCommand) {
        output += line.utf8
        owed.append(command)
    }

    private func reasonAgainst(_ mail: OutgoingMail, _ content: SMTPContent) -> String? {
        // A null sender is one.
        guard isSafe(mail.sender), isSafe(mail.recipient), !mail.recipient.isEmpty else {
            return "the address has characters that no address can have"
        }
        if mail.needsSMTPUTF8, !(extensions.takesUTF8 && extensions.takes8Bit) {
            return "the relay takes no addresses with other characters than ASCII (SMTPUTF8)"
        }
        if !content.isASCII, !extensions.takes8Bit {
            return "the relay takes only ASCII in messages, and this one has more (8BITMIME)"
        }
        if let sizeMax = extensions.sizeMax, mail.message.revealed.count > sizeMax {
            return
                "the message has \(mail.message.revealed.count) bytes, and the relay takes \(sizeMax) (SIZE)"
        }
        return nil
    }

    /// Whether an address cannot end its command.
    private func isSafe(_ address: String) -> Bool {
        address.utf8.allSatisfy {
            $0 > 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">")
        }
    }
}
