// The run itself: workers, a committer and a ticker around the desk.

package import IdentityAPI
package import Ledger
package import Pacing
import Synchronization
import Vocabulary

/// Issues for everything that is due, at the rates and the concurrency it was given.
///
/// Each worker loops: a claim with the permission to send, the request, its outcome. The committer turns outcomes into
/// transactions, which claim as they commit. The ticker is what makes time pass for both.
package final class Issuer: Sendable {
    private let ledger: any Ledger
    private let queue: SerialQueue
    private let run: RunID
    private let options: IssuingOptions
    private let issuing: any CodeIssuing
    private let secrets: any SecretKeeping
    private let time: TimeSource
    private let desk: IssuingDesk
    /// Where answers go that the ledger does not take.
    private let spill: LedgerSpill?
    /// The seals that the ledger had at the start, should it not be readable later.
    private let seals: [SealRecord]
    private let control: RunControl
    private let tell: @Sendable (StageEvent) -> Void
    private let remarked = Mutex<Set<AnswerRemark.Kind>>([])

    /// How often time passes for retries and for answers that wait to be committed.
    private static let tick: Duration = .milliseconds(10)

    /// - Parameters:
    ///   - progress: what the run has done before.
    ///   - due: identities that are due already.
    ///   - isEnrolling: whether more may come, until `enrolmentEnded`.
    ///   - spill: room for answers that the ledger does not take; removed when everything is in the ledger.
    ///   - secrets: what is kept of codes and links; beyond it nothing sees them.
    ///   - control: why the run is to stop; a stop of the issuer's own is noted there, too.
    ///   - telling: is told what happens; of each kind of thing that is odd about an invitation once.
    /// - Throws: what the ledger throws.
    package init(
        ledger: any Ledger,
        queue: SerialQueue,
        run: RunID,
        options: IssuingOptions,
        progress: RunProgress = RunProgress(),
        due: Int = 0,
        isEnrolling: Bool = false,
        spill: LedgerSpill? = nil,
        issuing: any CodeIssuing,
        secrets: any SecretKeeping,
        time: TimeSource,
        random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(),
        control: RunControl,
        telling: @escaping @Sendable (StageEvent) -> Void = { _ in }
    ) throws {
        self.control = control
        tell = telling
        self.ledger = ledger
        self.queue = queue
        self.run = run
        self.options = options
        self.issuing = issuing
        self.secrets = secrets
        self.time = time
        self.spill = spill
        seals = try ledger.seals()
        var admission = Admission(options.pacing)
        try Self.remember(ledger, in: &admission, elapsed: time.elapsed(), now: time.wallClock())
        let state = IssuingState(
            options: options,
            admission: admission,
            progress: progress,
            due: due,
            isEnrolling: isEnrolling,
            refusalsSoFar: try ledger.refusalsOnly(),
            random: random
        )
        desk = IssuingDesk(state: state, time: time, control: control)
    }

    /// Counts what earlier runs have sent, as far as a window may reach back.
    static func remember(
        _ ledger: any Ledger,
        in admission: inout Admission,
        elapsed: Duration,
        now: Timestamp
    ) throws {
        for past in try ledger.requests(since: now.advanced(by: .zero - RateLimit.memory - .seconds(1))) {
            admission.remember(past.requests, at: past.latestArrival(elapsed: elapsed, now: now))
        }
    }

    /// What holds the run up now; from any thread.
    package var pacing: PacingReport { desk.read { PacingReport($0.admission) } }

    /// What the run has done so far; from any thread.
    package var progress: RunProgress { desk.read(\.progress) }

    /// Identities that were due at the start, or came since.
    package var due: Int { desk.read(\.due) }

    /// Whether more may still be enrolled.
    package var isEnrolling: Bool { desk.read(\.isEnrolling) }

    /// How long so many requests take from `now` on, those in flight among them, as far as the limits have a say; nil
    /// where there are none.
    package func timeLeft(for requests: Int, at now: Duration) -> Duration? {
        desk.read { $0.admission.timeLeft(for: requests, at: now) }
    }

    /// So many more identities are in the ledger and due.
    package func enrolled(_ count: Int) { desk.enrolled(count) }

    /// No more identities will come.
    package func enrolmentEnded() { desk.enrolmentEnded() }

    /// Works until nothing is due or the run has to stop, and leaves nothing claimed that was not sent.
    ///
    /// After a stop there is no new request: what is in flight is awaited and recorded.
    ///
    /// - Returns: why it stopped early; nil when it did not.
    package func issue() async -> IssuingEnd {
        await withTaskGroup { group in
            // One more than may be in flight: it sleeps until the next may be.
            for _ in 0...options.pacing.concurrency.max { group.addTask { await self.work() } }
            group.addTask { await self.commit() }
            group.addTask { await self.passTime() }
            group.addTask { if await self.control.untilStopped() != nil { self.desk.lookAtControl() } }
            await desk.untilStopping()
            if let stop = desk.read(\.stop) { control.requestStop(stop) }
            // Wakes those who sleep; requests and commits don't listen.
            group.cancelAll()
        }
        return await end()
    }

    private func work() async {
        var slept: Duration?
        while let assignment = await desk.next(after: slept) {
            slept = nil
            switch assignment {
            case .send(let job): await send(job)
            case .sleep(let until):
                slept = until
                // Cut short when the run stops; then there is no next one.
                try? await time.sleep(until)
            }
        }
    }

    private func send(_ job: IssuingState.Job) async {
        let reply = await issuing.issue(for: job.claim.identityID, onSend: desk.onSend(job))
        var secret: InvitationSecret?
        if case .issued(let recovery) = reply.outcome {
            secret = secrets.secret(of: recovery, for: job.claim.identityID)
        }
        desk.finished(job, reply, secret)
        if let failed = FailedAttempt(reply, for: job.claim.identityID) { tell(.attemptFailed(failed)) }
        for remark in reply.remarks where remarked.withLock({ $0.insert(remark.kind).inserted }) {
            tell(.remark(remark))
        }
    }

    private func commit() async {
        while let commit = await desk.nextCommit() {
            do {
                let claims = try await queue.perform { [ledger, run, time] in
                    try ledger.commit(
                        commit.results,
                        run: run,
                        progress: commit.progress,
                        claiming: commit.claiming,
                        at: time.wallClock()
                    )
                }
                desk.committed(commit, claims)
                tellFailures(of: commit)
            } catch {
                // At once: the ledger is asked once more, but what is in the spill file survives whatever comes.
                try? await queue.perform { [self] in
                    try keep(commit.results, progress: commit.progress)
                }
                desk.commitFailed(commit, "\(error)")
                tell(.commitFailed("\(error)"))
            }
        }
    }

    private func tellFailures(of commit: IssuingState.Commit) {
        for result in commit.results {
            if case .failed(let failure) = result.outcome {
                tell(.identityFailed(result.claim.identityID, failure))
            }
        }
    }

    private func keep(_ results: [AttemptResult], unsent: [Claim] = [], progress: RunProgress) throws {
        try spill?.write(
            results,
            unsent: unsent,
            seals: (try? ledger.seals()) ?? seals,
            progress: progress,
            at: time.wallClock()
        )
    }

    private func passTime() async {
        var watch = PacingWatch()
        while !Task.isCancelled {
            desk.tick()
            for change in watch.changes(pacing, at: time.elapsed()) { tell(change) }
            do { try await time.sleep(time.elapsed() + Self.tick) } catch { return }
        }
    }

    private func end() async -> IssuingEnd {
        // The ledger may have been found damaged since.
        desk.lookAtControl()
        let state = desk.read { $0 }
        return await withCheckedContinuation { continuation in
            queue.async { [self] in continuation.resume(returning: end(state)) }
        }
    }

    /// The last word to the ledger; what that does not take goes to the spill file.
    private func end(_ state: IssuingState) -> IssuingEnd {
        var end: IssuingEnd
        var unsent: [Claim] = []
        do {
            var state = state
            end = try state.conclude(in: ledger)
        } catch {
            end = state.end(because: state.stop?.isLedgers == true ? state.stop : .ledger("\(error)"))
            unsent = state.unsent
        }
        guard let spill else { return end }
        // Where no commit failed, others came upon what is wrong with the ledger: how far the run had come tells the next
        // one what it has lost.
        let mayHaveLost = state.stop?.isLedgers == true && !state.hasLedgerFailed
        if state.unrecorded.isEmpty, unsent.isEmpty, !mayHaveLost {
            spill.remove()
            return end
        }
        do {
            try keep(state.unrecorded, unsent: unsent, progress: end.progress)
        } catch {
            end.spillFailure = "\(error)"
        }
        if state.unrecorded.isEmpty { spill.keepWritten() }
        end.spilledAnswers = min(spill.resultsWritten, state.unrecorded.count)
        end.unrecordedAnswers = state.unrecorded.count - end.spilledAnswers
        return end
    }
}

/// How issuing ended.
package struct IssuingEnd: Sendable {
    /// Nil when everything that was due has been tried.
    package let stop: StopReason?
    package let progress: RunProgress
    /// Answers that could not be kept because the ledger failed; their identities are in doubt.
    package fileprivate(set) var unrecordedAnswers: Int
    /// Answers that the ledger did not take, and that wait beside it.
    package fileprivate(set) var spilledAnswers = 0
    /// Why not everything could be kept there; a sentence.
    package fileprivate(set) var spillFailure: String?

    package init(stop: StopReason?, progress: RunProgress = RunProgress(), unrecordedAnswers: Int = 0) {
        self.stop = stop
        self.progress = progress
        self.unrecordedAnswers = unrecordedAnswers
    }
}
