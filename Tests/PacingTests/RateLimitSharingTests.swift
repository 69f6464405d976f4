// Bursts, shares, and what a decision costs.

import Pacing
import TestSupport
import Testing
import Model

@Suite struct RateLimitSharingTests {
    @Test(
        arguments: [
            (8, 1, 0.5, 4, 1.0), (8, 60, 1, 8, 60), (5, 1, 0.5, 2, 1), (1, 1, 0.5, 1, 2), (1, 1, 0.1, 1, 10),
            (3, 60, 0.1, 1, 200),
            (100, 1, 0.29, 29, 1), (10, 1, 0.1, 1, 1),
        ] as [(Int, Int, Double, Int, Double)]
    )
    func aShareIsThePartThatIsOurs(count: Int, seconds: Int, share: Double, ours: Int, window: Double) {
        let rate = Rate(count: count, window: .seconds(seconds)).shared(share)
        #expect(rate.count == ours)
        #expect(abs(rate.window.inSeconds - window) < 1e-9)
    }

    @Test func aBurstGoesAtOnceAndTheWindowHoldsStill() {
        var limit = RateLimit(rates: [Rate(count: 8, window: .seconds(1))], burst: 3, margin: .zero)
        var went: [Int] = []
        for millisecond in 0...3000 {
            while case .go(let permit) = limit.request(at: .milliseconds(millisecond)) {
                limit.sent(permit, at: .milliseconds(millisecond))
                limit.answered(permit, at: .milliseconds(millisecond))
                went.append(millisecond)
            }
        }
        #expect(went.prefix(5) == [0, 0, 0, 125, 250])
        #expect(went.indices.dropFirst(8).allSatisfy { went[$0] - went[$0 - 8] >= 1000 })
        #expect(went.count >= 25)
    }

    @Test func aBurstAsLargeAsTheWindowTakesAllOfItAtOnce() {
        var limit = RateLimit(rates: [Rate(count: 8, window: .seconds(1))], burst: 8, margin: .zero)
        var permits: [RateLimit.Permit] = []
        while case .go(let permit) = limit.request(at: .zero) {
            limit.sent(permit, at: .zero)
            permits.append(permit)
        }
        #expect(permits.count == 8)
        for permit in permits { limit.answered(permit, at: .milliseconds(5)) }
        #expect(limit.request(at: .milliseconds(500)) == .wait(until: .milliseconds(1005)))
        guard case .go = limit.request(at: .milliseconds(1005)) else {
            Issue.record("the window is free again")
            return
        }
    }

    @Test(arguments: [1, 8, 100], [1, 20, 175])
    func theLeastTimeIsWhatTheLimitTakes(burst: Int, requests: Int) {
        let rates = [Rate(count: 8, window: .seconds(1)), Rate(count: 175, window: .seconds(60))]
        var limit = RateLimit(rates: rates, burst: burst)
        var (now, sent) = (Duration.zero, 0)
        while true {
            switch limit.request(at: now) {
            case .wait(let until): now = until
            case .go(let permit):
                limit.sent(permit, at: now)
                limit.answered(permit, at: now)
                sent += 1
            }
            if sent == requests { break }
        }
        let least = RateLimit.leastTime(for: requests, rates: rates, burst: burst)
        #expect(now >= least && now <= least + .milliseconds(200), "\(now) where \(least) is reckoned")
    }

    /// What others do with one limit of a million requests or of eight is the same: no decision looks at them
    /// all.
    @Test func aDecisionCostsNoMoreWhereTheLimitIsHigher() {
        func seconds(_ rates: [Rate]) -> Double {
            var limit = RateLimit(rates: rates)
            let clock = ContinuousClock()
            var now = Duration.zero
            let time = clock.measure {
                for _ in 0..<40_000 {
                    now += .milliseconds(1)
                    guard case .go(let permit) = limit.request(at: now) else { continue }
                    limit.sent(permit, at: now)
                    limit.answered(permit, at: now + .milliseconds(3))
                }
            }
            return time.inSeconds
        }
        let small = seconds([Rate(count: 10_000, window: .seconds(1))])
        let large = seconds([
            Rate(count: 10_000, window: .seconds(1)), Rate(count: 1_000_000, window: .seconds(3600)),
        ])
        // A scan of what the windows hold would make it thousands of times dearer.
        #expect(large < 20 * small + 1, "\(large) s where \(small) s")
    }
}
