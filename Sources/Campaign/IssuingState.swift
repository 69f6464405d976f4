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
/// ready → in flight → (retry → ready →) answered → committed.
struct IssuingState {
    /// One claim being worked on.
    struct Job {
        let claim: Claim
        /// Requests that were tried for it in this run.
        var tries = 0
        /// Whether a request for it went out in this run.
        var wasSent = false
    }

    enum Next {
        case job(Job)
        case wait
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

    private let options: IssuingOptions
    private var random: any RandomNumberGenerator & Sendable

    private var ready: Deque<Job> = []
    private var retries: [(due: Duration, job: Job)] = []
    private var inFlight = 0
    private var results: [AttemptResult] = []
    private var resultsSince: Duration = .zero
    private var endingResults = 0
    /// Claims whose end is not committed yet.
    private(set) var claimed = 0
    private var claimedTotal = 0
    /// Whether nothing is left to claim, and nothing will be.
    private var isExhausted = false
    /// Whether the roster is still being enrolled.
    private var isEnrolling: Bool
    /// Grows with everything that is enrolled; where it is `starvedAt` there was nothing left to claim.
    private var enrolments = 0
    private var starvedAt: Int?
    /// Identities that were due at the start, or came since.
    private(set) var due: Int
    private var isCommitting = false
    private var hasLedgerFailed = false
    /// Answers that could not be committed; their identities stay claimed, and are in doubt at the next start.
    private(set) var unrecorded = 0
    private var unrecordedClaims: Set<Int64> = []
    private var refusals: RefusalStreak
    /// Whether a request of this run ever went out on a connection.
    private var isReached = false
    private var failuresToReach = 0
    /// Whether the server ever answered what a Kratos answers, and how many identities got nothing that can be used.
    private var hasUsefulAnswer = false
    private var useless = 0

    private(set) var progress: RunProgress
    /// Of the failed, those that the server refused.
    private(set) var refused = 0
    private(set) var stop: StopReason?

    /// How long an answer may wait for others to be committed with it.
    static let commitDelay: Duration = .milliseconds(10)
    /// Identities that get nothing usable from a server that never gave anything else.
    static let uselessMax = 20
    /// Tries to reach a server that nothing has ever been sent to.
    static let triesToReach = 4

    /// - Parameters:
    ///   - progress: what the run has done before.
    ///   - due: identities that are due already.
    ///   - isEnrolling: whether more may come, until `enrolmentEnded`.
    init(
        options: IssuingOptions,
        progress: RunProgress = RunProgress(),
        due: Int = 0,
        isEnrolling: Bool = false,
        refusalsSoFar: [FailureRecord]?,
        random: any RandomNumberGenerator & Sendable
    ) {
        self.options = options
        self.progress = progress
        self.due = due
        self.isEnrolling = isEnrolling
        self.random = random
        refusals = RefusalStreak(refusalsSoFar: refusalsSoFar)
    }

    /// Whether all is done: nothing in flight and nothing to commit, and no work left or none wanted.
    var isFinished: Bool {
        inFlight == 0 && results.isEmpty && !isCommitting && (stop != nil || (isExhausted && claimed == 0))
    }
}

// MARK: - Workers

extension IssuingState {
    /// Work for a worker that has none.
    mutating func nextJob() -> Next {
        if stop != nil || (isExhausted && claimed == 0) { return .done }
        // The first request goes alone: it shows whether there is a server that wants any.
        if !isReached, inFlight > 0 || !retries.isEmpty { return .wait }
        guard let job = ready.popFirst() else { return .wait }
        inFlight += 1
        return .job(job)
    }

    /// A worker gives back a job for which it has sent nothing.
    mutating func putBack(_ job: Job) {
        inFlight -= 1
        ready.append(job)
    }

    /// A request has come to its end.
    mutating func finished(_ job: Job, _ reply: IssueReply, elapsed: Duration, now: Timestamp) {
        inFlight -= 1
        if reply.wasSent {
            isReached = true
            progress.requests += 1
            if job.tries > 0 { progress.retries += 1 }
        }
        var job = job
        job.tries += 1
        if reply.wasSent { job.wasSent = true }
        switch reply.outcome {
        case .issued(let recovery):
            refusals.noteOther()
            progress.issued += 1
            end(job, .issued(invitation(recovery, reply, now)), elapsed)
        case .permanent(let failure):
            permanent(job, failure, reply, elapsed, now)
        case .transient(let failure, let isAmbiguous, _):
            transient(job, failure, isAmbiguous, reply, elapsed, now)
        case .again:
            again(job)
        case .fatal(let answer):
            fatal(job, answer, reply, elapsed, now)
        }
        checkFailures()
    }

