// From the end of a request to what becomes of its identities.

import DequeModule
import Ledger
import Pacing
import Model

extension StageMachine {
    /// A request has come to its end.
    ///
    /// - Parameter now: the time of day, for records.
    mutating func finished(
        _ job: StageJob,
        _ attempt: Attempt<Value>,
        at elapsed: Duration,
        now: Timestamp
    ) -> Actions {
        let end = AttemptEnd(
            job: job,
            contact: attempt.contact,
            requestID: attempt.requestID,
            limits: attempt.limits,
            elapsed: elapsed,
            now: now
        )
        inFlight -= 1
        if end.wasSent {
            connection.noteReached()
            progress.requests += 1
            if job.work.requests > 0 { progress.retries += 1 }
        }
        take(attempt.outcome, end)
        checkFailures()
        return actions(elapsed)
    }

    private mutating func take(_ outcome: Outcome<Value>, _ end: AttemptEnd) {
        switch outcome {
        case .done(let value): done(value, end)
        case .failed(let failure): failed(failure, end)
        case .retry(let failure, let mayBeDone, let holdFor):
            if failure.kind == .rateLimited {
                connection.noteUseful()
                progress.rateLimitedAnswers += 1
            }
            transient(failure, isAmbiguous: mayBeDone && traits.repeated == .adds, holdFor: holdFor, end)
        case .unread(let failure): unread(failure, end)
        case .again:
            // Others wait for nothing else, so it goes first.
            tell(.nothing, end)
            pool.resend(end.job.work)
        case .tooLong(let answer): tooLong(answer, end)
        case .stop(.fatal(let answer))
        where connection.isReached && [.hostNotResolved, .proxyNotResolved].contains(answer.code):
            // It had an address before: the network's trouble, and not a wrong setting.
            let reason = "\(answer.message)"
            let failure = Failure(kind: .connection, httpStatus: nil, errorID: nil, reason: reason)
            transient(failure, isAmbiguous: false, holdFor: nil, end)
        case .stop(let reason):
            tell(.nothing, end)
            if end.wasSent {
                conclude(end.job.work, .dueAgain(nil), end)
            } else {
                pool.retryNow(end.job.work)
            }
            stop(because: reason)
        }
    }

    /// Tells the admission how a request ended; returns until when its identity waits, where others do not.
    @discardableResult
    private mutating func tell(
        _ ending: Admission.Ending,
        _ end: AttemptEnd,
        holdFor: Duration? = nil
    ) -> Duration? {
        if ending == .good { outage.noteGood() }
        return admission.ended(
            end.job.ticket,
            ending,
            wasSent: end.wasSent,
            announced: end.limits,
            holdFor: holdFor,
            at: end.elapsed,
            using: &random
        )
    }

    /// Too many failures say that something is wrong with all of them.
    private mutating func checkFailures() {
        guard let bound = options.maxFailures,
            bound.isExceeded(failed: progress.failed, issued: progress.issued)
        else { return }
        stop(because: .exceeded(bound, failed: progress.failed, issued: progress.issued))
    }
}

// MARK: - Good answers

extension StageMachine {
    private mutating func done(_ value: Value, _ end: AttemptEnd) {
        tell(.good, end)
        connection.noteUseful()
        refusals.noteOther()
        progress.issued += end.job.work.claims.count
        conclude(end.job.work, .done(value), end)
        concludeLastTries(before: end.job.ticket.startedAt, end.elapsed)
    }

    /// The server works, and will never do it for this identity.
    private mutating func failed(_ failure: Failure, _ end: AttemptEnd) {
        tell(.good, end)
        connection.noteUseful()
        progress.failed += end.job.work.claims.count
        conclude(end.job.work, .failed(end.record(failure, isPermanent: true)), end)
        if failure.kind == .rejectedByServer { refused(failure) } else { refusals.noteOther() }
        concludeLastTries(before: end.job.ticket.startedAt, end.elapsed)
    }

    private mutating func refused(_ failure: Failure) {
        guard refusals.note(status: failure.httpStatus, id: failure.errorID, reason: failure.reason) else {
            return
        }
        stop(
            because: .fatal(
                FatalAnswer(
                    .sameRefusal,
                    "the first \(UniformRefusalDetector.fatalCount) answers of this campaign are all the "
                        + "same refusal (\(failure.httpStatus.map(String.init) ?? "no status"): "
                        + "\(failure.reason)): the fault is not the identities'; no identity was marked as "
                        + "failed for it"
                )
            )
        )
    }

