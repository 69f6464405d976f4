// From a run's events to the buckets and notable events of its time series.

import Ledger
import Pacing
import Synchronization
import TestSupport
import Testing
import Model

@testable import Campaign
@testable import Work

@Suite struct RunStatisticsTests {
    private let clock = ManualClock()

    private func answered(
        _ milliseconds: Int,
        isRetry: Bool = false,
        inFlight: Int = 1,
        failed kind: FailureKind? = nil
    ) -> RunEvent {
        let failed = kind.map { kind in
            FailedAttempt(
                identityID: .numbered(1),
                identities: 1,
                kind: kind.rawValue,
                httpStatus: nil,
                errorID: nil,
                reason: "words",
                requestID: "r",
                mayBeDone: false,
                holdFor: nil,
                sequel: .retry
            )
        }
        let figures = AttemptFigures(
            contact: .answered,
            took: .milliseconds(milliseconds),
            isRetry: isRetry,
            inFlight: inFlight
        )
        return .stage(.attempted(figures, failed: failed))
    }

    private func committed(done: Int) -> RunEvent { .stage(.committed(CommitFigures(done: done))) }

    private let passed = RunEvent.progress(ProgressFigures())

    @Test func eachBucketIsHandedOverWhenItsTimeHasPassed() throws {
        let statistics = RunStatistics(time: clock.time)
        let recorder = statistics.recorder
        // What was looked up is a request, and nothing that was issued.
        statistics.hear(answered(5))
        statistics.hear(committed(done: 500))
        statistics.hear(.step(.issuing))
        statistics.hear(.stage(.limitChanged([Rate(count: 8, window: .seconds(1))])))
        statistics.hear(answered(20, inFlight: 3))
        statistics.hear(answered(40, isRetry: true, inFlight: 2, failed: .rateLimited))
        statistics.hear(answered(40, inFlight: 1, failed: .serverError))
        statistics.hear(
            .stage(.attempted(AttemptFigures(contact: .unanswered, took: .seconds(9)), failed: nil))
        )
        statistics.hear(.stage(.attempted(AttemptFigures(contact: .notSent, took: .zero), failed: nil)))
        statistics.hear(committed(done: 2))
        #expect(recorder.take(at: clock.time.wallClock(), isEnd: true).buckets.isEmpty)

        clock.advance(by: .seconds(10))
        statistics.hear(passed)
        let first = try #require(recorder.take(at: clock.time.wallClock()).buckets.first)
        #expect(first.begin == Timestamp(milliseconds: ManualClock.start.milliseconds - 7000))
        #expect((first.requests, first.retries, first.issued, first.inFlight) == (5, 1, 2, 3))
        #expect(first.failures == ["rate_limited": 1, "server_error": 1])
        #expect((first.rateLimitedAnswers, first.latency.count, first.limitInForce) == (1, 4, "8/s"))
        #expect(first.latency.percentile(1).map { $0 >= .milliseconds(40) && $0 < .milliseconds(41) } == true)

        // Nothing happens for a minute, then something: its bucket knows the limit.
        clock.advance(by: .seconds(60))
        statistics.hear(answered(10))
        statistics.end(stop: nil)
        let last = recorder.take(at: clock.time.wallClock(), isEnd: true).buckets
        #expect(last.map(\.requests) == [1] && last.map(\.limitInForce) == ["8/s"])
        #expect(last.first.map { $0.begin > first.begin.advanced(by: .seconds(50)) } == true)
    }

    @Test func whatIsWorthTellingIsNoted() throws {
        let statistics = RunStatistics(time: clock.time)
        statistics.hear(.locked(after: .milliseconds(2500)))
        statistics.hear(.stage(.limitChanged([Rate(count: 8, window: .seconds(1))])))
        statistics.hear(.stage(.concurrencyChanged(4)))
        statistics.hear(answered(20))
        clock.advance(by: .seconds(1))
        // Each of these within seconds: the last one counts.
        for count in 5...9 { statistics.hear(.stage(.concurrencyChanged(count))) }
        statistics.hear(.stage(.limitChanged([Rate(count: 2, window: .seconds(1))])))
        statistics.hear(.stage(.outageBegan(failingFor: .seconds(3))))
        statistics.hear(.keyRenewed(times: 1))
        statistics.hear(.stage(.outageEnded(after: .seconds(30))))
        statistics.end(stop: "max_duration")
        let events = statistics.recorder.take(at: clock.time.wallClock(), isEnd: true).events
        let told = Dictionary(uniqueKeysWithValues: events.map { ($0.kind, $0.details) })
        #expect(
            told == [
                .lock: ["waited_seconds": "2.5"], .concurrencyLevel: ["concurrency": "9"],
                .limitLearnt: ["limits": "2/s"], .outageBegan: ["failing_seconds": "3.0"],
                .keyRenewed: ["times": "1"], .outageEnded: ["failing_seconds": "30.0"],
                .stop: ["reason": "max_duration"],
            ]
        )
        #expect(events.first { $0.kind == .lock }?.at == ManualClock.start)
        #expect(events.first { $0.kind == .stop }?.at == ManualClock.start.advanced(by: .seconds(1)))
    }

    @Test func theOperatorsLimitsAreNotLearnt() {
        let statistics = RunStatistics(time: clock.time)
        statistics.hear(.stage(.limitChanged([Rate(count: 8, window: .seconds(1))])))
        statistics.hear(answered(20))
        statistics.end(stop: nil)
        #expect(statistics.recorder.take(at: clock.time.wallClock(), isEnd: true).events.isEmpty)
    }

    /// Figures are never lost, and never in a bucket of another time.
    @Test func aClockThatIsSetBackBeginsAnotherBucket() {
        let now = Mutex(ManualClock.start)
        let statistics = RunStatistics(time: TimeSource(clock) { now.withLock(\.self) })
        statistics.hear(answered(20))
        now.withLock { $0 = ManualClock.start.advanced(by: .seconds(-3600)) }
        statistics.hear(answered(20))
        statistics.end(stop: nil)
        let buckets = statistics.recorder.take(at: ManualClock.start, isEnd: true).buckets
        #expect(buckets.map(\.requests) == [1, 1])
        #expect(buckets.first.map { $0.begin < ManualClock.start.advanced(by: .seconds(-3590)) } == true)
    }
}
