// A ledger that cannot be written stops the run, and loses nothing that can be kept.

import Campaign
import Glibc
import Providers
import Ledger
import Files
import TestSupport
import Testing
import Model
import Work

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
        let end = await clock.passing(whenAsleep: 1) { await issuer.run() }
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
        let end = await clock.passing(whenAsleep: 1) { await issuer.run() }
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
        _ = await clock.passing(whenAsleep: 1) { await second.run() }
        try campaign.expect(issued: 300)
        #expect(try campaign.counts().ambiguousAttempts == end.unrecordedAnswers)
        #expect(next.requests == 300 - counts.issued)
    }

    /// With room beside the ledger nothing is lost at all, and what was not sent is not in doubt.
    @Test(arguments: [2, 5, 12]) func whatTheLedgerDoesNotTakeWaitsBesideIt(_ number: Int) async throws {
        let campaign = try TestCampaign(count: 300)
        let ledger = WatchedLedger(campaign.ledger, failsRelease: true) { commit, _ in commit >= number }
        let server = server()
        let folder = CampaignFolder(outputFolder: campaign.folder.path, name: "test")
        let start = RunStart(startedAt: ManualClock.start, process: "p", version: "0", retryFailed: false)
        try folder.prepare()
        let spill = try folder.reserveSpill(for: start, claimsMax: 16)
        let issuer = try campaign.issuer(server, on: ledger, time: clock.time, spill: spill)
        let end = await clock.passing(whenAsleep: 1) { await issuer.run() }
        #expect(end.stop == .ledger("the disk is full, says the test"))
        #expect(end.unrecordedAnswers == 0 && end.spillFailure == nil && end.spilledAnswers > 0)
        #expect(try campaign.counts().issued + end.spilledAnswers == server.requests)
        #expect(folder.spillWarning()?.contains("\(end.spilledAnswers) answer") == true)

        let said = try folder.takeInSpill(into: campaign.ledger)
        #expect(said.notes.first?.contains("Taken in \(end.spilledAnswers) answers") == true)
        try campaign.expect(issued: server.requests, pending: 300 - server.requests)
        #expect(try campaign.ledger.latestRun()?.progress.requests == server.requests)
        #expect(folder.spillWarning() == nil)
        #expect(try folder.takeInSpill(into: campaign.ledger).isEmpty)

        let next = self.server()
        let second = try campaign.issuer(next, time: clock.time)
        _ = await clock.passing(whenAsleep: 1) { await second.run() }
        try campaign.expect(issued: 300)
        #expect(next.requests == 300 - server.requests, "nobody is asked for twice")
        #expect(try campaign.counts().ambiguousAttempts == 0)
    }

    @Test func theRoomIsGivenBackWhenAllIsInTheLedger() async throws {
        let campaign = try TestCampaign(count: 50)
        let folder = CampaignFolder(outputFolder: campaign.folder.path, name: "test")
        try folder.prepare()
        let start = RunStart(startedAt: ManualClock.start, process: "p", version: "0", retryFailed: false)
        let spill = try folder.reserveSpill(for: start, claimsMax: 16)
        // One commit fails, and its answers go there; the next one takes them.
        let ledger = WatchedLedger(campaign.ledger) { commit, _ in commit == 3 }
        let issuer = try campaign.issuer(server(), on: ledger, time: clock.time, spill: spill)
        let end = await clock.passing(whenAsleep: 1) { await issuer.run() }
        #expect(end.stop?.code == "ledger_not_writable")
        #expect(end.unrecordedAnswers == 0 && end.spilledAnswers == 0)
        #expect(try names(inFolder: folder.path) == [])
    }

    @Test func answersThatCanBeKeptNowhereAreCounted() async throws {
        let campaign = try TestCampaign(count: 50)
        let folder = CampaignFolder(outputFolder: campaign.folder.path, name: "test")
        try folder.prepare()
        let start = RunStart(startedAt: ManualClock.start, process: "p", version: "0", retryFailed: false)
        let spill = try folder.reserveSpill(for: start, claimsMax: 16)
        let spillPath = folder.spillPath
        let ledger = WatchedLedger(campaign.ledger) { commit, _ in
            if commit == 3 { unlink(spillPath) }
            return commit >= 3
        }
        let server = server()
        let issuer = try campaign.issuer(server, on: ledger, time: clock.time, spill: spill)
        let end = await clock.passing(whenAsleep: 1) { await issuer.run() }
        #expect(end.spilledAnswers == 0 && end.spillFailure?.contains(spillPath) == true)
        #expect(end.unrecordedAnswers > 0)
        #expect(try campaign.counts().issued + end.unrecordedAnswers == server.requests)
    }

    @Test func aLedgerThatFailsAtOnceAsksForNothing() async throws {
        let campaign = try TestCampaign(count: 10)
        let ledger = WatchedLedger(campaign.ledger) { _, _ in true }
        let server = server()
        let end = await (try campaign.issuer(server, on: ledger, time: clock.time)).run()
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
        _ = await clock.passing(whenAsleep: 1) { await issuer.run() }
        let counts = try campaign.counts()
        #expect(counts.issued == server.requests && counts.claimed == 0)
    }
}
