// A ledger that cannot be written stops the run, and loses nothing that can be kept.

import Campaign
import IdentityAPI
import Ledger
import TestSupport
import Testing

@Suite struct IssuerLedgerTests {
    private let clock = ManualClock()

    private func server() -> ScriptedIssuing {
        ScriptedIssuing { identity, timesBefore in .issued("\(identity.number)-\(timesBefore)") }
    }

    @Test(arguments: [2, 3, 7, 20]) func aCommitThatFailsOnceLosesNothing(_ number: Int) async throws {
        let campaign = try TestCampaign(count: 300)
        let ledger = WatchedLedger(campaign.ledger) { commit, _ in commit == number }
        let server = server()
        let issuer = try campaign.issuer(server, on: ledger, time: clock.time)
        let end = await clock.passing(whenAsleep: 1) { await issuer.issue() }
        #expect(end.stop == .ledger("the disk is full, says the test"))
        #expect(end.unrecordedAnswers == 0)
        #expect(server.requests < 300)
        try campaign.expect(issued: server.requests, pending: 300 - server.requests)
        #expect(ledger.commits == number + 1, "once more, and no further")
    }

    @Test func aLedgerThatFailsForGoodLosesOnlyWhatItCannotTake() async throws {
        let campaign = try TestCampaign(count: 300)
        let ledger = WatchedLedger(campaign.ledger) { commit, _ in commit >= 5 }
        let server = server()
        let issuer = try campaign.issuer(server, on: ledger, time: clock.time)
        let end = await clock.passing(whenAsleep: 1) { await issuer.issue() }
        #expect(end.stop?.code == "ledger_not_writable")
        let counts = try campaign.counts()
        #expect(end.unrecordedAnswers > 0)
        #expect(counts.issued + end.unrecordedAnswers == server.requests)
        #expect(counts.claimed == end.unrecordedAnswers, "they stay claimed, as nobody knows their codes")
        #expect(counts.pending == 300 - server.requests)

        // The next run asks for them again, and counts what is lost.
        let next = self.server()
        let second = try campaign.issuer(next, time: clock.time)
        #expect(try campaign.counts().inDoubt == end.unrecordedAnswers)
        _ = await clock.passing(whenAsleep: 1) { await second.issue() }
        try campaign.expect(issued: 300)
        #expect(try campaign.counts().ambiguousAttempts == end.unrecordedAnswers)
        #expect(next.requests == 300 - counts.issued)
    }

    @Test func aLedgerThatFailsAtOnceAsksForNothing() async throws {
        let campaign = try TestCampaign(count: 10)
        let ledger = WatchedLedger(campaign.ledger) { _, _ in true }
        let server = server()
        let end = await (try campaign.issuer(server, on: ledger, time: clock.time)).issue()
        #expect(end.stop?.code == "ledger_not_writable" && end.unrecordedAnswers == 0)
        #expect(server.requests == 0)
        try campaign.expect(pending: 10)
    }

    /// Cancelling the task that issues may not lose an answer either.
    @Test func aCancelledTaskStillRecords() async throws {
        let campaign = try TestCampaign(count: 100)
        let server = ScriptedIssuing { identity, _ in
            if identity.number == 20 { withUnsafeCurrentTask { $0?.cancel() } }
            return .issued("\(identity.number)")
        }
        let issuer = try campaign.issuer(server, time: clock.time)
        _ = await clock.passing(whenAsleep: 1) { await issuer.issue() }
        let counts = try campaign.counts()
        #expect(counts.issued == server.requests && counts.claimed == 0)
    }
}