    /// Something on the way takes no request or no answer as long: from now on they are shorter.
    private mutating func tooLong(_ answer: FatalAnswer, _ end: AttemptEnd) {
        tell(.nothing, end)
        let work = end.job.work
        pool.putBack(work)
        guard work.claims.count > 1 else { return stop(because: .fatal(answer)) }
        batchSize = min(batchSize, max(1, work.claims.count / 2))
    }
}

// MARK: - Failures that may pass

extension StageMachine {
    /// Whose a failure is.
    private enum Fault {
        /// Its identity's: one of the tries is used up, unless it turns out that an outage begins.
        case identity
        /// Not its identity's: an outage's, or the rate's.
        case server
    }

    /// Tells the admission of a failure, and returns whose it is, and until when its identity waits, where
    /// others do not.
    private mutating func fault(
        of failure: Failure,
        _ work: inout StageWork,
        holdFor: Duration?,
        _ end: AttemptEnd
    ) -> (Fault, waitsUntil: Duration?) {
        guard failure.kind != .rateLimited else {
            return (.server, tell(.refusal, end, holdFor: holdFor))
        }
        guard connection.isReached else {
            return (.server, tell(.nothing, end))
        }
        let isFirst = work.failures.isEmpty
        let counts = outage.note(&work.failures, failure, end.contact, hasOthers: claims.hasOthers)
        if let answer = connection.failed(
            failure,
            end.contact,
            isFirst: isFirst,
            useless: traits.useless
        ) {
            stop(because: .fatal(answer))
        }
        let wasOutage = admission.isOutage
        let wasUnderWay = admission.wasOutage(during: end.job.ticket)
        // Without any useful answer it is no outage: what stands there is no server that could come back.
        let isAgainstServer = counts && connection.hasUsefulAnswer
        let ending: Admission.Ending = isAgainstServer ? .failure : .failureOfItsOwn
        let waitsUntil = tell(ending, end, holdFor: holdFor)
        if admission.isOutage, !wasOutage { refundOnset(end.elapsed) }
        let isServers = admission.isOutage || wasUnderWay || end.job.ticket.isProbe
        return (isServers ? .server : .identity, waitsUntil)
    }

    private mutating func transient(
        _ failure: Failure,
        isAmbiguous: Bool,
        holdFor: Duration?,
        _ end: AttemptEnd
    ) {
        var work = end.job.work
        if end.wasSent { work.requests += 1 }
        let (fault, waitsUntil) = fault(of: failure, &work, holdFor: holdFor, end)
        if !connection.isReached { return unreached(work, failure, end.elapsed) }
        work.attempts += 1
        if end.wasAnswered { refusals.noteOther() }
        let record = end.record(failure, isPermanent: false)
        if fault == .server { work.failures.forgetLatest() } else { work.tries += 1 }
        if stop != nil {
            return conclude(work, .dueAgain(record), isAmbiguous: isAmbiguous, end)
        } else if fault == .identity, work.tries >= options.attemptsMax {
            return lastTries.add(
                LastTry(
                    work: work,
                    failure: record,
                    isAmbiguous: isAmbiguous,
                    wasSent: end.wasSent,
                    at: end.elapsed
                )
            )
        }
        add(
            StageResult(
                claims: work.claims,
                outcome: .tryingAgain(record),
                isAmbiguous: isAmbiguous,
                requestID: end.requestID
            ),
            end.elapsed
        )
        switch fault {
        // The server asked this one to wait, and nobody else.
        case .server where waitsUntil != nil: pool.retry(work, at: waitsUntil ?? end.elapsed)
        // Others may be let pass, and none waits for longer than the rest of the claims.
        case .server where failure.kind == .rateLimited: pool.requeue(work)
        case .server: pool.retryNow(work)
        case .identity:
            work.isRetry = true
            let delay = options.backoff.delay(afterFailures: work.tries, using: &random)
            pool.retry(work, at: max(end.elapsed + delay, waitsUntil ?? end.elapsed))
        }
    }

