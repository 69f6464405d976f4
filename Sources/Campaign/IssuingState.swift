// The hard part of issuing as a pure state machine: events and times in, what to do out.

import DequeModule
import IdentityAPI
import Ledger
import Pacing
import Vocabulary

/// Who works on which claim, what is answered and waits for its commit, and when it is over.
///
/// It knows no tasks, no clock and no disk; `IssuingDesk` runs it. An identity is *claimed* from the commit that
/// claims it to the one that records its end, and never more than `claimedMax` are, whatever their stage:
/// fresh → in flight → (retry → again →) answered → committed.
///
/// - Workers: here. Answers: `IssuingState+Answers.swift`. The ledger: `IssuingState+Commits.swift`.
struct IssuingState {
    /// One claim, and what became of it in this run.
    struct Work {
        let claim: Claim
        /// Tries that were used up.
        var tries = 0
        /// Requests that went out.
        var requests = 0
        /// Requests in a row that the server left unread.
        var resends = 0
        /// Whether its next request is to be paid from the retry quota.
        var isRetry = false
        /// Good answers that others had got by its first failure; nil before one.
        var goodsAtFailure: Int?
        /// The place of its latest failure among the results that count against the server.
        var failedAt: Int?

        /// So many requests that the server leaves unread are sent again at once; a further one is a failure.
        static let resendsMax = 10

        /// Its latest failure was an outage's, and uses up no try; once for each failure.
        mutating func excuse() {
            tries -= 1
            failedAt = nil
        }
    }

    /// A failure for the last time, unless it turns out that an outage begins.
    struct LastTry {
        var work: Work
        let failure: FailureRecord
        let isAmbiguous: Bool
        let wasSent: Bool
        let at: Duration
    }

    /// A request that is to go out now.
    struct Job {
        var work: Work
        let ticket: Admission.Ticket

        var claim: Claim { work.claim }
    }

    enum Next {
        case job(Job)
        /// Ask again at this time, or after the next event; nil where only an event can change anything.
        case wait(until: Duration?)
        case done
    }

    /// One transaction's worth of work for the ledger.
    struct Commit {
        var results: [AttemptResult]
        /// How much had been enrolled when it was made.
        var enrolments = 0
        var claiming: Int
        var progress: RunProgress
        /// How many claims end with it.
        var ending: Int
    }

    let options: IssuingOptions
    var random: any RandomNumberGenerator & Sendable

    // Work that waits.
    var fresh: Deque<Work> = []
    /// Due once more.
    var again: Deque<Work> = []
    var retries: [(due: Duration, work: Work)] = []
    /// Tries used up in failures that may turn out to be an outage's.
    var lastTries: [LastTry] = []

    // The server.
    var admission: Admission
    var evidence = OutageEvidence()
    var contact = FirstContact()
    var refusals: RefusalStreak
    var inFlight = 0

    // The ledger.
    var results: [AttemptResult] = []
    var resultsSince: Duration = .zero
    var endingResults = 0
    /// Claims whose end is not committed yet.
    var claimed = 0
    var claimedTotal = 0
    /// Whether nothing is left to claim, and nothing will be.
    var isExhausted = false
    /// Whether the roster is still being enrolled.
    private(set) var isEnrolling: Bool
    /// Grows with everything that is enrolled; where it is `starvedAt` there was nothing left to claim.
    private(set) var enrolments = 0
    var starvedAt: Int?
    var isCommitting = false
    var hasLedgerFailed = false
    /// Answers that could not be committed; in the ledger their identities stay claimed.
    var unrecorded: [AttemptResult] = []
    var unrecordedClaims: Set<Int64> = []

    /// Identities that were due at the start, or came since.
    private(set) var due: Int
    var progress: RunProgress
    /// Of the failed, those that the server refused.
    var refused = 0
    private(set) var stop: StopReason?

    /// How long an answer may wait for others to be committed with it.
    static let commitDelay: Duration = .milliseconds(10)

