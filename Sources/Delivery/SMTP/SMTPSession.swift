// One thread's way of sending mails: a connection, the dialogue over it, and when to make another one.

import Model

/// Sends one mail after the other, over one connection at a time; used by one thread.
final class SMTPSession {
    private let configuration: SMTPConfiguration
    private let clock = ContinuousClock()
    private var connection: SMTPConnection?
    private var dialogue = SMTPDialogue(extensions: SMTPExtensions())
    private var mailCount = 0
    private var credential = SMTPCredential.none

    init(_ configuration: SMTPConfiguration) {
        self.configuration = configuration
    }

    /// The socket of an idle connection, to see when the relay closes it; nil without a connection.
    var idleSocket: Int32? { connection?.socket }

    /// Sends a mail, connecting where need be; it blocks until the mail has an outcome.
    ///
    /// Where a connection that was used before turns out to be closed, or is closed with a 421 at MAIL, the
    /// mail goes out once more on a new one: the relay has got nothing of it.
    func send(_ mail: OutgoingMail, _ credential: SMTPCredential, onSend: (() -> Void)?) -> MailOutcome {
        var onSend = onSend
        func begin() -> MailOutcome {
            onSend?()
            onSend = nil
            return self.deliver(mail)
        }
        if credential != self.credential { goodbye() }
        self.credential = credential
        if isReusable {
            if let outcome = dialogue.begin(mail) { return outcome }
            let outcome = begin()
            guard !dialogue.isMailTaken, dialogue.isEnded, Self.isRepeatable(outcome) else { return outcome }
        }
        if let outcome = connect(credential) { return outcome }
        if let outcome = dialogue.begin(mail) { return outcome }
        return begin()
    }

    /// Brings the connection into the state for the next mail, after the last one's outcome.
    func settle() {
        guard connection != nil else { return }
        deadline = nil
        while !dialogue.isReady, !dialogue.isEnded { _ = step() }
        if dialogue.isEnded {
            close()
        } else if mailCount >= max(1, configuration.messagesPerConnection) {
            goodbye()
        }
    }

    /// Says QUIT where the relay listens, and closes the connection.
    func goodbye() {
        if let connection, dialogue.isReady, case .bytes = connection.write(Array("QUIT\r\n".utf8)[...]) {
            // So that the relay is not the one that finds the connection broken.
            _ = connection.wait(for: configuration.timeouts.quit, toWrite: false)
        }
        close()
    }

    func close() {
        connection = nil
        mailCount = 0
    }

    // MARK: - A mail

    private var deadline: (command: SMTPCommand, isSent: Bool, time: ContinuousClock.Instant)?

    private var isReusable: Bool {
        guard let connection, dialogue.isReady else { return false }
        // A relay that has something to say between mails says goodbye.
        guard !connection.wait(for: .zero, toWrite: false) else {
            close()
            return false
        }
        return true
    }

    private static func isRepeatable(_ outcome: MailOutcome) -> Bool {
        switch outcome {
        case .notTaken: true
        case .later(let reply, _): reply.code == 421
        default: false
        }
    }

    private func connect(_ credential: SMTPCredential) -> MailOutcome? {
        close()
        guard let new = SMTPConnection() else { return .notTaken("there is no memory for a connection") }
        switch new.connect(configuration, credential) {
        case .failure(let refusal): return refusal.outcome
        case .success(let extensions):
            connection = new
            dialogue = SMTPDialogue(extensions: extensions)
            return nil
        }
    }

    private func deliver(_ mail: OutgoingMail) -> MailOutcome {
        mailCount += 1
        deadline = nil
        while true {
            if let outcome = step() { return outcome }
            // It cannot be that a dialogue ends without an outcome of its mail.
            if dialogue.isEnded { return .notTaken("the dialogue ended early") }
        }
    }

    /// Writes what can be written, waits, and reads what has come.
    private func step() -> MailOutcome? {
        guard let connection else { return dialogue.fail("there is no connection") }
        var hasFailed = false
        var hasProgress = false
        writing: while !dialogue.unsent.isEmpty {
            switch connection.write(dialogue.unsent) {
            case .bytes(let count):
                dialogue.wrote(count)
                hasProgress = true
            case .wait: break writing
            case .failed:
                // The relay may have said why.
                hasFailed = true
                break writing
            }
        }
        let limit = hasFailed ? .zero : remaining(afterProgress: hasProgress)
        guard hasFailed || limit > .zero else { return dialogue.fail("no reply in time") }
        guard connection.wait(for: limit, toWrite: !dialogue.unsent.isEmpty) else {
            return hasFailed ? dialogue.fail("the connection broke") : nil
        }
        return read(connection, hasFailed: hasFailed)
    }

    private func read(_ connection: SMTPConnection, hasFailed: Bool) -> MailOutcome? {
        var outcome: MailOutcome?
        while !dialogue.isEnded {
            switch connection.read() {
            case .wait:
                return hasFailed ? dialogue.fail("the connection broke") ?? outcome : outcome
            case .closed(let reason): return dialogue.fail(reason) ?? outcome
            case .bytes(let count):
                outcome = dialogue.receive(connection.received(count)) ?? outcome
                if count < connection.bufferSize, !hasFailed { return outcome }
            }
        }
        return outcome
    }

    /// How long the awaited reply may still take; each step has a limit, and each piece of a message.
    private func remaining(afterProgress hasProgress: Bool) -> Duration {
        guard let command = dialogue.awaited else { return .zero }
        let isSent = dialogue.unsent.isEmpty
        let now = clock.now
        if deadline?.command != command || deadline?.isSent != isSent || (hasProgress && !isSent) {
            let limit = configuration.timeouts.limit(of: command, isMessageSent: isSent)
            deadline = (command, isSent, now.advanced(by: limit))
        }
        return max(.zero, now.duration(to: deadline?.time ?? now))
    }
}
