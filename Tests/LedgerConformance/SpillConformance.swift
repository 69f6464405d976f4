// Taking in what an earlier run could not commit, in any ledger.

import Ledger
import TestSupport
import Testing
import Model

@Suite struct SpillConformance {
    private func start(_ number: Int64 = 0, key: UInt64 = 1) -> RunStart {
        RunStart(
            startedAt: Timestamp(milliseconds: LedgerFixture.now.milliseconds + number),
            process: "process \(number)",
            version: "1",
            retryFailed: false,
            key: RunKey(high: key, low: UInt64(number))
        )
    }

    private func answers(
        _ results: [AttemptResult],
        unsent: [Claim] = [],
        of start: RunStart,
        campaign: String = "spring"
    ) -> SpilledAnswers {
        var answers = SpilledAnswers(origin: SpillOrigin(campaign: campaign, run: start))
        (answers.results, answers.unsent) = (results, unsent)
        var progress = RunProgress()
        progress.requests = results.count
        progress.issued = 1
        answers.progress = progress
        answers.at = LedgerFixture.now.advanced(by: .seconds(60))
        return answers
    }

    private func result(
        _ claim: Claim,
        _ outcome: AttemptResult.Outcome,
        isAmbiguous: Bool = false
    ) -> AttemptResult {
        AttemptResult(claim: claim, outcome: outcome, isAmbiguous: isAmbiguous)
    }

