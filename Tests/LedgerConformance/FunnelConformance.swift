import Ledger
import TestSupport
import Testing
import Model

/// How far invitations have come, in any ledger.
@Suite struct FunnelConformance {
    /// The samples expire an hour after this.
    private static let now = LedgerFixture.now
    private static let expiry = LedgerFixture.now.advanced(by: .seconds(3600))

    private func activated(_ sequence: Int64, after seconds: Double) -> ActivationResult {
        let time = Self.now.advanced(by: .milliseconds(Int(seconds * 1000)))
        return ActivationResult(
            sequence: sequence,
            finding: .known(Activation(.activated, kind: "password", at: time))
        )
    }

    private func redeemed(_ sequence: Int64) -> ActivationResult {
        let activation = Activation(.redeemed, kind: "code_recovery", at: Self.now)
        return ActivationResult(sequence: sequence, finding: .known(activation))
    }

    private func reissue(_ number: Int, _ campaign: LedgerFixture, _ run: RunID) throws {
        #expect(try campaign.ledger.reissue([id(number)]) == 1)
        var invitation = IssuedInvitation.sample(100 + number)
        invitation.issuedAt = Self.now.advanced(by: .seconds(7200))
        invitation.expiresAt = Self.now.advanced(by: .seconds(10_800))
        try campaign.record(.issued(invitation), try campaign.claim(1, run), run)
    }

    @Test(arguments: LedgerBackEnd.all)
    func nobodyIsInAnEmptyFunnel(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        #expect(try campaign.ledger.funnel(now: Self.now) == Funnel())
        try campaign.enrol(1...3)
        let run = try campaign.beginRun()
        try campaign.record(.failed(.sample()), try campaign.claim(1, run), run)
        #expect(try campaign.ledger.funnel(now: Self.now) == Funnel(), "nobody has an invitation")
    }

    @Test(arguments: LedgerBackEnd.all)
    func whoIsInvitedIsValidExpiredOrActivated(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let ledger = campaign.ledger
        try campaign.issue(1...10, run: try campaign.beginRun())
        try ledger.recordActivations(
            [
                activated(1, after: 1), activated(2, after: 2), redeemed(3),
                ActivationResult(sequence: 4, finding: .known(Activation(.gone))),
                ActivationResult(sequence: 5, finding: .known(Activation(.unused))),
            ],
            at: Self.now
        )
        var expected = Funnel()
        (expected.invited, expected.valid, expected.activated, expected.redeemed) = (10, 8, 2, 1)
        expected.activationTime = ActivationTime(median: .seconds(1), ninetyPercent: .seconds(2))
        #expect(try ledger.funnel(now: Self.expiry.advanced(by: .milliseconds(-1))) == expected)
        (expected.valid, expected.expired) = (0, 8)
        #expect(try ledger.funnel(now: Self.expiry) == expected, "whoever has activated has not expired")
        try campaign.reopen()
        #expect(try campaign.ledger.funnel(now: Self.expiry) == expected)
        // What is purged stays in it.
        _ = try campaign.ledger.purge(expiredBy: nil, at: Self.expiry)
        #expect(try campaign.ledger.funnel(now: Self.expiry) == expected)
    }

    @Test(arguments: LedgerBackEnd.all)
    func whoIsIssuedAnewIsCountedWithTheInvitationThatTheyHave(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let ledger = campaign.ledger
        let first = try campaign.beginRun()
        try campaign.issue(1...4, run: first)
        let later = Self.now.advanced(by: .seconds(7200))
        // Prepared, and not issued yet.
        #expect(try ledger.reissue([id(1)]) == 1)
        let before = try ledger.funnel(now: later)
        #expect((before.invited, before.expired, before.reissued) == (4, 4, 0))
        let second = try campaign.beginRun()
        var invitation = IssuedInvitation.sample(101)
        invitation.expiresAt = Self.now.advanced(by: .seconds(10_800))
        try campaign.record(.issued(invitation), try campaign.claim(1, second), second)
        try reissue(2, campaign, second)
        let after = try ledger.funnel(now: later)
        #expect((after.invited, after.valid, after.expired, after.reissued) == (4, 2, 2, 2))
        #expect(try ledger.reissuedCount(by: first) == 0)
        #expect(try ledger.reissuedCount(by: second) == 2)
        #expect(try ledger.givenUpCount(by: second) == 0)
        // The whole way counts, from the first invitation on.
        try ledger.recordActivations([activated(2, after: 7260)], at: later)
        #expect(try ledger.funnel(now: later).activationTime?.median == .seconds(7260))
    }

    @Test(arguments: LedgerBackEnd.all)
    func handedOverIsTheCurrentInvitation(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let ledger = campaign.ledger
        let run = try campaign.beginRun()
        try campaign.issue(1...5, run: run)
        #expect(try ledger.funnel(now: Self.now).handedOver == 0)
        let batch = try ledger.beginBatch(BatchStart(at: Self.now, ending: "csv", options: "{}"))
        while try ledger.fillBatch(batch.number) == .more {}
        #expect(try ledger.funnel(now: Self.now).handedOver == 5)
        try reissue(3, campaign, run)
        #expect(try ledger.funnel(now: Self.now).handedOver == 4, "the next one is new")
    }

    /// The times are those of whole numbers of identities: of one in ten, of three the second and the third.
    @Test(arguments: LedgerBackEnd.all, [(1, 1.0, 1.0), (3, 2, 3), (10, 5, 9), (11, 6, 10)])
    func halfOfThemAndNineInTen(
        _ backEnd: LedgerBackEnd,
        _ times: (count: Int, median: Double, ninetyPercent: Double)
    ) throws {
        let campaign = try backEnd.fresh()
        try campaign.issue(1...times.count, run: try campaign.beginRun())
        let order = (1...times.count).reversed().map { activated(Int64($0), after: Double($0)) }
        try campaign.ledger.recordActivations(order, at: Self.now)
        let time = ActivationTime(
            median: .seconds(times.median),
            ninetyPercent: .seconds(times.ninetyPercent)
        )
        #expect(try campaign.ledger.funnel(now: Self.now).activationTime == time)
    }
}
