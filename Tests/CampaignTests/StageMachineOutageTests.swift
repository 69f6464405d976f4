// Outages, 429s and failures of single identities: what ends an identity, and what ends the run.

import Providers
import Ledger
import Pacing
import TestSupport
import Testing
import Model

@testable import Campaign
@testable import Work

@Suite struct StageMachineOutageTests {
    /// Works for a time: takes what may start, answers as the server does, commits.
    private func work(
        _ driver: StateDriver,
        for duration: Duration,
        step: Duration = .milliseconds(100),
        _ server: (IdentityID) -> IssueReply
    ) {
        let end = driver.elapsed + duration
        while driver.elapsed < end, !driver.state.isFinished {
            while let job = driver.job() { driver.finish(job, server(job.claim.identityID)) }
            driver.commit()
            driver.pass(step)
        }
    }

    private func failures(_ driver: StateDriver) -> Int {
        driver.ended.values.count { if case .failed = $0 { true } else { false } }
    }

    /// A run that is well under way.
    private func underWay(_ options: StageOptions = .forTests(), due: Int = 1000) -> StateDriver {
        let driver = StateDriver(options, due: due)
        driver.commit()
        for _ in 0..<40 {
            if let job = driver.job() { driver.finish(job, .issued()) }
            driver.pass(IssueMachine.commitDelay)
            driver.commit()
        }
        return driver
    }

    private static let outages: [IssueReply] = [
        .serverError, .lost, .unreached, .fatal(.hostNotResolved, wasSent: false),
    ]

    @Test(arguments: outages, [1, 2, 5])
    func anOutageEndsNoIdentityAndIsSurvived(_ reply: IssueReply, _ attemptsMax: Int) {
        let driver = underWay(.forTests(attemptsMax: attemptsMax))
        let requestsBefore = driver.state.progress.requests
        work(driver, for: .seconds(300)) { _ in reply }
        #expect(driver.state.stop == nil)
        #expect(driver.state.admission.isOutage)
        #expect(driver.state.admission.outageSince != nil)
        #expect(failures(driver) == 0)
        // Some until it is noticed, then a probe every 15 to 30 seconds.
        #expect(driver.state.progress.requests - requestsBefore < 60)
        work(driver, for: .seconds(120)) { _ in .issued() }
        #expect(driver.state.isFinished && driver.state.stop == nil)
        #expect(driver.ended.count == 1000)
        #expect(failures(driver) == 0)
    }

    /// A request that was under way in an outage may time out when it is over.
    @Test func whatComesLateOfAnOutageEndsNoIdentity() throws {
        let driver = underWay(.forTests(concurrency: 30, attemptsMax: 1))
        let jobs = (0..<30).compactMap { _ in driver.job() }
        #expect(jobs.count == 30)
        driver.pass(.seconds(10))
        for job in jobs.dropLast() { driver.finish(job, .lost) }
        #expect(driver.state.admission.isOutage)
        work(driver, for: .seconds(20)) { _ in .issued() }
        #expect(!driver.state.admission.isOutage)
        let late = try #require(jobs.last)
        driver.finish(late, .lost)
        work(driver, for: .seconds(120)) { _ in .issued() }
        #expect(driver.state.isFinished && driver.state.stop == nil)
        #expect(failures(driver) == 0)
    }

    @Test(arguments: outages) func anOutageThatLastsEndsTheRun(_ reply: IssueReply) {
        let driver = underWay(.forTests(attemptsMax: 1, giveUpAfter: .seconds(90)))
        let begun = driver.elapsed
        work(driver, for: .seconds(600)) { _ in reply }
        guard case .outage(let sentence) = driver.state.stop else {
            Issue.record("it goes on")
            return
        }
        #expect(driver.state.stop?.code == "outage")
        #expect("\(sentence)".contains("give-up-after"))
        #expect(driver.elapsed - begun < .seconds(100) && driver.elapsed - begun >= .seconds(90))
        #expect(failures(driver) == 0 && driver.state.progress.failed == 0)
        let unsent = driver.state.unsent.map(\.sequence)
        #expect(Set(unsent) == driver.claimed, "all that is claimed is given back")
    }

    /// With few in flight there are too few for the circuit to tell: all that is claimed has failed by then.
    @Test(arguments: 1...4, [1, 2, 5]) func aSlowRunNoticesAnOutageToo(_ concurrency: Int, _ attemptsMax: Int)
    {
        let driver = underWay(.forTests(concurrency: concurrency, attemptsMax: attemptsMax))
        work(driver, for: .seconds(300)) { _ in .serverError }
        #expect(driver.state.admission.isOutage && failures(driver) == 0)
        work(driver, for: .seconds(200)) { _ in .issued() }
        #expect(driver.state.isFinished && failures(driver) == 0)
    }

