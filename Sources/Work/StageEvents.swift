// From what a runner sees to the events that it tells.

import Ledger
import Pacing
import Synchronization
import Model

/// Tells a listener what happens at a stage.
///
/// What a listener may write to a terminal, which may stand still, is told on the ledger's thread: the thread
/// that requests and answers pass through goes on.
final class StageEvents: Sendable {
    private struct State {
        var remarked: Set<String> = []
        var watch = PacingWatch()
    }

    private let listener: @Sendable (StageEvent) -> Void
    private let thread: SerialQueue
    private let state = Mutex(State())

    init(on thread: SerialQueue, _ listener: @escaping @Sendable (StageEvent) -> Void) {
        self.thread = thread
        self.listener = listener
    }

    func tell(_ event: StageEvent) { listener(event) }

    /// A request has come to its end.
    func tell<Value>(_ attempt: Attempt<Value>, of job: StageJob, inFlight: Int, at elapsed: Duration) {
        let figures = AttemptFigures(
            contact: attempt.contact,
            took: elapsed - job.ticket.startedAt,
            isRetry: job.work.requests > 0,
            inFlight: inFlight
        )
        listener(.attempted(figures, failed: FailedAttempt(attempt, of: job)))
        for remark in attempt.remarks
        where state.withLock({ $0.remarked.insert(remark.kind).inserted }) {
            thread.async { [listener] in listener(.remark(remark)) }
        }
    }

    /// A commit has succeeded.
    func tell<Value>(_ commit: StageCommit<Value>, _ committed: Committed) {
        let surplus = Set(committed.surplus.map(\.sequence))
        var done = 0
        for result in commit.results {
            switch result.outcome {
            case .done: done += result.claims.count { !surplus.contains($0.sequence) }
            case .failed(let failure):
                for claim in result.claims where !surplus.contains(claim.sequence) {
                    listener(.identityFailed(claim.identityID, failure))
                }
            case .tryingAgain, .dueAgain: break
            }
        }
        for failed in committed.failures { listener(.identityFailed(failed.identity, failed.failure)) }
        listener(
            .committed(
                CommitFigures(
                    results: commit.results.count,
                    done: done,
                    ended: commit.ending,
                    claimed: committed.claims.count
                )
            )
        )
    }

    /// Time has passed.
    func tell(_ pacing: PacingReport, at elapsed: Duration) {
        let changes = state.withLock { $0.watch.changes(pacing, at: elapsed) }
        if !changes.isEmpty { thread.async { [listener] in changes.forEach(listener) } }
    }
}
