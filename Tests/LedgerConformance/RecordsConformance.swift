import Ledger
import TestSupport
import Testing
import Model

/// What any ledger remembers of runs and outputs, what changes its revision, and what a new process finds.
@Suite struct RecordsConformance {
    /// For limits that hold across runs: every request counts once, in the second in which it was known to be
    /// over, and what a dead run had claimed counts in the second in which the next one begins.
    @Test(arguments: LedgerBackEnd.all)
    func requestsAreRememberedBySecond(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let ledger = campaign.ledger
        try campaign.enrol(1...9)
        let run = try campaign.beginRun()
        let claims = try campaign.claim(9, run)
        let later = LedgerFixture.now.advanced(by: .seconds(2))
        var progress = RunProgress()
        for (number, time) in [LedgerFixture.now, LedgerFixture.now, later].enumerated() {
            progress.requests += 1
            let result = AttemptResult(
                claim: claims[number],
                outcome: .issued(.sample(number)),
                isAmbiguous: false
            )
            _ = try ledger.commit([result], run: run, progress: progress, claiming: 0, at: time)
        }
        #expect(try ledger.requests(since: LedgerFixture.now).map(\.requests) == [2, 1])
        #expect(try ledger.requests(since: later).map(\.requests) == [1])
        let end = try #require(try ledger.requests(since: later).first).end
        #expect(end > later && later.duration(to: end) <= .seconds(1))

        // Six are still claimed: their run is dead, and they may have been sent a moment ago.
        try campaign.beginRun()
        #expect(try ledger.requests(since: LedgerFixture.now).map(\.requests) == [2 + 6, 1])
    }

    @Test(arguments: LedgerBackEnd.all)
    func aRunIsNotedFromItsBeginningToItsEnd(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let ledger = campaign.ledger
        let roster = try campaign.enrol(1...3)
        let run = try campaign.beginRun()
        let begun = try #require(try ledger.latestRun())
        #expect((begun.id, begun.startedAt, begun.roster) == (run, LedgerFixture.now, nil))
        #expect((begun.finishedAt, begun.stoppedBecause) == (nil, nil))
        #expect(begun.progress == RunProgress())

        try ledger.noteEnrolment(roster, enrolledNew: 2, run: run)
        var progress = RunProgress()
        (progress.requests, progress.retries, progress.issued) = (6, 5, 4)
        (progress.failed, progress.ambiguousAttempts, progress.rateLimitedAnswers) = (3, 2, 1)
        let results = try campaign.claim(1, run).map {
            AttemptResult(claim: $0, outcome: .issued(.sample(1)), isAmbiguous: false)
        }
        _ = try ledger.commit(results, run: run, progress: progress, claiming: 0, at: LedgerFixture.now)
        let working = try #require(try ledger.latestRun())
        #expect((working.roster, working.enrolledNew, working.progress) == (roster, 2, progress))
        #expect(working.finishedAt == nil)

        progress.requests = 7
        let end = LedgerFixture.now.advanced(by: .seconds(9))
        try ledger.finishRun(run, progress: progress, stoppedBecause: "a limit", at: end)
        let finished = try #require(try ledger.latestRun())
        #expect(
            (finished.finishedAt, finished.stoppedBecause, finished.progress) == (end, "a limit", progress)
        )

