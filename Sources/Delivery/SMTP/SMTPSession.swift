// One connection of a relay: the mail that is on its way over it, and what comes before and after.

import Model

/// A mail to send, and who waits for its outcome.
struct SMTPJob: Sendable {
    let mail: OutgoingMail
    let credential: SMTPCredential
    let onSend: (@Sendable () -> Void)?
    let continuation: CheckedContinuation<MailOutcome, Never>
}

/// A place for one connection after the other; used by the loop's thread, and never blocks.
final class SMTPSession {
    enum State {
        /// There is no connection.
        case closed
        /// A thread of its own connects.
        case connecting
        /// The connection waits for a mail, and is closed at its time.
        case free
        case busy
        /// A refused mail is over, and the relay owes the reply to RSET.
        case settling
        /// QUIT has gone out.
        case leaving
    }

    private(set) var state = State.closed
    /// When the present state has lasted too long; nil where it may last.
    private(set) var deadline: ContinuousClock.Instant?
    private let configuration: SMTPConfiguration
    private var connection: SMTPConnection?
    private var dialogue = SMTPDialogue(extensions: SMTPExtensions())
    private var job: SMTPJob?
    private var credential = SMTPCredential.none
    private var mailCount = 0
    private var isSendTold = false
    /// Whether the mail on its way may go out once more, on a new connection.
    private var isReused = false
    private var limited: (command: SMTPCommand, isSent: Bool)?

    init(_ configuration: SMTPConfiguration) {
        self.configuration = configuration
    }

    /// What to watch; nil without a connection.
    var socket: Int32? { state == .connecting ? nil : connection?.socket }
    var wantsToWrite: Bool { !dialogue.unsent.isEmpty }

    /// Takes a mail, where it is closed or free; true where it needs a connection first.
    func take(_ job: SMTPJob, at now: ContinuousClock.Instant) -> Bool {
        self.job = job
        isSendTold = false
        if credential != job.credential { close() }
        credential = job.credential
        isReused = connection != nil
        guard connection != nil else {
            (state, deadline) = (.connecting, nil)
            return true
        }
        return false
    }

    /// A connection for the mail that waits, or why there is none.
    func connected(_ result: Result<SMTPExtensions, SMTPRefusal>, _ new: SMTPConnection?) -> MailOutcome? {
        switch result {
        case .failure(let refusal):
            state = .closed
            return refusal.outcome
        case .success(let extensions):
            connection = new
            mailCount = 0
            dialogue = SMTPDialogue(extensions: extensions)
            return nil
        }
    }

    /// The job, once: its mail has an outcome.
    func takeJob() -> SMTPJob? {
        defer { job = nil }
        return job
    }

    var credentialToUse: SMTPCredential { credential }

    /// Begins the mail that was taken; an outcome where the relay cannot take it.
    func begin(at now: ContinuousClock.Instant) -> MailOutcome? {
        guard let job else { return nil }
        if let outcome = dialogue.begin(job.mail) {
            rest(at: now)
            return outcome
        }
        mailCount += 1
        state = .busy
        limited = nil
        if !isSendTold { job.onSend?() }
        isSendTold = true
        return write(at: now)
    }

    /// Whether the outcome says only that the connection had been closed before.
    ///
    /// Then the mail goes out once more: the relay has got nothing of it.
    func repeats(after outcome: MailOutcome) -> Bool {
        guard isReused, dialogue.isEnded, !dialogue.isMailTaken else { return false }
        switch outcome {
        case .notTaken: break
        case .later(let reply, _) where reply.code == 421: break
        default: return false
        }
        close()
        (state, isReused) = (.connecting, false)
        return true
    }

    // MARK: - Events

    /// The socket can be read, or has been closed.
    func canRead(at now: ContinuousClock.Instant) -> MailOutcome? {
        guard let connection else { return nil }
        // A relay that has something to say between mails says goodbye.
        guard state == .busy || state == .settling else {
            close()
            return nil
        }
        var outcome: MailOutcome?
        reading: while !dialogue.isEnded {
            switch connection.read() {
            case .wait: break reading
            case .closed(let reason): outcome = dialogue.fail(reason) ?? outcome
            case .bytes(let count):
                outcome = dialogue.receive(connection.received(count)) ?? outcome
                if count < connection.bufferSize { break reading }
            }
        }
        return write(at: now) ?? outcome
    }

    /// Writes what can be written.
    func write(at now: ContinuousClock.Instant) -> MailOutcome? {
        guard let connection, state == .busy || state == .settling else { return nil }
        var outcome: MailOutcome?
        var hasProgress = false
        writing: while !dialogue.unsent.isEmpty {
            switch connection.write(dialogue.unsent) {
            case .bytes(let count):
                dialogue.wrote(count)
                hasProgress = true
            case .wait: break writing
            case .failed: outcome = readLast(connection) ?? dialogue.fail("the connection broke") ?? outcome
            }
        }
        limit(at: now, hasProgress: hasProgress)
        settle(at: now)
        return outcome
    }

    /// The state's time is over.
    func timedOut(at now: ContinuousClock.Instant) -> MailOutcome? {
        switch state {
        case .free: goodbye(at: now)
        case .leaving: close()
        case .busy, .settling:
            let outcome = dialogue.fail("no reply in time")
            settle(at: now)
            return outcome
        case .closed, .connecting: break
        }
        return nil
    }

    /// Says QUIT where the relay listens; the connection is closed when it answers, or soon.
    func goodbye(at now: ContinuousClock.Instant) {
        guard let connection, state == .free, case .bytes = connection.write(Array("QUIT\r\n".utf8)[...])
        else {
            return close()
        }
        (state, deadline) = (.leaving, now.advanced(by: configuration.timeouts.quit))
    }

    // MARK: - Between mails

    private func close() {
        connection = nil
        (state, deadline) = (.closed, nil)
        dialogue = SMTPDialogue(extensions: SMTPExtensions())
    }

    /// A relay that closes a connection may have said why before.
    private func readLast(_ connection: SMTPConnection) -> MailOutcome? {
        var outcome: MailOutcome?
        while !dialogue.isEnded, case .bytes(let count) = connection.read() {
            outcome = dialogue.receive(connection.received(count)) ?? outcome
        }
        return outcome
    }

    /// After a mail's outcome: the next state.
    private func settle(at now: ContinuousClock.Instant) {
        if dialogue.isEnded {
            // The dialogue is left as it is: it tells whether the mail can go out once more.
            connection = nil
            (state, deadline) = (.closed, nil)
        } else if dialogue.isReady {
            rest(at: now)
        } else if dialogue.isRecovering {
            state = .settling
        }
    }

    private func rest(at now: ContinuousClock.Instant) {
        (state, deadline) = (.free, now.advanced(by: configuration.idleLimit))
        if mailCount >= max(1, configuration.messagesPerConnection) { goodbye(at: now) }
    }

    /// Each step has a limit, and each piece of a message.
    private func limit(at now: ContinuousClock.Instant, hasProgress: Bool) {
        guard let command = dialogue.awaited else { return }
        let isSent = dialogue.unsent.isEmpty
        guard limited?.command != command || limited?.isSent != isSent || (hasProgress && !isSent) else {
            return
        }
        limited = (command, isSent)
        deadline = now.advanced(by: configuration.timeouts.limit(of: command, isMessageSent: isSent))
    }
}