    /// Too many failures say that something is wrong with all of them.
    private mutating func checkFailures() {
        guard let bound = options.maxFailures,
            bound.isExceeded(failed: progress.failed, issued: progress.issued)
        else { return }
        requestStop(.exceeded(bound, failed: progress.failed, issued: progress.issued))
    }

    /// Not the identity's fault, and none of its tries: others wait for nothing else, so it goes first.
    private mutating func again(_ job: Job) {
        var job = job
        job.tries -= 1
        ready.prepend(job)
    }

    private mutating func permanent(
        _ job: Job,
        _ failure: Failure,
        _ reply: IssueReply,
        _ elapsed: Duration,
        _ now: Timestamp
    ) {
        progress.failed += 1
        hasUsefulAnswer = true
        end(job, .failed(record(failure, isPermanent: true, reply, now)), elapsed)
        guard failure.kind == .rejectedByServer else { return refusals.noteOther() }
        refused += 1
        guard refusals.note(status: failure.httpStatus, id: failure.errorID, reason: failure.reason) else {
            return
        }
        requestStop(
            .fatal(
                FatalAnswer(
                    .sameRefusal,
                    "the first \(RefusalStreak.fatalCount) answers of this campaign are all the same refusal "
                        + "(\(failure.httpStatus.map(String.init) ?? "no status"): \(failure.reason)): "
                        + "the fault is not the identities'; no identity was marked as failed for it"
                )
            )
        )
    }

    private mutating func transient(
        _ job: Job,
        _ failure: Failure,
        _ isAmbiguous: Bool,
        _ reply: IssueReply,
        _ elapsed: Duration,
        _ now: Timestamp
    ) {
        if !isReached { return unreached(job, failure, elapsed) }
        if reply.wasAnswered { refusals.noteOther() }
        noteUseless(job, failure, reply)
        if failure.kind == .rateLimited { progress.rateLimitedAnswers += 1 }
        let record = record(failure, isPermanent: false, reply, now)
        if job.tries >= options.attemptsMax {
            progress.failed += 1
            end(job, .failed(record), elapsed, isAmbiguous: isAmbiguous)
        } else if stop != nil {
            end(job, .dueAgain(record), elapsed, isAmbiguous: isAmbiguous)
        } else {
            add(
                AttemptResult(claim: job.claim, outcome: .tryingAgain(record), isAmbiguous: isAmbiguous),
                elapsed
            )
            let delay = options.backoff.delay(afterFailures: job.tries, using: &random)
            retries.append((elapsed + delay, job))
        }
    }

    /// A server of which nobody got anything that can be used will not do better for the others: every further
    /// request might make a code that nobody has.
    private mutating func noteUseless(_ job: Job, _ failure: Failure, _ reply: IssueReply) {
        guard progress.issued == 0, !hasUsefulAnswer else { return }
        guard failure.kind == .unreadableAnswer || !reply.wasAnswered else {
            hasUsefulAnswer = true
            return
        }
        // Each identity once, whatever the number of its tries.
        if job.tries == 1 { useless += 1 }
        guard useless >= Self.uselessMax else { return }
        let advice =
            "check that --server names the server's admin API, and nothing stands between that alters answers"
        requestStop(
            .fatal(
                FatalAnswer(
                    .unreachable,
                    "the server gave none of \(useless) identities an answer that can be used (\(failure.reason)): "
                        + advice
                )
            )
        )
    }

    /// Nothing has ever been sent: not the identity's fault, and none of its tries.
    private mutating func unreached(_ job: Job, _ failure: Failure, _ elapsed: Duration) {
        failuresToReach += 1
        var job = job
        job.tries -= 1
        let delay = options.backoff.delay(afterFailures: failuresToReach, using: &random)
        retries.append((elapsed + delay, job))
        guard failuresToReach >= Self.triesToReach else { return }
        requestStop(
            .fatal(
                FatalAnswer(
                    .unreachable,
                    "the server cannot be reached (\(failure.reason)), after \(failuresToReach) tries: "
                        + "check that it runs and that --server names it"
                )
            )
        )
    }

    private mutating func fatal(
        _ job: Job,
        _ answer: FatalAnswer,
        _ reply: IssueReply,
        _ elapsed: Duration,
        _ now: Timestamp
    ) {
        if isReached, answer.code == .hostNotResolved {
            // It had an address before: the network's trouble, and not a wrong setting.
            let failure = Failure(kind: .connection, httpStatus: nil, errorID: nil, reason: answer.sentence)
            return transient(job, failure, false, reply, elapsed, now)
        }
        if reply.wasSent {
            end(job, .dueAgain(nil), elapsed)
        } else {
            ready.append(job)
        }
        requestStop(.fatal(answer))
    }