    /// - Parameters:
    ///   - admission: has been told of earlier runs' requests.
    ///   - progress: what the run has done before.
    ///   - due: identities that are due already.
    ///   - isEnrolling: whether more may come, until `enrolmentEnded`.
    init(
        options: IssuingOptions,
        admission: Admission,
        progress: RunProgress = RunProgress(),
        due: Int = 0,
        isEnrolling: Bool = false,
        refusalsSoFar: [FailureRecord]?,
        random: any RandomNumberGenerator & Sendable
    ) {
        self.options = options
        self.admission = admission
        self.progress = progress
        self.due = due
        self.isEnrolling = isEnrolling
        self.random = random
        refusals = RefusalStreak(refusalsSoFar: refusalsSoFar)
    }

    /// Whether all is done: nothing in flight and nothing to commit, and no work left or none wanted.
    var isFinished: Bool { inFlight == 0 && results.isEmpty && lastTries.isEmpty && !isCommitting && isDone }

    /// Whether no further request is wanted.
    var isDone: Bool { stop != nil || (isExhausted && claimed == 0) }

    /// Whether the run ended because as many as wanted are done, and more may be due.
    var reachedMaxIdentities: Bool { options.maxIdentities == claimedTotal }
}

// MARK: - Workers

extension IssuingState {
    /// The next request, where one may go out at `elapsed`.
    mutating func nextJob(_ elapsed: Duration) -> Next {
        if isDone { return .done }
        // The first request goes alone: it shows whether there is a server that wants any.
        if !contact.isReached, inFlight > 0 || !retries.isEmpty { return .wait(until: nil) }
        // An outage is probed with identities that have not failed yet: those that have might do so by themselves.
        if let work = again.first, !(admission.isOutage && !fresh.isEmpty) {
            switch admission.request(isRetry: work.isRetry, at: elapsed) {
            case .go(let ticket): return start(again.removeFirst(), ticket)
            case .wait(let until): return .wait(until: until)
            case .full: return .wait(until: nil)
            case .noRetry(let until): if fresh.isEmpty { return .wait(until: until) }
            }
        }
        guard let work = fresh.first else { return .wait(until: nil) }
        switch admission.request(isRetry: work.isRetry, at: elapsed) {
        case .go(let ticket): return start(fresh.removeFirst(), ticket)
        case .wait(let until), .noRetry(let until): return .wait(until: until)
        case .full: return .wait(until: nil)
        }
    }

    private mutating func start(_ work: Work, _ ticket: Admission.Ticket) -> Next {
        inFlight += 1
        return .job(Job(work: work, ticket: ticket))
    }

    /// A request went out.
    mutating func sent(_ job: Job, _ elapsed: Duration) {
        admission.sent(job.ticket, at: elapsed)
    }
}

// MARK: - Time

extension IssuingState {
    /// Time has passed: retries that are due go again.
    mutating func tick(_ elapsed: Duration) {
        if let deadline = options.deadline, elapsed >= deadline { requestStop(.maxDuration) }
        if let exhaustion = admission.exhaustion(at: elapsed) { requestStop(.exhausted(exhaustion)) }
        guard !retries.isEmpty else { return }
        for retry in retries where retry.due <= elapsed { again.append(retry.work) }
        retries.removeAll { $0.due <= elapsed }
    }

    /// No new request from now on; what is in flight is awaited and recorded.
    mutating func requestStop(_ reason: StopReason) {
        // A ledger that cannot be written outweighs what was asked for before.
        if case .ledger = reason { stop = reason }
        if stop == nil { stop = reason }
    }
}

// MARK: - Enrolment

extension IssuingState {
    /// So many more identities are in the ledger and due.
    mutating func enrolled(_ count: Int) {
        enrolments += 1
        due += count
    }

    /// The roster has come to its end, or is not read further.
    mutating func enrolmentEnded() {
        enrolments += 1
        isEnrolling = false
    }
}
