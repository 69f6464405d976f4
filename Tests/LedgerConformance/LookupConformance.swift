import Ledger
import TestSupport
import Testing
import Model

/// What any ledger keeps of looking identities up.
@Suite struct LookupConformance {
    private static let mail = LookedUpColumn(name: "mail", path: "traits.email")
    private static let plan = LookedUpColumn(name: "plan", path: "metadata_public.plan")
    private static let unknown = FailureRecord.lookedUp("unknown_identity")
    private static let inactive = FailureRecord.lookedUp("inactive_identity")

    /// Records what became of some identities, by their numbers.
    private func record(
        _ outcome: LookupResult.Outcome,
        _ candidates: some Sequence<LookupCandidate>,
        columns: [LookedUpColumn] = [],
        run: RunID,
        failedInRun: Int = 0,
        in campaign: LedgerFixture
    ) throws {
        try campaign.ledger.recordLookups(
            candidates.map { LookupResult(candidate: $0, outcome: outcome) },
            columns: columns,
            run: run,
            failedInRun: failedInRun
        )
    }

    private func candidates(_ scope: LookupScope, _ campaign: LedgerFixture) throws -> [LookupCandidate] {
        try campaign.ledger.lookupCandidates(scope, of: nil, after: nil, limit: 1000)
    }

