// Several runs on one campaign: owners, leases, fences and late answers.

import Ledger
import TestSupport
import Testing
import Model

@Suite struct SharedLedgerConformance {
    private static func time(_ seconds: Double) -> Timestamp {
        LedgerFixture.now.advanced(by: .seconds(seconds))
    }

    /// A run beside the others, with a lease of 30 s.
    private func join(
        _ ledger: any Ledger,
        at seconds: Double = 0,
        key: RunKey = .random(),
        declaring lost: LostRuns = .leaseOver
    ) throws -> RunID {
        try ledger.beginRun(
            RunStart(
                startedAt: Self.time(seconds),
                process: "test",
                version: "1",
                retryFailed: false,
                key: key,
                lease: .seconds(30),
                declaresLost: lost
            )
        )
    }

    @discardableResult
    private func commit(
        _ results: [AttemptResult],
        _ run: RunID,
        claiming: Int = 0,
        at seconds: Double = 0,
        in ledger: any Ledger
    ) throws -> Committed {
        try ledger.commit(
            results,
            run: run,
            progress: RunProgress(),
            claiming: claiming,
            at: Self.time(seconds)
        )
    }

    /// Claims alone.
    @discardableResult
    private func commit(
        _ run: RunID,
        claiming: Int,
        at seconds: Double = 0,
        in ledger: any Ledger
    ) throws -> Committed {
        try commit([], run, claiming: claiming, at: seconds, in: ledger)
    }

    private func issued(_ claim: Claim, _ number: Int) -> AttemptResult {
        AttemptResult(claim: claim, outcome: .issued(.sample(number)), isAmbiguous: false)
    }

    private func expectFenced(_ body: () throws -> Void) {
        #expect { try body() } throws: { ($0 as? LedgerError)?.code == .fenced }
    }

    @Test(arguments: LedgerBackEnd.all)
    func twoRunsShareWhatIsDue(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...10)
        let other = try campaign.openAnother()
        let first = try join(campaign.ledger)
        let second = try join(other)
        let claims = try commit(first, claiming: 4, in: campaign.ledger).claims
        let others = try commit(second, claiming: 4, in: other).claims
        #expect(Set(claims.map(\.sequence)).isDisjoint(with: others.map(\.sequence)))
        #expect(try campaign.counts().claimed == 8)
        #expect(try campaign.counts().inDoubt == 0)

        // Nobody gives back, or records, what is another's.
        try other.release(claims, run: second)
        #expect(try campaign.counts().claimed == 8)
        #expect(throws: LedgerError.self) { try commit([issued(claims[0], 1)], second, in: other) }
        #expect(try campaign.counts().issued == 0)

