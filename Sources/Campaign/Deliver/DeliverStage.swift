// Mailing as a stage: one mail for each invitation.

package import Delivery
package import Ledger
package import Model
package import Pacing
import Synchronization
package import Work

/// What became of one mail, where that is final for now.
package enum MailEnd: Sendable {
    case sent(DeliveryReply)
    /// The relay has put it off, and has not got it.
    case later(DeliveryReply)
    /// It may have been sent, and is not sent again by itself.
    case inDoubt(String)
    case leftOut(DeliveryReason, String)
}

/// Letters that are claimed, by their place in the order of enrolment.
package final class LetterBook: Sendable {
    private let letters = Mutex<[Int64: Letter]>([:])

    package init() {}

    package subscript(_ sequence: Int64) -> Letter? {
        get { letters.withLock { $0[sequence] } }
        set { letters.withLock { $0[sequence] = newValue } }
    }
}

/// Gives one mail to a relay, and reads what became of it.
package struct DeliverStage: Stage {
    private let relay: any MailRelay
    private let letters: LetterBook
    private let writer: any LetterWriting
    private let key: Secret<[UInt8]>
    private let resendsInDoubt: Bool
    private let time: TimeSource

    /// A second mail is one too many, though it says the same.
    package static let traits: StageTraits = {
        var traits = StageTraits(repeated: .adds) { reason, tries in
            "the mail relay cannot be reached (\(reason)), after \(tries) tries: check that it runs and that "
                + "\(.smtp) names it"
        }
        traits.useless = { reason, mails in
            "the mail relay took none of \(mails) mails (\(reason)): check that \(.smtp) names a relay that "
                + "takes mail from here; no mail was marked as failed for it"
        }
        traits.busyAnswer = "replies that it wants less of us (421, 452, 454)"
        return traits
    }()
    package var traits: StageTraits { Self.traits }

    package init(
        _ relay: any MailRelay,
        _ letters: LetterBook,
        _ writer: any LetterWriting,
        key: Secret<[UInt8]>,
        resendsInDoubt: Bool,
        time: TimeSource
    ) {
        self.relay = relay
        self.letters = letters
        self.writer = writer
        self.key = key
        self.resendsInDoubt = resendsInDoubt
        self.time = time
    }

    package func attempt(
        _ claims: [Claim],
        attemptsBefore: Int,
        onSend: (@Sendable () -> Void)?
    ) async -> Attempt<MailEnd> {
        guard let letter = letters[claims[0].sequence] else {
            return Attempt(.stop(.ledger("a claim has no letter")), contact: .notSent)
        }
        let mail: OutgoingMail
        do { mail = try writer.mail(letter, key: key, at: time.wallClock()) } catch {
            return Attempt(outcome(of: error), contact: .notSent)
        }
        let wasSent = Atomic(false)
        let outcome = await relay.send(mail) {
            wasSent.store(true, ordering: .relaxed)
            onSend?()
        }
        return attempt(outcome, letter, wasSent: wasSent.load(ordering: .relaxed))
    }

    private func outcome(of fault: LetterFault) -> Outcome<MailEnd> {
        switch fault {
        case .missingValue(let text): .done(.leftOut(.missingValue, text))
        case .unsendable(let text): .failed(Self.unsendable(text))
        }
    }

    private static func unsendable(_ text: String) -> Failure {
        Failure(
            kind: FailureKind(rawValue: DeliveryReason.unsendable.rawValue),
            httpStatus: nil,
            errorID: nil,
            reason: text
        )
    }

    private func attempt(_ outcome: MailOutcome, _ letter: Letter, wasSent: Bool) -> Attempt<MailEnd> {
        let words = MailWords(hidingThoseOf: letter)
        let unanswered: Contact = wasSent ? .unanswered : .notSent
        switch outcome {
        case .sent(let reply): return Attempt(.done(.sent(words.reply(reply))), contact: .answered)
        case .later(let reply, slowDown: false):
            return Attempt(.done(.later(words.reply(reply))), contact: .answered)
        case .later(let reply, slowDown: true):
            let failure = words.failure(.rateLimited, reply)
            return Attempt(
                .retry(failure, mayBeDone: false, holdFor: nil),
                contact: wasSent ? .answered : .notSent
            )
        case .refused(let reply):
            return Attempt(.failed(words.failure(.rejectedByServer, reply)), contact: .answered)
        case .unsendable(let text):
            return Attempt(.failed(Self.unsendable(words.shown(text))), contact: unanswered)
        case .inDoubt(let text):
            guard resendsInDoubt else {
                return Attempt(.done(.inDoubt(words.shown(text))), contact: .unanswered)
            }
            return Attempt(
                .retry(words.failure(.timeout, text), mayBeDone: true, holdFor: nil),
                contact: .unanswered
            )
        case .notTaken(let text):
            return Attempt(
                .retry(words.failure(.connection, text), mayBeDone: false, holdFor: nil),
                contact: unanswered
            )
        case .stop(let stop):
            return Attempt(.stop(.fatal(FatalAnswer(stop.kind.code, stop.words))), contact: unanswered)
        }
    }
}

extension MailStop {
    fileprivate var words: Wording {
        switch kind {
        case .credentialRefused: "the mail relay refuses the credential: \(reason)"
        case .tls: "there is no trusted connection to the mail relay: \(reason)"
        case .settings: "the mail relay cannot be used as it is set up: \(reason)"
        }
    }
}

extension MailStop.Kind {
    fileprivate var code: FatalAnswerCode {
        switch self {
        case .credentialRefused: .credentialRefused
        case .tls: .certificateRefused
        case .settings: .parameterRefused
        }
    }
}

/// A relay's words, without what is the user's: code, link and addresses.
struct MailWords {
    private let redactor: Redactor
    private static let lengthMax = 300

    init(hidingThoseOf letter: Letter) {
        redactor = Redactor(
            hiding: [letter.fields.code, letter.fields.link],
            lengthMax: Self.lengthMax
        )
    }

    func shown(_ text: String) -> String { redactor.said(Self.withoutAddresses(text)) }

    func reply(_ reply: SMTPReply) -> DeliveryReply {
        // What takes a mail says nothing of it.
        let isGood = (200..<300).contains(reply.code)
        return DeliveryReply(
            code: reply.code,
            enhanced: reply.enhanced,
            text: isGood ? Self.withoutAddresses(reply.text) : shown(reply.text),
            queueID: reply.queueID
        )
    }

    func failure(_ kind: FailureKind, _ reply: SMTPReply) -> Failure {
        Failure(kind: kind, httpStatus: reply.code, errorID: reply.enhanced, reason: shown(reply.text))
    }

    func failure(_ kind: FailureKind, _ text: String) -> Failure {
        Failure(kind: kind, httpStatus: nil, errorID: nil, reason: shown(text))
    }

    /// Every word with an `@` in it, and what stands beside it without a blank, is none of a log's business.
    static func withoutAddresses(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "@")) else { return text }
        let ends: Set<Character> = ["<", ">", "(", ")", "[", "]", "\"", "'", ",", ";", ":", " "]
        var shown = ""
        var word = ""
        func flush() { shown += word.contains("@") ? "[address]" : word }
        for character in text {
            guard ends.contains(character) else {
                word.append(character)
                continue
            }
            flush()
            word = ""
            shown.append(character)
        }
        flush()
        return shown
    }
}
