// The stage machine by hand: events and times in, decisions out.

import Providers
import Ledger
import Pacing
import TestSupport
import Testing
import Model

@testable import Campaign
@testable import Work

@Suite struct StageMachineTests {
    /// A run in which a request has gone out already: one issued and recorded, the claims at their most.
    private func reached(_ options: StageOptions = .forTests(), due: Int = 1000) -> StateDriver {
        let driver = StateDriver(options, due: due)
        driver.commit()
        if let job = driver.job() { driver.finish(job, .issued()) }
        driver.pass(IssueMachine.commitDelay)
        driver.commit()
        return driver
    }

    // MARK: - Claims

    @Test func nothingIsDoneBeforeTheFirstClaims() throws {
        let driver = StateDriver(due: 100)
        #expect(driver.job() == nil)
        #expect(!driver.isDone)
        let commit = try #require(driver.commit())
        #expect(commit.results.isEmpty)
        #expect(commit.claiming == 16)
        #expect(driver.state.claims.open == 16)
        #expect(driver.commit() == nil, "no more are claimed while there is work")
    }

    @Test func withNothingDueItIsOverAtOnce() {
        let driver = StateDriver(due: 0)
        driver.commit()
        #expect(driver.isDone)
        #expect(driver.state.isFinished)
        #expect(driver.state.stop == nil)
    }

    @Test func theLastClaimsAreNoticedAsSuch() throws {
        let driver = StateDriver(due: 1)
        driver.commit()
        let job = try #require(driver.job())
        #expect(!driver.isDone)
        driver.finish(job, .issued())
        #expect(!driver.state.isFinished)
        driver.commit()
        #expect(driver.isDone && driver.state.isFinished)
    }

