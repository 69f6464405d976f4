// Invitations that are issued anew: who gets another one, and that the one before holds until then.

import Ledger
import TestSupport
import Testing
import Model

@Suite struct ReissueConformance {
    private static let hour = Duration.seconds(3600)
    private static let now = LedgerFixture.now

    /// Identities 1 to 4 issued, for one, two, three and four hours; 5 pending.
    private func issued(_ backEnd: LedgerBackEnd) throws -> (campaign: LedgerFixture, run: RunID) {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...5)
        let run = try campaign.beginRun()
        for claim in try campaign.claim(4, run) {
            var invitation = IssuedInvitation.sample(Int(claim.sequence))
            invitation.expiresAt = Self.now.advanced(by: Self.hour * Int(claim.sequence))
            try campaign.record(.issued(invitation), [claim], run)
        }
        return (campaign, run)
    }

    private func sequences(
        _ whose: ReissueScope.Whose,
        _ campaign: LedgerFixture,
        roster: RosterID? = nil,
        issuedBefore: Timestamp? = nil,
        now: Timestamp = LedgerFixture.now,
        after sequence: Int64 = 0,
        limit: Int = 100
    ) throws -> [Int64] {
        let scope = ReissueScope(whose, roster: roster, issuedBefore: issuedBefore, now: now)
        return try campaign.ledger.reissueCandidates(scope, after: sequence, limit: limit).map(\.sequence)
    }

    private func activated(_ sequence: Int64) -> ActivationResult {
        ActivationResult(
            sequence: sequence,
            finding: .known(Activation(.activated, kind: "password", at: Self.now))
        )
    }

    private func unused(_ sequence: Int64) -> ActivationResult {
        ActivationResult(sequence: sequence, finding: .known(Activation(.unused)))
    }

    @Test(arguments: LedgerBackEnd.all)
    func whoIsInScope(_ backEnd: LedgerBackEnd) throws {
        let (campaign, _) = try issued(backEnd)
        let (ledger, twoHours) = (campaign.ledger, Self.now.advanced(by: Self.hour * 2))
        #expect(try sequences(.expiring(by: Self.now), campaign) == [])
        #expect(try sequences(.expiring(by: twoHours), campaign) == [1, 2])
        #expect(try sequences(.everybody, campaign) == [1, 2, 3, 4])
        #expect(try sequences(.everybody, campaign, after: 1, limit: 2) == [2, 3])
        // What an earlier part of the same reissue has issued, unless it has expired since.
        #expect(try sequences(.everybody, campaign, issuedBefore: Self.now) == [])
        #expect(try sequences(.everybody, campaign, issuedBefore: Self.now, now: twoHours) == [1, 2])
        _ = try ledger.beginReissue("list", at: Self.now)
        #expect(try ledger.markForReissue([id(3), id(1), id(5), id(99), id(3)]) == 4)
        #expect(try sequences(.marked, campaign) == [1, 3])
        #expect(try sequences(.marked, campaign, after: 1) == [3])
        let later = try campaign.enrol(4...6)
        #expect(try sequences(.everybody, campaign, roster: later) == [4])
        try ledger.recordActivations([activated(1), unused(2)], at: Self.now)
        #expect(try sequences(.expiring(by: twoHours), campaign) == [2])
        let scope = ReissueScope(.everybody, now: Self.now)
        let known = try ledger.reissueCandidates(scope, after: 0, limit: 1)
        #expect(known.map(\.activation) == [ActivationRecord(Activation(.unused), learntAt: Self.now)])
        #expect(known.map(\.generation) == [1] && known.map(\.identityID) == [id(2)])
        // Their time of expiry is known also where their codes are not.
        _ = try ledger.purge(expiredBy: nil, at: Self.now)
        #expect(try sequences(.expiring(by: twoHours), campaign) == [2])
    }

    @Test(arguments: LedgerBackEnd.all)
    func whoIsAskedAboutFirst(_ backEnd: LedgerBackEnd) throws {
        let (campaign, _) = try issued(backEnd)
        let scope = ReissueScope(.expiring(by: Self.now.advanced(by: Self.hour * 3)), now: Self.now)
        func asked(notSince time: Timestamp) throws -> [Int64] {
            try campaign.ledger.activationCandidates(
                .reissue(scope, notSince: time),
                after: 0,
                limit: 100
            ).map(\.sequence)
        }
        try campaign.ledger.recordActivations([activated(1), unused(2)], at: Self.now)
        #expect(try asked(notSince: Self.now) == [3])
        #expect(try asked(notSince: Self.now.advanced(by: .seconds(1))) == [2, 3])
        // By a clock that has been set back since: nobody knows how long ago that was.
        try campaign.ledger.recordActivations([unused(2)], at: Self.now.advanced(by: .seconds(1)))
        #expect(try asked(notSince: Self.now) == [2, 3])
    }

    @Test(arguments: LedgerBackEnd.all)
    func theInvitationBeforeHoldsUntilTheNextIsRecorded(_ backEnd: LedgerBackEnd) throws {
        let (campaign, _) = try issued(backEnd)
        let scope = ReissueScope(.everybody, now: Self.now)
        let candidates = try campaign.ledger.reissueCandidates(scope, after: 0, limit: 2)
        #expect(try campaign.ledger.reissue(candidates) == 2)
        #expect(try campaign.ledger.reissue(candidates) == 0, "nobody is prepared twice for one invitation")
        // A crash, and what a run of the same reissue reads then.
        try campaign.reopen()
        #expect(try campaign.ledger.invitations(of: id(1)).map(\.isCurrent) == [true])
        #expect(try campaign.invitations().map(\.generation) == [1, 1, 1, 1])
        #expect(try campaign.counts().pending == 3)
        let run = try campaign.beginRun()
        let claim = try #require(try campaign.claim(1, run).first)
        #expect((claim.identityID, claim.generation) == (id(1), 2))
        try campaign.record(.issued(.sample(11)), [claim], run)
        let all = try campaign.ledger.invitations(of: id(1))
        #expect(all.map(\.generation) == [1, 2] && all.map(\.isCurrent) == [false, true])
        #expect(try campaign.ledger.reissue(candidates) == 0, "it was read of the one before")
    }

    @Test(arguments: LedgerBackEnd.all)
    func ambiguousAttemptsCountForTheirInvitation(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...1)
        let run = try campaign.beginRun()
        let first = try campaign.claim(1, run)
        for _ in 0..<2 { try campaign.record(.tryingAgain(.sample()), first, run, isAmbiguous: true) }
        try campaign.record(.issued(.sample(1)), first, run)
        #expect(try campaign.ledger.invitations(of: id(1)).map(\.ambiguousAttempts) == [2])
        #expect(try campaign.ledger.reissue([id(1)]) == 1)
        let second = try campaign.claim(1, run)
        try campaign.record(.failed(.refusal), second, run, isAmbiguous: true)
        #expect(try campaign.failures().map(\.ambiguousAttempts) == [1])
        #expect(try campaign.ledger.invitations(of: id(1)).map(\.ambiguousAttempts) == [2])
        let again = try campaign.beginRun(retryFailed: true)
        try campaign.record(.issued(.sample(2)), try campaign.claim(1, again), again)
        #expect(try campaign.ledger.invitations(of: id(1)).map(\.ambiguousAttempts) == [2, 1])
        #expect(try campaign.counts().ambiguousAttempts == 3)
    }

    @Test(arguments: LedgerBackEnd.all)
    func whatIsPreparedCanBeWithdrawn(_ backEnd: LedgerBackEnd) throws {
        let (campaign, run) = try issued(backEnd)
        #expect(try campaign.ledger.reissue([id(1), id(2), id(3), id(4)]) == 4)
        let claims = try campaign.claim(3, run)
        try campaign.record(.failed(.sample()), claims[0...0], run)
        try campaign.record(.failed(.refusal), claims[1...1], run)
        // Identity 3 is in doubt by the next run, 4 was not asked for.
        let next = try campaign.beginRun()
        #expect(try campaign.counts().inDoubt == 1)
        #expect(try campaign.ledger.withdrawReissues(by: next) == 3)
        #expect(try sequences(.everybody, campaign) == [1, 3, 4])
        #expect(try campaign.failures().map(\.identityID) == [id(2)])
        #expect(try campaign.claim(9, next).map(\.identityID) == [id(5)], "a first invitation stays due")
        let scope = ReissueScope(.everybody, now: Self.now)
        let known = try campaign.ledger.reissueCandidates(scope, after: 0, limit: 9)
        #expect(known.allSatisfy { $0.generation == 1 })
        let retrying = try campaign.beginRun(retryFailed: true)
        #expect(try campaign.ledger.withdrawReissues(by: retrying) == 1)
        #expect(try campaign.failures().map(\.identityID) == [])
    }

    @Test(arguments: LedgerBackEnd.all)
    func aCodeThatComesAfterItsReissueWasWithdrawnIsKept(_ backEnd: LedgerBackEnd) throws {
        let (campaign, run) = try issued(backEnd)
        #expect(try campaign.ledger.reissue([id(1)]) == 1)
        let claims = try campaign.claim(1, run)
        let next = try campaign.beginRun()
        #expect(try campaign.ledger.withdrawReissues(by: next) == 1)
        let late = claims.map { AttemptResult(claim: $0, outcome: .issued(.sample(11)), isAmbiguous: false) }
        #expect(try campaign.ledger.takeLate(late, run: run, at: Self.now).issued == 1)
        #expect(try campaign.ledger.invitations(of: id(1)).map(\.generation) == [1, 2])
        let scope = ReissueScope(.everybody, now: Self.now)
        let candidates = try campaign.ledger.reissueCandidates(scope, after: 0, limit: 1)
        #expect(candidates.map(\.generation) == [2])
        #expect(try campaign.ledger.reissue(candidates) == 1)
        let claim = try #require(try campaign.claim(1, next).first)
        #expect(claim.generation == 3)
    }

    @Test(arguments: LedgerBackEnd.all)
    func whoHasActivatedIsNotDueAnyMore(_ backEnd: LedgerBackEnd) throws {
        let (campaign, run) = try issued(backEnd)
        #expect(try campaign.ledger.reissue([id(1), id(2)]) == 2)
        try campaign.ledger.recordActivations([activated(1), unused(2)], at: Self.now)
        #expect(try campaign.claim(9, run).map(\.identityID) == [id(2), id(5)])
        #expect(try campaign.ledger.invitations(of: id(1)).map(\.generation) == [1])
    }
}

