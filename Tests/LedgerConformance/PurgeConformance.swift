import Ledger
import TestSupport
import Testing
import Model

/// Purging in any ledger.
@Suite struct PurgeConformance {
    /// Issues to three: two whose codes expire an hour later than the first one's.
    private func issued(_ backEnd: LedgerBackEnd) throws -> LedgerFixture {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...3)
        let run = try campaign.beginRun()
        for claim in try campaign.claim(3, run) {
            var invitation = IssuedInvitation.sample(Int(claim.sequence))
            if claim.sequence > 1 { invitation.expiresAt = invitation.expiresAt.advanced(by: .seconds(3600)) }
            try campaign.record(.issued(invitation), [claim], run)
        }
        return campaign
    }

    private let firstExpiry = LedgerFixture.now.advanced(by: .seconds(3600))

    @Test(arguments: LedgerBackEnd.all)
    func theExpiredLoseTheirCodesAndStayIssued(_ backEnd: LedgerBackEnd) throws {
        let campaign = try issued(backEnd)
        let ledger = campaign.ledger
        let before = try campaign.invitations()
        #expect(try ledger.purgedCount() == 0)
        #expect(
            try ledger.purge(expiredBy: firstExpiry.advanced(by: .milliseconds(-1)), at: firstExpiry) == 0
        )
        #expect(try ledger.campaign().purgedRevision == nil)

        #expect(try ledger.purge(expiredBy: firstExpiry, at: firstExpiry) == 1)
        let after = try campaign.invitations()
        #expect(after.map(\.invitation.secret) == [.purged] + before.dropFirst().map(\.invitation.secret))
        var kept = before[0].invitation
        kept.secret = .purged
        #expect(after[0].invitation == kept, "who was invited when stays")
        #expect(try ledger.purgedCount() == 1)
        let counts = try ledger.counts(now: firstExpiry)
        #expect((counts.identities, counts.issued, counts.expired) == (3, 3, 1))
        let record = try ledger.campaign()
        #expect(record.purgedRevision == record.revision)
    }

    @Test(arguments: LedgerBackEnd.all)
    func allOfThemAreNotAskedForAgain(_ backEnd: LedgerBackEnd) throws {
        let campaign = try issued(backEnd)
        let revision = try campaign.ledger.campaign().revision
        #expect(try campaign.ledger.purge(expiredBy: nil, at: LedgerFixture.now) == 3)
        #expect(try campaign.ledger.campaign().revision > revision, "exports show it")
        #expect(try campaign.ledger.purge(expiredBy: nil, at: LedgerFixture.now) == 0)
        try campaign.reopen()
        #expect(try campaign.ledger.purgedCount() == 3)
        #expect(try campaign.invitations().map(\.invitation.secret) == [.purged, .purged, .purged])
        try campaign.enrol(1...3)
        let run = try campaign.beginRun(retryFailed: true)
        #expect(try campaign.claim(9, run) == [])
    }

    @Test(arguments: LedgerBackEnd.all)
    func whatIsSealedIsPurgedToo(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let ledger = campaign.ledger
        try campaign.enrol(1...1)
        let run = try campaign.beginRun()
        let key = [UInt8](repeating: 7, count: 32)
        var invitation = IssuedInvitation.sample(1)
        invitation.secret = .sealed(
            try ledger.seal(to: key, encapsulatedKey: [1], at: LedgerFixture.now),
            [9]
        )
        try campaign.record(.issued(invitation), try campaign.claim(1, run), run)
        #expect(try ledger.purge(expiredBy: nil, at: LedgerFixture.now) == 1)
        #expect(try campaign.invitations().map(\.invitation.secret) == [.purged])
        #expect(try ledger.campaign().sealedTo == key, "it stays sealed")
    }

    @Test(arguments: LedgerBackEnd.all)
    func whatARunPurgesIsOfPastGenerationsTooAndMakesExportsOutOfDate(_ backEnd: LedgerBackEnd) throws {
        let campaign = try issued(backEnd)
        let ledger = campaign.ledger
        #expect(try ledger.reissue([id(1)]) == 1)
        let run = try campaign.beginRun()
        var next = IssuedInvitation.sample(101)
        next.expiresAt = firstExpiry.advanced(by: .seconds(7200))
        try campaign.record(.issued(next), try campaign.claim(1, run), run)

        let before = try ledger.campaign()
        let early = firstExpiry.advanced(by: .milliseconds(-1))
        #expect(try ledger.purgeExpired(by: early, at: firstExpiry) == 0)
        #expect(try ledger.campaign() == before, "nothing has expired by then")
        #expect(try ledger.purgeExpired(by: firstExpiry, at: firstExpiry) == 1)
        let history = try ledger.invitations(of: id(1)).map(\.invitation.secret)
        #expect(history == [.purged, next.secret])
        #expect(try ledger.purgedCount() == 0)
        let after = try ledger.campaign()
        #expect(after.revision > before.revision && after.purgedRevision == nil)

        let second = firstExpiry.advanced(by: .seconds(3600))
        #expect(try ledger.purgeExpired(by: second, at: second) == 2)
        #expect(try ledger.purgeExpired(by: second, at: second) == 0)
        #expect(try ledger.purgedCount() == 2)
        #expect(try campaign.invitations().map(\.invitation.secret) == [next.secret, .purged, .purged])
        // What somebody purges besides is another matter.
        #expect(try ledger.purge(expiredBy: nil, at: second) == 1)
        #expect(try ledger.campaign().purgedRevision == ledger.campaign().revision)
    }

    @Test(arguments: LedgerBackEnd.all)
    func moreThanOneTransactionHolds(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.issue(1...25_000, run: try campaign.beginRun())
        #expect(try campaign.ledger.purge(expiredBy: nil, at: LedgerFixture.now) == 25_000)
        #expect(try campaign.ledger.purgedCount() == 25_000)
    }
}
