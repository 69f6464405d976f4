// When answers are committed, and what becomes of them when that fails.

import Providers
import Ledger
import Testing
import Model

@testable import Campaign
@testable import Work

@Suite struct StageMachineCommitTests {
    /// Jobs in flight of a run that is well under way.
    private func inFlight(_ count: Int, concurrency: Int = 4) throws -> (StateDriver, [StageJob]) {
        let driver = StateDriver(.forTests(concurrency: concurrency), due: 1000)
        driver.commit()
        driver.finish(try #require(driver.job()), .issued())
        driver.pass(IssueMachine.commitDelay)
        driver.commit()
        let jobs = try (0..<count).map { _ in try #require(driver.job()) }
        return (driver, jobs)
    }

    @Test func twiceAsManyAnswersAsWorkersAreDue() throws {
        let (driver, first) = try inFlight(4)
        for job in first { driver.finish(job, .issued()) }
        let jobs = try (0..<4).map { _ in try #require(driver.job()) }
        for job in jobs.prefix(3) { driver.finish(job, .issued()) }
        #expect(driver.commit() == nil)
        driver.finish(jobs[3], .issued())
        #expect(driver.commit()?.results.count == 8)
    }

    @Test func anAnswerIsDueAfterTwentyMilliseconds() throws {
        let (driver, jobs) = try inFlight(3)
        driver.finish(jobs[0], .issued())
        driver.pass(.milliseconds(16))
        driver.finish(jobs[1], .issued())
        driver.pass(.milliseconds(3))
        #expect(driver.commit() == nil)
        driver.pass(.milliseconds(1))
        #expect(driver.commit()?.results.count == 2, "the oldest decides")
        driver.finish(jobs[2], .issued())
        driver.pass(.milliseconds(19))
        #expect(driver.commit() == nil, "the next group has a time of its own")
        driver.pass(.milliseconds(1))
        #expect(driver.commit() != nil)
    }

    @Test func anAnswerIsDueWhenNothingElseIsOn() throws {
        let driver = StateDriver(due: 2)
        driver.commit()
        driver.finish(try #require(driver.job()), .issued())
        #expect(driver.commit() == nil, "another is ready")
        let last = try #require(driver.job())
        #expect(driver.commit() == nil, "another is in flight")
        driver.finish(last, .issued())
        #expect(driver.commit()?.results.count == 2)
    }

    @Test func anAnswerIsDueAtOnceWhenStopping() throws {
        let (driver, jobs) = try inFlight(2)
        driver.finish(jobs[0], .issued())
        #expect(driver.commit() == nil)
        driver.requestStop(.signal("sigint"))
        let commit = try #require(driver.commit())
        #expect(commit.results.count == 1)
        #expect(commit.claiming == 0)
        #expect(!driver.state.isFinished)
        driver.finish(jobs[1], .issued())
        #expect(driver.commit() != nil)
        #expect(driver.state.isFinished)
    }

    @Test func oneCommitAtATime() throws {
        let (driver, jobs) = try inFlight(4)
        for job in jobs { driver.finish(job, .issued()) }
        driver.pass(IssueMachine.commitDelay)
        let first = try #require(driver.nextCommit())
        for _ in 0..<4 { driver.finish(try #require(driver.job()), .issued()) }
        driver.pass(.seconds(1))
        #expect(driver.nextCommit() == nil)
        #expect(!driver.state.isFinished)
        driver.succeed(first)
        #expect(driver.commit()?.results.count == 4)
    }

    @Test func whatCouldNotBeCommittedIsTriedOnceMoreAtTheEnd() throws {
        let (driver, jobs) = try inFlight(4)
        for job in jobs { driver.finish(job, .issued()) }
        driver.pass(IssueMachine.commitDelay)
        let first = try #require(driver.nextCommit())
        let others = [try #require(driver.job()), try #require(driver.job())]
        driver.finish(others[0], .issued())
        driver.fail(first)
        #expect(driver.state.stop == .ledger("the disk is full"))
        driver.pass(.seconds(1))
        #expect(driver.commit() == nil, "one is still in flight")
        driver.finish(others[1], .serverError)
        #expect(!driver.state.isFinished)
        let last = try #require(driver.commit())
        #expect(last.results.count == 6)
        #expect(last.claiming == 0)
        #expect(driver.state.isFinished)
        #expect(driver.state.claims.unrecorded.isEmpty)
        #expect(Set(driver.state.unsent.map(\.sequence)) == driver.claimed)
    }

    @Test func whatCannotBeCommittedAtAllIsCounted() throws {
        let (driver, jobs) = try inFlight(4)
        driver.finish(jobs[0], .issued())
        driver.finish(jobs[1], .serverError)
        driver.finish(jobs[2], .lost)
        driver.finish(jobs[3], .unknownIdentity)
        driver.pass(IssueMachine.commitDelay)
        driver.fail(try #require(driver.nextCommit()))
        driver.fail(try #require(driver.nextCommit()))
        #expect(driver.state.isFinished)
        #expect(driver.state.claims.unrecorded.count == 4)
        #expect(driver.nextCommit() == nil)
        // Their answers are not in the ledger: they stay claimed, and are in doubt at the next start.
        let givenBack = Set(driver.state.unsent.map(\.sequence))
        #expect(givenBack.isDisjoint(with: jobs.map(\.claim.sequence)))
        #expect(givenBack == driver.claimed.subtracting(jobs.map(\.claim.sequence)))
    }

    @Test func aFirstClaimThatFailsEndsTheRun() throws {
        let driver = StateDriver(due: 10)
        driver.fail(try #require(driver.nextCommit()))
        #expect(driver.isDone && driver.state.isFinished)
        #expect(driver.state.stop?.code == "ledger_not_writable")
        #expect(driver.state.claims.unrecorded.isEmpty && driver.state.unsent.isEmpty)
    }

    /// Something was sent for it since it was claimed: it is pending again, and no more in doubt.
    @Test func aRetryGivenBackIsNotInDoubtAnyMore() throws {
        let (driver, jobs) = try inFlight(8, concurrency: 8)
        let doubtful = try #require(jobs.first { $0.claim.wasInDoubt })
        driver.finish(doubtful, .serverError)
        driver.requestStop(.signal("sigint"))
        for job in jobs where job.claim != doubtful.claim { driver.finish(job, .issued()) }
        let unsent = driver.state.unsent
        let retried = try #require(unsent.first { $0.sequence == doubtful.claim.sequence })
        #expect(!retried.wasInDoubt)
        #expect(unsent.contains { $0.wasInDoubt }, "those that nothing was sent for still are")
    }
}