        let next = try campaign.beginRun()
        #expect(next != run)
        #expect(try ledger.latestRun()?.id == next)
        #expect(try ledger.latestRun()?.progress == RunProgress())
    }

    @Test(arguments: LedgerBackEnd.all)
    func theLatestRosterIsTheOneBegunLast(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.enrol([], named: "one.csv")
        let second = try campaign.ledger.beginRoster(name: "two.csv", at: LedgerFixture.now)
        let latest = try #require(try campaign.ledger.latestRoster())
        #expect((latest.id, latest.name, latest.fingerprint, latest.size) == (second, "two.csv", nil, nil))
        #expect(latest.counts == EnrolmentCounts())
    }

    @Test(arguments: LedgerBackEnd.all)
    func anOutputIsRememberedByName(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        var output = OutputRecord(
            name: "invitations.csv",
            revision: 3,
            options: "keep https://x/?a=\"",
            size: 1 << 40,
            modifiedNanoseconds: 1_800_000_000_123_456_789,
            remarks: ["rows": 2, "formula_fields": 0]
        )
        #expect(try campaign.ledger.output(named: output.name) == nil)
        try campaign.ledger.noteOutput(output)
        #expect(try campaign.ledger.output(named: output.name) == output)
        output.revision = 4
        output.remarks = [:]
        try campaign.ledger.noteOutput(output)
        #expect(try campaign.ledger.output(named: output.name) == output)
        #expect(try campaign.ledger.output(named: "failures.csv") == nil)
    }

    @Test(arguments: LedgerBackEnd.all)
    func theStreamsAreInRosterOrder(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        var random = SeededGenerator(seed: 5)
        let order = (1...200).shuffled(using: &random)
        try campaign.enrol(order.map { .identity(id($0), line: 2, columns: []) }, columns: [])
        let run = try campaign.beginRun()
        for claim in try campaign.claim(200, run).shuffled(using: &random) {
            let isIssued = claim.sequence % 3 != 0
            try campaign.record(isIssued ? .issued(.sample(1)) : .failed(.sample()), [claim], run)
        }
        let issued = order.enumerated().filter { ($0.offset + 1) % 3 != 0 }.map { id($0.element) }
        let failed = order.enumerated().filter { ($0.offset + 1) % 3 == 0 }.map { id($0.element) }
        #expect(try campaign.invitations().map(\.identityID) == issued)
        #expect(try campaign.failures().map(\.identityID) == failed)
    }

    @Test(arguments: LedgerBackEnd.all)
    func aStreamEndsWithTheErrorOfItsReader(_ backEnd: LedgerBackEnd) throws {
        struct Enough: Error {}
        let campaign = try backEnd.fresh()
        try campaign.issue(1...5, run: try campaign.beginRun())
        var seen = 0
        #expect(throws: Enough.self) {
            try campaign.ledger.forEachInvitation { _ in
                seen += 1
                if seen == 2 { throw Enough() }
            }
        }
        #expect(seen == 2)
        #expect(try campaign.invitations().count == 5)
    }

    @Test(arguments: LedgerBackEnd.all, [(-1, 0), (0, 3), (1, 3)] as [(Int, Int)])
    func invitationsExpireAtTheirTime(_ backEnd: LedgerBackEnd, _ at: (milliseconds: Int, expired: Int))
        throws
    {
        let campaign = try backEnd.fresh()
        try campaign.issue(1...3, run: try campaign.beginRun())
        let expiry = IssuedInvitation.sample(1).expiresAt
        let counts = try campaign.ledger.counts(now: expiry.advanced(by: .milliseconds(at.milliseconds)))
        #expect((counts.issued, counts.expired) == (3, at.expired))
    }

    @Test(arguments: LedgerBackEnd.all)
    func theRevisionGrowsWithWhatOutputsShowAndOnlyThen(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let ledger = campaign.ledger
        var last = try ledger.campaign().revision
        func grows(_ what: Comment, _ body: () throws -> Void) throws {
            try body()
            let now = try ledger.campaign().revision
            #expect(now > last, what)
            last = now
        }
        func stays(_ what: Comment, _ body: () throws -> Void) throws {
            try body()
            #expect(try ledger.campaign().revision == last, what)
        }
        var run = RunID(number: 0)
        var claims: [Claim] = []
        try grows("enrolling") { try campaign.enrol(1...4) }
        try stays("a first run") { run = try campaign.beginRun() }
        try stays("claiming") { claims = try campaign.claim(3, run) }
        try grows("issuing") { try campaign.record(.issued(.sample(1)), claims[0...0], run) }
        try grows("failing") { try campaign.record(.failed(.refusal), claims[1...1], run) }
        try grows("another try") { try campaign.record(.tryingAgain(.sample()), claims[2...2], run) }
        try stays("reading") {
            _ = try campaign.counts()
            _ = try campaign.invitations()
            _ = try ledger.refusalsOnly()
        }
        try stays("nothing to release") { try ledger.release([], run: run) }
        try stays("the end of a run") {
            try ledger.finishRun(run, progress: RunProgress(), stoppedBecause: nil, at: LedgerFixture.now)
        }
        try stays("an output") {
            try ledger.noteOutput(
                OutputRecord(
                    name: "x",
                    revision: 1,
                    options: "",
                    size: 0,
                    modifiedNanoseconds: 0,
                    remarks: [:]
                )
            )
        }
        try grows("what a dead run left") { run = try campaign.beginRun() }
        try stays("a run that finds nothing to move") { run = try campaign.beginRun() }
        try grows("refusals due again") { try ledger.requeueRefused() }
        try grows("another server") { try ledger.setServer("https://other.example") }
        #expect(try ledger.campaign().server == "https://other.example")
    }

    @Test(arguments: LedgerBackEnd.all)
    func aNewProcessFindsEverything(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        let roster = try campaign.enrol(
            (1...5).map { .identity(id($0), line: $0 + 1, columns: ["user \($0)"]) }
                + [
                    .rejected(
                        RejectedRow(line: 7, column: nil, reason: "wrong_field_count", value: "x")
                    )
                ]
        ).roster
        let run = try campaign.beginRun()
        let claims = try campaign.claim(3, run)
        try campaign.record(.issued(.sample(1)), claims[0...0], run)
        try campaign.record(.failed(.sample("gone", isPermanent: true)), claims[1...1], run)
        try campaign.ledger.setServer("https://other.example")

        func everything() throws -> String {
            let ledger = campaign.ledger
            let invitations = try campaign.invitations().map {
                "\($0.identityID) \($0.invitation.recoveryCode) \($0.columns)"
            }
            let failures = try campaign.failures().map { "\($0.identityID) \($0.failure) \($0.attempts)" }
            return """
                \(try ledger.campaign()) \(String(describing: try ledger.latestRoster()))
                \(String(describing: try ledger.latestRun())) \(try campaign.counts())
                \(try ledger.columnNames()) \(try campaign.rejectedRows(roster)) \(invitations) \(failures)
                """
        }
        let before = try everything()
        try campaign.reopen()
        #expect(try everything() == before)
        #expect(before.contains("000001") && before.contains("wrong_field_count"))
    }
}