        try commit(claims.map { issued($0, 1) }, first, in: campaign.ledger)
        try commit(others.map { issued($0, 2) }, second, claiming: 9, in: other)
        let counts = try campaign.counts()
        #expect((counts.issued, counts.claimed, counts.pending) == (8, 2, 0))
    }

    @Test(arguments: LedgerBackEnd.all)
    func aRunIsLostWhenItsLeaseIsOverAndNotBefore(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let ledger = campaign.ledger
        try campaign.enrol(1...10)
        let (first, second) = (try join(ledger), try join(ledger))
        let claims = try commit(first, claiming: 3, in: ledger).claims
        try commit(second, claiming: 2, in: ledger)
        // A commit and a renewal each begin it anew.
        try commit([issued(claims[0], 1)], first, at: 20, in: ledger)
        try ledger.renew(second, at: Self.time(20))
        let third = try join(ledger, at: 40)
        #expect(try campaign.counts().inDoubt == 0)
        try ledger.renew(second, at: Self.time(45))
        #expect(try ledger.rescueLostRuns(.leaseOver, by: third, at: Self.time(49.9)) == 0)
        #expect(try ledger.rescueLostRuns(.leaseOver, by: third, at: Self.time(50)) == 2)
        var counts = try campaign.counts()
        #expect((counts.inDoubt, counts.claimed, counts.ambiguousAttempts) == (2, 2, 2))
        #expect(try ledger.requests(since: Self.time(50)).map(\.requests) == [2])
        // Once is enough, and whoever asks is never lost.
        #expect(try ledger.rescueLostRuns(.leaseOver, by: third, at: Self.time(60)) == 0)
        #expect(try ledger.rescueLostRuns(.leaseOver, by: third, at: Self.time(1000)) == 2)
        #expect(try ledger.rescueLostRuns(.leaseOver, by: third, at: Self.time(2000)) == 0)
        counts = try campaign.counts()
        #expect((counts.inDoubt, counts.claimed, counts.ambiguousAttempts) == (4, 0, 4))
        #expect(try commit(third, claiming: 4, at: 2000, in: ledger).claims.allSatisfy(\.wasInDoubt))
    }

    @Test(arguments: LedgerBackEnd.all)
    func whoeverHasTheCampaignAloneTakesAllOthersForLost(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let ledger = campaign.ledger
        try campaign.enrol(1...10)
        let (first, second) = (try join(ledger), try join(ledger))
        try commit(first, claiming: 3, in: ledger)
        try commit(second, claiming: 2, in: ledger)
        let third = try join(ledger, declaring: .allOthers)
        #expect(try campaign.counts().inDoubt == 5)
        expectFenced { try commit(first, claiming: 1, in: ledger) }
        expectFenced { try ledger.renew(second, at: Self.time(1)) }
        #expect(try commit(third, claiming: 1, in: ledger).claims.count == 1)
    }

    @Test(arguments: LedgerBackEnd.all)
    func aRunIsLostByDeclarationAlone(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let ledger = campaign.ledger
        try campaign.enrol(1...10)
        let (first, second) = (try join(ledger), try join(ledger))
        try commit(first, claiming: 3, in: ledger)
        let kept = try commit(second, claiming: 2, in: ledger).claims
        #expect(try ledger.rescueLostRuns(.only(first), by: second, at: Self.time(1)) == 3)
        #expect(try campaign.counts().claimed == 2)
        try commit(kept.map { issued($0, 1) }, second, in: ledger)
    }

    @Test(arguments: LedgerBackEnd.all)
    func whatAnEndedRunLeftClaimedIsInDoubt(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let ledger = campaign.ledger
        try campaign.enrol(1...3)
        let first = try join(ledger)
        try commit(first, claiming: 2, in: ledger)
        try ledger.finishRun(first, progress: RunProgress(), stoppedBecause: nil, at: Self.time(1))
        _ = try join(ledger, at: 1)
        #expect(try campaign.counts().inDoubt == 2)
    }

    @Test(arguments: LedgerBackEnd.all)
    func aFencedRunChangesNothing(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let ledger = campaign.ledger
        try campaign.enrol(1...6)
        let first = try join(ledger)
        let claims = try commit(first, claiming: 3, in: ledger).claims
        let second = try join(ledger, at: 31)
        let again = try commit(second, claiming: 2, at: 31, in: ledger).claims
        #expect(again.map(\.sequence) == claims.prefix(2).map(\.sequence))
        let before = (try campaign.counts(), try ledger.campaign().revision)
        expectFenced { try commit(claims.map { issued($0, 7) }, first, claiming: 3, at: 32, in: ledger) }
        expectFenced {
            try ledger.recordLookups([], columns: [], run: first, failedInRun: 1)
        }
        try ledger.release(claims, run: first)
        #expect(before == (try campaign.counts(), try ledger.campaign().revision))
    }

    @Test(arguments: LedgerBackEnd.all)
    func lateAnswersAreKeptOrCounted(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let ledger = campaign.ledger
        try campaign.enrol(1...8)
        let first = try join(ledger)
        let claims = try commit(first, claiming: 7, in: ledger).claims
        let second = try join(ledger, at: 31)
        let again = try commit(second, claiming: 2, at: 31, in: ledger).claims
        // The first has a newer code by now; the second is asked for at the moment; the others are in doubt.
        try commit([issued(again[0], 90)], second, at: 32, in: ledger)
        let late = [
            issued(claims[0], 1), issued(claims[1], 2), issued(claims[2], 3),
            AttemptResult(
                claim: claims[3],
                outcome: .failed(.sample("gone", isPermanent: true)),
                isAmbiguous: false
            ),
            AttemptResult(claim: claims[4], outcome: .dueAgain(.sample()), isAmbiguous: false),
            AttemptResult(claim: claims[5], outcome: .tryingAgain(.sample()), isAmbiguous: false),
        ]
        let taken = try ledger.takeLate(late, run: first, at: Self.time(33))
        #expect((taken.issued, taken.recorded, taken.ambiguous, taken.known) == (2, 5, 1, 0))
        var counts = try campaign.counts()
        #expect(
            (counts.issued, counts.failed, counts.pending, counts.inDoubt, counts.claimed) == (3, 1, 3, 1, 0)
        )
        // Each was counted when it became in doubt.
        #expect(counts.ambiguousAttempts == 7)
        #expect(try campaign.invitations().map(\.invitation.recoveryCode) == ["000090", "000002", "000003"])
        #expect(try ledger.attempts(of: claims[0].identityID).map(\.outcome) == [.superseded])
        #expect(try ledger.attempts(of: claims[0].identityID).map(\.requestID) == ["request-1"])
        #expect(try ledger.attempts(of: claims[2].identityID) == [])

        // A second time changes nothing.
        let known = try ledger.takeLate(late, run: first, at: Self.time(34))
        #expect((known.recorded, known.ambiguous, known.known) == (0, 0, 6))
        #expect(try campaign.counts() == counts)

        // Its own code is one too many for whom a late answer has brought one.
        let committed = try commit([issued(again[1], 91)], second, at: 35, in: ledger)
        #expect(committed.surplus == [again[1]])
        counts = try campaign.counts()
        #expect((counts.issued, counts.ambiguousAttempts) == (3, 8))
        #expect(try campaign.invitations().map(\.invitation.recoveryCode) == ["000090", "000002", "000003"])
    }

    @Test(arguments: LedgerBackEnd.all)
    func aRequestInDoubtIsFoundByItsID(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let ledger = campaign.ledger
        try campaign.enrol(1...3)
        let key = RunKey.random()
        let first = try join(ledger, key: key)
        var claim = try #require(try commit(first, claiming: 1, in: ledger).claims.first)
        let retried = AttemptResult(claim: claim, outcome: .tryingAgain(.sample()), isAmbiguous: true)
        try commit([retried], first, in: ledger)
        let second = try join(ledger, at: 31)
        let requestID = key.requestID(for: claim.identityID, attempt: 2)
        let found = try #require(try ledger.attempt(withRequestID: requestID))
        #expect((found.identityID, found.run, found.outcome) == (claim.identityID, first, .inDoubt))
        #expect((found.stage, found.isAmbiguous, found.at) == (.issue, true, Self.time(31)))
        #expect(try ledger.attempt(withRequestID: "request-f")?.outcome == .retried)
        #expect(try ledger.attempt(withRequestID: "") == nil)
        #expect(try ledger.attempt(withRequestID: "another") == nil)
        // The next request is the third.
        claim = try #require(try commit(second, claiming: 1, at: 31, in: ledger).claims.first)
        #expect((claim.attempts, claim.wasInDoubt) == (2, true))
    }
}
