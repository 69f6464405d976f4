// Asking for one thing at a time as a stage: an identity, its sessions, or a page of all sessions.

import Providers
import Ledger
import Model
import Work

/// Makes one request for each claim, and hands on what came back.
struct ReadingStage<Value: Sendable>: Stage {
    typealias Ask = @Sendable (Claim, (@Sendable () -> Void)?) async -> ReadReply<Value>

    private let willSend: @Sendable () async throws -> Void
    private let ask: Ask

    /// To ask again changes nothing, and a failure says more of the server than of the identity.
    let traits = StageTraits(repeated: .same, usedUp: .stopsRun) { reason, tries in
        "identities cannot be asked for (\(reason)), after \(tries) tries: check that the server runs and "
            + "that \(.server) names it"
    }

    /// - Parameter willSend: called before each request, to count it; where it throws, the work stops.
    init(willSend: @escaping @Sendable () async throws -> Void, ask: @escaping Ask) {
        self.willSend = willSend
        self.ask = ask
    }

    func attempt(
        _ claims: [Claim],
        attemptsBefore: Int,
        onSend: (@Sendable () -> Void)?
    ) async -> Attempt<Value> {
        do { try await willSend() } catch { return Attempt(.stop(.ledger("\(error)")), contact: .notSent) }
        let reply = await ask(claims[0], onSend)
        return Attempt(
            Outcome(reply.outcome),
            contact: !reply.wasSent ? .notSent : reply.wasAnswered ? .answered : .unanswered,
            limits: reply.limits
        )
    }
}

extension Outcome {
    fileprivate init(_ outcome: ReadOutcome<Value>) {
        switch outcome {
        case .found(let value): self = .done(value)
        case .transient(let failure, let holdFor): self = .retry(failure, mayBeDone: false, holdFor: holdFor)
        case .again: self = .again
        case .unread(let failure): self = .unread(failure)
        case .fatal(let answer): self = .stop(.fatal(answer))
        }
    }
}
