import Ledger
import Model
import TestSupport
import Testing

/// Claims, results and runs of any ledger.
@Suite struct IssuingConformance {
    @Test(arguments: LedgerBackEnd.all)
    func claimsComeInRosterOrderAndNoMoreThanAskedFor(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.enrol([5, 3, 9, 1].map { .identity(id($0), line: $0, columns: []) })
        let run = try campaign.beginRun()
        #expect(try campaign.claim(0, run).isEmpty)
        let first = try campaign.claim(3, run)
        #expect(first.map(\.identityID) == [id(5), id(3), id(9)])
        #expect(first.map(\.sequence) == [1, 2, 3])
        #expect(first.allSatisfy { !$0.wasInDoubt })
        #expect(try campaign.counts().claimed == 3)
        #expect(try campaign.claim(3, run).map(\.identityID) == [id(1)])
        #expect(try campaign.claim(3, run).isEmpty)
    }

    @Test(arguments: LedgerBackEnd.all)
    func whatWasClaimedByADeadRunIsInDoubtAndComesFirst(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...5)
        let dead = try campaign.beginRun()
        let claims = try campaign.claim(3, dead)
        try campaign.record(.issued(.sample(1)), claims.prefix(1), dead)
        try campaign.reopen()

        let run = try campaign.beginRun()
        var counts = try campaign.counts()
        #expect((counts.issued, counts.inDoubt, counts.pending, counts.claimed) == (1, 2, 2, 0))
        #expect(counts.ambiguousAttempts == 2)
        let again = try campaign.claim(3, run)
        #expect(again.map(\.identityID) == [id(2), id(3), id(4)])
        #expect(again.map(\.wasInDoubt) == [true, true, false])
        counts = try campaign.counts()
        #expect((counts.inDoubt, counts.claimed, counts.ambiguousAttempts) == (0, 3, 2))
    }

    @Test(arguments: LedgerBackEnd.all)
    func releasedClaimsAreWhatTheyWere(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...3)
        _ = try campaign.claim(1, try campaign.beginRun())
        let run = try campaign.beginRun()
        let claims = try campaign.claim(3, run)
        try campaign.ledger.release(claims, run: run)
        let counts = try campaign.counts()
        #expect((counts.inDoubt, counts.pending, counts.claimed, counts.ambiguousAttempts) == (1, 2, 0, 1))
        #expect(try campaign.claim(9, run) == claims)
        // What has its result by now is not given back.
        try campaign.record(.issued(.sample(1)), claims, run)
        try campaign.ledger.release(claims, run: run)
        #expect(try campaign.counts().issued == 3)
    }

    @Test(arguments: LedgerBackEnd.all)
    func anInvitationIsKeptWholeWithItsRun(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let roster = try campaign.enrol(1...1)
        let run = try campaign.beginRun()
        var invitation = IssuedInvitation.sample(7, link: "/self-service/recovery?flow=ü&x=\"")
        invitation.expiresAtText = "2027-01-15T09:00:00.123456789+01:00"
        try campaign.record(.issued(invitation), try campaign.claim(1, run), run)
        let row = try #require(try campaign.invitations().first)
        #expect(row.invitation == invitation)
        #expect(row.invitation.recoveryCode == "000007")
        #expect((row.identityID, row.columnsFrom, row.columns) == (id(1), roster, ["user 1"]))
    }

    @Test(arguments: LedgerBackEnd.all, ["000000", "0012345", "1e10", "00x", ""])
    func aCodeIsOpaque(_ backEnd: LedgerBackEnd, _ code: String) throws {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...1)
        let run = try campaign.beginRun()
        var invitation = IssuedInvitation.sample(1)
        invitation.recoveryCode = code
        try campaign.record(.issued(invitation), try campaign.claim(1, run), run)
        #expect(try campaign.invitations().map(\.invitation.recoveryCode) == [code])
    }

    @Test(arguments: LedgerBackEnd.all)
    func aFailureIsKeptWholeWithItsAttempts(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...1)
        let run = try campaign.beginRun()
        let claims = try campaign.claim(1, run)
        try campaign.record(.tryingAgain(.sample("timeout", httpStatus: nil)), claims, run, isAmbiguous: true)
        #expect(try campaign.counts().claimed == 1)
        #expect(try campaign.failures().isEmpty)
        try campaign.record(.tryingAgain(.sample()), claims, run)
        let last = FailureRecord.sample(
            "gone",
            isPermanent: true,
            httpStatus: 404,
            errorID: "e",
            reason: "Zoë, \"x\""
        )
        try campaign.record(.failed(last), claims, run)
        let row = try #require(try campaign.failures().first)
        #expect(row.failure == last)
        #expect((row.identityID, row.attempts, row.ambiguousAttempts) == (id(1), 3, 1))
        #expect(try campaign.counts().failures == ["gone": 1])
        #expect(try campaign.counts().ambiguousAttempts == 1)
    }

    @Test(arguments: LedgerBackEnd.all)
    func whatIsDueAgainIsPendingAtOnce(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...2)
        let run = try campaign.beginRun()
        let claims = try campaign.claim(2, run)
        try campaign.record(.dueAgain(nil), claims.prefix(1), run)
        try campaign.record(.dueAgain(.sample()), claims.suffix(1), run, isAmbiguous: true)
        let counts = try campaign.counts()
        #expect((counts.pending, counts.failed, counts.ambiguousAttempts) == (2, 0, 1))
        #expect(counts.failures.isEmpty)
        #expect(try campaign.claim(2, run).map(\.wasInDoubt) == [false, false])
    }

    @Test(arguments: LedgerBackEnd.all, [false, true])
    func theNextRunTriesTransientFailuresAndPermanentOnesWhenAsked(
        _ backEnd: LedgerBackEnd,
        retryFailed: Bool
    ) throws {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...3)
        let run = try campaign.beginRun()
        let claims = try campaign.claim(3, run)
        try campaign.record(.failed(.sample()), claims[0...0], run)
        try campaign.record(.failed(.sample("gone", isPermanent: true)), claims[1...1], run)
        try campaign.record(.issued(.sample(3)), claims[2...2], run)
        #expect(try campaign.claim(3, run).isEmpty)
        let next = try campaign.beginRun(retryFailed: retryFailed)
        #expect(try campaign.claim(3, next).map(\.identityID) == (retryFailed ? [id(1), id(2)] : [id(1)]))
        #expect(try campaign.counts().failures == (retryFailed ? [:] : ["gone": 1]))
    }

    @Test(arguments: LedgerBackEnd.all)
    func refusalsAreDueAgainWhenTheyTurnOutToBeForAll(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...3)
        let run = try campaign.beginRun()
        #expect(try campaign.ledger.refusalsOnly() == [])
        let claims = try campaign.claim(3, run)
        try campaign.record(.failed(.refusal), claims[0...1], run)
        #expect(try campaign.ledger.refusalsOnly() == [.refusal, .refusal])
        try campaign.record(.failed(.sample("gone", isPermanent: true)), claims[2...2], run)
        #expect(try campaign.ledger.refusalsOnly() == nil)
        try campaign.ledger.requeueRefused()
        let counts = try campaign.counts()
        #expect((counts.pending, counts.failed) == (2, 1))
        #expect(try campaign.claim(3, run).map(\.identityID) == [id(1), id(2)])
    }

    @Test(arguments: LedgerBackEnd.all)
    func anInvitationProvesThatNotAllAreRefused(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...2)
        let run = try campaign.beginRun()
        let claims = try campaign.claim(2, run)
        try campaign.record(.failed(.refusal), claims[0...0], run)
        try campaign.record(.issued(.sample(2)), claims[1...1], run)
        #expect(try campaign.ledger.refusalsOnly() == nil)
    }

    enum Unclaimed: String, CaseIterable, Sendable {
        case pending, issued, failed, inDoubt, unknown
    }

    @Test(arguments: LedgerBackEnd.all, Unclaimed.allCases)
    func aResultForWhatIsNotClaimedIsRefusedWithItsWholeCommit(_ backEnd: LedgerBackEnd, _ state: Unclaimed)
        throws
    {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...4)
        var run = try campaign.beginRun()
        var claims = try campaign.claim(2, run)
        let bad = claims.removeLast()
        switch state {
        case .pending: try campaign.ledger.release([bad], run: run)
        case .issued: try campaign.record(.issued(.sample(1)), [bad], run)
        case .failed: try campaign.record(.failed(.sample("x", isPermanent: true)), [bad], run)
        case .inDoubt:
            run = try campaign.beginRun()
            claims = try campaign.claim(1, run)
        case .unknown: break
        }
        // One that is rightly claimed, and one that is not.
        let good = try #require(claims.first)
        let claim = state == .unknown ? Claim(sequence: 99, identityID: id(99), wasInDoubt: false) : bad
        let before = (
            try campaign.counts(), try campaign.invitations().count, try campaign.ledger.latestRun()
        )
        var progress = RunProgress()
        progress.requests = 77
        for outcome in [AttemptResult.Outcome.issued(.sample(8)), .failed(.sample()), .dueAgain(nil)] {
            #expect(throws: LedgerError.self) {
                try campaign.ledger.commit(
                    [
                        AttemptResult(claim: good, outcome: .issued(.sample(9)), isAmbiguous: false),
                        AttemptResult(claim: claim, outcome: outcome, isAmbiguous: false),
                    ],
                    run: run,
                    progress: progress,
                    claiming: 2,
                    at: LedgerFixture.now
                )
            }
        }
        let after = (try campaign.counts(), try campaign.invitations().count, try campaign.ledger.latestRun())
        #expect(before == after)
    }

    @Test(arguments: LedgerBackEnd.all)
    func aCancelledTaskCanStillCommit(_ backEnd: LedgerBackEnd) async throws {
        // After Ctrl-C, what the server has answered must still get into the ledger.
        let issued = try await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            let campaign = try backEnd.fresh()
            try campaign.issue(1...3, run: try campaign.beginRun())
            return try campaign.counts().issued
        }.value
        #expect(issued == 3)
    }
}
