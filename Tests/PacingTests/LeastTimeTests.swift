// How long so many requests take at least: by tables, and against the limit itself.

import Pacing
import TestSupport
import Testing
import Model

@Suite struct LeastTimeTests {
    private static func rates(_ arguments: [String]) throws -> [Rate] {
        try arguments.map { try #require(Rate(argument: $0)) }
    }

    @Test(
        arguments: [
            (0, ["8/s"], 0), (1, ["8/s"], 0), (1, ["8/s", "175/m"], 0), (1000, [], 0),
            (2, ["1/s"], 1), (10, ["1/s"], 9), (9, ["8/s"], 1), (17, ["8/s"], 2), (61, ["60/m"], 60),
            (31, ["60/m"], 30),
            (80, ["5/s", "80/m"], 15.8), (81, ["5/s", "80/m"], 60), (82, ["5/s", "80/m"], 60.2),
            (1000, ["8/s", "175/m"], 315.5), (1000, ["175/m", "8/s"], 315.5),
            // 100,000 at Production's rates: nine and a half hours.
            (100_000, ["8/s", "175/m"], 571 * 60 + 74.0 / 8),
            (100_000, ["10/s", "10000/h"], 9 * 3600 + 999.9),
            // A budget that the shorter limit never spends.
            (101, ["1/s", "100/m"], 100), (1000, ["1/s", "10000/h"], 999),
            (1000, ["3/s", "10/m", "100/h"], 9 * 3600 + 9 * 60 + 3),
            (4, ["5/s", "3/s"], 1),
        ] as [(Int, [String], Double)]
    )
    func aTable(_ requests: Int, _ limits: [String], _ seconds: Double) throws {
        let time = RateLimit.leastTime(for: requests, rates: try Self.rates(limits), margin: .zero)
        #expect(abs((time - .seconds(seconds)).inSeconds) < 1e-6, "\(time)")
    }

    @Test(arguments: [(2, 1.002), (11, 10.02)])
    func theMarginCounts(_ requests: Int, _ seconds: Double) throws {
        let time = RateLimit.leastTime(for: requests, rates: try Self.rates(["1/s"]))
        #expect(abs((time - .seconds(seconds)).inSeconds) < 1e-6)
    }

    @Test(
        arguments: [
            (0, ["8/s"], 1), (0.9, ["1/s"], 1), (1, ["8/s"], 8), (1.006, ["8/s"], 9),
            (60, ["8/s", "175/m"], 175),
            (3600, ["5/s", "80/m"], 60 * 80), (1_000_000, ["1/s"], 998_004),
        ] as [(Double, [String], Int)]
    )
    func theMostIsATable(_ seconds: Double, _ limits: [String], _ requests: Int) throws {
        #expect(RateLimit.mostRequests(within: .seconds(seconds), rates: try Self.rates(limits)) == requests)
    }

    @Test func withoutALimitThereIsNoMost() {
        #expect(RateLimit.mostRequests(within: .seconds(1), rates: []) == nil)
        #expect(RateLimit.leastTime(for: .max, rates: []) == .zero)
    }

    /// Two or three limits, the longer ones of more requests, and not always the ones that bind.
    private static func random(_ random: inout SeededGenerator) -> [Rate] {
        let second = Rate(count: Int.random(in: 1...40, using: &random), window: .seconds(1))
        let minute = Rate(count: Int.random(in: 1...600, using: &random), window: .seconds(60))
        let hour = Rate(count: Int.random(in: 1...2000, using: &random), window: .seconds(3600))
        return [[second, minute], [second, hour], [minute, hour], [second], [minute]].randomElement(
            using: &random
        ) ?? []
    }

    /// With answers that come at once, the limit lets requests go at these times and no sooner.
    @Test(arguments: 0..<40 as Range<UInt64>)
    func theLimitTakesThatLong(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let rates = Self.random(&random)
        let requests = Int.random(in: 1...1200, using: &random)
        var (limit, now, last) = (RateLimit(rates: rates), Duration.zero, Duration.zero)
        // Of each window's length a thousandth, in which requests are not told apart.
        let grain = rates.reduce(Duration.zero) {
            $0 + ($1.window + RateLimit.margin) / 1000 * (requests / $1.count + 1)
        }
        for number in 1...requests {
            while case .wait(let until) = limit.request(at: now, going: { last = now }) { now = until }
            guard number % 97 == 0 || number == requests else { continue }
            let least = RateLimit.leastTime(for: number, rates: rates)
            #expect(least <= last, "\(rates) \(number)")
            #expect(last <= least + grain, "\(rates) \(number)")
        }
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func theMostAndTheLeastAreInverse(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            let rates = Self.random(&random)
            let duration = Duration.milliseconds(Int.random(in: 0...20_000_000, using: &random))
            let most = try #require(RateLimit.mostRequests(within: duration, rates: rates))
            #expect(RateLimit.leastTime(for: most, rates: rates) <= duration, "\(rates)")
            #expect(RateLimit.leastTime(for: most + 1, rates: rates) > duration, "\(rates)")

            let requests = Int.random(in: 1...100_000, using: &random)
            let least = RateLimit.leastTime(for: requests, rates: rates)
            #expect(try #require(RateLimit.mostRequests(within: least, rates: rates)) >= requests)
            #expect(RateLimit.leastTime(for: requests + 1, rates: rates) >= least)
        }
    }

    /// So many that a limit is none: what is said to fit does.
    @Test func whatIsBeyondAllMeasureFits() throws {
        let rates = [Rate(count: Rate.countMax, window: .seconds(1))]
        for seconds in [1, 2, 100] {
            let most = try #require(RateLimit.mostRequests(within: .seconds(seconds), rates: rates))
            #expect(RateLimit.leastTime(for: most, rates: rates) <= .seconds(seconds))
            #expect(most > Rate.countMax / 2)
        }
    }
}

extension RateLimit {
    /// Asks, and answers at once where it may go.
    fileprivate mutating func request(at now: Duration, going: () -> Void) -> Decision {
        let decision = request(at: now)
        if case .go(let permit) = decision {
            going()
            sent(permit, at: now)
            answered(permit, at: now)
        }
        return decision
    }
}
