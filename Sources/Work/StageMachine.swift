// The hard part of a run as a pure state machine: one event and its time in, actions out.

import DequeModule
import Ledger
import Pacing
import Model

/// Who works on which claim, what is answered and waits for its commit, and when it is over.
///
/// It knows no tasks, no clock and no disk; `Scheduler` executes its actions. An identity is *claimed* from
/// the commit that claims it to the one that records its end, and never more than `claimedMax` are, whatever
/// became of them: ready → in flight → (retry → ready once more →) answered → committed.
///
/// - Events of the tasks around it, of time and of enrolment: here. Answers: `StageMachine+Answers.swift`.
///   Commits: `StageMachine+Commits.swift`. The end: `StageMachine+Ending.swift`.
struct StageMachine<Value: Sendable>: Sendable {
    /// What is to be done after an event, in this order.
    struct Actions: Sendable {
        /// Requests that go out now, each by a worker that was idle.
        var starts: [StageJob] = []
        /// An idle worker comes back at this time, for the sake of all: only one sleeps, so that a permission
        /// to send wakes one worker and no crowd.
        var alarm: Duration?
        /// The next transaction, for the committer that was idle.
        var commit: StageCommit<Value>?
        var phase = Phase.working
    }

    enum Phase: Comparable, Sendable {
        case working
        /// No further request is wanted: workers go home, and whoever sleeps is woken.
        case draining
        /// Nothing is in flight or to be committed any more.
        case over
    }

    let options: StageOptions
    let traits: StageTraits
    var random: any RandomNumberGenerator & Sendable

    // What is claimed.
    var claims: ClaimBook<Value>
    var pool = WorkPool()
    var lastTries = LastTries()
    var inFlight = 0
    /// How many identities a request names at most; less than the stage's where something takes no long
    /// requests.
    var batchSize: Int

    // The server.
    var admission: Admission
    var outage = OutageDetector()
    var connection = ConnectionCheck()
    var refusals: UniformRefusalDetector

    // The tasks around it.
    /// Workers without work, who take what there is.
    var idleWorkers = 0
    var isCommitterIdle = false
    /// When the first of the sleeping workers comes back; nil where none sleeps.
    private var alarm: Duration?
    /// When the next request may start, as far as is known; nil where only an event can change that.
    private(set) var nextStart: Duration?

    var progress: RunProgress
    private(set) var stop: StopReason?

    /// How long an answer may wait for others to be committed with it.
    static var commitDelay: Duration { .milliseconds(20) }
    /// The longest sleep: a permission that is given back meanwhile is not lost for longer.
    private static var sleepMax: Duration { .seconds(1) }

    /// - Parameters:
    ///   - admission: has been told of earlier runs' requests.
    ///   - progress: what the run has done before.
    ///   - due: identities that are due already.
    ///   - isEnrolling: whether more may come, until `enrolmentEnded`.
    init(
        options: StageOptions,
        traits: StageTraits,
        admission: Admission,
        progress: RunProgress = RunProgress(),
        due: Int = 0,
        isEnrolling: Bool = false,
        refusalsSoFar: [FailureRecord]?,
        random: any RandomNumberGenerator & Sendable
    ) {
        self.options = options
        self.traits = traits
        self.admission = admission
        self.progress = progress
        self.random = random
        batchSize = traits.batchMax
        claims = ClaimBook(due: due, isEnrolling: isEnrolling, identitiesMax: options.maxIdentities)
        refusals = UniformRefusalDetector(refusalsSoFar: refusalsSoFar)
    }

    /// Whether no further request is wanted.
    var isDone: Bool { stop != nil || claims.isDone }

    /// Whether all is done: nothing in flight and nothing to commit, and no work left or none wanted.
    var isFinished: Bool {
        inFlight == 0 && claims.results.isEmpty && lastTries.isEmpty && !claims.isCommitting && isDone
    }
}

// MARK: - The tasks around it

extension StageMachine {
    /// A worker has nothing to do.
    ///
    /// - Parameter slept: until when it slept, if it did.
    mutating func workerCame(after slept: Duration? = nil, at elapsed: Duration) -> Actions {
        if let slept, slept == alarm { alarm = nil }
        idleWorkers += 1
        return actions(elapsed)
    }

    /// The committer has nothing to do.
    mutating func committerCame(at elapsed: Duration) -> Actions {
        isCommitterIdle = true
        return actions(elapsed)
    }