extension ReissueConformance {
    @Test(arguments: LedgerBackEnd.all)
    func whoIsGivenUpIsAFailureThatMayPass(_ backEnd: LedgerBackEnd) throws {
        let (campaign, run) = try issued(backEnd)
        let ledger = campaign.ledger
        let scope = ReissueScope(.expiring(by: Self.now.advanced(by: Self.hour * 2)), now: Self.now)
        let candidates = try ledger.reissueCandidates(scope, after: 0, limit: 9)
        let later = Self.now.advanced(by: .seconds(9))
        #expect(try ledger.giveUp(candidates, run: run, at: later) == 2)
        let next = try campaign.beginRun()
        #expect(try ledger.giveUp(candidates, run: next, at: later) == 0, "they are given up already")
        #expect(try ledger.givenUpCount(by: run) == 2)
        #expect(try ledger.givenUpCount(by: next) == 0)
        try campaign.reopen()
        let rows = try campaign.failures()
        #expect(rows.map(\.identityID) == [id(1), id(2)])
        #expect(rows.allSatisfy { $0.failure.kind == .notActivated && !$0.failure.isPermanent })
        #expect(rows.allSatisfy { $0.failure.at == later && $0.columns.count == 1 })
        let roster = try #require(try campaign.ledger.latestRoster()?.id)
        #expect(try campaign.ledger.news(ofRoster: roster, run: run).failuresInRun == ["not_activated": 2])
        #expect(try campaign.claim(9, next).map(\.identityID) == [id(5)], "nobody is due by that")
        // Activated after all; or allowed another one.
        try campaign.ledger.recordActivations([activated(1)], at: later)
        #expect(try campaign.failures().map(\.identityID) == [id(2)])
        #expect(try campaign.ledger.reissue([id(2)]) == 1)
        #expect(try campaign.failures().isEmpty)
        #expect(try campaign.ledger.funnel(now: Self.now).givenUp == 0)
    }

