// A stage of a run: workers, a committer and a ticker around the scheduler.

package import Ledger
package import Pacing
import Model

/// Does a stage's work for everything that is due, at the rates and the concurrency it was given.
///
/// Each worker loops: claims with the permission to send, the attempt, its outcome. The committer turns
/// outcomes into transactions, which claim as they commit; a timer sees that none waits for longer than it
/// may. The ticker is what makes time pass for all, and looks whether the run is to stop.
package final class StageRunner: Sendable {
    private let stage: any Stage<AnyValue>
    private let queue: any StageQueue<AnyValue>
    private let thread: SerialQueue
    private let workers: Int
    private let stopSignal: (any StopSignal)?
    private let time: TimeSource
    private let scheduler: Scheduler<AnyValue>
    private let events: StageEvents?

    /// Who waits for a rate sleeps for that long at least.
    ///
    /// At 500/s five requests go out with one wake-up, and not each with its own. The spacing makes up for it
    /// (`RateLimit.lateness`), and no window is overdrawn.
    private static let sleepMin: Duration = .milliseconds(10)
    /// How often it is looked whether the run is to stop, and what waits by now.
    private static let tick: Duration = .milliseconds(100)
    private static let tickMin: Duration = .milliseconds(1)

    /// - Parameters:
    ///   - thread: where the queue is called.
    ///   - progress: what the run has done before.
    ///   - due: identities that are due already.
    ///   - isEnrolling: whether more may come, until `enrolmentEnded`.
    ///   - events: where to tell what happens; nil where nobody listens.
    /// - Throws: what the queue throws.
    package init<Value>(
        _ stage: some Stage<Value>,
        queue: some StageQueue<Value>,
        on thread: SerialQueue,
        options: StageOptions,
        progress: RunProgress = RunProgress(),
        due: Int = 0,
        isEnrolling: Bool = false,
        stopSignal: (any StopSignal)? = nil,
        time: TimeSource,
        random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(),
        events: (@Sendable (StageEvent) -> Void)? = nil
    ) throws {
        self.stage = ErasedStage(stage)
        self.queue = ErasedQueue(queue)
        self.thread = thread
        self.stopSignal = stopSignal
        let time = time.sleeping(on: stage.executor)
        self.time = time
        self.events = events.map { StageEvents(on: thread, $0) }
        // One more than may be in flight: it sleeps until the next may be.
        workers = options.pacing.concurrency.max + 1
        var admission = Admission(options.pacing)
        let (elapsed, now) = (time.elapsed(), time.wallClock())
        admission.remember(try queue.requests(since: Admission.memoryBegins(now)), elapsed: elapsed, now: now)
        let machine = StageMachine<AnyValue>(
            options: options,
            traits: stage.traits,
            admission: admission,
            progress: progress,
            due: due,
            isEnrolling: isEnrolling,
            refusalsSoFar: try queue.refusalsOnly(),
            random: random
        )
        scheduler = Scheduler(machine: machine, time: time)
    }

    /// What holds the run up now; from any thread.
    package var pacing: PacingReport { scheduler.read { PacingReport($0.admission) } }

    /// What the run has done so far; from any thread.
    package var progress: RunProgress { scheduler.read(\.progress) }

    /// Identities that were due at the start, or came since.
    package var due: Int { scheduler.read(\.claims.due) }

    /// Whether more may still be enrolled.
    package var isEnrolling: Bool { scheduler.read(\.claims.isEnrolling) }

    /// How many identities a request names at most.
    package var batchSize: Int { scheduler.read(\.batchSize) }

    /// How long so many requests take from `now` on, those in flight among them, as far as the limits have a
    /// say; nil where there are none.
    package func timeLeft(for requests: Int, at now: Duration) -> Duration? {
        scheduler.read { $0.admission.timeLeft(for: requests, at: now) }
    }

    /// Why it has been asked to stop, or has to; nil while it works.
    package var stop: StopReason? { scheduler.read(\.stop) }

    /// So many more identities are in the ledger and due.
    package func enrolled(_ count: Int) { scheduler.enrolled(count) }

    /// No more identities will come.
    package func enrolmentEnded() { scheduler.enrolmentEnded() }

    /// No new request from now on: what is in flight is awaited and recorded.
    package func requestStop(_ reason: StopReason) { scheduler.requestStop(reason) }

    /// Works until nothing is due or the run has to stop, and leaves nothing claimed that was not sent.
    ///
    /// - Returns: why it stopped early; nil when it did not.
    package func run() async -> StageEnd {
        if let reason = stopSignal?.stop { requestStop(reason) }
        // What holds before the first answer is the operator's.
        if let events { events.tell(pacing, at: time.elapsed()) }
        await withTaskGroup { group in
            let executor = stage.executor
            for _ in 0..<workers { group.addTask(executorPreference: executor) { await self.work() } }
            group.addTask(executorPreference: executor) { await self.commit() }
            group.addTask(executorPreference: executor) { await self.timeCommits() }
            group.addTask(executorPreference: executor) { await self.passTime() }
            if let stopSignal {
                group.addTask {
                    if let reason = await stopSignal.untilStopped() { self.requestStop(reason) }
                }
            }
            if let interval = queue.renewInterval {
                group.addTask(executorPreference: executor) { await self.renew(every: interval) }
            }
            await scheduler.untilDraining()
            // Wakes those who sleep; requests and commits don't listen.
            group.cancelAll()
        }
        // What was found about the ledger while the last requests were under way outweighs why they are the
        // last.
        if let reason = stopSignal?.stop, reason.isLedgers { requestStop(reason) }
        return await end()
    }

    private func work() async {
        var slept: Duration?
        while let assignment = await scheduler.next(after: slept) {
            slept = nil
            switch assignment {
            case .send(let job): await send(job)
            case .sleep(let until):
                slept = until
                // Cut short when the run stops; then there is no next one.
                try? await time.sleep(max(until, time.elapsed() + Self.sleepMin))
            }
        }
    }

    private func send(_ job: StageJob) async {
        let attempt = await stage.attempt(
            job.work.claims,
            attemptsBefore: job.work.attempts,
            onSend: scheduler.onSend(job)
        )
        let inFlight = scheduler.finished(job, attempt)
        events?.tell(attempt, of: job, inFlight: inFlight, at: time.elapsed())
    }

    private func commit() async {
        while let commit = await scheduler.nextCommit() {
            do {
                let committed = try await thread.perform { [queue, time] in
                    try queue.commit(
                        commit.results,
                        progress: commit.progress,
                        claiming: commit.claiming,
                        at: time.wallClock()
                    )
                }
                scheduler.committed(commit, committed)
                events?.tell(commit, committed)
            } catch let error as LedgerError where error.code == .fenced {
                await takeLate(commit, fencedBy: error)
            } catch {
                await keep(commit, becauseOf: error)
            }
        }
    }

    /// The run was declared lost: what it has brought is not lost, and nothing more is wanted.
    private func takeLate(_ commit: StageCommit<AnyValue>, fencedBy fence: LedgerError) async {
        do {
            let taken = try await thread.perform { [queue, time] in
                commit.results.isEmpty
                    ? Committed() : try queue.takeLate(commit.results, at: time.wallClock())
            }
            scheduler.fenced(commit, "\(fence)", taken: taken)
            events?.tell(commit, taken)
        } catch {
            await keep(commit, becauseOf: error)
        }
    }

    /// At once: the ledger is asked once more, but what is kept elsewhere survives whatever comes.
    private func keep(_ commit: StageCommit<AnyValue>, becauseOf error: any Error) async {
        try? await thread.perform { [queue, time] in
            try queue.keep(commit.results, unsent: [], progress: commit.progress, at: time.wallClock())
        }
        scheduler.commitFailed(commit, "\(error)")
        events?.tell(.commitFailed("\(error)"))
    }

    /// Keeps the claims, until no new request is wanted; what is in flight then ends within a lease.
    private func renew(every interval: Duration) async {
        while !Task.isCancelled {
            do { try await time.sleep(time.elapsed() + interval) } catch { return }
            do {
                try await thread.perform { [queue, time] in try queue.renew(at: time.wallClock()) }
            } catch {
                requestStop(StopReason(ofLedger: error))
            }
        }
    }

    /// No answer waits for longer than it may, also where the next tick is later.
    private func timeCommits() async {
        while let due = await scheduler.nextCommitTime() {
            // Cut short when the run stops: what waits then is committed without this.
            do { try await time.sleep(due) } catch { return }
            _ = scheduler.tick()
        }
    }

    private func passTime() async {
        while !Task.isCancelled {
            if let reason = stopSignal?.stop { requestStop(reason) }
            let next = scheduler.tick()
            let elapsed = time.elapsed()
            if let events { events.tell(pacing, at: elapsed) }
            // At least a moment, should a commit be under way that what waits has to wait for.
            let wait = max(Self.tickMin, min(Self.tick, next.map { $0 - elapsed } ?? Self.tick))
            do { try await time.sleep(elapsed + wait) } catch { return }
        }
    }
}

