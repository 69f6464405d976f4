import Ledger
import TestSupport
import Testing
import Model

/// Sealing in any ledger.
@Suite struct SealConformance {
    @Test(arguments: LedgerBackEnd.all)
    func aCampaignIsSealedToOneKey(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let ledger = campaign.ledger
        let key = [UInt8](repeating: 7, count: 32)
        #expect(try ledger.campaign().sealedTo == nil)
        #expect(try ledger.seals() == [])

        let first = try ledger.seal(to: key, encapsulatedKey: [1, 2], at: LedgerFixture.now)
        let second = try ledger.seal(to: key, encapsulatedKey: [3], at: LedgerFixture.now)
        #expect(first != second)
        #expect(try ledger.seal(to: key, encapsulatedKey: [1, 2], at: LedgerFixture.now) == first)
        #expect(throws: LedgerError.self) {
            try ledger.seal(
                to: [UInt8](repeating: 8, count: 32),
                encapsulatedKey: [4],
                at: LedgerFixture.now
            )
        }
        try campaign.reopen()
        #expect(try campaign.ledger.campaign().sealedTo == key)
        #expect(
            try campaign.ledger.seals() == [
                SealRecord(id: first, publicKey: key, encapsulatedKey: [1, 2]),
                SealRecord(id: second, publicKey: key, encapsulatedKey: [3]),
            ]
        )
    }

    @Test(arguments: LedgerBackEnd.all)
    func aSealedInvitationComesBackAsItWas(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let ledger = campaign.ledger
        try campaign.enrol(1...1)
        let run = try campaign.beginRun()
        let seal = try ledger.seal(
            to: [UInt8](repeating: 7, count: 32),
            encapsulatedKey: [1],
            at: LedgerFixture.now
        )
        var invitation = IssuedInvitation.sample(1)
        invitation.secret = .sealed(seal, [0, 1, 255])
        try campaign.record(.issued(invitation), try campaign.claim(1, run), run)
        #expect(try campaign.invitations().map(\.invitation) == [invitation])
        #expect(try campaign.counts().issued == 1)
    }
}
