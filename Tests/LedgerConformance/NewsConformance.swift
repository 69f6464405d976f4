import Ledger
import TestSupport
import Testing
import Model

/// What any ledger tells of a roster's rejected rows and failed identities, and what of that is new.
@Suite struct NewsConformance {
    /// A rejected row as a roster has it, wherever it stands.
    private static func row(
        _ value: String,
        _ reason: RejectedRow.Reason = .notAUUID,
        line: Int = 2,
        column: String? = "id"
    )
        -> RosterEntry
    {
        let first = reason == .duplicate ? 1 : nil
        return .rejected(
            RejectedRow(line: line, column: column, reason: reason, value: value, firstLine: first)
        )
    }

    /// Runs with a roster of these rows to the end.
    private static func run(
        _ campaign: LedgerFixture,
        _ rows: [RosterEntry],
        stoppedBecause: String? = nil,
        isFinished: Bool = true
    ) throws -> RosterNews {
        let ledger = campaign.ledger
        let run = try campaign.beginRun()
        let roster = try ledger.beginRoster(name: "r.csv", at: LedgerFixture.now)
        _ = try ledger.enrol(rows, idColumn: "id", columnNames: [], into: roster)
        try ledger.noteEnrolment(roster, enrolledNew: 0, run: run)
        if isFinished {
            try ledger.finishRun(
                run,
                progress: RunProgress(),
                stoppedBecause: stoppedBecause,
                at: LedgerFixture.now
            )
        }
        return try ledger.news(ofRoster: roster, run: run)
    }

    struct Case: Sendable {
        let before: [RosterEntry]
        let now: [RosterEntry]
        let new: [String: Int]
    }

    static let cases = [
        Case(before: [], now: [], new: [:]),
        Case(
            before: [],
            now: [row("a"), row("b"), row("", "missing_id")],
            new: ["not_a_uuid": 2, "missing_id": 1]
        ),
        Case(before: [row("a"), row("b")], now: [row("b", line: 70), row("a", line: 99)], new: [:]),
        Case(before: [row("a")], now: [row("a"), row("b")], new: ["not_a_uuid": 1]),
        Case(before: [row("a")], now: [row("a", "nil_uuid")], new: ["nil_uuid": 1]),
        Case(before: [row("a")], now: [row("a", column: nil)], new: ["not_a_uuid": 1]),
        Case(before: [row("a", column: nil)], now: [row("a", column: nil)], new: [:]),
        // Two rows without an ID look the same, and one of them is new.
        Case(before: [row("", line: 2)], now: [row("", line: 2), row("", line: 3)], new: ["not_a_uuid": 1]),
        Case(before: [row(""), row("")], now: [row("")], new: [:]),
        Case(before: [], now: [row("x", "duplicate")], new: [:]),
    ]

    @Test(arguments: LedgerBackEnd.all, cases)
    func aRejectedRowIsNewWhereTheRunBeforeHadNoneLikeIt(_ backEnd: LedgerBackEnd, _ expected: Case) throws {
        let campaign = try backEnd.fresh()
        _ = try Self.run(campaign, expected.before)
        let news = try Self.run(campaign, expected.now)
        #expect(news.newRejects == expected.new)
        let rejects = expected.now.count {
            if case .rejected(let row) = $0 { row.reason != .duplicate } else { false }
        }
        #expect(news.rejects.values.reduce(0, +) == rejects)
    }

    /// Nobody was told by exit code 3 of what a run rejected that was killed or stopped.
    @Test(arguments: LedgerBackEnd.all)
    func aRunThatWasKilledOrStoppedHasToldNobody(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        _ = try Self.run(campaign, [Self.row("a")])
        _ = try Self.run(campaign, [Self.row("a"), Self.row("b")], isFinished: false)
        _ = try Self.run(campaign, [Self.row("b")], stoppedBecause: "sigint")
        #expect(try Self.run(campaign, [Self.row("a"), Self.row("b")]).newRejects == ["not_a_uuid": 1])
        _ = try Self.run(campaign, [Self.row("c")], stoppedBecause: "max_identities")
        #expect(try Self.run(campaign, [Self.row("c")]).newRejects == [:])
    }

    @Test(arguments: LedgerBackEnd.all)
    func aRosterThatIsTheSameHasNothingNew(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        _ = try Self.run(campaign, [Self.row("a")])
        let roster = try #require(try campaign.ledger.latestRoster()).id
        let run = try campaign.beginRun()
        try campaign.ledger.noteEnrolment(roster, enrolledNew: 0, run: run)
        let news = try campaign.ledger.news(ofRoster: roster, run: run)
        #expect((news.rejects, news.newRejects) == (["not_a_uuid": 1], [:]))
    }

    @Test(arguments: LedgerBackEnd.all)
    func failuresAreTheRostersAndTheRuns(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let ledger = campaign.ledger
        func fail(_ kind: FailureKind, _ count: Int, at time: Timestamp, _ run: RunID) throws {
            let failure = FailureRecord(
                Failure(kind: kind, httpStatus: nil, errorID: nil, reason: ""),
                isPermanent: true,
                requestID: "r",
                at: time
            )
            try campaign.record(.failed(failure), try campaign.claim(count, run), run)
        }
        let first = try campaign.enrol(1...3)
        let before = LedgerFixture.now.advanced(by: .zero - .seconds(60))
        try fail("unknown_identity", 2, at: before, try campaign.beginRun())
        let second = try campaign.enrol(4...6)
        let run = try campaign.beginRun()
        try fail("timeout", 3, at: LedgerFixture.now, run)
        // One of the first roster is among the three.
        var news = try ledger.news(ofRoster: second, run: run)
        #expect((news.failures, news.newFailures) == (["timeout": 2], ["timeout": 2]))
        #expect(news.failuresInRun == ["timeout": 3])
        news = try ledger.news(ofRoster: first, run: run)
        #expect(news.failures == ["unknown_identity": 2, "timeout": 1])
        #expect(news.newFailures == ["timeout": 1])
    }
}
