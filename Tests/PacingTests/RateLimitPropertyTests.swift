// Whatever the delays: no window is ever overdrawn, and time is used.

import Pacing
import TestSupport
import Testing

@Suite struct RateLimitPropertyTests {
    static let limits: [[String]] = [
        ["8/s", "175/m"], ["1000/s"], ["3/s", "10/m", "100/h"], ["1/s"], ["50/s", "60/m"],
    ]

    @Test(arguments: limits, 0..<12 as Range<UInt64>)
    func noWindowIsEverOverdrawn(limit: [String], seed: UInt64) throws {
        let rates = try limit.map { try #require(Rate(argument: $0)) }
        let habits = Habits(
            delayMax: .milliseconds([0, 3, 40, 900][Int(seed % 4)]),
            latenessMax: .milliseconds([0, 15, 400][Int(seed % 3)]),
            withdrawnPercent: [0, 10][Int(seed % 2)]
        )
        let requests = limit == ["1000/s"] ? 6000 : 600
        var simulation = Simulation(rates, habits, seed: seed)
        let sent = try simulation.send(requests)
        #expect(sent.count == requests)
        for rate in rates {
            let crowded = sent.indices.dropFirst(rate.count).filter {
                sent[$0] - sent[$0 - rate.count] < rate.window + RateLimit.margin
            }
            #expect(crowded.isEmpty, "\(rate): \(crowded.count) requests too early")
        }
    }

    @Test(arguments: limits)
    func hardlyAnyTimeIsLost(limit: [String]) throws {
        let rates = try limit.map { try #require(Rate(argument: $0)) }
        let habits = Habits(delayMax: .zero, latenessMax: .zero, withdrawnPercent: 0)
        let requests = limit == ["1000/s"] ? 20_000 : 1000
        var simulation = Simulation(rates, habits, seed: 1)
        let sent = try simulation.send(requests)
        let last = try #require(sent.last)
        #expect(Self.soonest(requests, rates) / last >= 0.97)
    }

    @Test func aThousandAt8ASecondAnd175AMinuteTakeFiveMinutesAndAQuarter() throws {
        let rates = [Rate(count: 8, window: .seconds(1)), Rate(count: 175, window: .seconds(60))]
        let habits = Habits(delayMax: .milliseconds(20), latenessMax: .milliseconds(2), withdrawnPercent: 0)
        var simulation = Simulation(rates, habits, seed: 1)
        let sent = try simulation.send(1000)
        let last = try #require(sent.last)
        #expect(last > .seconds(315) && last < .seconds(330))
    }

    @Test func withdrawnPermissionsTakeNothingAway() throws {
        let rates = [Rate(count: 8, window: .seconds(1)), Rate(count: 175, window: .seconds(60))]
        var limit = RateLimit(rates: rates)
        var now = Duration.zero
        for _ in 0..<1000 {
            while case .wait(let until) = limit.request(at: now) { now = until }
            limit.withdrawn()
        }
        // Nothing was sent: all of the minute's budget is there.
        let start = now
        for _ in 0..<175 {
            while case .wait(let until) = limit.request(at: now) { now = until }
            limit.sent(at: now)
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

/// How a sender behaves.
private struct Habits {
    /// Between permission and sending.
    var delayMax: Duration
    /// Between the time it was told to ask again and asking.
    var latenessMax: Duration
    var withdrawnPercent: Int
}

/// A sender on a clock of its own.
private struct Simulation {
    private var limit: RateLimit
    private let habits: Habits
    private var random: SeededGenerator
    private var now = Duration.zero
    private var sent: [Duration] = []
    /// Permissions not yet used: when each will be sent or withdrawn.
    private var unsent: [(time: Duration, isWithdrawn: Bool)] = []

    init(_ rates: [Rate], _ habits: Habits, seed: UInt64) {
        limit = RateLimit(rates: rates)
        self.habits = habits
        random = SeededGenerator(seed: seed)
    }

    /// The times at which that many requests went out.
    mutating func send(_ requests: Int) throws -> [Duration] {
        var steps = 0
        while sent.count < requests {
            steps += 1
            try #require(steps < requests * 1000, "it makes no progress")
            switch limit.request(at: now) {
            case .go:
                let isWithdrawn = Int.random(in: 0..<100, using: &random) < habits.withdrawnPercent
                unsent.append((now + some(habits.delayMax), isWithdrawn))
                settle(until: now)
            case .wait(let until):
                try #require(until > now, "it says to ask again at once")
                pass(until: until)
            }
        }
        return Array(sent.prefix(requests))
    }

    /// Goes on until then, or by chance only until something was sent.
    private mutating func pass(until time: Duration) {
        let next = unsent.map(\.time).min()
        if let next, next < time, Bool.random(using: &random) {
            now = max(now, next)
        } else {
            now = time + some(habits.latenessMax)
        }
        settle(until: now)
    }

    private mutating func settle(until time: Duration) {
        let due = unsent.filter { $0.time <= time }.sorted { $0.time < $1.time }
        unsent.removeAll { $0.time <= time }
        for permission in due {
            if permission.isWithdrawn {
                limit.withdrawn()
            } else {
                limit.sent(at: permission.time)
                sent.append(permission.time)
            }
        }
    }

    private mutating func some(_ max: Duration) -> Duration {
        max * Double.random(in: 0...1, using: &random)
    }
}