    @Test(arguments: LedgerBackEnd.all)
    func howInvitationsStand(_ backEnd: LedgerBackEnd) throws {
        let (campaign, run) = try issued(backEnd)
        let roster = try #require(try campaign.ledger.latestRoster()?.id)
        let afterOne = Self.now.advanced(by: Self.hour)
        #expect(try campaign.ledger.hasUnreached(inRoster: roster, at: Self.now), "5 is pending")
        try campaign.record(.issued(.sample(5)), try campaign.claim(1, run), run)
        #expect(try !campaign.ledger.hasUnreached(inRoster: roster, at: Self.now))
        #expect(try !campaign.ledger.hasUnreached(inRoster: nil, at: Self.now))
        #expect(try campaign.ledger.hasUnreached(inRoster: roster, at: afterOne), "1 and 5 have expired")
        var funnel = try campaign.ledger.funnel(now: afterOne)
        #expect((funnel.valid, funnel.expired, funnel.activated) == (3, 2, 0))
        try campaign.ledger.recordActivations([activated(1), activated(2), activated(5)], at: afterOne)
        funnel = try campaign.ledger.funnel(now: afterOne)
        #expect((funnel.valid, funnel.expired, funnel.activated) == (2, 0, 3))
        #expect(try !campaign.ledger.hasUnreached(inRoster: roster, at: afterOne))
        // Another roster leaves the first one's identities out.
        let other = try campaign.enrol(6...6)
        try campaign.record(.issued(.sample(6)), try campaign.claim(1, run), run)
        let afterThree = Self.now.advanced(by: .seconds(3599))
        #expect(try !campaign.ledger.hasUnreached(inRoster: other, at: afterThree))
        // Who is due for another one is reached while the one before is valid.
        #expect(try campaign.ledger.reissue([id(4)]) == 1)
        #expect(try !campaign.ledger.hasUnreached(inRoster: nil, at: afterThree))
        let afterFour = Self.now.advanced(by: Self.hour * 4)
        #expect(try campaign.ledger.hasUnreached(inRoster: roster, at: afterFour))
    }

    @Test(arguments: LedgerBackEnd.all)
    func aReissueGoesOnUntilItEnds(_ backEnd: LedgerBackEnd) throws {
        let (campaign, _) = try issued(backEnd)
        let later = Self.now.advanced(by: Self.hour)
        #expect(try campaign.ledger.beginReissue("all", at: Self.now) == Self.now)
        #expect(try campaign.ledger.markForReissue([id(1)]) == 1)
        try campaign.reopen()
        #expect(try campaign.ledger.beginReissue("all", at: later) == Self.now)
        #expect(try sequences(.marked, campaign) == [], "marks are a run's own")
        try campaign.ledger.endReissue()
        #expect(try campaign.ledger.beginReissue("all", at: later) == later)
        #expect(try campaign.ledger.beginReissue("list", at: Self.now) == Self.now)
    }
}
