// Whom a run takes, in any ledger: everybody, or those whom its roster has named.

import Ledger
import TestSupport
import Testing
import Model

@Suite struct ScopeConformance {
    /// A run that takes only the identities of its roster.
    private func beginRun(_ campaign: LedgerFixture, retryFailed: Bool = false) throws -> RunID {
        try campaign.ledger.beginRun(
            RunStart(
                startedAt: LedgerFixture.now,
                process: "narrow",
                version: "1",
                retryFailed: retryFailed,
                takesAbsent: false
            )
        )
    }

    /// Begins a roster for a run, and enrols some identities of it.
    private func enrol(
        _ numbers: [Int],
        for run: RunID,
        in campaign: LedgerFixture
    ) throws -> (RosterID, EnrolmentCounts) {
        let roster = try campaign.ledger.beginRoster(name: "next.csv", at: LedgerFixture.now)
        try campaign.ledger.noteEnrolment(roster, enrolledNew: 0, run: run)
        return (roster, try enrol(numbers, into: roster, in: campaign))
    }

    private func enrol(_ numbers: [Int], into roster: RosterID, in campaign: LedgerFixture) throws
        -> EnrolmentCounts
    {
        try campaign.ledger.enrol(
            numbers.map { .identity(id($0), line: $0 + 1, columns: []) },
            idColumn: "id",
            columnNames: [],
            into: roster
        )
    }

    private func finish(_ roster: RosterID, in campaign: LedgerFixture) throws {
        try campaign.ledger.finishRoster(roster, fingerprint: "n\(roster.number)", size: 1)
    }

    private func claimed(_ count: Int, _ run: RunID, in campaign: LedgerFixture) throws -> [IdentityID] {
        try campaign.claim(count, run).map(\.identityID)
    }

