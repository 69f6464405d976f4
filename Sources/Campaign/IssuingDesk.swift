// The thin shell around the issuing state: a lock, and the tasks that wait at it.

import IdentityAPI
import Ledger
import Pacing
import Synchronization
import Vocabulary

/// Hands work to the tasks of a run and takes what they bring back.
///
/// All decisions are `IssuingState`'s; this parks tasks that have to wait and wakes them, outside the lock.
final class IssuingDesk: Sendable {
    private struct Shared {
        var state: IssuingState
        var workers: [CheckedContinuation<IssuingState.Job?, Never>] = []
        var committer: CheckedContinuation<IssuingState.Commit?, Never>?
        var stopWatcher: CheckedContinuation<Void, Never>?
    }

    /// Continuations to resume once the lock is open again.
    private struct Wakes {
        var workers: [(CheckedContinuation<IssuingState.Job?, Never>, IssuingState.Job?)] = []
        var committer: (CheckedContinuation<IssuingState.Commit?, Never>, IssuingState.Commit?)?
        var stopWatcher: CheckedContinuation<Void, Never>?

        func resume() {
            for (worker, job) in workers { worker.resume(returning: job) }
            if let (committer, commit) = committer { committer.resume(returning: commit) }
            stopWatcher?.resume()
        }
    }

    private let shared: Mutex<Shared>
    private let time: TimeSource

    init(state: IssuingState, time: TimeSource) {
        shared = Mutex(Shared(state: state))
        self.time = time
    }

    /// The next claim to work on; nil when there will be none.
    func nextJob() async -> IssuingState.Job? {
        await withCheckedContinuation { continuation in
            change { shared in shared.workers.append(continuation) }
        }
    }

    func putBack(_ job: IssuingState.Job) {
        change { $0.state.putBack(job) }
    }

    /// A request has come to its end.
    func finished(_ job: IssuingState.Job, _ reply: IssueReply) {
        let (elapsed, now) = (time.elapsed(), time.wallClock())
        change { $0.state.finished(job, reply, elapsed: elapsed, now: now) }
    }

    /// The next transaction, for one task only; nil when there will be none.
    func nextCommit() async -> IssuingState.Commit? {
        await withCheckedContinuation { continuation in
            change { shared in shared.committer = continuation }
        }
    }

    func committed(_ commit: IssuingState.Commit, _ claims: [Claim]) {
        change { $0.state.committed(commit, claims) }
    }

    func commitFailed(_ commit: IssuingState.Commit, _ sentence: String) {
        change { $0.state.commitFailed(commit, sentence) }
    }

    func enrolled(_ count: Int) {
        change { $0.state.enrolled(count) }
    }

    func enrolmentEnded() {
        change { $0.state.enrolmentEnded() }
    }

    func tick() {
        let elapsed = time.elapsed()
        change { $0.state.tick(elapsed) }
    }

    func requestStop(_ reason: StopReason) {
        change { $0.state.requestStop(reason) }
    }

    /// Returns when no new request is wanted, because of a stop or because all is done; for one task only.
    func untilStopping() async {
        await withCheckedContinuation { continuation in
            change { shared in shared.stopWatcher = continuation }
        }
    }

    func read<T>(_ body: (IssuingState) -> T) -> T {
        shared.withLock { body($0.state) }
    }

    /// One event: changes the state, then wakes whoever has something to do now.
    @discardableResult
    private func change<T>(_ event: (inout Shared) -> T) -> T {
        let elapsed = time.elapsed()
        let (result, wakes) = shared.withLock { shared in
            let result = event(&shared)
            return (result, Self.wakes(&shared, elapsed))
        }
        wakes.resume()
        return result
    }

    private static func wakes(_ shared: inout Shared, _ elapsed: Duration) -> Wakes {
        var wakes = Wakes()
        handOut: while let worker = shared.workers.last {
            switch shared.state.nextJob() {
            case .wait: break handOut
            case .done: wakes.workers.append((worker, nil))
            case .job(let job): wakes.workers.append((worker, job))
            }
            shared.workers.removeLast()
        }
        if let committer = shared.committer {
            if let commit = shared.state.nextCommit(elapsed) {
                wakes.committer = (committer, commit)
                shared.committer = nil
            } else if shared.state.isFinished {
                wakes.committer = (committer, nil)
                shared.committer = nil
            }
        }
        if shared.state.stop != nil || shared.state.isFinished {
            wakes.stopWatcher = shared.stopWatcher
            shared.stopWatcher = nil
        }
        return wakes
    }
}
