import Ledger
import Exports
import TestSupport
import Testing
import Model

@Suite struct SummaryWordsTests {
    private func empty() throws -> Summary {
        var summary = try Summary(try LedgerFixture().ledger, now: LedgerFixture.now, isRunning: false)
        summary.isServerBound = true
        return summary
    }

    @Test func aServerThatHasAnsweredNothingIsOnlyTried() throws {
        var summary = try empty()
        summary.isServerBound = false
        let words = summary.words
        #expect(
            words.hasPrefix("Campaign spring on no server yet (tried last: https://kratos.example/admin)\n")
        )
    }

    @Test func anEmptyCampaignSaysLittle() throws {
        #expect(
            try empty().words == """
                Campaign spring on https://kratos.example/admin
                  identities 0
                  valid      0
                  failed     0
                  pending    0
                  in doubt   0
                """
        )
    }

    @Test func everythingThatHappenedIsSaid() throws {
        var summary = try empty()
        (summary.roster, summary.identities, summary.issued, summary.failed) = ("r.csv", 8, 4, 3)
        (summary.pending, summary.inDoubt, summary.ambiguousAttempts) = (1, 0, 1)
        (summary.funnel.invited, summary.funnel.valid, summary.funnel.expired) = (5, 2, 2)
        (summary.funnel.activated, summary.funnel.givenUp) = (1, 1)
        (summary.absence.pending, summary.absence.failed) = (1, 2)
        summary.enrolment.enrolled = 8
        (summary.enrolment.duplicates, summary.enrolment.rejected, summary.enrolledNew) = (1, 2, 5)
        summary.failures = ["b": 1, "a": 1, "z": 1]
        (summary.run.issued, summary.run.requests, summary.run.retries) = (4, 9, 1)
        summary.run.rateLimitedAnswers = 2
        summary.startedAt = LedgerFixture.now
        summary.elapsedSeconds = 250
        summary.stoppedBecause = "the server is down"
        #expect(
            summary.words == """
                Campaign spring on https://kratos.example/admin
                  roster     r.csv: 11 rows, 8 enrolled (5 new), 1 duplicate, 2 rejected
                  identities 8
                  valid      2
                  activated  1
                  expired    2
                  given up   1 of them, after as many invitations as they may get
                  asked anew 1 of them, not done yet
                  failed     3: 1 a, 1 b, 1 z
                  pending    1
                  in doubt   0
                  absent     3 of those not issued: not in the latest roster
                  ambiguous  1 attempt: the server may hold codes that nobody has
                  last run   4 issued in 4 min 10 s (0.0 a second), 9 requests, 1 retry, 2 answered 429; \
                it has not ended, or died; stopped: the server is down
                """
        )
    }

    @Test func whatCannotBeReadIsSaid() throws {
        var summary = try empty()
        (summary.identities, summary.issued, summary.purged) = (5, 5, 3)
        (summary.funnel.invited, summary.funnel.valid) = (5, 5)
        summary.sealedTo = "0123456789abcdef"
        #expect(
            summary.words.contains(
                """
                  valid      5
                  purged     3 of those with an invitation: their codes are not kept
                  sealed     codes can be read with the private key of 0123456789abcdef only
                  failed     0
                """
            )
        )
    }

    @Test func theFunnelIsATableWithShares() throws {
        var summary = try empty()
        (summary.identities, summary.issued, summary.failed) = (1000, 985, 15)
        summary.failures = ["a": 15]
        (summary.funnel.invited, summary.funnel.handedOver, summary.funnel.valid) = (985, 900, 444)
        (summary.funnel.activated, summary.funnel.expired, summary.funnel.redeemed) = (500, 41, 20)
        summary.funnel.activationTime = ActivationTime(
            median: .seconds(11_520),
            ninetyPercent: .seconds(187_200)
        )
        #expect(
            summary.wordsWithShares
                == """
                Campaign spring on https://kratos.example/admin
                  identities  1000  100.0%
                  handed over  900   90.0%
                  valid        444   44.4%
                  activated    500   50.0%  half of them within 3 h 12 min, 90% within 2 d 4 h
                  expired       41    4.1%
                  redeemed      20    2.0%  of the valid and expired: came in, and set no credential since
                  reissued       0    0.0%
                  given up       0    0.0%
                  failed     15: 15 a
                  pending    0
                  in doubt   0
                """
        )
        #expect(try empty().wordsWithShares.contains("  identities  0        \n"))
    }

    @Test func theMostFrequentFailureComesFirst() throws {
        var summary = try empty()
        summary.failed = 12
        summary.failures = ["a": 2, "b": 9, "c": 1]
        #expect(summary.words.contains("failed     12: 9 b, 2 a, 1 c"))
    }
}