    /// Identity 1 is issued, 2 failed for good, 3 for a while, 4 is in doubt, 5 to 8 are pending.
    private func mixed(_ backEnd: LedgerBackEnd) throws -> LedgerFixture {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...8)
        let run = try campaign.beginRun()
        let claims = try campaign.claim(4, run)
        try campaign.record(.issued(.sample(1)), claims[0...0], run)
        try campaign.record(.failed(.sample("gone", isPermanent: true)), claims[1...1], run)
        try campaign.record(.failed(.sample()), claims[2...2], run)
        return campaign
    }

    @Test(arguments: LedgerBackEnd.all)
    func aRunTakesNobodyBeforeItsRosterIsKnown(_ backEnd: LedgerBackEnd) throws {
        let campaign = try mixed(backEnd)
        let run = try beginRun(campaign)
        #expect(try claimed(10, run, in: campaign) == [])
        #expect(try campaign.ledger.dueCount(of: run) == 0)
        #expect(try campaign.ledger.lookupCandidates(.pending, of: run, after: nil, limit: 9) == [])
    }

    @Test(arguments: LedgerBackEnd.all)
    func aRunTakesWhomItsRosterHasNamedByThen(_ backEnd: LedgerBackEnd) throws {
        let campaign = try mixed(backEnd)
        let run = try beginRun(campaign)
        let (roster, counts) = try enrol([7, 9], for: run, in: campaign)
        #expect((counts.enrolled, counts.enrolledNew, counts.knownDue) == (2, 1, 1))
        #expect(try campaign.ledger.dueCount(of: run) == 2)
        #expect(try claimed(10, run, in: campaign) == [id(7), id(9)])
        #expect(try claimed(10, run, in: campaign) == [])
        // Known ones with a lower place come later in the file; what is issued or failed for good is not due.
        let more = try enrol([6, 4, 1, 2], into: roster, in: campaign)
        #expect((more.enrolled, more.enrolledNew, more.knownDue) == (4, 0, 2))
        #expect(try claimed(10, run, in: campaign) == [id(4), id(6)], "in doubt first")
    }

    @Test(arguments: LedgerBackEnd.all)
    func whatFailedForAWhileIsDueWhenTheRosterComesByIt(_ backEnd: LedgerBackEnd) throws {
        let campaign = try mixed(backEnd)
        let run = try beginRun(campaign)
        #expect(try campaign.counts().failed == 2, "it stays among the failures till then")
        let (_, counts) = try enrol([2, 3], for: run, in: campaign)
        #expect(counts.knownDue == 1)
        #expect(try campaign.counts().failed == 1)
        #expect(try claimed(10, run, in: campaign) == [id(3)])
    }

    @Test(arguments: LedgerBackEnd.all)
    func permanentFailuresOfTheRosterAreDueWhereTheyAreRetried(_ backEnd: LedgerBackEnd) throws {
        let campaign = try mixed(backEnd)
        let run = try beginRun(campaign, retryFailed: true)
        let (_, counts) = try enrol([1, 2], for: run, in: campaign)
        #expect(counts.knownDue == 1)
        #expect(try claimed(10, run, in: campaign) == [id(2)])
        #expect(try campaign.counts().failed == 1, "3 is not in the roster")
    }

    @Test(arguments: LedgerBackEnd.all, [false, true])
    func aRosterThatIsNotReadAgainIsTakenUp(_ backEnd: LedgerBackEnd, _ retryFailed: Bool) throws {
        let campaign = try mixed(backEnd)
        try campaign.enrol([2, 3, 4, 5].map { .identity(id($0), line: $0, columns: []) })
        let known = try #require(try campaign.ledger.latestRoster())
        let run = try beginRun(campaign, retryFailed: retryFailed)
        #expect(try campaign.ledger.takeUp(known.id, run: run) == (retryFailed ? 4 : 3))
        #expect(try campaign.ledger.latestRun()?.roster == known.id)
        let due = try claimed(10, run, in: campaign)
        #expect(due == [4].map(id) + (retryFailed ? [2, 3, 5] : [3, 5]).map(id))
        // Of a run that takes everybody, nobody was left out before.
        #expect(try campaign.ledger.takeUp(known.id, run: try campaign.beginRun()) == 0)
    }

    @Test(arguments: LedgerBackEnd.all)
    func whoeverIsNotInTheLatestRosterIsAbsent(_ backEnd: LedgerBackEnd) throws {
        let campaign = try mixed(backEnd)
        #expect(try campaign.counts().absent.all == 0)
        let run = try beginRun(campaign)
        let (roster, _) = try enrol([1, 5], for: run, in: campaign)
        #expect(try campaign.counts().absent.all == 0, "the rest of the roster may name them")
        try finish(roster, in: campaign)
        let counts = try campaign.counts()
        #expect((counts.absent.pending, counts.absent.inDoubt, counts.absent.failed) == (3, 1, 1))
        #expect((counts.pending, counts.inDoubt, counts.failed) == (4, 1, 2))
        #expect(counts.identities == counts.issued + counts.failed + counts.pending + counts.inDoubt)
    }

    @Test(arguments: LedgerBackEnd.all)
    func aRosterThatWasNotReadToItsEndLeavesNobodyElseOut(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...3)
        try campaign.enrol([.identity(id(3), line: 2, columns: [])])
        #expect(try campaign.counts().absent.pending == 2)
        let run = try beginRun(campaign)
        _ = try enrol([4, 1], for: run, in: campaign)
        #expect(
            try campaign.counts().absent.pending == 1,
            "1 was absent, and is in the roster that is being read"
        )
    }

    @Test(arguments: LedgerBackEnd.all)
    func lookUpsHaveTheScopeOfTheRun(_ backEnd: LedgerBackEnd) throws {
        let campaign = try mixed(backEnd)
        let run = try beginRun(campaign)
        _ = try enrol([8, 6, 4], for: run, in: campaign)
        let ledger = campaign.ledger
        func walk(_ scope: LookupScope, of run: RunID?) throws -> [IdentityID] {
            var (found, last) = ([IdentityID](), LookupCandidate?.none)
            while let next = try ledger.lookupCandidates(scope, of: run, after: last, limit: 1).last {
                found.append(next.identityID)
                last = next
            }
            return found
        }
        #expect(try walk(.pending, of: run) == [id(6), id(8)])
        #expect(try walk(.inDoubt, of: run) == [id(4)])
        // Those of the older roster come first.
        #expect(try walk(.pending, of: nil) == [id(5), id(7), id(6), id(8)])
        let due = try ledger.dueIdentities(retryingFailed: false, after: 3, limit: 3).map(\.identityID)
        #expect(due == [id(4), id(5), id(6)])
        #expect(
            try ledger.dueIdentities(retryingFailed: true, after: 0, limit: 1).map(\.identityID) == [id(2)]
        )
    }

    @Test(arguments: LedgerBackEnd.all)
    func everybodyIsClaimedOnceWhicheverRosterNamesThem(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...6)
        try campaign.enrol([2, 5].map { .identity(id($0), line: $0, columns: []) })
        try campaign.enrol([1, 7].map { .identity(id($0), line: $0, columns: []) })
        let run = try campaign.beginRun()
        var claims: [IdentityID] = []
        while case let next = try claimed(2, run, in: campaign), !next.isEmpty { claims += next }
        #expect(claims == [3, 4, 6, 2, 5, 1, 7].map(id))
        #expect(try campaign.counts().claimed == 7)
    }

    @Test(arguments: LedgerBackEnd.all)
    func howManyWereAbsentIsKeptForTheNextRun(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        #expect(try campaign.ledger.noteAbsent(3, run: try campaign.beginRun()) == nil)
        _ = try campaign.beginRun()
        #expect(try campaign.ledger.noteAbsent(4, run: try campaign.beginRun()) == 3)
        #expect(try campaign.ledger.noteAbsent(4, run: try campaign.beginRun()) == 4)
    }

    @Test(arguments: LedgerBackEnd.all)
    func theRostersNamesAreKnownTheLatestFirst(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        #expect(try campaign.ledger.rosterNames() == [])
        for name in ["a.csv", "b/ü.csv", "a.csv"] { try campaign.enrol([], named: name) }
        #expect(try campaign.ledger.rosterNames() == ["a.csv", "b/ü.csv"])
    }
}