    /// Outages that come and go take no tries either, as long as something is issued in between.
    @Test func outagesThatComeAndGoEndNoIdentity() {
        let driver = underWay(.forTests(attemptsMax: 2), due: 3000)
        var isUp = false
        for _ in 0..<60 where !driver.state.isFinished {
            work(driver, for: .seconds(20), step: .seconds(1)) { _ in isUp ? .issued() : .lost }
            isUp.toggle()
        }
        work(driver, for: .seconds(200)) { _ in .issued() }
        #expect(driver.state.isFinished && driver.state.stop == nil)
        #expect(failures(driver) == 0 && driver.ended.count == 3000)
    }

    /// However slowly good answers come after it, the outage is over with them.
    @Test func whatIsOverEndsNoRun() {
        let options = StageOptions.forTests(
            rates: [Rate(count: 1, window: .seconds(1))],
            giveUpAfter: .seconds(15)
        )
        let driver = StateDriver(options, due: 120)
        work(driver, for: .seconds(30)) { _ in .issued() }
        work(driver, for: .seconds(10)) { _ in .unreached }
        work(driver, for: .seconds(300)) { _ in .issued() }
        #expect(driver.state.isFinished && driver.state.stop == nil)
        #expect(driver.ended.count == 120 && failures(driver) == 0)
    }

    /// Each timeout takes half a minute: twenty of them are not waited for.
    @Test func anOutageInWhichAnswersTakeLongIsNoticed() {
        let driver = underWay(.forTests(concurrency: 1, attemptsMax: 2, giveUpAfter: .seconds(120)))
        let begun = driver.elapsed
        while driver.state.stop == nil, driver.elapsed - begun < .seconds(3600) {
            if let job = driver.job() {
                driver.pass(.seconds(30))
                driver.finish(job, .lost)
            }
            driver.commit()
            driver.pass(.milliseconds(100))
        }
        #expect(driver.state.stop?.code == "outage" && failures(driver) == 0)
        #expect(driver.elapsed - begun < .seconds(300))
    }

    /// Nobody is there to answer: that is no identity's fault, however few are left.
    @Test(arguments: 1...5) func theLastFewAreNotEndedByARefusedConnection(_ left: Int) {
        let driver = underWay(.forTests(attemptsMax: 2, giveUpAfter: .seconds(60)), due: 40 + left)
        work(driver, for: .seconds(30)) { _ in .unreached }
        #expect(driver.state.stop == nil && failures(driver) == 0)
        work(driver, for: .seconds(60)) { _ in .issued() }
        #expect(driver.state.isFinished && driver.ended.count == 40 + left && failures(driver) == 0)
    }

    /// Identities that fail by themselves stand side by side in the roster, more of them than are claimed at
    /// a time.
    @Test func manyThatFailSideBySideAreGotOver() {
        var options = StageOptions.forTests(attemptsMax: 3)
        options.pacing.concurrency = .automatic(max: 256)
        let driver = underWay(options, due: 400)
        work(driver, for: .seconds(900)) { (100..<136).contains($0.number) ? .serverError : .issued() }
        #expect(driver.state.isFinished && driver.state.stop == nil)
        #expect(failures(driver) == 36 && driver.ended.count == 400)
    }

    /// What is claimed when the process dies counts as sent in the next run.
    @Test func noMoreIsClaimedThanALimitLetsGoSoon() throws {
        let rates = [Rate(count: 8, window: .seconds(1)), Rate(count: 175, window: .seconds(60))]
        let driver = StateDriver(.forTests(concurrency: 64, rates: rates), due: 1000)
        var most = 0
        for _ in 0..<1200 {
            while let job = driver.job() { driver.finish(job, .issued()) }
            driver.commit()
            most = max(most, driver.claimed.count)
            driver.pass(.milliseconds(25))
        }
        #expect(most <= 16)
        #expect(driver.ended.count >= 170, "the limit is used all the same")
    }

    /// A server that opens the circuit again and again gives no identity more tries than it has.
    @Test func aFailureIsExcusedOnce() {
        for seed in 0..<20 {
            var random = SeededGenerator(seed: UInt64(seed))
            let driver = underWay(.forTests(concurrency: 8, attemptsMax: 3), due: 400)
            for _ in 0..<60 where !driver.state.isFinished {
                let parts: [Double] = [0, 0.5, 0.95, 1]
                let part = parts[Int.random(in: 0..<4, using: &random)]
                work(driver, for: .seconds(4)) { _ in
                    Double.random(in: 0..<1, using: &random) < part ? .lost : .issued()
                }
                let works = [Array(driver.state.pool.retryReady), driver.state.pool.retries.map(\.work)]
                    .joined()
                #expect(works.allSatisfy { (0..<3).contains($0.tries) })
            }
        }
    }

