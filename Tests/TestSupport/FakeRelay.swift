// A mail relay in memory, which answers as a test wants it to.

package import Delivery
import Model
import Synchronization

/// Takes mails, or does not.
package final class FakeRelay: MailRelay {
    package struct Taken: Sendable {
        package let recipient: String
        package let messageID: String
        /// The whole message.
        package let text: String
    }

    /// What comes of a mail, and whether the relay has it then.
    package struct Answer: Sendable {
        package var outcome: MailOutcome
        package var isTaken: Bool

        package init(_ outcome: MailOutcome, isTaken: Bool = false) {
            self.outcome = outcome
            self.isTaken = isTaken
        }

        package static let sent = Answer(
            .sent(SMTPReply(code: 250, enhanced: "2.0.0", text: "ok: queued as Q1", queueID: "Q1")),
            isTaken: true
        )
        package static let later = Answer(
            .later(SMTPReply(code: 450, enhanced: "4.7.1", text: "greylisted"), slowDown: false)
        )
        package static let refused = Answer(
            .refused(SMTPReply(code: 550, enhanced: "5.1.1", text: "<x@example.com>: no such user"))
        )
    }

    private struct State {
        var taken: [Taken] = []
        var tries: [String: Int] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())
    private let answer: @Sendable (_ recipient: String, _ attempt: Int) -> Answer

    /// - Parameter answer: asked with the number of the try for that recipient, from 1.
    package init(
        _ answer: @escaping @Sendable (_ recipient: String, _ attempt: Int) -> Answer = { _, _ in .sent }
    ) {
        self.answer = answer
    }

    package var taken: [Taken] { state.withLock(\.taken) }
    package var isClosed: Bool { state.withLock(\.isClosed) }

    package func send(_ mail: OutgoingMail, onSend: (@Sendable () -> Void)?) async -> MailOutcome {
        let attempt = state.withLock { state in
            state.tries[mail.recipient, default: 0] += 1
            return state.tries[mail.recipient] ?? 0
        }
        let answer = answer(mail.recipient, attempt)
        if case .notTaken = answer.outcome {} else { onSend?() }
        if answer.isTaken {
            let text = String(decoding: mail.message.revealed, as: UTF8.self)
            let taken = Taken(recipient: mail.recipient, messageID: mail.messageID, text: text)
            state.withLock { $0.taken.append(taken) }
        }
        return answer.outcome
    }

    package func close() async { state.withLock { $0.isClosed = true } }
}
