import Ledger
import TestSupport
import Testing
import Model

/// Rosters into any ledger: what is counted, kept and said of every row.
@Suite struct EnrolmentConformance {
    private static let rejected = RejectedRow(
        line: 4,
        column: "identity_id",
        reason: "not_a_uuid",
        value: "not \"one\", \\ never,\nZoë 👩‍👩‍👧"
    )

    @Test(arguments: LedgerBackEnd.all)
    func aNewLedgerIsEmpty(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let record = try campaign.ledger.campaign()
        #expect(record.name == "spring")
        #expect(record.server == "https://kratos.example/admin")
        #expect(try campaign.counts() == CampaignCounts())
        #expect(try campaign.ledger.latestRoster() == nil)
        #expect(try campaign.ledger.latestRun() == nil)
        #expect(try campaign.ledger.columnNames().isEmpty)
        #expect(try campaign.invitations().isEmpty)
        #expect(try campaign.failures().isEmpty)
    }

    @Test(arguments: LedgerBackEnd.all)
    func everyRowIsCountedOnce(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let (roster, counts) = try campaign.enrol([
            .identity(id(1), line: 2, columns: ["Ann"]),
            .identity(id(2), line: 3, columns: ["Bob"]),
            .rejected(Self.rejected),
            .identity(id(1), line: 5, columns: ["Ann again"]),
            .identity(id(1), line: 6, columns: ["and again"]),
            .identity(id(3), line: 7, columns: ["Cy"]),
        ])
        #expect((counts.enrolled, counts.enrolledNew) == (3, 3))
        #expect((counts.duplicates, counts.rejected, counts.rowsRead) == (2, 1, 6))
        #expect(
            try campaign.rejectedRows(roster) == [
                Self.rejected,
                RejectedRow(
                    line: 5,
                    column: "identity_id",
                    reason: "duplicate",
                    value: id(1).text,
                    firstLine: 2
                ),
                RejectedRow(
                    line: 6,
                    column: "identity_id",
                    reason: "duplicate",
                    value: id(1).text,
                    firstLine: 2
                ),
            ]
        )
        let record = try #require(try campaign.ledger.latestRoster())
        #expect(record.counts == counts)
        #expect(try campaign.counts().identities == 3)
        #expect(try campaign.counts().pending == 3)
    }

    @Test(arguments: LedgerBackEnd.all)
    func aRosterMayComeInPieces(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let ledger = campaign.ledger
        let roster = try ledger.beginRoster(name: "r.csv", at: LedgerFixture.now)
        var counts = EnrolmentCounts()
        for number in [1, 2, 1, 3] {
            counts += try ledger.enrol(
                [.identity(id(number), line: counts.rowsRead + 2, columns: [])],
                idColumn: "uid",
                columnNames: [],
                into: roster
            )
        }
        #expect(try ledger.latestRoster()?.counts == counts)
        #expect(try ledger.latestRoster()?.fingerprint == nil)
        #expect(
            try campaign.rejectedRows(roster) == [
                RejectedRow(
                    line: 4,
                    column: "uid",
                    reason: "duplicate",
                    value: id(1).text,
                    firstLine: 2
                )
            ]
        )
        try ledger.finishRoster(roster, fingerprint: "abc", size: 77)
        let record = try #require(try ledger.latestRoster())
        #expect((record.fingerprint, record.size, record.name, record.id) == ("abc", 77, "r.csv", roster))
    }

    @Test(arguments: LedgerBackEnd.all)
    func whatIsKnownFromAnotherRosterTakesTheLaterColumns(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let run = try campaign.beginRun()
        try campaign.issue(1...3, run: run)
        let (later, counts) = try campaign.enrol(
            [
                .identity(id(4), line: 2, columns: ["Dee", "Bonn"]),
                .identity(id(2), line: 3, columns: ["Bob", "Ulm"]),
                .identity(id(2), line: 4, columns: ["no", "no"]),
            ],
            columns: ["name", "city"],
            named: "later.csv"
        )
        #expect((counts.enrolled, counts.enrolledNew, counts.duplicates) == (2, 1, 1))
        #expect(try campaign.rejectedRows(later).map(\.firstLine) == [3])
        let rows = try campaign.invitations()
        #expect(rows.map(\.columns) == [["user 1"], ["Bob", "Ulm"], ["user 3"]])
        #expect(rows.map(\.columnsFrom.number) == [later.number - 1, later.number, later.number - 1])
        // What is issued stays issued.
        #expect(try campaign.counts().issued == 3)
        #expect(try campaign.counts().pending == 1)
    }

    @Test(arguments: LedgerBackEnd.all)
    func theSameRosterAgainAddsNobody(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...50)
        let again = try campaign.enrol((1...50).map { .identity(id($0), line: $0 + 1, columns: ["user"]) })
        #expect((again.counts.enrolled, again.counts.enrolledNew, again.counts.duplicates) == (50, 0, 0))
        #expect(try campaign.counts().identities == 50)
        #expect(try campaign.rejectedRows(again.roster).isEmpty)
    }

    @Test(arguments: LedgerBackEnd.all)
    func columnNamesAreThoseThatIdentitiesHave(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let first = try campaign.enrol([.identity(id(1), line: 2, columns: ["a"])], columns: ["x"]).roster
        #expect(try campaign.ledger.columnNames() == [first: ["x"]])
        let second = try campaign.enrol([.identity(id(2), line: 2, columns: ["b"])], columns: ["y"]).roster
        #expect(try campaign.ledger.columnNames() == [first: ["x"], second: ["y"]])
        // The first roster's only identity has its columns from the third from now on.
        let third = try campaign.enrol([.identity(id(1), line: 2, columns: ["c"])], columns: ["z\"\n"]).roster
        #expect(try campaign.ledger.columnNames() == [second: ["y"], third: ["z\"\n"]])
    }

    @Test(arguments: LedgerBackEnd.all)
    func textIsKeptAsItIs(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let texts = [
            "", "0012", "1e5", "\"", "\\n", "a\nb\r\n\tc", "e\u{301}", "é", "👩‍👩‍👧", "\u{feff}x", "'; DROP",
            "null",
        ]
        let columns = texts + ["NUL \u{0} inside"]
        try campaign.enrol([.identity(id(1), line: 2, columns: columns)], columns: columns)
        let roster = try campaign.enrol(
            texts.enumerated().map {
                .rejected(RejectedRow(line: $0 + 2, column: $1, reason: "x", value: $1))
            },
            columns: texts
        ).roster
        let run = try campaign.beginRun()
        try campaign.record(.failed(.sample()), try campaign.claim(1, run), run)
        // Unicode scalars: Swift's == holds a composed and a decomposed letter to be the same.
        func scalars(_ texts: [String]) -> [[Unicode.Scalar]] { texts.map { Array($0.unicodeScalars) } }
        #expect(scalars(try #require(try campaign.failures().first).columns) == scalars(columns))
        #expect(scalars(try campaign.rejectedRows(roster).map(\.value)) == scalars(texts))
        #expect(scalars(try campaign.rejectedRows(roster).compactMap(\.column)) == scalars(texts))
    }

    @Test(arguments: LedgerBackEnd.all)
    func knowsWhetherARosterIsDone(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let roster = try campaign.enrol(1...2)
        let run = try campaign.beginRun()
        #expect(try campaign.ledger.hasUnreached(inRoster: roster, at: LedgerFixture.now))
        let claims = try campaign.claim(2, run)
        try campaign.record(.issued(.sample(1)), claims.prefix(1), run)
        try campaign.record(.failed(.sample()), claims.suffix(1), run)
        #expect(try campaign.ledger.hasUnreached(inRoster: roster, at: LedgerFixture.now))
        let again = try campaign.beginRun()
        try campaign.record(.issued(.sample(2)), try campaign.claim(1, again), again)
        #expect(try campaign.ledger.hasUnreached(inRoster: roster, at: LedgerFixture.now) == false)
    }
}