    /// The server left the request unread: it goes again at once, as it is neither the identity's fault nor a
    /// sign of an outage.
    ///
    /// A server that does nothing else is out of order: then the failure counts like any other.
    private mutating func unread(_ failure: Failure, _ end: AttemptEnd) {
        var work = end.job.work
        work.resends += 1
        // As it was paid for already.
        work.isRetry = false
        guard work.resends > StageWork.resendsMax else {
            tell(.nothing, end)
            return pool.resend(work)
        }
        work.resends = 0
        transient(failure, isAmbiguous: false, holdFor: nil, end.of(work))
    }

    /// Nothing has ever been sent: not the identity's fault, and none of its tries.
    private mutating func unreached(_ work: StageWork, _ failure: Failure, _ elapsed: Duration) {
        if let answer = connection.failedToReach(failure, traits) { stop(because: .fatal(answer)) }
        let delay = options.backoff.delay(afterFailures: connection.failuresToReach, using: &random)
        pool.retry(work, at: elapsed + delay)
    }
}

// MARK: - Last tries

extension StageMachine {
    /// An outage has been noticed: the failures that showed it use up nobody's tries.
    private mutating func refundOnset(_ elapsed: Duration) {
        pool.refund { [outage] in outage.isOnset($0) }
        for last in lastTries.takeAll() {
            var work = last.work
            work.refundAttempt()
            pool.retryNow(work)
            add(last.result(.tryingAgain(last.failure)), elapsed)
        }
    }

    /// All that is claimed has failed for the last time, one after the other, and more would follow: an
    /// outage.
    mutating func suspectOutage(_ elapsed: Duration) {
        admission.noteOutage(at: elapsed, using: &random)
        refundOnset(elapsed)
    }

    /// No outage had begun by then: those who had failed for the last time did so by themselves.
    ///
    /// - Parameter start: when a request went out that was answered well; nil for all.
    mutating func concludeLastTries(before start: Duration? = nil, _ elapsed: Duration) {
        guard !lastTries.isEmpty else { return }
        for last in lastTries.take(failedBy: start ?? elapsed) {
            switch traits.usedUp {
            case .failsIdentity:
                progress.failed += last.work.claims.count
                end(last.result(.failed(last.failure)), elapsed)
            case .stopsRun:
                end(last.result(.dueAgain(last.failure)), elapsed)
                let sentence = traits.unreachable(last.failure.reason, last.work.tries)
                stop(because: .fatal(FatalAnswer(.unreachable, sentence)))
            }
        }
        checkFailures()
    }

    /// The run stops before it is known whether an outage has begun.
    mutating func giveUpLastTries(_ elapsed: Duration) {
        for last in lastTries.takeAll() { end(last.result(.dueAgain(last.failure)), elapsed) }
    }
}

// MARK: - Results

extension StageMachine {
    private mutating func conclude(
        _ work: StageWork,
        _ outcome: StageResult<Value>.Outcome,
        isAmbiguous: Bool = false,
        _ end: AttemptEnd
    ) {
        self.end(
            StageResult(
                claims: work.claims,
                outcome: outcome,
                isAmbiguous: isAmbiguous,
                requestID: end.requestID
            ),
            end.elapsed
        )
    }

    /// The claims end with this result.
    private mutating func end(_ result: StageResult<Value>, _ elapsed: Duration) {
        count(result)
        claims.end(result, at: elapsed)
    }

    /// The claims stay claimed.
    private mutating func add(_ result: StageResult<Value>, _ elapsed: Duration) {
        count(result)
        claims.add(result, at: elapsed)
    }

    private mutating func count(_ result: StageResult<Value>) {
        if result.isAmbiguous { progress.ambiguousAttempts += result.claims.count }
    }
}

extension LastTry {
    fileprivate func result<Value>(_ outcome: StageResult<Value>.Outcome) -> StageResult<Value> {
        StageResult(
            claims: work.claims,
            outcome: outcome,
            isAmbiguous: isAmbiguous,
            requestID: failure.requestID
        )
    }
}

extension AttemptEnd {
    /// The same, of work that is known better now.
    fileprivate func of(_ work: StageWork) -> AttemptEnd {
        AttemptEnd(
            job: StageJob(work: work, ticket: job.ticket),
            contact: contact,
            requestID: requestID,
            limits: limits,
            elapsed: elapsed,
            now: now
        )
    }
}
