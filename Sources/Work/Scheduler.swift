// The thin shell around the state machine: a lock, and the tasks that wait at it.

import Ledger
import Pacing
import Synchronization
import Model

/// Tells the machine what happens, and hands what it decides to the tasks of a run.
///
/// All decisions are `StageMachine`'s; this parks tasks that have to wait and resumes them, outside the lock.
final class Scheduler<Value: Sendable>: Sendable {
    typealias Machine = StageMachine<Value>

    /// What a worker is to do next.
    enum Assignment: Sendable {
        case send(StageJob)
        /// Come back at this time.
        case sleep(until: Duration)
    }

    private struct Shared {
        var machine: Machine
        var workers: [CheckedContinuation<Assignment?, Never>] = []
        var committer: CheckedContinuation<StageCommit<Value>?, Never>?
        var commitTimer: CheckedContinuation<Duration?, Never>?
        var drainWatcher: CheckedContinuation<Void, Never>?
    }

    /// Continuations to resume once the lock is open again.
    private struct Resumptions {
        var workers: [(CheckedContinuation<Assignment?, Never>, Assignment?)] = []
        var committer: (CheckedContinuation<StageCommit<Value>?, Never>, StageCommit<Value>?)?
        var commitTimer: (CheckedContinuation<Duration?, Never>, Duration?)?
        var drainWatcher: CheckedContinuation<Void, Never>?

        func resume() {
            for (worker, assignment) in workers { worker.resume(returning: assignment) }
            if let (committer, commit) = committer { committer.resume(returning: commit) }
            if let (timer, time) = commitTimer { timer.resume(returning: time) }
            drainWatcher?.resume()
        }
    }

    private let shared: Mutex<Shared>
    private let time: TimeSource

    init(machine: Machine, time: TimeSource) {
        shared = Mutex(Shared(machine: machine))
        self.time = time
    }

    /// What to do next; nil when there will be nothing.
    ///
    /// - Parameter slept: until when the worker slept, if it did.
    func next(after slept: Duration? = nil) async -> Assignment? {
        await withCheckedContinuation { continuation in
            change { shared, elapsed in
                shared.workers.append(continuation)
                return shared.machine.workerCame(after: slept, at: elapsed)
            }
        }
    }

    /// What to call when a job's request goes out; nil where nobody needs to know.
    func onSend(_ job: StageJob) -> (@Sendable () -> Void)? {
        guard read(\.admission.needsSendTimes) else { return nil }
        return { [self] in
            let elapsed = time.elapsed()
            shared.withLock { $0.machine.sent(job, at: elapsed) }
        }
    }

    /// A request has come to its end.
    ///
    /// - Returns: how many were in flight, this one among them.
    func finished(_ job: StageJob, _ attempt: Attempt<Value>) -> Int {
        let now = time.wallClock()
        var inFlight = 0
        change { shared, elapsed in
            inFlight = shared.machine.inFlight
            return shared.machine.finished(job, attempt, at: elapsed, now: now)
        }
        return inFlight
    }

    /// The next transaction, for one task only; nil when there will be none.
    func nextCommit() async -> StageCommit<Value>? {
        await withCheckedContinuation { continuation in
            change { shared, elapsed in
                shared.committer = continuation
                return shared.machine.committerCame(at: elapsed)
            }
        }
    }

    /// By when what waits for its commit has to be committed, as soon as something waits.
    ///
    /// Nil when no new request is wanted. For one task only, which calls `tick` at that time.
    func nextCommitTime() async -> Duration? {
        await withCheckedContinuation { continuation in
            change { shared, elapsed in
                shared.commitTimer = continuation
                return shared.machine.actions(elapsed)
            }
        }
    }

    func committed(_ commit: StageCommit<Value>, _ committed: Committed) {
        change { $0.machine.committed(commit, committed.claims, surplus: committed.surplus, at: $1) }
    }

    func fenced(_ commit: StageCommit<Value>, _ sentence: Wording, taken: Committed) {
        change { $0.machine.fenced(commit, sentence, surplus: taken.surplus, at: $1) }
    }

    func commitFailed(_ commit: StageCommit<Value>, _ sentence: Wording) {
        change { $0.machine.commitFailed(commit, sentence, at: $1) }
    }

    func enrolled(_ count: Int) { change { $0.machine.enrolled(count, at: $1) } }

    func enrolmentEnded() { change { $0.machine.enrolmentEnded(at: $1) } }

    /// Time has passed; returns when that is of use again, as far as is known.
    func tick() -> Duration? {
        change { $0.machine.tick(at: $1) }
        return read(\.nextTick)
    }

    func requestStop(_ reason: StopReason) { change { $0.machine.requestStop(reason, at: $1) } }

    /// Returns when no new request is wanted, because of a stop or because all is done; for one task only.
    func untilDraining() async {
        await withCheckedContinuation { continuation in
            change { shared, elapsed in
                shared.drainWatcher = continuation
                return shared.machine.actions(elapsed)
            }
        }
    }

    func read<T>(_ body: (Machine) -> T) -> T {
        shared.withLock { body($0.machine) }
    }

    /// One event: tells the machine, then resumes whoever it has something for.
    private func change(_ event: (inout Shared, _ elapsed: Duration) -> Machine.Actions) {
        let elapsed = time.elapsed()
        let resumptions = shared.withLock { shared in
            let actions = event(&shared, elapsed)
            return Self.resumptions(actions, &shared)
        }
        resumptions.resume()
    }

    private static func resumptions(_ actions: Machine.Actions, _ shared: inout Shared) -> Resumptions {
        var resumptions = Resumptions()
        for job in actions.starts {
            if let worker = shared.workers.popLast() { resumptions.workers.append((worker, .send(job))) }
        }
        if let alarm = actions.alarm, let worker = shared.workers.popLast() {
            resumptions.workers.append((worker, .sleep(until: alarm)))
        }
        if let commit = actions.commit, let committer = shared.committer.take() {
            resumptions.committer = (committer, commit)
        }
        if let time = shared.machine.commitTime, let timer = shared.commitTimer.take() {
            resumptions.commitTimer = (timer, time)
        }
        guard actions.phase > .working else { return resumptions }
        for worker in shared.workers { resumptions.workers.append((worker, nil)) }
        shared.workers = []
        if let timer = shared.commitTimer.take() { resumptions.commitTimer = (timer, nil) }
        resumptions.drainWatcher = shared.drainWatcher.take()
        if actions.phase == .over, let committer = shared.committer.take() {
            resumptions.committer = (committer, nil)
        }
        return resumptions
    }
}
