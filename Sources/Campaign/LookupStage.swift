// Looking up as a stage: who is there, who may log in, and the columns that come of it.

package import Providers
package import Ledger
import Pacing
import Synchronization
import Model
package import Work

/// Asks a server for identities, as many at a time as everything on the way there takes.
package final class LookupStage: Stage {
    private let api: any IdentityLookingUp
    private let willSend: @Sendable () async throws -> Void
    private let isProbed = Mutex(false)

    /// To ask again changes nothing, and no failure of a list is a single identity's.
    package static let traits = StageTraits(
        batchMax: IdentityLookup.batchMax,
        repeated: .same,
        usedUp: .stopsRun
    ) { reason, tries in
        "identities cannot be looked up (\(reason)), after \(tries) tries: check that the server runs "
            + "and that \(.server) names it"
    }
    package var traits: StageTraits { Self.traits }

    /// - Parameter willSend: called before each request, to count it; where it throws, the run stops.
    package init(
        _ api: any IdentityLookingUp,
        willSend: @escaping @Sendable () async throws -> Void = {}
    ) {
        self.api = api
        self.willSend = willSend
    }

    package func attempt(
        _ claims: [Claim],
        attemptsBefore: Int,
        onSend: (@Sendable () -> Void)?
    ) async -> Attempt<[ListedIdentity]> {
        do { try await willSend() } catch {
            return Attempt(.stop(StopReason(ofLedger: error)), contact: .notSent)
        }
        // Before the first, whether the server understands the question at all.
        guard isProbed.withLock(\.self) else {
            let reply = await api.probe(onSend: onSend)
            if case .found = reply.outcome { isProbed.withLock { $0 = true } }
            return Attempt(probing: reply)
        }
        return Attempt(await api.lookUp(claims.map(\.identityID), onSend: onSend))
    }
}

extension Attempt<[ListedIdentity]> {
    init(_ reply: LookupReply) {
        self.init(
            Outcome(reply.outcome),
            contact: Contact(wasSent: reply.wasSent, wasAnswered: reply.wasAnswered),
            limits: reply.limits
        )
    }
}

extension Attempt<[ListedIdentity]> {
    /// Of a question that only shows whether the server understands it: then the identities can be asked for.
    init(probing reply: LookupReply) {
        self.init(reply)
        if case .done = outcome { outcome = .again }
    }
}

extension Outcome<[ListedIdentity]> {
    fileprivate init(_ outcome: LookupOutcome) {
        switch outcome {
        case .found(let identities): self = .done(identities)
        case .tooLong(let answer): self = .tooLong(answer)
        case .transient(let failure, let holdFor): self = .retry(failure, mayBeDone: false, holdFor: holdFor)
        case .again: self = .again
        case .unread(let failure): self = .unread(failure)
        case .fatal(let answer): self = .stop(.fatal(answer))
        }
    }
}

extension StageOptions {
    /// How identities are looked up: one request at a time, at the rates for reading.
    init(lookingUp request: LookupRequest?, share: Double, attemptsMax: Int, giveUpAfter: Duration?) {
        self.init(
            pacing: PacingOptions(
                rates: request?.rates ?? [],
                share: share,
                concurrency: .fixed(1),
                giveUpAfter: giveUpAfter
            ),
            attemptsMax: attemptsMax
        )
    }
}
