// Runs against a scripted server and a ledger on disk.

import Campaign
import Providers
import Ledger
import Pacing
import Synchronization
import TestSupport
import Testing
import Model
import Work

@Suite struct IssuerTests {
    private let clock = ManualClock()

    @Test func everythingIsIssued() async throws {
        let campaign = try TestCampaign(count: 500)
        let server = ScriptedIssuing { identity, _ in .issued("code-\(identity.number)") }
        let ledger = WatchedLedger(campaign.ledger)
        let issuer = try campaign.issuer(server, on: ledger, time: clock.time)
        let end = await issuer.run()
        #expect(end.stop == nil && end.unrecordedAnswers == 0)
        #expect(end.progress.issued == 500 && end.progress.requests == 500 && end.progress.retries == 0)
        try campaign.expect(issued: 500)
        #expect(server.inFlightMax <= 4)
        #expect(ledger.claimedMax == 16)
        for (identity, code) in try campaign.codes() { #expect(code == "code-\(identity.number)") }
    }

    @Test func withNothingDueNothingIsAsked() async throws {
        let campaign = try TestCampaign(count: 3)
        _ = await (try campaign.issuer(ScriptedIssuing { _, _ in .issued() }, time: clock.time)).run()
        let server = ScriptedIssuing { _, _ in .issued() }
        let end = await (try campaign.issuer(server, time: clock.time)).run()
        #expect(end.stop == nil && server.requests == 0)
    }

    /// By its ID a request can be found that nobody has stored.
    @Test func eachAttemptHasARequestIDOfItsOwnThatFollowsFromItsNumber() async throws {
        let campaign = try TestCampaign(count: 1)
        let server = ScriptedIssuing { _, timesBefore in
            [.lost, .unreached, .serverError, .issued()][min(timesBefore, 3)]
        }
        let key = RunKey.random()
        let issuer = try campaign.issuer(server, time: clock.time, key: key)
        _ = await clock.passing(whenAsleep: 1) { await issuer.run() }
        try campaign.expect(issued: 1)
        let identity = IdentityID.numbered(1)
        #expect(server.requestIDs(identity) == (1...4).map { key.requestID(for: identity, attempt: $0) })
        #expect(try campaign.ledger.attempts(of: identity).count == 3, "as many came to a result before")
    }

    /// Each identity meets its own fate; in the end every row is accounted for.
    @Test func aMixOfOutcomesAddsUp() async throws {
        let campaign = try TestCampaign(count: 400)
        let server = ScriptedIssuing { identity, timesBefore in
            switch identity.number % 10 {
            case 1: .unknownIdentity
            case 2: .refused()
            case 3: timesBefore < 2 ? .serverError : .issued()
            case 4: timesBefore < 1 ? .lost : .issued()
            case 5: .serverError
            case 6: .lost
            case 7: timesBefore < 4 ? .unreached : .issued()
            case 8: timesBefore < 3 ? .rateLimited(holdFor: .milliseconds(50)) : .issued()
            default: .issued()
            }
        }
        let ledger = WatchedLedger(campaign.ledger)
        let options = StageOptions.forTests(concurrency: 8)
        let issuer = try campaign.issuer(server, on: ledger, options: options, time: clock.time)
        let end = await clock.passing(whenAsleep: 1) { await issuer.run() }
        #expect(end.stop == nil)
        try campaign.expect(
            issued: 240,
            failed: [
                "unknown_identity": 40, "rejected_by_server": 40, "server_error": 40, "connection": 40,
            ]
        )
        #expect(end.progress.requests == server.sent)
        #expect(end.progress.failed == 160 && end.progress.issued == 240)
        let lost = (1...400).filter { $0 % 10 == 6 }.map { server.asked(.numbered($0)) }.reduce(0, +)
        #expect(end.progress.ambiguousAttempts == 40 + lost)
        #expect(try campaign.counts().ambiguousAttempts == 40 + lost)
        #expect(end.progress.rateLimitedAnswers == 120)
        #expect(ledger.claimedMax <= 32 && server.inFlightMax <= 8)
        for number in 1...400 {
            let expected = [1: 1, 2: 1, 3: 3, 4: 2, 5: 5, 6: 5, 7: 5, 8: 4][number % 10] ?? 1
            // A few more where so many fail at once that it looks like an outage for a moment: those are no
            // tries.
            let most = [5, 6].contains(number % 10) ? expected + 2 : expected
            #expect((expected...most).contains(server.asked(.numbered(number))))
        }
    }

    @Test func theNextRunTakesUpWhatIsWorthIt() async throws {
        let campaign = try TestCampaign(count: 30)
        let down = ScriptedIssuing { identity, _ in
            [.issued("first"), .serverError, .unknownIdentity][identity.number % 3]
        }
        let first = try campaign.issuer(down, time: clock.time)
        _ = await clock.passing(whenAsleep: 1) { await first.run() }
        try campaign.expect(issued: 10, failed: ["server_error": 10, "unknown_identity": 10])

        let up = ScriptedIssuing { _, _ in .issued("second") }
        let later = ManualClock()
        _ = await (try campaign.issuer(up, time: later.time)).run()
        try campaign.expect(issued: 20, failed: ["unknown_identity": 10])
        #expect(up.requests == 10, "neither what is issued nor what failed for good")

        _ = await (try campaign.issuer(up, time: later.time, retryFailed: true)).run()
        try campaign.expect(issued: 30)
        #expect(try campaign.codes().values.filter { $0 == "first" }.count == 10)
    }

    @Test func aStopInTheMiddleDrains() async throws {
        let campaign = try TestCampaign(count: 200)
        let stop = Mutex<(@Sendable () -> Void)?>(nil)
        let server = ScriptedIssuing { identity, _ in
            if identity.number == 50 { stop.withLock { $0 }?() }
            await Task.yield()
            return .issued("code-\(identity.number)")
        }
        let control = RunControl(time: clock.time)
        let issuer = try campaign.issuer(server, time: clock.time, control: control)
        stop.withLock { $0 = { control.requestStop(.signal("sigint")) } }
        let end = await clock.passing(whenAsleep: 1) { await issuer.run() }
        #expect(end.stop == .signal("sigint"))
        #expect(server.requests < 60)
        #expect(end.progress.issued == server.requests)
        try campaign.expect(issued: server.requests, pending: 200 - server.requests)

        let rest = ScriptedIssuing { identity, _ in .issued("code-\(identity.number)") }
        let before = server.requests
        _ = await (try campaign.issuer(rest, time: clock.time)).run()
        try campaign.expect(issued: 200)
        #expect(rest.requests == 200 - before, "nobody is asked for twice")
    }

    @Test func aStopWhileEverybodyWaitsForALimitEndsTheRun() async throws {
        let campaign = try TestCampaign(count: 50)
        let server = ScriptedIssuing { _, _ in .rateLimited(holdFor: .seconds(1000)) }
        let control = RunControl(time: clock.time)
        let issuer = try campaign.issuer(server, time: clock.time, control: control)
        async let end = issuer.run()
        // The ticker sleeps, one worker for all that wait, and the timer of the answer that is not committed.
        #expect(await clock.untilAsleep(3))
        control.requestStop(.signal("sigterm"))
        clock.advanceToNext()
        #expect(await end.stop == .signal("sigterm"))
        #expect(server.requests == 1)
        try campaign.expect(pending: 50)
    }

    /// The limiter's wait is over at the very moment at which the run has to stop.
    @Test func noNewRequestGoesOutAfterAStop() async throws {
        let campaign = try TestCampaign(count: 50)
        let control = RunControl(time: clock.time)
        let server = ScriptedIssuing { _, _ in .issued() }
        let clock = clock
        let base = clock.time
        let time = TimeSource(
            StoppingClock(base: clock) { control.requestStop(.signal("sigint")) },
            wallClock: base.wallClock
        )
        let rates = [Rate(count: 1, window: .seconds(1))]
        let options = StageOptions.forTests(rates: rates)
        let issuer = try campaign.issuer(server, options: options, time: time, control: control)
        let end = await issuer.run()
        #expect(end.stop == .signal("sigint"))
        #expect(server.requests == 1)
        try campaign.expect(issued: 1, pending: 49)
    }

    @Test func aFatalAnswerLeavesNothingBehind() async throws {
        let campaign = try TestCampaign(count: 100)
        let server = ScriptedIssuing { identity, _ in
            identity.number == 30 ? .fatal(.credentialRefused) : .issued()
        }
        let issuer = try campaign.issuer(server, time: clock.time)
        let end = await clock.passing(whenAsleep: 1) { await issuer.run() }
        #expect(end.stop?.code == "credential_refused")
        let issued = end.progress.issued
        #expect((1..<40).contains(issued))
        try campaign.expect(issued: issued, pending: 100 - issued)
        #expect(end.progress.requests == issued + 1)
    }

    @Test func aFatalFirstAnswerIsTheOnlyOne() async throws {
        let campaign = try TestCampaign(count: 100)
        let server = ScriptedIssuing { _, _ in .fatal(.wrongURL) }
        let end = await (try campaign.issuer(server, time: clock.time)).run()
        #expect(end.stop?.code == "wrong_url")
        #expect(server.requests == 1)
        try campaign.expect(pending: 100)
    }

    @Test func aServerThatIsNotThereFailsNobody() async throws {
        let campaign = try TestCampaign(count: 100)
        let server = ScriptedIssuing { _, _ in .unreached }
        let issuer = try campaign.issuer(server, time: clock.time)
        let end = await clock.passing(whenAsleep: 1) { await issuer.run() }
        #expect(end.stop?.code == "unreachable")
        #expect(server.requests == 4 && end.progress.requests == 0)
        try campaign.expect(pending: 100)
    }

    @Test func twentyEqualRefusalsFailNobody() async throws {
        let campaign = try TestCampaign(count: 100)
        let server = ScriptedIssuing { identity, _ in .refused("not for \(identity.text)") }
        let issuer = try campaign.issuer(server, time: clock.time)
        let end = await issuer.run()
        #expect(end.stop?.code == "same_refusal")
        #expect((20..<24).contains(server.requests))
        try campaign.expect(pending: 100)
        #expect(end.progress.failed == 0, "as the ledger has it")
        #expect(end.progress.requests == server.requests)
    }

    /// The first ten answers came in a run before this one.
    @Test func refusalsCountAcrossRuns() async throws {
        let campaign = try TestCampaign(count: 100)
        let server = ScriptedIssuing { _, _ in .refused() }
        let options = StageOptions.forTests(maxIdentities: 10)
        let first = await (try campaign.issuer(server, options: options, time: clock.time)).run()
        #expect(first.stop == .maxIdentities)
        try campaign.expect(failed: ["rejected_by_server": 10], pending: 90)
        let second = await (try campaign.issuer(server, time: clock.time)).run()
        #expect(second.stop?.code == "same_refusal")
        try campaign.expect(pending: 100)
    }

    @Test func onlySoManyIdentitiesAreIssued() async throws {
        let campaign = try TestCampaign(count: 100)
        let server = ScriptedIssuing { _, _ in .issued() }
        let options = StageOptions.forTests(maxIdentities: 21)
        let end = await (try campaign.issuer(server, options: options, time: clock.time)).run()
        #expect(end.stop == .maxIdentities)
        #expect(server.requests == 21)
        try campaign.expect(issued: 21, pending: 79)
    }
}

/// A clock whose every sleep but the first few ticks calls the stop, and then is over at once.
private struct StoppingClock: Clock {
    let base: ManualClock
    let stop: @Sendable () -> Void

    var now: ManualClock.Instant { base.now }
    var minimumResolution: Duration { base.minimumResolution }

    func sleep(until deadline: ManualClock.Instant, tolerance: Duration?) async throws {
        // The ticker's sleeps are short; the limiter's are not.
        guard deadline.offset - base.elapsed > .milliseconds(500) else {
            return try await base.sleep(until: deadline, tolerance: tolerance)
        }
        stop()
        base.advance(by: deadline.offset - base.elapsed)
    }
}