    @Test func aRefusalUsesUpNoTry() throws {
        let driver = underWay(.forTests(attemptsMax: 1))
        var left = 30
        work(driver, for: .seconds(600)) { _ in
            left -= 1
            return left >= 0 ? .rateLimited(holdFor: .milliseconds(500)) : .issued()
        }
        #expect(driver.state.progress.rateLimitedAnswers == 30)
        #expect(failures(driver) == 0)
        #expect(driver.state.stop == nil)
        #expect(!driver.state.admission.isOutage, "a server that refuses works")
    }

    /// The waits that the server asks for don't count: it says when it wants to be asked again.
    @Test func nothingButRefusalsEndsTheRun() {
        let options = StageOptions.forTests(giveUpAfter: .seconds(60))
        let patient = underWay(options)
        var refused = 0
        work(patient, for: .seconds(1000)) { _ in
            refused += 1
            return refused <= 1 ? .rateLimited(holdFor: .seconds(90)) : .issued()
        }
        #expect(refused > 10 && patient.state.stop == nil)

        let stubborn = underWay(options)
        work(stubborn, for: .seconds(1000)) { _ in .rateLimited(holdFor: .seconds(90)) }
        #expect(stubborn.state.stop?.code == "outage")

        let hopeless = underWay(options)
        work(hopeless, for: .seconds(1000)) { _ in .rateLimited(holdFor: nil) }
        #expect(hopeless.state.stop?.code == "outage")
        #expect(failures(hopeless) == 0)
    }

    /// Identities that fail by themselves come last, one after the other, and look like an outage.
    @Test(arguments: [IssueReply.serverError, .lost])
    func identitiesThatFailByThemselvesEndAndDontLookLikeAnOutage(_ reply: IssueReply) {
        let driver = underWay(.forTests(concurrency: 16, attemptsMax: 4))
        work(driver, for: .seconds(200)) { $0.number % 25 == 0 ? reply : .issued() }
        #expect(driver.state.isFinished && driver.state.stop == nil)
        #expect(failures(driver) == 40 - 1, "the first forty were issued whatever their number")
        #expect(driver.state.progress.failed == 39)
        #expect(driver.ended.count == 1000)
    }

    /// The last try of an identity is judged when it is known whether an outage began with it.
    @Test func aLastTryWaitsForTheNextAnswer() throws {
        let driver = underWay(.forTests(concurrency: 4, attemptsMax: 1))
        let jobs = [try #require(driver.job()), try #require(driver.job())]
        driver.pass(.milliseconds(1))
        driver.finish(jobs[0], .serverError)
        driver.pass(.seconds(1))
        driver.commit()
        #expect(driver.state.progress.failed == 0)
        #expect(driver.claimed.contains(jobs[0].claim.sequence))
        // It went out before the failure.
        driver.finish(jobs[1], .issued())
        #expect(driver.state.progress.failed == 0)
        driver.finish(try #require(driver.job()), .issued())
        #expect(driver.state.progress.failed == 1)
        driver.pass(.seconds(1))
        driver.commit()
        #expect(!driver.claimed.contains(jobs[0].claim.sequence))
    }

    /// Also where more could have been claimed.
    @Test(arguments: [1, 4, 10, 15, 16]) func theLastTryOfTheLastIdentityEndsTheRun(_ due: Int) throws {
        let driver = StateDriver(.forTests(attemptsMax: 1), due: due)
        driver.commit()
        for _ in 0..<due { driver.finish(try #require(driver.job()), .serverError) }
        for _ in 0..<3 { driver.commit() }
        #expect(driver.state.isFinished)
        #expect(driver.state.progress.failed == due)
    }

    @Test func aLastTryAtTheStopIsDueAgain() throws {
        let driver = underWay(.forTests(attemptsMax: 1))
        let job = try #require(driver.job())
        driver.finish(job, .serverError)
        driver.requestStop(.signal("sigint"))
        #expect(!driver.state.isFinished)
        driver.commit()
        #expect(driver.state.isFinished)
        guard case .dueAgain(.some) = driver.ended[job.claim.sequence] else {
            Issue.record("it was not given back")
            return
        }
    }

    /// Probes are made with identities that have not failed yet, while there are any.
    @Test func anOutageIsProbedWithFreshIdentities() throws {
        let driver = underWay(.forTests(concurrency: 16))
        work(driver, for: .seconds(60)) { _ in .serverError }
        try #require(driver.state.admission.isOutage)
        var probe: StageJob?
        for _ in 0..<400 where probe == nil {
            driver.pass(.milliseconds(100))
            probe = driver.job()
        }
        let job = try #require(probe)
        #expect(job.ticket.isProbe)
        #expect(job.work.requests == 0)
        #expect(driver.job() == nil, "one at a time")
    }
}