    /// Identities 1 to 3 issued, 4 failed, 5 failed for good, 6 and 7 in doubt, 8 claimed, 9 to 12 pending.
    private func mixed(_ backEnd: LedgerBackEnd) throws -> (LedgerFixture, RunID) {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...12)
        let dead = try campaign.beginRun()
        let claims = try campaign.claim(7, dead)
        for claim in claims[0..<3] {
            try campaign.record(.issued(.sample(Int(claim.sequence))), [claim], dead)
        }
        let run = try campaign.beginRun()
        let again = try campaign.claim(4, run)
        #expect(again.map(\.sequence) == [4, 5, 6, 7])
        try campaign.record(.failed(.sample()), [again[0]], run)
        try campaign.record(.failed(.sample("gone", isPermanent: true)), [again[1]], run)
        try campaign.ledger.release(Array(again[2...]), run: run)
        // In doubt come first: put back, they are in doubt still.
        let more = try campaign.claim(3, run)
        try campaign.ledger.release(Array(more.prefix(2)), run: run)
        #expect(more.map(\.sequence) == [6, 7, 8])
        return (campaign, run)
    }

    // MARK: - Columns

    @Test(arguments: LedgerBackEnd.all)
    func columnsAreInTheOrderOfFirstAsking(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        // Its folder is there as long as it is.
        defer { withExtendedLifetime(campaign) {} }
        let ledger = campaign.ledger
        #expect(try ledger.lookedUpColumnNames() == [])
        try ledger.declareColumns([Self.plan])
        try ledger.declareColumns([Self.mail, Self.plan])
        #expect(try ledger.lookedUpColumnNames() == ["plan", "mail"])
        try ledger.declareColumns([])
        #expect(try ledger.lookedUpColumnNames() == ["plan", "mail"])
        #expect(try ledger.foundColumns() == [])
    }

    @Test(arguments: LedgerBackEnd.all)
    func aColumnIsFoundWhereAnyIdentityHasIt(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let ledger = campaign.ledger
        try campaign.enrol(1...3)
        let run = try campaign.beginRun()
        let columns = [Self.mail, Self.plan]
        try ledger.declareColumns(columns)
        let due = try candidates(.pending, campaign)
        try record(.found([nil, nil]), due[0...0], columns: columns, run: run, in: campaign)
        #expect(try ledger.foundColumns() == [])
        // An empty text is a value; that of an identity that cannot be issued for counts, too.
        try record(.failed(Self.inactive, [nil, ""]), due[1...1], columns: columns, run: run, in: campaign)
        #expect(try ledger.foundColumns() == ["plan"])
        try record(.found([nil, nil]), due[2...2], columns: columns, run: run, in: campaign)
        #expect(try ledger.foundColumns() == ["plan"])

        try ledger.declareColumns(columns)
        #expect(try ledger.foundColumns() == ["plan"], "the same path")
        try ledger.declareColumns([LookedUpColumn(name: "plan", path: "traits.plan")])
        #expect(try ledger.foundColumns() == [], "another path has to be found anew")
        #expect(try ledger.lookedUpColumnNames() == ["mail", "plan"])
    }

    // MARK: - Candidates

    @Test(arguments: LedgerBackEnd.all)
    func everyScopeHasItsIdentities(_ backEnd: LedgerBackEnd) throws {
        let (campaign, _) = try mixed(backEnd)
        let (inDoubt, pending) = (try candidates(.inDoubt, campaign), try candidates(.pending, campaign))
        #expect(inDoubt.map(\.sequence) == [6, 7] && inDoubt.allSatisfy(\.isDue))
        #expect(inDoubt.map(\.identityID) == [id(6), id(7)])
        #expect(pending.map(\.sequence) == [9, 10, 11, 12] && pending.allSatisfy(\.isDue))
        #expect(try candidates(.issuedWithoutColumns, campaign) == [], "no column is known")
        try campaign.ledger.declareColumns([Self.mail])
        let issued = try candidates(.issuedWithoutColumns, campaign)
        #expect(issued.map(\.sequence) == [1, 2, 3] && !issued.contains(where: \.isDue))
    }

    @Test(arguments: LedgerBackEnd.all, LookupScope.allCases)
    func aWalkComesByEverybodyOnce(_ backEnd: LedgerBackEnd, _ scope: LookupScope) throws {
        let (campaign, _) = try mixed(backEnd)
        try campaign.ledger.declareColumns([Self.mail])
        let all = try candidates(scope, campaign)
        for limit in 1...5 {
            var (walked, last) = ([LookupCandidate](), LookupCandidate?.none)
            while true {
                let next = try campaign.ledger.lookupCandidates(scope, of: nil, after: last, limit: limit)
                guard let end = next.last else { break }
                #expect(next.count <= limit)
                walked += next
                last = end
            }
            #expect(walked == all)
        }
    }

    @Test(arguments: LedgerBackEnd.all)
    func theIssuedAreWantedUntilTheyHaveEveryColumn(_ backEnd: LedgerBackEnd) throws {
        let (campaign, run) = try mixed(backEnd)
        let ledger = campaign.ledger
        try ledger.declareColumns([Self.mail])
        let issued = try candidates(.issuedWithoutColumns, campaign)
        try record(.found(["a@x"]), issued.prefix(2), columns: [Self.mail], run: run, in: campaign)
        #expect(try candidates(.issuedWithoutColumns, campaign).map(\.sequence) == [3])
        // A column that comes later is missing everywhere.
        try ledger.declareColumns([Self.plan])
        #expect(try candidates(.issuedWithoutColumns, campaign).map(\.sequence) == [1, 2, 3])
        try record(.found([nil]), issued, columns: [Self.plan], run: run, in: campaign)
        #expect(try candidates(.issuedWithoutColumns, campaign) == [])
    }

    // MARK: - Results

    @Test(arguments: LedgerBackEnd.all)
    func whoIsDueFailsAndNobodyElse(_ backEnd: LedgerBackEnd) throws {
        let (campaign, run) = try mixed(backEnd)
        let ledger = campaign.ledger
        try ledger.declareColumns([Self.mail])
        let (inDoubt, pending) = (try candidates(.inDoubt, campaign), try candidates(.pending, campaign))
        let issued = try candidates(.issuedWithoutColumns, campaign)
        try record(
            .failed(Self.unknown, []),
            [inDoubt[0], pending[0]],
            run: run,
            failedInRun: 2,
            in: campaign
        )
        try record(
            .failed(Self.inactive, ["x"]),
            [pending[1]],
            columns: [Self.mail],
            run: run,
            failedInRun: 3,
            in: campaign
        )
        try record(.failed(Self.unknown, []), issued, run: run, failedInRun: 3, in: campaign)

        let counts = try campaign.counts()
        #expect((counts.issued, counts.failed, counts.claimed) == (3, 5, 1))
        #expect((counts.inDoubt, counts.pending, counts.identities) == (1, 2, 12))
        #expect(
            counts.failures == ["server_error": 1, "gone": 1, "unknown_identity": 2, "inactive_identity": 1]
        )
        let failures = try campaign.failures().filter { $0.failure.kind.rawValue.hasSuffix("_identity") }
        #expect(failures.map(\.identityID) == [id(6), id(9), id(10)])
        // Looking up is no attempt; what was in doubt stays counted.
        #expect(failures.map(\.attempts) == [1, 0, 0] && failures.map(\.ambiguousAttempts) == [1, 0, 0])
        #expect(failures.first?.failure == Self.unknown)
        #expect(try ledger.latestRun()?.progress.failed == 3)
        #expect(try campaign.claim(10, run).map(\.sequence) == [7, 11, 12])
    }

    /// Between asking and knowing a run may have gone on.
    @Test(arguments: LedgerBackEnd.all)
    func whoIsClaimedOrIssuedMeanwhileIsLeftAlone(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...3)
        let run = try campaign.beginRun()
        try campaign.ledger.declareColumns([Self.mail])
        let due = try candidates(.pending, campaign)
        let claims = try campaign.claim(2, run)
        try campaign.record(.issued(.sample(1)), claims.prefix(1), run)
        try record(.failed(Self.inactive, ["a@x"]), due, columns: [Self.mail], run: run, in: campaign)

        let counts = try campaign.counts()
        #expect((counts.issued, counts.claimed, counts.failed) == (1, 1, 1))
        #expect(try campaign.failures().map(\.identityID) == [id(3)])
        // What was found of them is kept.
        #expect(try campaign.invitations().map(\.lookedUp) == [["a@x"]])
        try campaign.record(.issued(.sample(2)), claims.suffix(1), run)
        #expect(try campaign.invitations().map(\.lookedUp) == [["a@x"], ["a@x"]])
    }

    @Test(arguments: LedgerBackEnd.all)
    func whatWasLookedUpIsDueAgainWhenFailuresAreRetried(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...2)
        let run = try campaign.beginRun()
        try record(.failed(Self.unknown, []), try candidates(.pending, campaign), run: run, in: campaign)
        try campaign.beginRun()
        #expect(try candidates(.pending, campaign) == [])
        try campaign.beginRun(retryFailed: true)
        #expect(try candidates(.pending, campaign).map(\.sequence) == [1, 2])
    }

    @Test(arguments: LedgerBackEnd.all)
    func aColumnNobodyDeclaredIsRefusedWhole(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...1)
        let run = try campaign.beginRun()
        let due = try candidates(.pending, campaign)
        let error = #expect(throws: LedgerError.self) {
            try record(
                .failed(Self.inactive, ["x"]),
                due,
                columns: [Self.mail],
                run: run,
                failedInRun: 1,
                in: campaign
            )
        }
        #expect(error?.description.contains("mail") == true)
        #expect(try candidates(.pending, campaign) == due)
        #expect(try campaign.ledger.latestRun()?.progress.failed == 0)
    }

    // MARK: - Values

    @Test(arguments: LedgerBackEnd.all)
    func columnsOfSeveralLookUpsStandSideBySide(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let ledger = campaign.ledger
        let run = try campaign.beginRun()
        try campaign.issue(1...3, run: run)
        #expect(try campaign.invitations().map(\.lookedUp) == [[], [], []])
        try ledger.declareColumns([Self.mail])
        let issued = try candidates(.issuedWithoutColumns, campaign)
        try record(.found(["1@x"]), issued[0...0], columns: [Self.mail], run: run, in: campaign)
        try record(.found([nil]), issued[1...1], columns: [Self.mail], run: run, in: campaign)
        #expect(try campaign.invitations().map(\.lookedUp) == [["1@x"], [""], [""]])

        try ledger.declareColumns([Self.plan])
        // Rows from before have fewer values.
        #expect(try campaign.invitations().map(\.lookedUp) == [["1@x", ""], ["", ""], ["", ""]])
        try record(.found(["gold"]), issued[0...0], columns: [Self.plan], run: run, in: campaign)
        try record(
            .found(["tin", "3@x"]),
            issued[2...2],
            columns: [Self.plan, Self.mail],
            run: run,
            in: campaign
        )
        #expect(try campaign.invitations().map(\.lookedUp) == [["1@x", "gold"], ["", ""], ["3@x", "tin"]])

        // Looked up again, the later value counts, and no value is one.
        try record(.found(["new@x"]), issued[0...0], columns: [Self.mail], run: run, in: campaign)
        try record(.found([nil]), issued[2...2], columns: [Self.plan], run: run, in: campaign)
        #expect(try campaign.invitations().map(\.lookedUp) == [["new@x", "gold"], ["", ""], ["3@x", ""]])
        try campaign.reopen()
        #expect(try campaign.invitations().map(\.lookedUp) == [["new@x", "gold"], ["", ""], ["3@x", ""]])
    }

    @Test(arguments: LedgerBackEnd.all)
    func valuesAreKeptAsTheyAre(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let run = try campaign.beginRun()
        let values = [
            "", "0012", "\"", "\\n", "a\nb\r\n\tc", "e\u{301}", "👩‍👩‍👧", "'; DROP", "[1,\"x\"]", "a\u{0}b",
        ]
        try campaign.issue(1...values.count, run: run)
        try campaign.ledger.declareColumns([Self.mail])
        for (candidate, value) in zip(try candidates(.issuedWithoutColumns, campaign), values) {
            try record(.found([value]), [candidate], columns: [Self.mail], run: run, in: campaign)
        }
        let kept = try campaign.invitations().map { $0.lookedUp.map { Array($0.unicodeScalars) } }
        // A text in SQLite ends at a NUL.
        #expect(kept == values.map { [Array($0.replacing("\0", with: "\u{fffd}").unicodeScalars)] })
    }

    /// Random look-ups of random columns, beside a dictionary of what was found last.
    @Test(arguments: LedgerBackEnd.all, 0..<8 as Range<UInt64>)
    func randomLookUpsAddUp(_ backEnd: LedgerBackEnd, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let campaign = try backEnd.fresh()
        let run = try campaign.beginRun()
        try campaign.issue(1...6, run: run)
        let all = (0..<5).map { LookedUpColumn(name: "c\($0)", path: "p") }
        var (order, model) = ([String](), [Int64: [String: String]]())
        for step in 0..<40 {
            let columns = Array(all.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random)))
            try campaign.ledger.declareColumns(columns)
            order += columns.map(\.name).filter { !order.contains($0) }
            let number = Int.random(in: 1...6, using: &random)
            let candidate = LookupCandidate(
                sequence: Int64(number),
                roster: RosterID(number: 1),
                identityID: id(number),
                isDue: false
            )
            let values = columns.indices.map { Bool.random(using: &random) ? "\(step)-\($0)" : nil }
            try record(.found(values), [candidate], columns: columns, run: run, in: campaign)
            for (column, value) in zip(columns, values) {
                model[Int64(number), default: [:]][column.name] = value ?? ""
            }
            #expect(try campaign.ledger.lookedUpColumnNames() == order)
            let expected = (1...6).map { number in order.map { model[Int64(number)]?[$0] ?? "" } }
            #expect(try campaign.invitations().map(\.lookedUp) == expected)
        }
    }

    // MARK: - Requests, revisions, links

    @Test(arguments: LedgerBackEnd.all)
    func lookUpsAreRememberedBySecond(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        // Its folder is there as long as it is.
        defer { withExtendedLifetime(campaign) {} }
        let ledger = campaign.ledger
        let now = LedgerFixture.now
        for offset in [0, 1, 999, 1000, 5000] {
            try ledger.noteLookupRequest(at: now.advanced(by: .milliseconds(offset)))
        }
        #expect(try ledger.lookupRequests(since: now).map(\.requests) == [3, 1, 1])
        #expect(try ledger.lookupRequests(since: now.advanced(by: .seconds(2))).map(\.requests) == [1])
        let end = try #require(try ledger.lookupRequests(since: now).first).end
        #expect(end == now.advanced(by: .seconds(1)))
        #expect(try ledger.requests(since: now) == [], "issuing has a count of its own")

        // Longer than any window nothing has to be known.
        try ledger.noteLookupRequest(at: now.advanced(by: .seconds(3601)))
        #expect(try ledger.lookupRequests(since: now).map(\.requests) == [3, 1, 1, 1])
        try ledger.noteLookupRequest(at: now.advanced(by: .seconds(100_000)))
        #expect(try ledger.lookupRequests(since: now).map(\.requests) == [1])
    }

    @Test(arguments: LedgerBackEnd.all)
    func theRevisionGrowsWithWhatWasLookedUp(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let ledger = campaign.ledger
        try campaign.enrol(1...1)
        let run = try campaign.beginRun()
        var last = try ledger.campaign().revision
        func grows(_ isExpected: Bool, _ what: Comment, _ body: () throws -> Void) throws {
            try body()
            let now = try ledger.campaign().revision
            #expect((now > last) == isExpected, what)
            last = now
        }
        try grows(false, "no columns") { try ledger.declareColumns([]) }
        try grows(true, "a column") { try ledger.declareColumns([Self.mail]) }
        try grows(false, "asking") { try ledger.noteLookupRequest(at: LedgerFixture.now) }
        try grows(false, "reading") { _ = try candidates(.pending, campaign) }
        try grows(true, "a result") {
            try record(
                .found(["x"]),
                try candidates(.pending, campaign),
                columns: [Self.mail],
                run: run,
                in: campaign
            )
        }
        try grows(true, "a base") { try ledger.setLinkBase("https://a.example") }
        try grows(false, "the same base") { try ledger.setLinkBase("https://a.example") }
        try grows(true, "no base") { try ledger.setLinkBase(nil) }
        try grows(false, "still none") { try ledger.setLinkBase(nil) }
    }

    @Test(arguments: LedgerBackEnd.all)
    func theLinkBaseIsTheCampaigns(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        #expect(try campaign.ledger.campaign().linkBase == nil)
        try campaign.ledger.setLinkBase("https://a.example/x?y#z")
        try campaign.reopen()
        #expect(try campaign.ledger.campaign().linkBase == "https://a.example/x?y#z")
        try campaign.ledger.setLinkBase("https://b.example")
        #expect(try campaign.ledger.campaign().linkBase == "https://b.example")
        #expect(try campaign.ledger.campaign().server == "https://kratos.example/admin")
        try campaign.ledger.setLinkBase(nil)
        #expect(try campaign.ledger.campaign().linkBase == nil)
    }

    // MARK: - What a run would find

    @Test(arguments: LedgerBackEnd.all)
    func dueIsWhatARunWouldFind(_ backEnd: LedgerBackEnd) throws {
        let empty = try backEnd.fresh()
        #expect(try empty.counts().identities == 0)
        #expect(try empty.ledger.dueCount(retryingFailed: true) == 0)
        for retryFailed in [false, true] {
            let (campaign, run) = try mixed(backEnd)
            try record(
                .failed(Self.unknown, []),
                try candidates(.pending, campaign).prefix(1),
                run: run,
                in: campaign
            )
            let count = try campaign.ledger.dueCount(retryingFailed: retryFailed)
            #expect(count == (retryFailed ? 9 : 7))
            let next = try campaign.beginRun(retryFailed: retryFailed)
            #expect(try campaign.claim(100, next).count == count)
        }
    }

    @Test(arguments: LedgerBackEnd.all)
    func everyIdentityStandsSomehow(_ backEnd: LedgerBackEnd) throws {
        let (campaign, run) = try mixed(backEnd)
        try record(
            .failed(Self.unknown, []),
            try candidates(.pending, campaign).prefix(1),
            run: run,
            in: campaign
        )
        let memberships = try campaign.ledger.memberships(of: (1...14).map(id))
        let expected = (1...14).map { number -> CampaignMembership? in
            switch number {
            case 1...3: .issued
            case 5, 9: .failedPermanently
            case 13...: nil
            default: .due
            }
        }
        #expect((1...14).map { memberships[id($0)] } == expected)
        #expect(try campaign.ledger.memberships(of: []).isEmpty)
        // Due again, an earlier failure says nothing.
        try campaign.beginRun(retryFailed: true)
        #expect(try campaign.ledger.memberships(of: [id(5), id(9)]) == [id(5): .due, id(9): .due])
    }

    /// Whether all answers are the same refusal is a question of issuing alone.
    @Test(arguments: LedgerBackEnd.all)
    func lookUpsAreNoAnswersToIssuing(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...6)
        _ = try campaign.claim(1, try campaign.beginRun())
        let run = try campaign.beginRun()
        // In doubt, and then unknown: it was asked for once, and nobody knows what was answered.
        try record(.failed(Self.unknown, []), try candidates(.inDoubt, campaign), run: run, in: campaign)
        try record(
            .failed(Self.inactive, []),
            try candidates(.pending, campaign).prefix(2),
            run: run,
            in: campaign
        )
        #expect(try campaign.failures().map(\.attempts) == [1, 0, 0])
        #expect(try campaign.ledger.refusalsOnly() == [])

        try campaign.record(.failed(.refusal), try campaign.claim(2, run), run)
        #expect(try campaign.ledger.refusalsOnly() == [.refusal, .refusal])
        try campaign.record(.failed(.sample()), try campaign.claim(1, run), run)
        #expect(try campaign.ledger.refusalsOnly() == nil)
    }
}

extension FailureRecord {
    /// As a look-up leaves it, without a request of its own.
    fileprivate static func lookedUp(_ kind: FailureKind) -> FailureRecord {
        FailureRecord(
            Failure(kind: kind, httpStatus: nil, errorID: nil, reason: "looked up before issuing"),
            isPermanent: true,
            requestID: "",
            at: LedgerFixture.now
        )
    }
}
