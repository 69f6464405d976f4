// The ledger as issuing sees it.

package import Ledger
package import Model
package import Work

/// Claims identities in the ledger, and records there what became of them; what it does not take goes into
/// the spill.
package final class IssueQueue: StageQueue {
    private let ledger: any LedgerReader & WorkQueue
    private let run: RunID
    /// Where answers go that the ledger does not take.
    private let spill: (any AnswerSpill)?
    /// The seals that the ledger had at the start, should it not be readable later.
    private let seals: [SealRecord]
    package let renewInterval: Duration?

    /// - Parameters:
    ///   - spill: room for answers that the ledger does not take; removed when everything is in the ledger.
    ///   - renewInterval: how often to renew the run's lease; nil for never.
    /// - Throws: what the ledger throws.
    package init(
        _ ledger: any LedgerReader & WorkQueue,
        run: RunID,
        spill: (any AnswerSpill)? = nil,
        renewInterval: Duration? = nil
    ) throws {
        self.ledger = ledger
        self.run = run
        self.spill = spill
        self.renewInterval = renewInterval
        seals = try ledger.seals()
    }

    package func commit(
        _ results: [StageResult<IssuedInvitation>],
        progress: RunProgress,
        claiming: Int,
        at time: Timestamp
    ) throws -> Committed {
        try ledger.commit(
            results.flatMap(\.attempts),
            run: run,
            progress: progress,
            claiming: claiming,
            at: time
        )
    }

    package func takeLate(_ results: [StageResult<IssuedInvitation>], at time: Timestamp) throws -> Committed
    {
        let taken = try ledger.takeLate(results.flatMap(\.attempts), run: run, at: time)
        return Committed(surplus: taken.surplus)
    }

    package func renew(at time: Timestamp) throws { try ledger.renew(run, at: time) }

    package func release(_ claims: [Claim]) throws { try ledger.release(claims, run: run) }

    package func requeueRefused() throws { try ledger.requeueRefused() }

    package func requests(since time: Timestamp) throws -> [RequestsInSecond] {
        try ledger.requests(since: time)
    }

    package func refusalsOnly() throws -> [FailureRecord]? { try ledger.refusalsOnly() }

    package func keep(
        _ results: [StageResult<IssuedInvitation>],
        unsent: [Claim],
        progress: RunProgress,
        at time: Timestamp
    ) throws {
        try spill?.write(
            results.flatMap(\.attempts),
            unsent: unsent,
            seals: (try? ledger.seals()) ?? seals,
            progress: progress,
            at: time
        )
    }

    package var resultsKept: Int { spill?.resultsWritten ?? 0 }

    package func discardKept() { spill?.remove() }

    package func closeKept() { spill?.keepWritten() }
}

extension StageResult<IssuedInvitation> {
    /// As the ledger records them.
    var attempts: [AttemptResult] {
        let outcome: AttemptResult.Outcome =
            switch self.outcome {
            case .done(let invitation): .issued(invitation)
            case .failed(let failure): .failed(failure)
            case .tryingAgain(let failure): .tryingAgain(failure)
            case .dueAgain(let failure): .dueAgain(failure)
            }
        return claims.map { claim in
            AttemptResult(claim: claim, outcome: outcome, isAmbiguous: isAmbiguous, requestID: requestID)
        }
    }
}
