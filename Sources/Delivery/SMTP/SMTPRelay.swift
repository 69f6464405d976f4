// A relay that is reached by SMTP.

import Synchronization

/// Sends mails over as many connections as its settings allow, on one thread.
///
/// libcurl connects, does TLS and authenticates; `SMTPDialogue` does the rest. A connection is made when a
/// mail finds no other one free.
package final class SMTPRelay: MailRelay {
    private let inbox: SMTPInbox
    private let credentials: SMTPCredentialSource

    package init(_ configuration: SMTPConfiguration) {
        inbox = SMTPInbox(configuration)
        credentials = SMTPCredentialSource(configuration.credential)
    }

    /// The thread holds the inbox, and ends once its mails have.
    deinit { inbox.beginClosing() }

    package func send(_ mail: OutgoingMail, onSend: (@Sendable () -> Void)?) async -> MailOutcome {
        let credential: SMTPCredential
        do {
            if let known = credentials.known {
                credential = known
            } else {
                credential = try await credentials.current()
            }
        } catch {
            return .stop(MailStop(.settings, "the relay's credential cannot be read: \(error)"))
        }
        let onSend = onSend.map { Once($0) }
        let outcome = await inbox.send(mail, credential, onSend: onSend?.callAsFunction)
        guard case .stop(let stop) = outcome, stop.kind == .credentialRefused else {
            if Self.isAuthenticated(outcome) { credentials.accepted(credential) }
            return outcome
        }
        guard let other = await credentials.other(than: credential) else { return outcome }
        let another = await inbox.send(mail, other, onSend: onSend?.callAsFunction)
        if Self.isAuthenticated(another) { credentials.accepted(other) }
        return another
    }

    package func close() async {
        await inbox.close()
    }

    /// Whether the relay must have taken the credential for this outcome.
    private static func isAuthenticated(_ outcome: MailOutcome) -> Bool {
        switch outcome {
        case .sent, .refused, .inDoubt: true
        case .later, .unsendable, .notTaken, .stop: false
        }
    }
}

/// A closure that is called once, however often it is asked for.
private final class Once: Sendable {
    private let body: Mutex<(@Sendable () -> Void)?>

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = Mutex(body)
    }

    func callAsFunction() {
        let body = body.withLock { $0.take() }
        body?()
    }
}
