// From the end of a request to what becomes of its identity.

import DequeModule
import IdentityAPI
import Ledger
import Pacing
import Vocabulary

extension IssuingState {
    /// A request has come to its end.
    ///
    /// - Parameter secret: what is kept of the code and the link that were issued; nothing else of them is.
    mutating func finished(
        _ job: Job,
        _ reply: IssueReply,
        _ secret: InvitationSecret?,
        elapsed: Duration,
        now: Timestamp
    ) {
        inFlight -= 1
        if reply.wasSent {
            contact.noteReached()
            progress.requests += 1
            if job.work.requests > 0 { progress.retries += 1 }
        }
        switch reply.outcome {
        case .issued(let recovery):
            guard let secret else {
                // It could not be kept: the server has a code that nobody will have.
                let reason = "the code could not be encrypted"
                let failure = Failure(kind: .unreadableAnswer, httpStatus: nil, errorID: nil, reason: reason)
                transient(job, failure, isAmbiguous: true, holdFor: nil, reply, elapsed, now)
                break
            }
            ended(job, .good, reply, elapsed)
            contact.noteUseful()
            refusals.noteOther()
            progress.issued += 1
            end(job.work, .issued(invitation(recovery, secret, reply, now)), elapsed)
            concludeLastTries(before: job.ticket.startedAt, elapsed)
        case .permanent(let failure):
            ended(job, .good, reply, elapsed)
            permanent(job.work, failure, reply, elapsed, now)
            concludeLastTries(before: job.ticket.startedAt, elapsed)
        case .transient(let failure, let isAmbiguous, let holdFor):
            if failure.kind == .rateLimited {
                contact.noteUseful()
                progress.rateLimitedAnswers += 1
            }
            transient(job, failure, isAmbiguous: isAmbiguous, holdFor: holdFor, reply, elapsed, now)
        case .again(let failure) where !reply.wasAnswered:
            unprocessed(job, failure, reply, elapsed, now)
        case .again:
            // Others wait for nothing else, so it goes first.
            ended(job, .nothing, reply, elapsed)
            again.prepend(job.work)
        case .fatal(let answer)
        where contact.isReached && [.hostNotResolved, .proxyNotResolved].contains(answer.code):
            // It had an address before: the network's trouble, and not a wrong setting.
            let failure = Failure(
                kind: .connection,
                httpStatus: nil,
                errorID: nil,
                reason: "\(answer.message)"
            )
            transient(job, failure, isAmbiguous: false, holdFor: nil, reply, elapsed, now)
        case .fatal(let answer):
            ended(job, .nothing, reply, elapsed)
            if reply.wasSent { end(job.work, .dueAgain(nil), elapsed) } else { again.append(job.work) }
            requestStop(.fatal(answer))
        }
        checkFailures()
    }

    @discardableResult
    private mutating func ended(
        _ job: Job,
        _ ending: Admission.Ending,
        _ reply: IssueReply,
        holdFor: Duration? = nil,
        _ elapsed: Duration
    ) -> Duration? {
        if ending == .good { evidence.noteGood() }
        return admission.ended(
            job.ticket,
            ending,
            wasSent: reply.wasSent,
            announced: reply.limits,
            holdFor: holdFor,
            at: elapsed,
            using: &random
        )
    }

    /// Too many failures say that something is wrong with all of them.
    private mutating func checkFailures() {
        guard let bound = options.maxFailures,
            bound.isExceeded(failed: progress.failed, issued: progress.issued)
        else { return }
        requestStop(.exceeded(bound, failed: progress.failed, issued: progress.issued))
    }
}

// MARK: - Permanent failures

extension IssuingState {
    private mutating func permanent(
        _ work: Work,
        _ failure: Failure,
        _ reply: IssueReply,
        _ elapsed: Duration,
        _ now: Timestamp
    ) {
        contact.noteUseful()
        progress.failed += 1
        end(work, .failed(record(failure, isPermanent: true, reply, now)), elapsed)
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
}

// MARK: - Failures that may pass

extension IssuingState {
    /// Whose a failure is.
    private enum Blame {
        /// Its identity's: one of the tries is used up, unless it turns out that an outage begins.
        case identity
        /// Not its identity's: an outage's, or the rate's.
        case server
    }

