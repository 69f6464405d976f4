// Whatever the delays: no window is ever overdrawn, and time is used.

import Pacing
import TestSupport
import Testing
import Model

@Suite struct RateLimitPropertyTests {
    static let limits: [[String]] = [
        ["8/s", "175/m"], ["1000/s"], ["3/s", "10/m", "100/h"], ["1/s"], ["50/s", "60/m"],
    ]

    @Test(arguments: limits, 0..<12 as Range<UInt64>)
    func noWindowIsEverOverdrawn(limit: [String], seed: UInt64) throws {
        let rates = try limit.map { try #require(Rate(argument: $0)) }
        let habits = Habits(
            delayMax: .milliseconds([0, 3, 40, 900][Int(seed % 4)]),
            latencyMin: .milliseconds([0, 1, 60][Int(seed % 3)]),
            jitterMax: .milliseconds([0, 2, 30, 300][Int(seed / 2 % 4)]),
            latenessMax: .milliseconds([0, 15, 400][Int(seed % 3)]),
            withdrawnPercent: [0, 10][Int(seed % 2)],
            refusedPercent: [0, 0, 2][Int(seed % 3)],
            burst: [1, 1, 5, 2000][Int(seed / 3 % 4)]
        )
        let requests = limit == ["1000/s"] ? 6000 : 600
        var simulation = Simulation(rates, habits, seed: seed)
        let arrived = try simulation.arrivals(of: requests)
        #expect(arrived.count == requests)
        for rate in rates {
            let crowded = arrived.indices.dropFirst(rate.count).filter {
                arrived[$0] - arrived[$0 - rate.count] < rate.window
            }
            #expect(crowded.isEmpty, "seed \(seed), \(rate): \(crowded.count) requests too early")
        }
    }

    @Test(arguments: limits)
    func hardlyAnyTimeIsLost(limit: [String]) throws {
        let rates = try limit.map { try #require(Rate(argument: $0)) }
        let habits = Habits(
            delayMax: .zero,
            latencyMin: .milliseconds(20),
            jitterMax: .zero,
            latenessMax: .zero,
            withdrawnPercent: 0
        )
        let requests = limit == ["1000/s"] ? 20_000 : 1000
        var simulation = Simulation(rates, habits, seed: 1)
        let last = try #require(try simulation.arrivals(of: requests).last)
        #expect(Self.soonest(requests, rates) / last >= 0.97)
    }

    @Test func aThousandAt8ASecondAnd175AMinuteTakeFiveMinutesAndAQuarter() throws {
        let rates = [Rate(count: 8, window: .seconds(1)), Rate(count: 175, window: .seconds(60))]
        let habits = Habits(
            delayMax: .milliseconds(20),
            latencyMin: .milliseconds(30),
            jitterMax: .milliseconds(20),
            latenessMax: .milliseconds(2),
            withdrawnPercent: 0
        )
        var simulation = Simulation(rates, habits, seed: 1)
        let last = try #require(try simulation.arrivals(of: 1000).last)
        #expect(last > .seconds(315) && last < .seconds(317), "\(last)")
    }

    @Test func withdrawnPermissionsTakeNothingAway() throws {
        let rates = [Rate(count: 8, window: .seconds(1)), Rate(count: 175, window: .seconds(60))]
        var limit = RateLimit(rates: rates)
        var now = Duration.zero
        func permit() -> RateLimit.Permit {
            while true {
                switch limit.request(at: now) {
                case .go(let permit): return permit
                case .wait(let until): now = until
                }
            }
        }
        for _ in 0..<1000 { limit.withdrawn(permit()) }
        // Nothing was sent: all of the minute's budget is there.
        let start = now
        for _ in 0..<175 {
            let permit = permit()
            limit.sent(permit, at: now)
            limit.answered(permit, at: now)
        }
        #expect(now - start < .seconds(23))
    }

    /// When the last of that many requests could go at the earliest, spaced evenly in the shortest window.
    private static func soonest(_ requests: Int, _ rates: [Rate]) -> Duration {
        var sent: [Duration] = []
        for number in 0..<requests {
            var time = Duration.zero
            for (index, rate) in rates.enumerated() {
                if number >= rate.count { time = max(time, sent[number - rate.count] + rate.window) }
                if index == 0, let last = sent.last { time = max(time, last + rate.window / rate.count) }
            }
            sent.append(time)
        }
        return sent.last ?? .zero
    }
}

/// How a sender and its network behave.
private struct Habits {
    /// Between permission and sending.
    var delayMax: Duration
    /// The way there and back at its quickest; half of it there.
    var latencyMin: Duration
    /// What each way may take longer.
    var jitterMax: Duration
    /// Between the time it was told to ask again and asking.
    var latenessMax: Duration
    var withdrawnPercent: Int
    /// How often the server says that it was too much, or announces some limit.
    var refusedPercent = 0
    var burst = 1
}

/// A sender on a clock of its own, and a server that notes when requests arrive.
private struct Simulation {
    private enum Event {
        case send(RateLimit.Permit)
        case withdraw(RateLimit.Permit)
        case answer(RateLimit.Permit)
    }

    private var limit: RateLimit
    private let habits: Habits
    private var random: SeededGenerator
    private var now = Duration.zero
    private var arrived: [Duration] = []
    private var coming: [(time: Duration, event: Event)] = []

    init(_ rates: [Rate], _ habits: Habits, seed: UInt64) {
        limit = RateLimit(rates: rates, burst: habits.burst)
        self.habits = habits
        random = SeededGenerator(seed: seed)
    }

    /// The times at which that many requests arrived, in order.
    mutating func arrivals(of requests: Int) throws -> [Duration] {
        var steps = 0
        while arrived.count < requests {
            steps += 1
            try #require(steps < requests * 2000, "it makes no progress")
            switch limit.request(at: now) {
            case .go(let permit):
                let isWithdrawn = Int.random(in: 0..<100, using: &random) < habits.withdrawnPercent
                coming.append((now + some(habits.delayMax), isWithdrawn ? .withdraw(permit) : .send(permit)))
                settle(until: now)
            case .wait(let until):
                try #require(until > now, "it says to ask again at once")
                pass(until: until)
            }
        }
        return arrived.sorted().prefix(requests).map { $0 }
    }

    /// Goes on until then, or by chance only until something happens.
    private mutating func pass(until time: Duration) {
        let next = coming.map(\.time).min()
        if let next, next < time, Bool.random(using: &random) {
            now = max(now, next)
        } else {
            now = time + some(habits.latenessMax)
        }
        settle(until: now)
    }

    private mutating func settle(until time: Duration) {
        while let index = coming.indices.min(by: { coming[$0].time < coming[$1].time }),
            coming[index].time <= time
        {
            let (moment, event) = coming.remove(at: index)
            switch event {
            case .withdraw(let permit): limit.withdrawn(permit)
            case .answer(let permit):
                limit.answered(permit, at: moment)
                if Int.random(in: 0..<100, using: &random) < habits.refusedPercent {
                    makeKnown(permit, at: moment)
                }
            case .send(let permit):
                limit.sent(permit, at: moment)
                let there = moment + habits.latencyMin / 2 + some(habits.jitterMax)
                arrived.append(there)
                coming.append((there + habits.latencyMin / 2 + some(habits.jitterMax), .answer(permit)))
            }
        }
    }

    /// Whatever the server says, the operator's windows hold and there is progress.
    private mutating func makeKnown(_ permit: RateLimit.Permit, at now: Duration) {
        let rate = Rate(
            count: Int.random(in: 1...2000, using: &random),
            window: .milliseconds(Int.random(in: 1...60_000, using: &random))
        )
        switch Int.random(in: 0..<3, using: &random) {
        case 0: limit.refused(permit, at: now, retryAfter: some(.seconds(3)))
        case 1: limit.learn(LimitAnnouncement(windows: [rate]), from: permit, at: now)
        default:
            limit.learn(
                LimitAnnouncement(
                    limit: rate.count,
                    remaining: Int.random(in: 0...rate.count, using: &random),
                    reset: some(.seconds(5))
                ),
                from: permit,
                at: now
            )
        }
    }

    private mutating func some(_ max: Duration) -> Duration {
        max * Double.random(in: 0...1, using: &random)
    }
}
