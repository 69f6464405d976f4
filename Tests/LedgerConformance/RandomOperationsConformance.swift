// Any ledger against the model, whatever is done in whatever order.

import Ledger
import Model
import TestSupport
import Testing

@Suite struct RandomOperationsConformance {
    @Test(arguments: LedgerBackEnd.all, 0..<10 as Range<UInt64>)
    func aLedgerDoesWhatTheModelDoes(_ backEnd: LedgerBackEnd, seed: UInt64) throws {
        var both = try Both(campaign: backEnd.fresh(), seed: seed)
        for _ in 0..<70 {
            try both.doSomething()
            try both.compare()
        }
        // The seeds between them reach every state; each on its own at least does something.
        #expect(both.model.identities.count > 10)
    }
}

/// A ledger and its model, to which the same happens.
private struct Both {
    let campaign: LedgerFixture
    private(set) var model = LedgerModel()
    private var random: SeededGenerator
    private var run: RunID
    private var claims: [Claim] = []
    private var line = 1
    private var codes = 0

    init(campaign: LedgerFixture, seed: UInt64) throws {
        self.campaign = campaign
        random = SeededGenerator(seed: seed)
        model.beginRoster(try campaign.ledger.beginRoster(name: "r", at: LedgerFixture.now))
        run = try campaign.beginRun()
    }

    mutating func doSomething() throws {
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<3: try enrol()
        case 3: try beginRoster()
        case 4: try beginRun()
        case 5: try release()
        case 6:
            try campaign.ledger.requeueRefused()
            model.requeueRefused()
        case 7: try campaign.reopen()
        default: try commit()
        }
    }

    private mutating func beginRoster() throws {
        model.beginRoster(try campaign.ledger.beginRoster(name: "r", at: LedgerFixture.now))
        line = 1
    }

    private mutating func enrol() throws {
        let entries: [RosterEntry] = (0..<Int.random(in: 1...12, using: &random)).map { _ in
            line += 1
            if Int.random(in: 0..<8, using: &random) == 0 {
                return .rejected(
                    RejectedRow(line: line, column: nil, reason: "not_a_uuid", value: "\(line)")
                )
            }
            let number = Int.random(in: 1...60, using: &random)
            return .identity(id(number), line: line, columns: ["user \(number)", "line \(line)"])
        }
        let counts = try campaign.ledger.enrol(
            entries,
            idColumn: "identity_id",
            columnNames: ["a", "b"],
            into: model.roster
        )
        #expect(counts == model.enrol(entries))
        #expect(counts.rowsRead == entries.count)
    }

    private mutating func beginRun() throws {
        let retryFailed = Bool.random(using: &random)
        run = try campaign.beginRun(retryFailed: retryFailed)
        model.beginRun(retryFailed: retryFailed)
        claims = []
    }

    private mutating func release() throws {
        claims.shuffle(using: &random)
        let released = Array(claims.prefix(Int.random(in: 0...3, using: &random)))
        claims.removeFirst(released.count)
        try campaign.ledger.release(released, run: run)
        model.release(released)
    }

    private mutating func commit() throws {
        claims.shuffle(using: &random)
        var results: [AttemptResult] = []
        for claim in claims.prefix(Int.random(in: 0...5, using: &random)) {
            let isAmbiguous = Int.random(in: 0..<4, using: &random) == 0
            results.append(AttemptResult(claim: claim, outcome: outcome(), isAmbiguous: isAmbiguous))
        }
        let claiming = Int.random(in: 0...8, using: &random)
        claims.removeFirst(results.count)
        for result in results {
            model.record(result)
            if case .tryingAgain = result.outcome { claims.append(result.claim) }
        }
        let claimed = try campaign.ledger.commit(
            results,
            run: run,
            progress: RunProgress(),
            claiming: claiming,
            at: LedgerFixture.now
        ).claims
        #expect(claimed == model.claim(claiming))
        claims += claimed
    }

    private mutating func outcome() -> AttemptResult.Outcome {
        let failure: FailureRecord =
            switch Int.random(in: 0..<4, using: &random) {
            case 0: .refusal
            case 1: .sample("unknown_identity", isPermanent: true, httpStatus: 404)
            default: .sample()
            }
        switch Int.random(in: 0..<6, using: &random) {
        case 0, 1:
            codes += 1
            return .issued(.sample(codes))
        case 2, 3: return .failed(failure)
        case 4: return .tryingAgain(failure)
        default: return .dueAgain(Bool.random(using: &random) ? failure : nil)
        }
    }

    func compare() throws {
        let counts = try campaign.counts()
        #expect(counts == model.counts())
        let parts = counts.issued + counts.failed + counts.pending + counts.claimed + counts.inDoubt
        #expect(counts.identities == parts)
        #expect(try campaign.ledger.latestRoster()?.counts == model.enrolment)
        #expect(try campaign.rejectedRows(model.roster) == model.rejectedRows)
        #expect(try campaign.ledger.refusalsOnly()?.count == model.refusalsOnly)

        let issued = model.identities.filter { $0.state == .issued }
        let invitations = try campaign.invitations()
        #expect(invitations.map(\.identityID) == issued.map(\.id))
        #expect(invitations.map(\.invitation.recoveryCode) == issued.map(\.code))
        #expect(invitations.map(\.columns) == issued.map(\.columns))
        #expect(invitations.map(\.columnsFrom) == issued.map(\.roster))

        let failed = model.identities.filter { $0.state == .failed }
        let failures = try campaign.failures()
        #expect(failures.map(\.identityID) == failed.map(\.id))
        #expect(failures.map(\.failure) == failed.map(\.failure))
        #expect(failures.map(\.attempts) == failed.map(\.attempts))
        #expect(failures.map(\.ambiguousAttempts) == failed.map(\.ambiguousAttempts))
        #expect(failures.map(\.columns) == failed.map(\.columns))

        let isUnissued = model.identities.contains { $0.roster == model.roster && $0.state != .issued }
        #expect(try campaign.ledger.hasUnreached(inRoster: model.roster, at: LedgerFixture.now) == isUnissued)
    }
}
