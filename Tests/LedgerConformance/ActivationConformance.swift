import Ledger
import TestSupport
import Testing
import Model

/// What any ledger keeps of who has activated.
@Suite struct ActivationConformance {
    private static let later = LedgerFixture.now.advanced(by: .seconds(60))

    /// Identities 1 to 6 issued, 1 to 3 with the server's time, 7 failed, 8 and 9 pending.
    private func issued(_ backEnd: LedgerBackEnd) throws -> LedgerFixture {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...9)
        let run = try campaign.beginRun()
        let claims = try campaign.claim(7, run)
        for claim in claims[0..<6] {
            var invitation = IssuedInvitation.sample(Int(claim.sequence))
            if claim.sequence <= 3 { invitation.serverIssuedAt = Self.later }
            try campaign.record(.issued(invitation), [claim], run)
        }
        try campaign.record(.failed(.sample()), claims[6...], run)
        return campaign
    }

    private func sequences(
        _ scope: ActivationScope,
        _ campaign: LedgerFixture,
        after sequence: Int64 = 0,
        limit: Int = 100
    ) throws -> [Int64] {
        try campaign.ledger.activationCandidates(scope, after: sequence, limit: limit).map(\.sequence)
    }

    private func known(_ sequence: Int64, _ state: ActivationState) -> ActivationResult {
        let hasTime = state == .activated || state == .redeemed
        let activation = Activation(
            state,
            kind: hasTime ? "password" : nil,
            at: hasTime ? Self.later.advanced(by: .seconds(1)) : nil
        )
        return ActivationResult(sequence: sequence, finding: .known(activation))
    }

    @Test(arguments: LedgerBackEnd.all)
    func whoHasAnInvitationIsAskedAbout(_ backEnd: LedgerBackEnd) throws {
        let campaign = try issued(backEnd)
        let candidates = try campaign.ledger.activationCandidates(.notActivated, after: 0, limit: 100)
        #expect(candidates.map(\.sequence) == [1, 2, 3, 4, 5, 6])
        #expect(candidates.map(\.identityID) == (1...6).map { id($0) })
        #expect(candidates.map(\.isServerTime) == [true, true, true, false, false, false])
        #expect(
            candidates.map(\.issuedAt) == [Self.later, Self.later, Self.later]
                + Array(repeating: LedgerFixture.now, count: 3)
        )
        #expect(candidates.allSatisfy { $0.known == nil })
        #expect(try sequences(.notActivated, campaign, after: 2, limit: 2) == [3, 4])
        #expect(try sequences(.changed, campaign) == [])
        #expect(try sequences(.unused, campaign) == [])
        let counts = try campaign.ledger.activationCounts()
        #expect((counts.invited, counts.unasked, counts.withoutServerTime) == (6, 6, 3))
        #expect(try campaign.ledger.activation(of: id(1)) == nil)
        // Asking claims nobody: who is due is issued for beside it.
        #expect(try campaign.claim(9, try campaign.beginRun()).count == 3)
    }

    @Test(arguments: LedgerBackEnd.all)
    func whatIsLearntStaysWithItsTime(_ backEnd: LedgerBackEnd) throws {
        let campaign = try issued(backEnd)
        try campaign.ledger.recordActivations(
            [
                known(1, .activated), known(2, .unused), ActivationResult(sequence: 3, finding: .changed),
                known(4, .gone), known(5, .redeemed),
            ],
            at: Self.later
        )
        try campaign.reopen()
        let ledger = campaign.ledger
        #expect(try sequences(.notActivated, campaign) == [2, 3, 4, 5, 6])
        #expect(try sequences(.changed, campaign) == [3])
        #expect(try sequences(.unused, campaign) == [2])
        let record = try #require(try ledger.activation(of: id(1)))
        #expect((record.activation.state, record.activation.kind) == (.activated, "password"))
        #expect(record.activation.at == Self.later.advanced(by: .seconds(1)) && record.learntAt == Self.later)
        #expect(try ledger.activation(of: id(3))?.activation == Activation(.unknown))
        let counts = try ledger.activationCounts()
        #expect(
            counts.states == [.activated: 1, .unused: 1, .unknown: 1, .gone: 1, .redeemed: 1]
        )
        #expect((counts.unasked, counts.withoutServerTime, counts.unusedSince) == (1, 3, Self.later))
        let again = try ledger.activationCandidates([id(5), id(8), id(99)])
        #expect(again.map(\.known?.state) == [.redeemed])
    }

    @Test(arguments: LedgerBackEnd.all)
    func whoHasActivatedStaysSo(_ backEnd: LedgerBackEnd) throws {
        let campaign = try issued(backEnd)
        let ledger = campaign.ledger
        try ledger.recordActivations([known(1, .activated), known(2, .gone)], at: LedgerFixture.now)
        try ledger.recordActivations(
            [known(1, .gone), ActivationResult(sequence: 2, finding: .changed)],
            at: Self.later
        )
        #expect(try ledger.activation(of: id(1))?.activation.state == .activated)
        #expect(try ledger.activation(of: id(1))?.learntAt == LedgerFixture.now)
        #expect(try sequences(.changed, campaign) == [2])
        // One that was gone has come back.
        try ledger.recordActivations([known(2, .unused)], at: Self.later)
        #expect(try sequences(.changed, campaign) == [])
        #expect(try sequences(.unused, campaign) == [2])
        try ledger.recordActivations([], at: Self.later)
    }

    @Test(arguments: LedgerBackEnd.all)
    func theServersTimeOfEachGenerationIsKept(_ backEnd: LedgerBackEnd) throws {
        let campaign = try issued(backEnd)
        #expect(try campaign.ledger.reissue([id(1), id(4)]) == 2)
        let run = try campaign.beginRun()
        let next = Self.later.advanced(by: .seconds(3600))
        for claim in try campaign.claim(9, run) where [1, 4].contains(claim.sequence) {
            var invitation = IssuedInvitation.sample(100 + Int(claim.sequence))
            invitation.serverIssuedAt = next
            try campaign.record(.issued(invitation), [claim], run)
        }
        let ledger = campaign.ledger
        #expect(try ledger.invitations(of: id(1)).map(\.invitation.serverIssuedAt) == [Self.later, next])
        #expect(try ledger.invitations(of: id(4)).map(\.invitation.serverIssuedAt) == [nil, next])
        let candidates = try ledger.activationCandidates([id(1), id(4)])
        // Whoever has activated with the first one has not to do so again.
        #expect(candidates.map(\.issuedAt) == [Self.later, LedgerFixture.now])
        #expect(candidates.map(\.isServerTime) == [true, false])
    }

    @Test(arguments: LedgerBackEnd.all)
    func aCampaignRemembersItsKindOfServer(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        #expect(try campaign.ledger.campaign().provider == nil)
        try campaign.ledger.setProvider("ory-network")
        try campaign.reopen()
        #expect(try campaign.ledger.campaign().provider == "ory-network")
    }
}
