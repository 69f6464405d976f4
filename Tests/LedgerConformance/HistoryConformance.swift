// What is kept of attempts, of invitations that came before, and of runs.

import Ledger
import TestSupport
import Testing
import Model

@Suite struct HistoryConformance {
    @Test(arguments: LedgerBackEnd.all)
    func attemptsThatDidNotSucceedAreKept(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...2)
        let run = try campaign.beginRun()
        let claim = try #require(try campaign.claim(1, run).first)
        try campaign.record(.tryingAgain(.sample()), [claim], run, isAmbiguous: true)
        let unanswered = AttemptResult(
            claim: claim,
            outcome: .dueAgain(nil),
            isAmbiguous: false,
            requestID: "request-n"
        )
        _ = try campaign.ledger.commit(
            [unanswered],
            run: run,
            progress: RunProgress(),
            claiming: 0,
            at: LedgerFixture.now
        )
        let other = try campaign.beginRun()
        let again = try campaign.claim(1, other)
        try campaign.record(.failed(.refusal), again, other)
        try campaign.reopen()
        let attempts = try campaign.ledger.attempts(of: claim.identityID)
        #expect(attempts.map(\.outcome) == [.retried, .dueAgain, .permanent])
        #expect(attempts.map(\.run) == [run, run, other])
        #expect(attempts.map(\.kind) == ["server_error", nil, FailureKind.rejectedByServer])
        #expect(attempts.map(\.httpStatus) == [503, nil, 400])
        #expect(attempts.map(\.requestID) == ["request-f", "request-n", "request-f"])
        #expect(attempts.map(\.isAmbiguous) == [true, false, false])
        #expect(attempts.allSatisfy { $0.at == LedgerFixture.now && $0.stage == .issue })
        #expect(try campaign.ledger.attempts(of: id(2)) == [])
        #expect(try campaign.ledger.attempts(of: id(99)) == [])
    }

    @Test(arguments: LedgerBackEnd.all)
    func theLatestTwentyAttemptsAreKept(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...2)
        let run = try campaign.beginRun()
        let claims = try campaign.claim(2, run)
        for number in 1...30 {
            var failure = FailureRecord.sample()
            failure.requestID = "request-\(number)"
            try campaign.record(.tryingAgain(failure), claims[0...0], run)
        }
        try campaign.record(.tryingAgain(.sample()), claims[1...1], run)
        let attempts = try campaign.ledger.attempts(of: claims[0].identityID)
        #expect(attempts.map(\.requestID) == (11...30).map { "request-\($0)" })
        #expect(try campaign.ledger.attempts(of: claims[1].identityID).count == 1)
    }

    @Test(arguments: LedgerBackEnd.all)
    func failuresOfLookUpsAreAttemptsToo(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...2)
        let run = try campaign.beginRun()
        let candidate = try #require(
            try campaign.ledger.lookupCandidates(.pending, of: run, after: nil, limit: 1).first
        )
        let failure = FailureRecord.sample("inactive_identity", isPermanent: true, httpStatus: nil)
        try campaign.ledger.recordLookups(
            [LookupResult(candidate: candidate, outcome: .failed(failure, []))],
            columns: [],
            run: run,
            failedInRun: 1
        )
        let attempts = try campaign.ledger.attempts(of: candidate.identityID)
        #expect(attempts.map(\.stage) == [.lookUp])
        #expect(attempts.map(\.kind) == ["inactive_identity"])
    }

    @Test(arguments: LedgerBackEnd.all)
    func anIdentityHasOneCurrentInvitationAndEarlierOnes(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let run = try campaign.beginRun()
        try campaign.issue(1...3, run: run)
        #expect(try campaign.ledger.reissue([id(1), id(99)]) == 1)
        #expect(try campaign.ledger.reissue([id(1)]) == 0, "it is due already")
        // Until there is a next one, the first is current.
        #expect(try campaign.invitations().map(\.invitation.recoveryCode) == ["000001", "000002", "000003"])
        #expect(try campaign.counts().issued == 2)

        let claims = try campaign.claim(9, run)
        #expect(claims.map(\.generation) == [2])
        try campaign.record(.tryingAgain(.sample()), claims, run)
        try campaign.record(.issued(.sample(77)), claims, run)
        #expect(try campaign.invitations().map(\.invitation.recoveryCode) == ["000077", "000002", "000003"])
        #expect(try campaign.counts().issued == 3)
        #expect(try campaign.ledger.reissue([id(1)]) == 1)
        try campaign.record(.issued(.sample(88)), try campaign.claim(1, run), run)
        try campaign.reopen()

        var all = try campaign.ledger.invitations(of: id(1))
        #expect(all.map(\.generation) == [1, 2, 3])
        #expect(all.map(\.isCurrent) == [false, false, true])
        #expect(all.map(\.invitation.recoveryCode) == ["000001", "000077", "000088"])
        #expect(all.allSatisfy { $0.run == run })
        #expect(try campaign.ledger.invitations(of: id(2)).map(\.generation) == [1])

        // History stays without its secrets.
        #expect(try campaign.ledger.purge(expiredBy: nil, at: LedgerFixture.now) == 5)
        all = try campaign.ledger.invitations(of: id(1))
        #expect(all.map(\.invitation.secret) == [.purged, .purged, .purged])
        #expect(all.map(\.invitation.requestID) == ["request-1", "request-77", "request-88"])
    }

    @Test(arguments: LedgerBackEnd.all)
    func aLateCodeOfAnEarlierGenerationIsNotTheNextOne(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let ledger = campaign.ledger
        try campaign.enrol(1...1)
        let first = try campaign.beginRun()
        let claim = try #require(try campaign.claim(1, first).first)
        let second = try campaign.beginRun()
        try campaign.record(.issued(.sample(5)), try campaign.claim(1, second), second)
        _ = try ledger.reissue([id(1)])
        let late = AttemptResult(claim: claim, outcome: .issued(.sample(4)), isAmbiguous: false)
        #expect(try ledger.takeLate([late], run: first, at: LedgerFixture.now).ambiguous == 1)
        #expect(try campaign.counts().pending == 1)
        try campaign.record(.issued(.sample(6)), try campaign.claim(1, second), second)
        #expect(try ledger.invitations(of: id(1)).map(\.invitation.recoveryCode) == ["000005", "000006"])
    }
}

