import Ledger
import Exports
import TestSupport
import Testing
import Model

@Suite struct SummaryTests {
    private let campaign: LedgerFixture

    init() throws {
        campaign = try LedgerFixture()
    }

    private func summary(after seconds: Int = 0, isRunning: Bool = false) throws -> Summary {
        try Summary(
            campaign.ledger,
            now: LedgerFixture.now.advanced(by: .seconds(seconds)),
            isRunning: isRunning
        )
    }

    @Test func anEmptyCampaignIsAllZeros() throws {
        let summary = try summary(after: 100)
        #expect((summary.campaign, summary.server) == ("spring", "https://kratos.example/admin"))
        #expect(summary.roster == nil && summary.startedAt == nil && summary.finishedAt == nil)
        #expect((summary.identities, summary.enrolment.rowsRead, summary.enrolledNew) == (0, 0, 0))
        #expect((summary.elapsedSeconds, summary.issuedPerSecond) == (0, 0))
    }

    @Test func theNumbersAddUp() throws {
        try campaign.enrol(
            (1...7).map { .identity(id($0), line: $0 + 1, columns: ["x"]) } + [
                .identity(id(1), line: 9, columns: ["x"]),
                .rejected(RejectedRow(line: 10, column: nil, reason: "r", value: "")),
            ]
        )
        let run = try campaign.beginRun()
        let claims = try campaign.claim(5, run)
        try campaign.record(.issued(.sample(1)), claims[0...1], run)
        try campaign.record(.failed(.sample()), claims[2...2], run)
        try campaign.record(.failed(.sample("gone", isPermanent: true)), claims[3...3], run)
        let summary = try summary()
        #expect((summary.enrolment.rowsRead, summary.enrolment.enrolled) == (9, 7))
        #expect((summary.enrolment.duplicates, summary.enrolment.rejected) == (1, 1))
        #expect((summary.identities, summary.issued, summary.failed) == (7, 2, 2))
        #expect((summary.pending, summary.inDoubt) == (2, 1))
        #expect(summary.failures == ["server_error": 1, "gone": 1])
    }

    // What is claimed is a live run's work, or what a dead run left in doubt.
    @Test(arguments: [(true, 5, 0, 1), (false, 2, 3, 4)])
    func whatIsClaimedDependsOnWhetherARunIsOn(
        _ isRunning: Bool,
        _ pending: Int,
        _ inDoubt: Int,
        _ ambiguous: Int
    ) throws {
        try campaign.enrol(1...6)
        let run = try campaign.beginRun()
        let claims = try campaign.claim(4, run)
        try campaign.record(.issued(.sample(1)), claims[0...0], run, isAmbiguous: true)
        let summary = try summary(isRunning: isRunning)
        #expect((summary.pending, summary.inDoubt) == (pending, inDoubt))
        #expect(summary.ambiguousAttempts == ambiguous)
        #expect(summary.identities == summary.issued + summary.failed + summary.pending + summary.inDoubt)
    }

    @Test func beforeAndAfterTheNextRunTakesOverTheNumbersAreTheSame() throws {
        try campaign.enrol(1...6)
        _ = try campaign.claim(4, try campaign.beginRun())
        let before = try summary()
        try campaign.beginRun()
        let after = try summary(isRunning: true)
        #expect((before.pending, before.inDoubt) == (after.pending, after.inDoubt))
        #expect(before.ambiguousAttempts == after.ambiguousAttempts)
    }

    @Test func timesAndRateAreTheLatestRuns() throws {
        try campaign.enrol(1...2)
        try campaign.beginRun()
        let run = try campaign.beginRun()
        let working = try summary(after: 8)
        #expect(working.elapsedSeconds == 8)
        #expect(working.finishedAt == nil)
        var progress = RunProgress()
        (progress.issued, progress.requests) = (10, 12)
        let end = LedgerFixture.now.advanced(by: .seconds(4))
        try campaign.ledger.finishRun(run, progress: progress, stoppedBecause: "enough", at: end)
        let finished = try summary(after: 1000)
        #expect((finished.elapsedSeconds, finished.issuedPerSecond) == (4, 2.5))
        #expect((finished.finishedAt, finished.stoppedBecause) == (end, "enough"))
        #expect(finished.run == progress)
    }

    @Test func aClockThatWentBackMakesNoNegativeTime() throws {
        try campaign.beginRun()
        #expect(try summary(after: -50).elapsedSeconds == 0)
    }

    @Test(arguments: [(3599, 0), (3600, 2)])
    func whatHasExpiredIsOfTheIssued(_ seconds: Int, _ expired: Int) throws {
        try campaign.issue(1...2, run: try campaign.beginRun())
        let summary = try summary(after: seconds)
        #expect((summary.issued, summary.funnel.expired, summary.funnel.valid) == (2, expired, 2 - expired))
    }
}
