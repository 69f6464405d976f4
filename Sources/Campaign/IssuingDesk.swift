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
    /// What a worker is to do next.
    enum Assignment: Sendable {
        case send(IssuingState.Job)
        /// Come back at this time, for the sake of all who wait: only one sleeps, so that a permission to send wakes
        /// one worker and no crowd.
        case sleep(until: Duration)
    }

    private struct Shared {
        var state: IssuingState
        var workers: [CheckedContinuation<Assignment?, Never>] = []
        /// When the first of the sleeping workers comes back; nil where none sleeps.
        var wakeUp: Duration?
        var committer: CheckedContinuation<IssuingState.Commit?, Never>?
        var stopWatcher: CheckedContinuation<Void, Never>?
    }

    /// Continuations to resume once the lock is open again.
    private struct Wakes {
        var workers: [(CheckedContinuation<Assignment?, Never>, Assignment?)] = []
        var committer: (CheckedContinuation<IssuingState.Commit?, Never>, IssuingState.Commit?)?
        var stopWatcher: CheckedContinuation<Void, Never>?

        func resume() {
            for (worker, assignment) in workers { worker.resume(returning: assignment) }
            if let (committer, commit) = committer { committer.resume(returning: commit) }
            stopWatcher?.resume()
        }
    }

    private let shared: Mutex<Shared>
    private let time: TimeSource
    private let control: RunControl

    /// The longest sleep: a permission that is given back meanwhile is not lost for longer.
    private static let sleepMax: Duration = .seconds(1)

    init(state: IssuingState, time: TimeSource, control: RunControl) {
        shared = Mutex(Shared(state: state))
        self.time = time
        self.control = control
    }

    /// What to do next; nil when there will be nothing.
    ///
    /// - Parameter slept: until when the worker slept, if it did.
    func next(after slept: Duration? = nil) async -> Assignment? {
        await withCheckedContinuation { continuation in
            change { shared, _ in
                if slept == shared.wakeUp { shared.wakeUp = nil }
                shared.workers.append(continuation)
            }
        }
    }

    /// What to call when a job's request goes out; nil where nobody needs to know.
    func onSend(_ job: IssuingState.Job) -> (@Sendable () -> Void)? {
        guard read(\.admission.needsSendTimes) else { return nil }
        return { [self] in
            let elapsed = time.elapsed()
            shared.withLock { $0.state.sent(job, elapsed) }
        }
    }

    /// A request has come to its end, with what is kept of its code.
    func finished(_ job: IssuingState.Job, _ reply: IssueReply, _ secret: InvitationSecret?) {
        let now = time.wallClock()
        change { $0.state.finished(job, reply, secret, elapsed: $1, now: now) }
    }

    /// The next transaction, for one task only; nil when there will be none.
    func nextCommit() async -> IssuingState.Commit? {
        await withCheckedContinuation { continuation in
            change { shared, _ in shared.committer = continuation }
        }
    }

    func committed(_ commit: IssuingState.Commit, _ claims: [Claim]) {
        change { shared, _ in shared.state.committed(commit, claims) }
    }

    func commitFailed(_ commit: IssuingState.Commit, _ sentence: String) {
        change { shared, _ in shared.state.commitFailed(commit, sentence) }
    }

    func enrolled(_ count: Int) {
        change { shared, _ in shared.state.enrolled(count) }
    }

    func enrolmentEnded() {
        change { shared, _ in shared.state.enrolmentEnded() }
    }

    func tick() {
        change { $0.state.tick($1) }
    }

    /// Stops where the run is to stop: `change` looks.
    func lookAtControl() {
        change { _, _ in }
    }

    /// Returns when no new request is wanted, because of a stop or because all is done; for one task only.
    func untilStopping() async {
        await withCheckedContinuation { continuation in
            change { shared, _ in shared.stopWatcher = continuation }
        }
    }

    func read<T>(_ body: (IssuingState) -> T) -> T {
        shared.withLock { body($0.state) }
    }

    /// One event: changes the state, then wakes whoever has something to do now.
    private func change(_ event: (inout Shared, _ elapsed: Duration) -> Void) {
        let elapsed = time.elapsed()
        let wakes = shared.withLock { shared in
            event(&shared, elapsed)
            if let reason = control.stop { shared.state.requestStop(reason) }
            return Self.wakes(&shared, elapsed)
        }
        wakes.resume()
    }

    private static func wakes(_ shared: inout Shared, _ elapsed: Duration) -> Wakes {
        var wakes = Wakes()
        handOut: while let worker = shared.workers.last {
            switch shared.state.nextJob(elapsed) {
            case .done: wakes.workers.append((worker, nil))
            case .job(let job): wakes.workers.append((worker, .send(job)))
            case .wait(let until):
                guard let until, until < shared.wakeUp ?? .seconds(Int64.max) else { break handOut }
                let wakeUp = min(until, elapsed + sleepMax)
                guard wakeUp < shared.wakeUp ?? .seconds(Int64.max) else { break handOut }
                shared.wakeUp = wakeUp
                wakes.workers.append((worker, .sleep(until: wakeUp)))
                shared.workers.removeLast()
                break handOut
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
