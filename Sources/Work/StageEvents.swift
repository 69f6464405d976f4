// From what a runner sees to the events that it tells.

import Ledger
import Pacing
import Synchronization
import Model

/// Tells a listener what happens at a stage.
final class StageEvents: Sendable {
    private struct State {
        var remarked: Set<String> = []
        var watch = PacingWatch()
    }

    private let listener: @Sendable (StageEvent) -> Void
    private let state = Mutex(State())

    init(_ listener: @escaping @Sendable (StageEvent) -> Void) { self.listener = listener }

    func tell(_ event: StageEvent) { listener(event) }

    /// A request has come to its end.
    func tell<Value>(_ attempt: Attempt<Value>, of job: StageJob, at elapsed: Duration) {
        listener(
            .attempted(
                contact: attempt.contact,
                took: elapsed - job.ticket.startedAt,
                failed: FailedAttempt(attempt, of: job)
            )
        )
        for remark in attempt.remarks
        where state.withLock({ $0.remarked.insert(remark.kind).inserted }) {
            listener(.remark(remark))
        }
    }

    /// A commit has succeeded.
    func tell<Value>(_ commit: StageCommit<Value>, claimed: Int) {
        for result in commit.results {
            guard case .failed(let failure) = result.outcome else { continue }
            for claim in result.claims { listener(.identityFailed(claim.identityID, failure)) }
        }
        listener(.committed(results: commit.results.count, ended: commit.ending, claimed: claimed))
    }

    /// Time has passed.
    func tell(_ pacing: PacingReport, at elapsed: Duration) {
        for event in state.withLock({ $0.watch.changes(pacing, at: elapsed) }) { listener(event) }
    }
}
