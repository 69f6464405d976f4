// When a campaign belongs to its server, in any ledger.

import Ledger
import TestSupport
import Testing
import Model

@Suite struct ServerBindingConformance {
    private func isBound(_ campaign: LedgerFixture) throws -> Bool {
        try campaign.ledger.campaign().isServerBound
    }

    @Test(
        arguments: LedgerBackEnd.all,
        [
            (AttemptResult.Outcome.issued(.sample(1)), true),
            (.failed(.sample("unknown_identity", isPermanent: true, httpStatus: 404)), true),
            (.failed(.refusal), false),
            (.failed(.sample()), false),
            (.tryingAgain(.sample("rate_limited", httpStatus: 429)), false),
            (.dueAgain(.sample()), false),
            (.dueAgain(nil), false),
        ]
    )
    func theFirstAnswerThatCanBeUsedBindsIt(
        _ backEnd: LedgerBackEnd,
        _ example: (outcome: AttemptResult.Outcome, binds: Bool)
    ) throws {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...1)
        let run = try campaign.beginRun()
        let claims = try campaign.claim(1, run)
        #expect(try !isBound(campaign), "nothing was answered yet")
        try campaign.record(example.outcome, claims, run)
        #expect(try isBound(campaign) == example.binds)
    }

    @Test(arguments: LedgerBackEnd.all)
    func aServerThatWasOnlyTriedCanBeChanged(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.ledger.setServer("https://right.example")
        let record = try campaign.ledger.campaign()
        #expect((record.server, record.isServerBound) == ("https://right.example", false))
    }

    @Test(arguments: LedgerBackEnd.all)
    func lookUpsBindIt(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...1)
        let run = try campaign.beginRun()
        let candidates = try campaign.ledger.lookupCandidates(.pending, of: run, after: nil, limit: 9)
        try campaign.ledger.recordLookups([], columns: [], run: run, failedInRun: 0)
        #expect(try !isBound(campaign))
        try campaign.ledger.recordLookups(
            candidates.map { LookupResult(candidate: $0, outcome: .found([])) },
            columns: [],
            run: run,
            failedInRun: 0
        )
        #expect(try isBound(campaign))
    }

    /// The run that got the answers may have asked another server than the next one does.
    @Test(arguments: LedgerBackEnd.all)
    func answersThatWaitedBindItToTheirRunsServer(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...1)
        let start = RunStart(startedAt: LedgerFixture.now, process: "p", version: "1", retryFailed: false)
        let claims = try campaign.claim(1, try campaign.ledger.beginRun(start))
        var answers = SpilledAnswers(origin: SpillOrigin(campaign: "spring", run: start))
        answers.results = claims.map {
            AttemptResult(claim: $0, outcome: .issued(.sample(1)), isAmbiguous: false)
        }
        let asked = try campaign.ledger.campaign().server
        try campaign.ledger.setServer("https://other.example")
        _ = try campaign.ledger.recover(answers)
        let record = try campaign.ledger.campaign()
        #expect((record.server, record.isServerBound) == (asked, true))
    }
}