/// Time series and events.
@Suite struct RunSeriesConformance {
    private static func time(_ seconds: Int) -> Timestamp {
        LedgerFixture.now.advanced(by: .seconds(seconds))
    }

    private func bucket(_ seconds: Int, requests: Int) -> RunBucket {
        var bucket = RunBucket(at: Self.time(seconds))
        bucket.requests = requests
        bucket.issued = requests - 1
        bucket.failures = ["server_error": 1]
        bucket.inFlight = requests
        bucket.limitInForce = "8/s"
        bucket.latency.record(.milliseconds(requests))
        return bucket
    }

    @Test(arguments: LedgerBackEnd.all)
    func aRunsNotesAreWrittenWithItsCommits(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let ledger = campaign.ledger
        try campaign.enrol(1...2)
        let run = try campaign.beginRun()
        let recorder = RunRecorder()
        ledger.attach(recorder, to: run)
        recorder.note(NotableEvent(.outageBegan, at: Self.time(3), details: ["after": "20 failures"]))
        recorder.add(bucket(3, requests: 5))
        recorder.add(bucket(7, requests: 2))
        recorder.add(bucket(12, requests: 4))
        #expect(try ledger.events(of: run) == [])
        _ = try ledger.commit([], run: run, progress: RunProgress(), claiming: 1, at: Self.time(15))
        #expect(try ledger.events(of: run).map(\.kind) == [.outageBegan])
        #expect(try ledger.events(of: run).first?.details == ["after": "20 failures"])
        var series = try ledger.series(of: run)
        #expect(series.map(\.begin) == [Self.time(0)], "what is not over waits")
        #expect((series[0].requests, series[0].issued, series[0].inFlight) == (7, 5, 5))
        #expect((series[0].failures, series[0].limitInForce) == (["server_error": 2], "8/s"))
        #expect(series[0].latency.count == 2)

        // A latecomer is added to its time, and a renewal writes too.
        recorder.add(bucket(8, requests: 1))
        recorder.note(NotableEvent(.outageEnded, at: Self.time(18)))
        try ledger.renew(run, at: Self.time(19))
        #expect(try ledger.series(of: run).map(\.requests) == [8])
        #expect(try ledger.events(of: run).map(\.kind) == [.outageBegan, .outageEnded])
        try ledger.finishRun(run, progress: RunProgress(), stoppedBecause: nil, at: Self.time(19))
        series = try ledger.series(of: run)
        #expect(series.map(\.requests) == [8, 4])
        #expect(series.map(\.seconds) == [10, 10])
        try campaign.reopen()
        #expect(try campaign.ledger.series(of: run) == series)
    }

    @Test(arguments: LedgerBackEnd.all)
    func notesOfAFencedRunAreKeptBack(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let ledger = campaign.ledger
        let run = try campaign.beginRun()
        let recorder = RunRecorder()
        ledger.attach(recorder, to: run)
        _ = try campaign.beginRun()
        recorder.note(NotableEvent(.stop, at: Self.time(0)))
        #expect(throws: LedgerError.self) { try ledger.renew(run, at: Self.time(0)) }
        try ledger.finishRun(run, progress: RunProgress(), stoppedBecause: "fenced", at: Self.time(1))
        #expect(try ledger.events(of: run).map(\.kind) == [.stop])
    }
}