    @Test func claimsComeWithTheCommitThatEndsOthers() throws {
        let driver = reached()
        for _ in 0..<8 { driver.finish(try #require(driver.job()), .issued()) }
        let commit = try #require(driver.commit())
        #expect(commit.ending == 8)
        #expect(commit.claiming == 8)
        #expect(driver.claimed.count == 16)
    }

    /// Of those that wait to be tried again none ends, so none can be claimed for them.
    @Test func whatIsTriedAgainStaysClaimed() throws {
        let driver = reached(.forTests(concurrency: 2))
        for _ in 0..<8 { driver.finish(try #require(driver.job()), .serverError) }
        let commit = try #require(driver.commit())
        #expect(commit.results.count == 8)
        #expect(commit.ending == 0)
        #expect(commit.claiming == 0)
        #expect(driver.job() == nil)
        #expect(driver.claimed.count == 8)
    }

    @Test func noMoreThanAskedForAreClaimed() throws {
        let driver = StateDriver(.forTests(maxIdentities: 18), due: 1000)
        #expect(driver.commit()?.claiming == 16)
        #expect(!driver.state.claims.hasReachedMax)
        var issued = 0
        while !driver.isDone {
            while let job = driver.job() {
                driver.finish(job, .issued())
                issued += 1
            }
            driver.pass(IssueMachine.commitDelay)
            driver.commit()
            try #require(issued <= 18)
        }
        #expect(issued == 18)
        #expect(driver.given.count == 18)
        #expect(driver.state.isFinished && driver.state.stop == nil)
        #expect(driver.state.claims.hasReachedMax)
    }

    // MARK: - The first request

    @Test func theFirstRequestGoesAlone() throws {
        let driver = StateDriver(due: 100)
        driver.commit()
        let first = try #require(driver.job())
        #expect(driver.job() == nil)
        driver.finish(first, .serverError)
        #expect(driver.job() != nil)
        #expect(driver.job() != nil, "it went out, whatever its answer")
    }

    @Test func afterARequestThatDidNotGoOutTheNextIsDelayedAndGoesAloneToo() throws {
        let driver = StateDriver(due: 100)
        driver.commit()
        driver.finish(try #require(driver.job()), .unreached)
        #expect(driver.job() == nil, "all wait for the retry, so that the tries are spread over time")
        driver.pass(.seconds(60))
        #expect(driver.job() != nil)
        #expect(driver.job() == nil)
    }

    @Test func aServerThatCannotBeReachedStopsTheRunAndFailsNobody() throws {
        let driver = StateDriver(due: 100)
        driver.commit()
        for count in 1...4 {
            #expect(driver.state.stop == nil)
            driver.finish(try #require(driver.job()), .unreached)
            #expect(driver.commit() == nil, "nothing to record after \(count)")
            driver.pass(.seconds(40))
        }
        guard case .fatal(let answer) = driver.state.stop else {
            Issue.record("it goes on")
            return
        }
        #expect(answer.code == .unreachable)
        #expect(answer.description.contains("refused"))
        #expect(answer.wording.pieces.contains(.setting(.server, value: nil)))
        #expect(driver.isDone && driver.state.isFinished)
        #expect(driver.state.progress.requests == 0 && driver.state.progress.failed == 0)
        #expect(Set(driver.state.unsent.map(\.sequence)) == driver.claimed)
        #expect(driver.state.unsent.count == 16)
    }

    // MARK: - Outcomes

    @Test func anIssuedCodeIsRecordedAsItCame() throws {
        let driver = StateDriver(due: 1)
        driver.commit()
        driver.finish(try #require(driver.job()), .issued("007", expiresAt: "2026-11-22T00:00:00.5Z"))
        driver.commit()
        guard case .issued(let invitation) = driver.ended[1] else {
            Issue.record("it was not issued")
            return
        }
        #expect(invitation.recoveryCode == "007")
        #expect(invitation.recoveryLink == "/r?flow=1")
        #expect(invitation.requestID == "request")
        #expect(invitation.issuedAt == ManualClock.start)
        #expect(invitation.expiresAtText == "2026-11-22T00:00:00.5Z")
        #expect(invitation.expiresAt == Timestamp(rfc3339: "2026-11-22T00:00:00.5Z"))
        #expect(driver.state.progress.issued == 1 && driver.state.progress.requests == 1)
    }

    @Test(arguments: [nil, "soon"]) func anExpiryThatCannotBeReadIsReckoned(_ text: String?) throws {
        let driver = StateDriver(due: 1)
        driver.commit()
        driver.elapsed = .seconds(5)
        driver.finish(try #require(driver.job()), .issued(expiresAt: text))
        driver.commit()
        guard case .issued(let invitation) = driver.ended[1] else {
            Issue.record("it was not issued")
            return
        }
        let reckoned = ManualClock.start.advanced(by: .seconds(3605))
        #expect(invitation.expiresAt == reckoned)
        #expect(invitation.expiresAtText == text ?? reckoned.rfc3339)
    }

    @Test func triesAreUsedUpAndCounted() throws {
        let driver = reached(.forTests(attemptsMax: 3))
        let first = try #require(driver.job())
        let sequence = first.claim.sequence
        var job = first
        for attempt in 1...3 {
            #expect(job.work.tries == attempt - 1)
            driver.finish(job, attempt == 2 ? .lost : .serverError)
            guard attempt < 3 else { break }
            #expect(driver.state.unsent.contains { $0.sequence == sequence })
            driver.pass(.seconds(31))
            var next = driver.job()
            while let other = next, other.claim.sequence != sequence {
                driver.finish(other, .issued())
                next = driver.job()
            }
            job = try #require(next)
        }
        // Somebody else's good answer shows that it failed by itself.
        driver.finish(try #require(driver.job()), .issued())
        driver.pass(IssueMachine.commitDelay)
        driver.commit()
        guard case .failed(let failure) = driver.ended[sequence] else {
            Issue.record("its tries are not used up")
            return
        }
        #expect(failure.kind == "server_error" && !failure.isPermanent)
        let progress = driver.state.progress
        #expect(progress.failed == 1 && progress.retries == 2 && progress.ambiguousAttempts == 1)
        #expect(progress.requests == progress.issued + 3)
    }

    @Test func aRetryIsDueWhenItsTimeHasCome() throws {
        let backoff = Backoff(base: .milliseconds(100), ceiling: .milliseconds(100))
        let driver = StateDriver(.forTests(backoff: backoff), due: 1)
        driver.commit()
        driver.finish(try #require(driver.job()), .serverError)
        driver.commit()
        #expect(driver.job() == nil, "not before time has passed")
        driver.pass(.milliseconds(100))
        #expect(driver.job()?.claim.sequence == 1, "the wait is the backoff's, at most")
    }

    /// A refusal that stands alone keeps its own identity back, for as long as it says.
    @Test(arguments: [IssueReply.rateLimited(holdFor: .seconds(60)), .unavailable(holdFor: .seconds(60))])
    func aLoneRefusalKeepsNobodyElseBack(_ refusal: IssueReply) throws {
        let driver = reached()
        let refused = try #require(driver.job())
        driver.finish(refused, refusal)
        for _ in 0..<20 {
            let job = try #require(driver.job())
            #expect(job.claim.sequence != refused.claim.sequence)
            driver.finish(job, .issued())
            driver.commit()
        }
        driver.pass(.milliseconds(59_999))
        #expect(try #require(driver.job()).claim.sequence != refused.claim.sequence)
        driver.pass(.milliseconds(1))
        #expect(driver.job()?.claim.sequence == refused.claim.sequence)
        #expect(driver.state.progress.failed == 0)
    }

    @Test func refusalsForTheRateAreCounted() throws {
        let driver = reached()
        let jobs = [try #require(driver.job()), try #require(driver.job())]
        driver.finish(jobs[0], .rateLimited(holdFor: .seconds(3)))
        driver.finish(jobs[1], .serverError)
        #expect(driver.state.progress.rateLimitedAnswers == 1)
    }

    // MARK: - Stopping

    @Test func aFatalAnswerFailsNobody() throws {
        let driver = reached()
        let jobs = [driver.job(), driver.job(), driver.job()].compactMap(\.self)
        driver.finish(jobs[0], .fatal(.credentialRefused))
        guard case .fatal(let answer) = driver.state.stop else {
            Issue.record("it goes on")
            return
        }
        #expect(answer.code == .credentialRefused)
        #expect(driver.isDone)
        #expect(!driver.state.isFinished, "two are in flight")
        driver.finish(jobs[1], .issued())
        driver.finish(jobs[2], .serverError)
        while driver.commit() != nil {}
        #expect(driver.state.isFinished)
        if case .dueAgain(nil) = driver.ended[jobs[0].claim.sequence] {} else { Issue.record("due again") }
        if case .issued = driver.ended[jobs[1].claim.sequence] {} else { Issue.record("issued") }
        if case .dueAgain(.some) = driver.ended[jobs[2].claim.sequence] {} else { Issue.record("due again") }
        #expect(driver.state.progress.failed == 0)
        #expect(Set(driver.state.unsent.map(\.sequence)) == driver.claimed)
    }

    @Test func aFatalErrorBeforeTheSendGivesTheClaimBack() throws {
        let driver = StateDriver(due: 3)
        driver.commit()
        driver.finish(try #require(driver.job()), .fatal(.certificateRefused, wasSent: false))
        #expect(driver.state.isFinished)
        #expect(driver.state.unsent.count == 3)
        #expect(driver.state.progress.requests == 0)
    }

    @Test func aNameThatIsLostOnTheWayIsAnOutage() throws {
        let driver = reached()
        driver.finish(try #require(driver.job()), .fatal(.hostNotResolved, wasSent: false))
        #expect(driver.state.stop == nil)
        let fresh = StateDriver(due: 1)
        fresh.commit()
        fresh.finish(try #require(fresh.job()), .fatal(.hostNotResolved, wasSent: false))
        #expect(fresh.state.stop?.code == "host_not_resolved")
    }

    @Test func theFirstReasonStaysUnlessTheLedgerFails() {
        let driver = StateDriver(due: 1)
        driver.requestStop(.signal("sigint"))
        driver.requestStop(.fatal(FatalAnswer(.wrongURL, "sentence")))
        #expect(driver.state.stop == .signal("sigint"))
        driver.requestStop(.ledger("full"))
        #expect(driver.state.stop == .ledger("full"))
    }

    @Test func aStopBeforeTheFirstClaimsClaimsNothing() {
        let driver = StateDriver(due: 10)
        driver.requestStop(.signal("sigterm"))
        #expect(driver.commit() == nil)
        #expect(driver.isDone && driver.state.isFinished)
    }
}