    /// A campaign of so many identities, of which a run has claimed some.
    private func claimed(
        _ count: Int,
        of identities: Int,
        _ backEnd: LedgerBackEnd
    ) throws -> (LedgerFixture, RunID, [Claim]) {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...identities)
        let run = try campaign.ledger.beginRun(start())
        return (campaign, run, try campaign.claim(count, run))
    }

    @Test(arguments: LedgerBackEnd.all)
    func whatTheRunHadClaimedIsAsIfItHadBeenCommitted(_ backEnd: LedgerBackEnd) throws {
        let (campaign, run, claims) = try claimed(8, of: 8, backEnd)
        let revision = try campaign.ledger.campaign().revision
        let spilled = answers(
            [
                result(claims[0], .issued(.sample(1))),
                result(claims[1], .failed(.sample("unknown_identity", isPermanent: true))),
                result(claims[2], .tryingAgain(.sample()), isAmbiguous: true),
                result(claims[3], .tryingAgain(.sample())),
                result(claims[3], .issued(.sample(4))),
                result(claims[4], .dueAgain(nil)),
            ],
            unsent: [claims[5], Claim(sequence: 7, identityID: id(7), wasInDoubt: true)],
            of: start()
        )
        var expected = RecoveryReport()
        (expected.recorded, expected.issued) = (6, 2)
        #expect(try campaign.ledger.recover(spilled) == expected)

        let counts = try campaign.counts()
        #expect((counts.issued, counts.failed, counts.inDoubt) == (2, 1, 1))
        #expect(counts.pending == 3 && counts.claimed == 1)
        #expect(counts.ambiguousAttempts == 1)
        #expect(try campaign.invitations().map(\.invitation) == [.sample(1), .sample(4)])
        let known = try #require(try campaign.ledger.latestRun())
        #expect(known.id == run && known.progress.requests == 6 && known.finishedAt != nil)
        #expect(known.stoppedBecause == "ledger_not_writable")
        #expect(try campaign.ledger.campaign().revision > revision)
        #expect(try campaign.ledger.requests(since: LedgerFixture.now).map(\.requests) == [6])

        // Once more, as after a death between the commit and the end of the file.
        let again = try campaign.ledger.recover(spilled)
        #expect((again.recorded, again.known) == (0, 6))
        #expect(try campaign.counts() == counts)
        #expect(try campaign.ledger.requests(since: LedgerFixture.now).map(\.requests) == [6])
    }

    /// Another run has taken the identities over: what it holds by now stays its own.
    @Test(arguments: LedgerBackEnd.all)
    func answersOfALostRunAreLate(_ backEnd: LedgerBackEnd) throws {
        let (campaign, lost, claims) = try claimed(5, of: 5, backEnd)
        let second = try campaign.ledger.beginRun(start(1))
        let again = try campaign.claim(3, second)
        #expect(again.map(\.identityID) == claims.prefix(3).map(\.identityID))
        try campaign.record(.issued(.sample(90)), [again[0]], second)
        let spilled = answers(
            [
                result(claims[0], .issued(.sample(1))),
                result(claims[1], .failed(.sample("unknown_identity", isPermanent: true))),
                result(claims[3], .failed(.sample("unknown_identity", isPermanent: true))),
            ],
            unsent: [claims[2], claims[4]],
            of: start()
        )
        let taken = try campaign.ledger.recover(spilled)
        #expect((taken.recorded, taken.ambiguous, taken.known) == (1, 1, 1))
        let counts = try campaign.counts()
        #expect((counts.issued, counts.failed, counts.claimed, counts.inDoubt) == (1, 1, 2, 1))
        #expect(try campaign.invitations().map(\.invitation) == [.sample(90)])
        #expect(try campaign.ledger.attempts(of: claims[0].identityID).map(\.run) == [lost])
        // The other run records what it holds.
        try campaign.record(.issued(.sample(91)), [again[1]], second)
        try campaign.record(.issued(.sample(92)), [again[2]], second)
        #expect(try campaign.counts().issued == 3)
    }

    /// A backup from before the run: numbers may differ, and the identity may be anything but issued.
    @Test(arguments: LedgerBackEnd.all)
    func aRestoredLedgerTakesCodesByIdentity(_ backEnd: LedgerBackEnd) throws {
        let (campaign, old, claims) = try claimed(2, of: 4, backEnd)
        try campaign.record(.failed(.sample("unknown_identity", isPermanent: true)), [claims[0]], old)
        _ = try campaign.ledger.beginRun(start(1))
        #expect(try campaign.counts().inDoubt == 1)

        let lost = start(2)
        let spilled = answers(
            (1...3).map { number in
                let claim = Claim(sequence: 100, identityID: id(number), wasInDoubt: false)
                return result(claim, .issued(.sample(number)))
            } + [
                result(Claim(sequence: 9, identityID: id(4), wasInDoubt: false), .tryingAgain(.sample()))
            ],
            of: lost
        )
        let taken = try campaign.ledger.recover(spilled)
        #expect((taken.recorded, taken.issued, taken.isRunKnown) == (4, 3, false))
        #expect(try campaign.invitations().map(\.identityID) == [id(1), id(2), id(3)])
        let counts = try campaign.counts()
        #expect((counts.issued, counts.pending, counts.claimed) == (3, 1, 0))
        #expect(try campaign.ledger.recover(spilled).recorded == 0)
        #expect(try campaign.counts() == counts)
    }

    @Test(arguments: LedgerBackEnd.all)
    func runsThatBeganAtTheSameMomentAreToldApart(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...2)
        let run = try campaign.ledger.beginRun(start(key: 1))
        let claim = try #require(try campaign.claim(1, run).first)
        let spilled = [result(claim, .issued(.sample(7)))]
        #expect(try !campaign.ledger.recover(answers(spilled, of: start(key: 2))).isRunKnown)
        #expect(try campaign.ledger.invitations(of: claim.identityID).map(\.run) != [run])
        #expect(try campaign.ledger.recover(answers([], of: start(key: 1))).isRunKnown)
    }

    @Test(arguments: LedgerBackEnd.all)
    func aNewerCodeStays(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.issue(1...1, run: try campaign.ledger.beginRun(start()))
        let claim = Claim(sequence: 1, identityID: id(1), wasInDoubt: false)
        let taken = try campaign.ledger.recover(
            answers([result(claim, .issued(.sample(77)))], of: start())
        )
        #expect((taken.recorded, taken.known) == (0, 1))
        #expect(try campaign.invitations().map(\.invitation) == [.sample(1)])
    }

    @Test(arguments: LedgerBackEnd.all)
    func whatIsNotOfThisCampaignIsRefusedWhole(_ backEnd: LedgerBackEnd) throws {
        let (campaign, _, claims) = try claimed(1, of: 1, backEnd)
        let known = result(claims[0], .issued(.sample(1)))
        let unknown = result(
            Claim(sequence: 1, identityID: id(99), wasInDoubt: false),
            .issued(.sample(99))
        )
        let error = #expect(throws: LedgerError.self) {
            try campaign.ledger.recover(answers([known, unknown], of: start()))
        }
        #expect(error?.description.contains(id(99).text) == true)
        #expect(throws: LedgerError.self) {
            try campaign.ledger.recover(answers([known], of: start(), campaign: "autumn"))
        }
        #expect(try campaign.counts().issued == 0)
    }

    /// The log was cut under the run, or the ledger is a backup: what the run had recorded is gone.
    @Test(arguments: LedgerBackEnd.all)
    func whatTheLedgerHasLostIsCounted(_ backEnd: LedgerBackEnd) throws {
        let (campaign, run, claims) = try claimed(3, of: 9, backEnd)
        var progress = RunProgress()
        (progress.requests, progress.issued) = (1, 1)
        let committed = [result(claims[0], .issued(.sample(1)))]
        let at = LedgerFixture.now
        _ = try campaign.ledger.commit(committed, run: run, progress: progress, claiming: 0, at: at)
        for start in [start(), start(7)] {
            var spilled = answers([result(claims[1], .issued(.sample(2)))], of: start)
            spilled.progress?.issued = 6
            let taken = try campaign.ledger.recover(spilled)
            // Of the run that is known one was there, and one is taken in; of the other the latter is known
            // by then.
            #expect(taken.missing == (taken.isRunKnown ? 4 : 6))
            #expect(try campaign.ledger.recover(spilled).missing == 0, "it is said once")
        }
    }

    /// The commit that failed went through when it was tried again, and the run died before the file was
    /// gone.
    @Test(arguments: LedgerBackEnd.all)
    func whatWasCommittedAfterAllCountsOnce(_ backEnd: LedgerBackEnd) throws {
        let (campaign, run, claims) = try claimed(4, of: 4, backEnd)
        let results = [
            result(claims[0], .issued(.sample(1))),
            result(claims[1], .failed(.sample("unknown_identity", isPermanent: true))),
            result(claims[2], .tryingAgain(.sample()), isAmbiguous: true),
            result(claims[3], .dueAgain(.sample()), isAmbiguous: true),
        ]
        var progress = RunProgress()
        (progress.requests, progress.issued, progress.failed, progress.retries) = (9, 3, 1, 2)
        let at = LedgerFixture.now
        _ = try campaign.ledger.commit(results, run: run, progress: progress, claiming: 0, at: at)
        let counts = try campaign.counts()

        let taken = try campaign.ledger.recover(answers(results, of: start()))
        #expect((taken.recorded, taken.known) == (0, 4))
        #expect(try campaign.counts() == counts)
        let known = try #require(try campaign.ledger.latestRun())
        #expect((known.progress.requests, known.progress.issued, known.progress.retries) == (9, 3, 2))
    }

    /// Nothing of it stays, also not whom it was sealed to.
    @Test(arguments: LedgerBackEnd.all)
    func aRefusedSpillSealsNothing(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.issue(1...1, run: try campaign.ledger.beginRun(start()))
        try campaign.enrol(2...2)
        var invitation = IssuedInvitation.sample(1)
        invitation.secret = .sealed(SealID(number: 9), [5, 6])
        let claim = Claim(sequence: 2, identityID: id(2), wasInDoubt: false)
        let seal = SealRecord(
            id: SealID(number: 9),
            publicKey: [UInt8](repeating: 7, count: 32),
            encapsulatedKey: [2]
        )
        for name in ["spring", "autumn"] {
            var spilled = answers([result(claim, .issued(invitation))], of: start(), campaign: name)
            spilled.seals = [seal]
            let error = #expect(throws: LedgerError.self) { try campaign.ledger.recover(spilled) }
            #expect(error?.description.lowercased().contains("nothing was taken in") == true)
            #expect(try campaign.ledger.campaign().sealedTo == nil)
            #expect(try campaign.ledger.seals().isEmpty)
        }
        #expect(try campaign.counts().issued == 1)
    }

    @Test(arguments: LedgerBackEnd.all)
    func aSealThatARestoredLedgerLacksIsAdded(_ backEnd: LedgerBackEnd) throws {
        let campaign = try backEnd.fresh()
        try campaign.enrol(1...1)
        let key = [UInt8](repeating: 7, count: 32)
        _ = try campaign.ledger.seal(to: key, encapsulatedKey: [1], at: LedgerFixture.now)
        var invitation = IssuedInvitation.sample(1)
        invitation.secret = .sealed(SealID(number: 9), [5, 6])
        let claim = Claim(sequence: 1, identityID: id(1), wasInDoubt: false)
        var spilled = answers([result(claim, .issued(invitation))], of: start())
        spilled.seals = [SealRecord(id: SealID(number: 9), publicKey: key, encapsulatedKey: [2])]
        _ = try campaign.ledger.recover(spilled)
        let seals = try campaign.ledger.seals()
        #expect(seals.map(\.encapsulatedKey) == [[1], [2]])
        let kept = try #require(try campaign.invitations().first)
        #expect(kept.invitation.secret == .sealed(seals[1].id, [5, 6]))
    }
}
