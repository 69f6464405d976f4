import Pacing
import TestSupport
import Testing

@Suite struct RetryQuotaTests {
    @Test func aFullBucketAffordsAHundredRetriesAndThenATrickle() {
        var quota = RetryQuota()
        for _ in 0..<100 { #expect(quota.retry(at: .zero) == .go) }
        #expect(quota.retry(at: .zero) == .wait(until: .milliseconds(100)))
        #expect(quota.retry(at: .milliseconds(50)) == .wait(until: .milliseconds(100)))
        #expect(quota.retry(at: .milliseconds(100)) == .go)
        #expect(quota.retry(at: .milliseconds(100)) == .wait(until: .milliseconds(200)))
        // Time alone fills it no further than for one.
        #expect(quota.retry(at: .seconds(1000)) == .go)
        #expect(quota.retry(at: .seconds(1000)) == .wait(until: .milliseconds(1_000_100)))
    }

    @Test func goodAnswersRefillIt() {
        var quota = RetryQuota(capacity: 10, cost: 5, tricklePerSecond: 0.001)
        #expect(quota.retry(at: .zero) == .go)
        #expect(quota.retry(at: .zero) == .go)
        for _ in 0..<4 { quota.succeeded(wasRetry: false) }
        #expect(quota.retry(at: .zero) != .go)
        quota.succeeded(wasRetry: false)
        #expect(quota.retry(at: .zero) == .go)
        quota.succeeded(wasRetry: true)
        #expect(quota.retry(at: .zero) == .go)
        quota.withdrawn()
        #expect(quota.retry(at: .zero) == .go)
        for _ in 0..<1000 { quota.succeeded(wasRetry: true) }
        #expect(quota.tokens == 10)
    }

    /// In an hour in which everything fails, retries are no more than the bucket and the trickle.
    @Test(arguments: 0..<5 as Range<UInt64>)
    func anOutageDoesNotMultiplyTheLoad(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var quota = RetryQuota()
        var (now, gone) = (Duration.zero, 0)
        while now < .seconds(3600) {
            switch quota.retry(at: now) {
            case .go: gone += 1
            case .wait(let until):
                #expect(until > now, "seed \(seed)")
                now = until + .milliseconds(Int.random(in: 0...20, using: &random))
            }
        }
        #expect((30_000...36_101).contains(gone), "seed \(seed): \(gone) retries")
    }

    /// As many as fail are tried again, as long as no more than a quarter does.
    @Test(arguments: [0.05, 0.25])
    func retriesDontWaitWhileMostSucceeds(failurePart: Double) {
        var random = SeededGenerator(seed: 7)
        var quota = RetryQuota(tricklePerSecond: 1e-9)
        for _ in 0..<100_000 {
            var isRetry = false
            while Double.random(in: 0..<1, using: &random) < failurePart {
                isRetry = true
                guard quota.retry(at: .zero) == .go else {
                    Issue.record("a retry waits")
                    return
                }
            }
            quota.succeeded(wasRetry: isRetry)
        }
    }
}
