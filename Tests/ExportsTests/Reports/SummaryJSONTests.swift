import Foundation
import Ledger
import Exports
import TestSupport
import Testing
import Model

@Suite struct SummaryJSONTests {
    private let campaign: LedgerFixture

    init() throws {
        campaign = try LedgerFixture()
    }

    private func summary() throws -> Summary {
        try Summary(campaign.ledger, now: LedgerFixture.now, isRunning: false)
    }

    @Test func fieldsAlwaysComeInTheSameOrder() throws {
        var summary = try summary()
        (summary.roster, summary.identities, summary.issued) = ("r \"1\".csv", 6, 1)
        (summary.failed, summary.pending, summary.inDoubt) = (3, 1, 1)
        (summary.funnel.valid, summary.funnel.expired, summary.funnel.redeemed) = (2, 3, 4)
        (summary.funnel.activated, summary.funnel.givenUp, summary.funnel.handedOver) = (5, 6, 7)
        summary.funnel.reissued = 8
        summary.funnel.activationTime = ActivationTime(
            median: .milliseconds(1500),
            ninetyPercent: .seconds(90)
        )
        (summary.isServerBound, summary.absence.inDoubt) = (true, 1)
        (summary.purged, summary.sealedTo) = (1, "0123456789abcdef")
        summary.enrolment.enrolled = 6
        (summary.enrolment.duplicates, summary.enrolment.rejected) = (2, 1)
        summary.enrolledNew = 5
        (summary.run.requests, summary.run.retries, summary.run.issued) = (9, 4, 1)
        (summary.run.rateLimitedAnswers, summary.ambiguousAttempts) = (7, 8)
        (summary.run.limitInForce, summary.run.limitedBy) = ("8/s, 175/m", .operator)
        summary.startedAt = Timestamp(rfc3339: "2026-02-25T03:09:37.606Z")
        summary.finishedAt = Timestamp(rfc3339: "2026-02-25T03:09:40.606Z")
        summary.elapsedSeconds = 3
        summary.stoppedBecause = "line\nbreak\u{1}"
        summary.failures = ["server_error": 1, "gone": 2]
        #expect(
            summary.json == #"""
                {
                  "campaign": "spring",
                  "roster": "r \"1\".csv",
                  "server": "https://kratos.example/admin",
                  "rows_read": 9,
                  "enrolled": 6,
                  "enrolled_new": 5,
                  "duplicates": 2,
                  "rejected": 1,
                  "identities": 6,
                  "issued": 1,
                  "failed": 3,
                  "pending": 1,
                  "in_doubt": 1,
                  "absent": 1,
                  "valid": 2,
                  "expired": 3,
                  "redeemed": 4,
                  "activated": 5,
                  "given_up": 6,
                  "handed_over": 7,
                  "reissued": 8,
                  "activation_seconds_median": 1.5,
                  "activation_seconds_90_percent": 90.0,
                  "purged": 1,
                  "sealed_to": "0123456789abcdef",
                  "requests": 9,
                  "retries": 4,
                  "ambiguous_attempts": 8,
                  "rate_limited_answers": 7,
                  "limit_in_force": "8/s, 175/m",
                  "limited_by": "operator",
                  "started_at": "2026-02-25T03:09:37.606Z",
                  "finished_at": "2026-02-25T03:09:40.606Z",
                  "elapsed_seconds": 3.0,
                  "issued_per_second": 0.333,
                  "stopped_because": "line\nbreak\u0001",
                  "failures": {"gone": 2, "server_error": 1}
                }

                """#
        )
    }

    @Test func whatIsNotThereIsNull() throws {
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(try summary().json.utf8)) as? [String: Any]
        )
        for name in [
            "roster", "server", "started_at", "finished_at", "stopped_because", "activation_seconds_median",
        ] {
            #expect(object[name] is NSNull, "\(name)")
        }
        #expect(object["failures"] as? [String: Int] == [:])
        #expect(object["elapsed_seconds"] as? Double == 0)
    }

    @Test func anyTextCanBeReadBack() throws {
        let text =
            String(String.UnicodeScalarView((0..<0x300).compactMap(Unicode.Scalar.init)))
            + "\u{2028}😀\u{10ffff}"
        var summary = try summary()
        summary.campaign = text
        summary.stoppedBecause = text
        summary.failures = [text: 3]
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(summary.json.utf8)) as? [String: Any]
        )
        #expect(object["campaign"] as? String == text)
        #expect(object["stopped_because"] as? String == text)
        #expect(object["failures"] as? [String: Int] == [text: 3])
    }

    @Test(arguments: [0.0004, 0.0015, 1e-9, 12_345.678_9, 1e15, 1e300])
    func everyTimeIsANumber(_ seconds: Double) throws {
        var summary = try summary()
        summary.elapsedSeconds = seconds
        summary.run.issued = 1_000_000
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(summary.json.utf8)) as? [String: Any]
        )
        let read = try #require(object["elapsed_seconds"] as? Double)
        #expect(abs(read - seconds) <= max(0.0005, seconds * 1e-12))
        #expect(object["issued_per_second"] is NSNumber)
    }

    @Test func theInvariantsHoldInTheText() throws {
        let run = try campaign.beginRun()
        try campaign.issue(1...3, run: run)
        try campaign.enrol(
            (2...9).map { .identity(id($0), line: $0, columns: ["x"]) } + [
                .identity(id(2), line: 99, columns: ["x"])
            ]
        )
        let claims = try campaign.claim(4, run)
        try campaign.record(.failed(.sample()), claims.prefix(1), run)
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(try summary().json.utf8)) as? [String: Any]
        )
        func number(_ name: String) -> Int { object[name] as? Int ?? -1 }
        #expect(number("rows_read") == number("enrolled") + number("duplicates") + number("rejected"))
        #expect(
            number("identities") == number("issued") + number("failed") + number("pending")
                + number("in_doubt")
        )
        #expect((number("rows_read"), number("identities"), number("in_doubt")) == (9, 9, 3))
    }
}