/// Whoever feeds a runner stops when it does.
extension StageRunner: StopSignal {}

// MARK: - The end

extension StageRunner {
    private func end() async -> StageEnd {
        let machine = scheduler.read(\.self)
        let end: StageEnd = await withCheckedContinuation { continuation in
            thread.async { [self] in continuation.resume(returning: self.end(machine)) }
        }
        if let stop = end.stop { events?.tell(.stopped(stop)) }
        return end
    }

    /// The last word to the ledger; what that does not take is kept elsewhere.
    private func end(_ machine: StageMachine<AnyValue>) -> StageEnd {
        var machine = machine
        var end: StageEnd
        var unsent: [Claim] = []
        do {
            let conclusion = machine.conclude()
            try queue.release(conclusion.release)
            if conclusion.requeuesRefused { try queue.requeueRefused() }
            end = conclusion.end
        } catch {
            end = machine.end(
                because: machine.stop?.isLedgers == true ? machine.stop : StopReason(ofLedger: error)
            )
            unsent = machine.unsent
        }
        let unrecorded = machine.claims.unrecorded
        // Where no commit failed, others came upon what is wrong with the ledger: how far the run had come
        // tells the next one what it has lost.
        let mayHaveLost = machine.stop?.isLedgers == true && !machine.claims.hasFailed
        if unrecorded.isEmpty, unsent.isEmpty, !mayHaveLost {
            queue.discardKept()
            return end
        }
        do {
            try queue.keep(unrecorded, unsent: unsent, progress: end.progress, at: time.wallClock())
        } catch {
            end.spillFailure = "\(error)"
        }
        if unrecorded.isEmpty { queue.closeKept() }
        end.spilledAnswers = min(queue.resultsKept, unrecorded.count)
        end.unrecordedAnswers = unrecorded.count - end.spilledAnswers
        return end
    }
}
