// Rates and holds over a whole run, by the times at which requests go out.

import Campaign
import Providers
import Ledger
import Pacing
import Synchronization
import TestSupport
import Testing
import Model
import Work

@Suite struct IssuerPacingTests {
    private let clock = ManualClock()

    /// Notes between which two times each request went out.
    private final class Sends: CodeIssuing {
        private let base: ScriptedIssuing
        private let clock: ManualClock
        private let times = Mutex<[(after: Duration, before: Duration)]>([])

        init(_ base: ScriptedIssuing, _ clock: ManualClock) {
            self.base = base
            self.clock = clock
        }

        var all: [(after: Duration, before: Duration)] { times.withLock { $0 } }

        func issue(
            for identity: IdentityID,
            requestID: String,
            onSend: (@Sendable () -> Void)?
        ) async -> IssueReply {
            await base.issue(for: identity, requestID: requestID) { [self] in
                let after = clock.elapsed
                onSend?()
                let before = clock.elapsed
                times.withLock { $0.append((after, before)) }
            }
        }
    }

    /// Three in a row are a limit, and each of them asks to wait.
    @Test func aLimitKeepsEverybodyBack() async throws {
        let campaign = try TestCampaign(count: 40)
        let scripted = ScriptedIssuing { identity, timesBefore in
            (17...19).contains(identity.number) && timesBefore == 0
                ? .rateLimited(holdFor: .seconds(identity.number == 18 ? 60 : 1)) : .issued()
        }
        let sends = Sends(scripted, clock)
        let options = StageOptions.forTests(concurrency: 1)
        let issuer = try campaign.issuer(sends, options: options, time: clock.time)
        let end = Task { await issuer.run() }
        while scripted.requests < 19 { await Task.yield() }
        // The ticker, and one worker for all that wait; and the timer where an answer waits for its commit.
        #expect(await clock.untilAsleep(2))
        clock.advance(by: .milliseconds(59_999))
        #expect(await clock.untilAsleep(2))
        #expect(scripted.requests == 19)
        _ = await clock.passing(whenAsleep: 1) { await end.value }
        #expect(sends.all.dropFirst(19).allSatisfy { $0.before >= .seconds(60) })
        try campaign.expect(issued: 40)
    }

    /// All workers but one wait for the first answer; it holds them before it wakes them.
    @Test(arguments: 0..<20) func aHoldOfTheFirstAnswerComesBeforeTheOthersGo(_ round: Int) async throws {
        let campaign = try TestCampaign(count: 64)
        let scripted = ScriptedIssuing { _, timesBefore in
            timesBefore == 0 ? .rateLimited(holdFor: .seconds(60)) : .issued()
        }
        let options = StageOptions.forTests(concurrency: 16)
        let control = RunControl(time: clock.time)
        let issuer = try campaign.issuer(scripted, options: options, time: clock.time, control: control)
        async let end = issuer.run()
        #expect(await clock.untilAsleep(2))
        #expect(scripted.requests == 1)
        control.requestStop(.signal("sigint"))
        clock.advanceToNext()
        _ = await end
        try campaign.expect(pending: 64)
    }

    @Test(arguments: [
        [Rate(count: 5, window: .seconds(1))],
        [Rate(count: 8, window: .seconds(1)), Rate(count: 20, window: .seconds(60))],
    ])
    func ratesAreKeptInEveryWindow(_ rates: [Rate]) async throws {
        let campaign = try TestCampaign(count: 45)
        let scripted = ScriptedIssuing { identity, timesBefore in
            identity.number % 9 == 0 && timesBefore == 0 ? .serverError : .issued()
        }
        let sends = Sends(scripted, clock)
        let issuer = try campaign.issuer(sends, options: .forTests(rates: rates), time: clock.time)
        // Time passes when the ticker and the first in line both wait for it; at the end, for the ticker
        // alone.
        let end = await clock.passing(whenAsleep: 1) { await issuer.run() }
        #expect(end.stop == nil)
        try campaign.expect(issued: 45)
        let all = sends.all.sorted { $0.before < $1.before }
        #expect(all.count == 50)
        for rate in rates {
            for index in rate.count..<all.count {
                #expect(all[index].before - all[index - rate.count].after >= rate.window)
            }
        }
    }

    /// A request of a run that was killed may come to the server up to a second after the next run has begun.
    @Test func whatAKilledRunSentMayStillBeOnItsWay() async throws {
        let campaign = try TestCampaign(count: 1)
        let killed = try campaign.beginRun()
        let claims = try campaign.ledger.commit(
            [],
            run: killed,
            progress: RunProgress(),
            claiming: 1,
            at: ManualClock.start
        ).claims
        #expect(claims.count == 1)
        let sends = Sends(ScriptedIssuing { _, _ in .issued() }, clock)
        let options = StageOptions.forTests(rates: [Rate(count: 1, window: .seconds(60))])
        let issuer = try campaign.issuer(sends, options: options, time: clock.time)
        _ = await clock.passing(whenAsleep: 1) { await issuer.run() }
        #expect(sends.all.count == 1)
        #expect(sends.all.allSatisfy { $0.before >= .seconds(61) })
        try campaign.expect(issued: 1)
    }

    @Test func concurrencyIsNeverExceededAndIsUsed() async throws {
        let campaign = try TestCampaign(count: 200)
        let waiting = Mutex<[CheckedContinuation<Void, Never>]>([])
        // Answers come six at a time, so that six have to be under way at once.
        let server = ScriptedIssuing { identity, _ in
            guard identity.number > 2 else { return .issued() }
            await withCheckedContinuation { continuation in
                let released = waiting.withLock { waiting -> [CheckedContinuation<Void, Never>] in
                    waiting.append(continuation)
                    guard waiting.count == 6 else { return [] }
                    defer { waiting = [] }
                    return waiting
                }
                for one in released { one.resume() }
            }
            return .issued()
        }
        let options = StageOptions.forTests(concurrency: 6)
        let issuer = try campaign.issuer(server, options: options, time: clock.time)
        _ = await clock.passing(whenAsleep: 1) { await issuer.run() }
        #expect(server.inFlightMax == 6)
        try campaign.expect(issued: 200)
    }
}