    /// Tells the admission of a failure, and returns whose it is, and until when its identity waits, where others do not.
    private mutating func blame(
        _ job: Job,
        _ work: inout Work,
        _ failure: Failure,
        _ reply: IssueReply,
        _ holdFor: Duration?,
        _ elapsed: Duration
    ) -> (Blame, waitsUntil: Duration?) {
        guard failure.kind != .rateLimited else {
            return (.server, ended(job, .refusal, reply, holdFor: holdFor, elapsed))
        }
        guard contact.isReached else {
            return (.server, ended(job, .nothing, reply, elapsed))
        }
        let isFirst = work.goodsAtFailure == nil
        let counts = evidence.note(&work, failure, reply, hasOthers: hasOthers)
        if let answer = contact.failed(failure, wasAnswered: reply.wasAnswered, isFirst: isFirst) {
            requestStop(.fatal(answer))
        }
        let wasOutage = admission.isOutage
        let wasUnderWay = admission.wasOutage(during: job.ticket)
        // Without any useful answer it is no outage: what stands there is no server that could come back.
        let isAgainstServer = counts && contact.hasUsefulAnswer
        let ending: Admission.Ending = isAgainstServer ? .failure : .failureOfItsOwn
        let waitsUntil = ended(job, ending, reply, holdFor: holdFor, elapsed)
        if admission.isOutage, !wasOutage { excuseOnset(elapsed) }
        if admission.isOutage || wasUnderWay || job.ticket.isProbe { return (.server, waitsUntil) }
        return (.identity, waitsUntil)
    }

    private mutating func transient(
        _ job: Job,
        _ failure: Failure,
        isAmbiguous: Bool,
        holdFor: Duration?,
        _ reply: IssueReply,
        _ elapsed: Duration,
        _ now: Timestamp
    ) {
        var work = job.work
        if reply.wasSent { work.requests += 1 }
        let (blame, waitsUntil) = blame(job, &work, failure, reply, holdFor, elapsed)
        if !contact.isReached { return unreached(work, failure, elapsed) }
        if reply.wasAnswered { refusals.noteOther() }
        let record = record(failure, isPermanent: false, reply, now)
        var result = AttemptResult(claim: work.claim, outcome: .tryingAgain(record), isAmbiguous: isAmbiguous)
        if blame == .server { work.failedAt = nil } else { work.tries += 1 }
        let isLast = blame == .identity && work.tries >= options.attemptsMax
        if stop != nil {
            result.outcome = .dueAgain(record)
            return end(result, elapsed)
        } else if isLast {
            lastTries.append(
                LastTry(
                    work: work,
                    failure: record,
                    isAmbiguous: isAmbiguous,
                    wasSent: reply.wasSent,
                    at: elapsed
                )
            )
            return
        }
        add(result, elapsed)
        switch blame {
        // The server asked this one to wait, and nobody else.
        case .server where waitsUntil != nil: retries.append((waitsUntil ?? elapsed, work))
        // Others may be let pass, and none waits for longer than the rest of the claims.
        case .server where failure.kind == .rateLimited: fresh.append(work)
        case .server: again.append(work)
        case .identity:
            work.isRetry = true
            let delay = options.backoff.delay(afterFailures: work.tries, using: &random)
            retries.append((max(elapsed + delay, waitsUntil ?? elapsed), work))
        }
    }

    /// The server left the request unread: it goes again at once, as it is neither the identity's fault nor a sign of
    /// an outage.
    ///
    /// A server that does nothing else is out of order: then the failure counts like any other.
    private mutating func unprocessed(
        _ job: Job,
        _ failure: Failure,
        _ reply: IssueReply,
        _ elapsed: Duration,
        _ now: Timestamp
    ) {
        var job = job
        job.work.resends += 1
        // As it was paid for already.
        job.work.isRetry = false
        guard job.work.resends > Work.resendsMax else {
            ended(job, .nothing, reply, elapsed)
            again.prepend(job.work)
            return
        }
        job.work.resends = 0
        transient(job, failure, isAmbiguous: false, holdFor: nil, reply, elapsed, now)
    }