    /// A request went out; only of use where `Admission.needsSendTimes`.
    mutating func sent(_ job: StageJob, at elapsed: Duration) {
        admission.sent(job.ticket, at: elapsed)
    }

    private var phase: Phase { isFinished ? .over : isDone ? .draining : .working }

    mutating func actions(_ elapsed: Duration) -> Actions {
        var actions = Actions()
        startRequests(&actions, elapsed)
        if isCommitterIdle, let commit = nextCommit(elapsed) {
            isCommitterIdle = false
            actions.commit = commit
        }
        actions.phase = phase
        return actions
    }

    private mutating func startRequests(_ actions: inout Actions, _ elapsed: Duration) {
        while idleWorkers > 0, !isDone {
            switch startRequest(elapsed) {
            case .start(let job):
                idleWorkers -= 1
                actions.starts.append(job)
            case .wait(let until):
                nextStart = until
                guard let until else { return }
                let time = min(until, elapsed + Self.sleepMax)
                guard time < alarm ?? .seconds(Int64.max) else { return }
                idleWorkers -= 1
                alarm = time
                actions.alarm = time
                return
            }
        }
        if isDone { nextStart = nil }
    }

    private enum Start {
        case start(StageJob)
        /// Nothing before this time, or the next event; nil where only an event can change that.
        case wait(until: Duration?)
    }

    /// The next request, where one may go out now.
    private mutating func startRequest(_ elapsed: Duration) -> Start {
        // The first request goes alone: it shows whether there is a server that wants any.
        if !connection.isReached, inFlight > 0 || !pool.retries.isEmpty { return .wait(until: nil) }
        // An outage is probed with identities that have not failed yet: those that have might do so by
        // themselves.
        if let work = pool.retryReady.first, !(admission.isOutage && !pool.ready.isEmpty) {
            switch admission.request(isRetry: work.isRetry, at: elapsed) {
            case .go(let ticket): return start(pool.takeRetry(batchSize: batchSize), ticket)
            case .wait(let until): return .wait(until: until)
            case .full: return .wait(until: nil)
            case .noRetry(let until): if pool.ready.isEmpty { return .wait(until: until) }
            }
        }
        guard let work = pool.ready.first else { return .wait(until: nil) }
        switch admission.request(isRetry: work.isRetry, at: elapsed) {
        case .go(let ticket): return start(pool.takeReady(batchSize: batchSize), ticket)
        case .wait(let until), .noRetry(let until): return .wait(until: until)
        case .full: return .wait(until: nil)
        }
    }

    private mutating func start(_ work: StageWork, _ ticket: Admission.Ticket) -> Start {
        inFlight += 1
        return .start(StageJob(work: work, ticket: ticket))
    }
}

// MARK: - Time, stops, enrolment

extension StageMachine {
    /// Time has passed: retries that are due go again.
    mutating func tick(at elapsed: Duration) -> Actions {
        if let exhaustion = admission.exhaustion(at: elapsed) {
            stop(because: .exhausted(exhaustion, busyAnswer: traits.busyAnswer))
        }
        pool.pass(to: elapsed)
        return actions(elapsed)
    }

    /// When the next tick is of use, as far as is known; nil where only an event can tell.
    var nextTick: Duration? { [commitTime, pool.nextRetry].compactMap(\.self).min() }

    /// When the results that wait have to be committed, where that does not depend on another event.
    var commitTime: Duration? {
        let isWaiting = !claims.results.isEmpty && !claims.isCommitting && !claims.hasFailed
        return isWaiting ? claims.resultsSince + Self.commitDelay : nil
    }

    /// No new request from now on; what is in flight is awaited and recorded.
    mutating func requestStop(_ reason: StopReason, at elapsed: Duration) -> Actions {
        stop(because: reason)
        return actions(elapsed)
    }

    mutating func stop(because reason: StopReason) {
        if let known = stop, !reason.outweighs(known) { return }
        stop = reason
    }

    /// So many more identities are in the ledger and due.
    mutating func enrolled(_ count: Int, at elapsed: Duration) -> Actions {
        claims.enrolled(count)
        return actions(elapsed)
    }

    /// The roster has come to its end, or is not read further.
    mutating func enrolmentEnded(at elapsed: Duration) -> Actions {
        claims.enrolmentEnded()
        return actions(elapsed)
    }
}