    private func invitation(_ recovery: Recovery, _ reply: IssueReply, _ now: Timestamp) -> IssuedInvitation {
        let reckoned = now.advanced(by: options.expiresIn)
        return IssuedInvitation(
            recoveryCode: recovery.code,
            recoveryLink: recovery.link,
            expiresAtText: recovery.expiresAtText ?? reckoned.rfc3339,
            expiresAt: recovery.expiresAt ?? reckoned,
            requestID: reply.requestID,
            issuedAt: now
        )
    }

    private func record(
        _ failure: Failure,
        isPermanent: Bool,
        _ reply: IssueReply,
        _ now: Timestamp
    ) -> FailureRecord {
        FailureRecord(
            kind: failure.kind.rawValue,
            isPermanent: isPermanent,
            httpStatus: failure.httpStatus,
            errorID: failure.errorID,
            reason: failure.reason,
            requestID: reply.requestID,
            at: now
        )
    }

    private mutating func end(
        _ job: Job,
        _ outcome: AttemptResult.Outcome,
        _ elapsed: Duration,
        isAmbiguous: Bool = false
    ) {
        endingResults += 1
        add(AttemptResult(claim: job.claim, outcome: outcome, isAmbiguous: isAmbiguous), elapsed)
    }

    private mutating func add(_ result: AttemptResult, _ elapsed: Duration) {
        if result.isAmbiguous { progress.ambiguousAttempts += 1 }
        if results.isEmpty { resultsSince = elapsed }
        results.append(result)
    }
}

// MARK: - Time

extension IssuingState {
    /// Time has passed: retries that are due become ready.
    mutating func tick(_ elapsed: Duration) {
        if let deadline = options.deadline, elapsed >= deadline { requestStop(.maxDuration) }
        guard !retries.isEmpty else { return }
        for retry in retries where retry.due <= elapsed { ready.append(retry.job) }
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

// MARK: - The ledger

extension IssuingState {
    /// The next transaction, when there is reason for one now.
    mutating func nextCommit(_ elapsed: Duration) -> Commit? {
        guard !isCommitting else { return nil }
        let claiming = stop == nil && !isExhausted && starvedAt != enrolments ? claimable : 0
        guard mustCommit(elapsed, claiming) else { return nil }
        isCommitting = true
        defer {
            results = []
            endingResults = 0
        }
        return Commit(
            results: results,
            enrolments: enrolments,
            claiming: claiming,
            progress: progress,
            ending: endingResults
        )
    }

    /// How many more may be claimed by the next commit, which ends some claims.
    private var claimable: Int {
        let room = options.claimedMax - (claimed - endingResults)
        return max(0, min(room, (options.maxIdentities ?? .max) - claimedTotal))
    }

    private func mustCommit(_ elapsed: Duration, _ claiming: Int) -> Bool {
        if results.isEmpty {
            // The first claims; later ones come along with results.
            return claiming > 0 && ready.isEmpty && claimed < options.concurrency
        }
        if hasLedgerFailed { return inFlight == 0 }
        return results.count >= options.concurrency || stop != nil || (ready.isEmpty && inFlight == 0)
            || elapsed - resultsSince >= Self.commitDelay
    }

    /// A commit has succeeded, with these new claims.
    mutating func committed(_ commit: Commit, _ claims: [Claim]) {
        isCommitting = false
        claimed += claims.count - commit.ending
        claimedTotal += claims.count
        ready.append(contentsOf: claims.map { Job(claim: $0) })
        if options.maxIdentities == claimedTotal { isExhausted = true }
        guard claims.count < commit.claiming else { return }
        // What was enrolled since the commit was made has not been looked for by it.
        if commit.enrolments == enrolments, !isEnrolling {
            isExhausted = true
        } else {
            starvedAt = commit.enrolments
        }
    }

    /// A commit has failed: nothing of it is in the ledger.
    ///
    /// It is tried once more when nothing is in flight any more.
    mutating func commitFailed(_ commit: Commit, _ sentence: String) {
        isCommitting = false
        requestStop(.ledger(sentence))
        if hasLedgerFailed {
            unrecorded += commit.results.count + results.count
            for result in commit.results + results { unrecordedClaims.insert(result.claim.sequence) }
            results = []
            endingResults = 0
        } else {
            hasLedgerFailed = true
            results = commit.results + results
            endingResults += commit.ending
        }
    }

    /// What is claimed and not under way: to be given back when the run is over.
    ///
    /// What was asked for in this run is in doubt no more; what is not recorded of it stays claimed.
    var unsent: [Claim] {
        (ready + retries.map(\.job)).filter { !unrecordedClaims.contains($0.claim.sequence) }.map { job in
            let isInDoubt = job.claim.wasInDoubt && !job.wasSent
            return Claim(
                sequence: job.claim.sequence,
                identityID: job.claim.identityID,
                wasInDoubt: isInDoubt
            )
        }
    }

    /// Whether the run ended because as many as wanted are done, and more may be due.
    var reachedMaxIdentities: Bool { options.maxIdentities == claimedTotal }
}