    /// Nothing has ever been sent: not the identity's fault, and none of its tries.
    private mutating func unreached(_ work: Work, _ failure: Failure, _ elapsed: Duration) {
        if let answer = contact.failedToReach(failure) { requestStop(.fatal(answer)) }
        let delay = options.backoff.delay(afterFailures: contact.failuresToReach, using: &random)
        retries.append((elapsed + delay, work))
    }

    /// An outage has been noticed: the failures that showed it use up nobody's tries.
    private mutating func excuseOnset(_ elapsed: Duration) {
        for index in retries.indices where evidence.isOnset(retries[index].work) {
            retries[index].work.excuse()
        }
        for index in again.indices where evidence.isOnset(again[index]) { again[index].excuse() }
        for last in lastTries {
            var work = last.work
            work.excuse()
            again.append(work)
            let outcome = AttemptResult.Outcome.tryingAgain(last.failure)
            add(AttemptResult(claim: work.claim, outcome: outcome, isAmbiguous: last.isAmbiguous), elapsed)
        }
        lastTries = []
    }

    /// All that is claimed has failed for the last time, one after the other, and more would follow: an outage.
    mutating func suspectOutage(_ elapsed: Duration) {
        admission.noteOutage(at: elapsed, using: &random)
        excuseOnset(elapsed)
    }

    /// No outage had begun by then: those who had failed for the last time did so by themselves.
    ///
    /// - Parameter start: when a request went out that was answered well; nil for all.
    mutating func concludeLastTries(before start: Duration? = nil, _ elapsed: Duration) {
        guard !lastTries.isEmpty else { return }
        let concluded = lastTries.filter { $0.at <= start ?? elapsed }
        lastTries.removeAll { $0.at <= start ?? elapsed }
        for last in concluded {
            let result = AttemptResult(
                claim: last.work.claim,
                outcome: .failed(last.failure),
                isAmbiguous: last.isAmbiguous
            )
            fail(result, last.failure, elapsed)
        }
        checkFailures()
    }

    /// The run stops before it is known whether an outage has begun.
    mutating func giveUpLastTries(_ elapsed: Duration) {
        for last in lastTries {
            end(
                AttemptResult(
                    claim: last.work.claim,
                    outcome: .dueAgain(last.failure),
                    isAmbiguous: last.isAmbiguous
                ),
                elapsed
            )
        }
        lastTries = []
    }

    private mutating func fail(_ result: AttemptResult, _ failure: FailureRecord, _ elapsed: Duration) {
        var result = result
        result.outcome = .failed(failure)
        progress.failed += 1
        end(result, elapsed)
    }
}

// MARK: - Records

extension IssuingState {
    private func invitation(
        _ recovery: Recovery,
        _ secret: InvitationSecret,
        _ reply: IssueReply,
        _ now: Timestamp
    ) -> IssuedInvitation {
        let reckoned = now.advanced(by: options.expiresIn)
        return IssuedInvitation(
            secret: secret,
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

    /// The identity's claim ends with this result.
    private mutating func end(_ result: AttemptResult, _ elapsed: Duration) {
        endingResults += 1
        add(result, elapsed)
    }

    private mutating func end(_ work: Work, _ outcome: AttemptResult.Outcome, _ elapsed: Duration) {
        end(AttemptResult(claim: work.claim, outcome: outcome, isAmbiguous: false), elapsed)
    }

    private mutating func add(_ result: AttemptResult, _ elapsed: Duration) {
        if result.isAmbiguous { progress.ambiguousAttempts += 1 }
        if results.isEmpty { resultsSince = elapsed }
        results.append(result)
    }
}
