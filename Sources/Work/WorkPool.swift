// Claimed work that waits for its next request.

import DequeModule
import Ledger
import Model

/// Work that may go out now, and work that waits for its time.
struct WorkPool: Sendable {
    /// Never asked for, or asked for in vain through no fault of its own.
    private(set) var ready: Deque<StageWork> = []
    /// Due once more.
    private(set) var retryReady: Deque<StageWork> = []
    /// Waiting for its time, in no order.
    private(set) var retries: [(due: Duration, work: StageWork)] = []

    var isEmpty: Bool { ready.isEmpty && retryReady.isEmpty && retries.isEmpty }
    /// Whether a request could go out now.
    var hasReady: Bool { !ready.isEmpty || !retryReady.isEmpty }

    /// Takes in new claims, as batches.
    mutating func add(_ claims: [Claim], batchSize: Int) {
        guard batchSize > 1 else {
            for claim in claims { ready.append(StageWork(claims: [claim])) }
            return
        }
        for start in stride(from: 0, to: claims.count, by: batchSize) {
            ready.append(StageWork(claims: Array(claims[start..<min(start + batchSize, claims.count)])))
        }
    }

    /// It goes behind those that were never asked for.
    mutating func requeue(_ work: StageWork) { ready.append(work) }

    /// It goes before those that were never asked for.
    mutating func putBack(_ work: StageWork) { ready.prepend(work) }

    /// It goes behind those that are due once more.
    mutating func retryNow(_ work: StageWork) { retryReady.append(work) }

    /// It goes before all those that are due once more.
    mutating func resend(_ work: StageWork) { retryReady.prepend(work) }

    mutating func retry(_ work: StageWork, at due: Duration) { retries.append((due, work)) }

    /// The next work that was never asked for; there is one.
    mutating func takeReady(batchSize: Int) -> StageWork { Self.take(from: &ready, batchSize) }

    /// The next work that is due once more; there is one.
    mutating func takeRetry(batchSize: Int) -> StageWork { Self.take(from: &retryReady, batchSize) }

    private static func take(from queue: inout Deque<StageWork>, _ batchSize: Int) -> StageWork {
        var work = queue.removeFirst()
        guard work.claims.count > batchSize else { return work }
        // Batches have become smaller since it was claimed.
        var rest = work
        rest.claims.removeFirst(batchSize)
        work.claims.removeLast(work.claims.count - batchSize)
        queue.prepend(rest)
        return work
    }

    /// Time has passed: what is due goes again.
    mutating func pass(to elapsed: Duration) {
        guard !retries.isEmpty else { return }
        for retry in retries where retry.due <= elapsed { retryReady.append(retry.work) }
        retries.removeAll { $0.due <= elapsed }
    }

    /// When the first that waits is due; nil where none waits.
    var nextRetry: Duration? { retries.lazy.map(\.due).min() }

    /// Gives tries back to the work for which it holds.
    mutating func refund(where isRefunded: (StageWork) -> Bool) {
        for index in retries.indices where isRefunded(retries[index].work) {
            retries[index].work.refundAttempt()
        }
        for index in retryReady.indices where isRefunded(retryReady[index]) {
            retryReady[index].refundAttempt()
        }
    }

    /// Takes these claims out of all that waits; returns how many there were.
    mutating func remove(_ sequences: Set<Int64>) -> Int {
        var removed = 0
        func rest(of work: StageWork) -> StageWork? {
            var rest = work
            rest.claims.removeAll { sequences.contains($0.sequence) }
            removed += work.claims.count - rest.claims.count
            return rest.claims.isEmpty ? nil : rest
        }
        ready = Deque(ready.compactMap(rest))
        retryReady = Deque(retryReady.compactMap(rest))
        retries = retries.compactMap { retry in rest(of: retry.work).map { (retry.due, $0) } }
        return removed
    }

    /// All that waits.
    var works: some Sequence<StageWork> {
        [Array(ready), Array(retryReady), retries.map(\.work)].joined()
    }
}
