// A server that counts and refuses, and a client that is told, or not told, its limits: hours in moments.

import Pacing
import TestSupport
import Testing
import Model

@Suite struct LearningSimulationTests {
    /// Nothing is asked for by the operator, everything is announced: as if the operator had asked for it.
    @Test(arguments: [true, false], 0..<4 as Range<UInt64>)
    func announcedLimitsAreUsedAndHeld(isFixed: Bool, seed: UInt64) {
        var world = CountingServer(seed: seed)
        world.rates = [Rate(count: 8, window: .seconds(1)), Rate(count: 175, window: .seconds(60))]
        world.isFixed = isFixed
        let outcome = world.run(RateLimit(rates: []), hours: 1)
        #expect(outcome.refused == 0, "seed \(seed): \(outcome.refused) refused")
        #expect(outcome.admitted >= 175 * 59, "seed \(seed): \(outcome.admitted)")
    }

    @Test(arguments: 0..<3 as Range<UInt64>)
    func anAnnouncedThousandASecondIsUsed(seed: UInt64) {
        var world = CountingServer(seed: seed)
        world.rates = [Rate(count: 1000, window: .seconds(1))]
        world.latencyMax = .milliseconds(5)
        let outcome = world.run(RateLimit(rates: world.rates), hours: 0.01)
        #expect(outcome.refused == 0, "seed \(seed)")
        #expect(Double(outcome.admitted) >= 36_000 * 0.985, "seed \(seed): \(outcome.admitted)")
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func othersWhoUseTheLimitAreSeenBeforeTheyAreMet(seed: UInt64) {
        var world = CountingServer(seed: seed)
        world.rates = [Rate(count: 175, window: .seconds(60))]
        world.othersPerMinute = 100
        let outcome = world.run(RateLimit(rates: [Rate(count: 8, window: .seconds(1))]), hours: 2)
        #expect(Double(outcome.refused) < 0.03 * Double(outcome.admitted), "seed \(seed): \(outcome)")
        #expect(Double(outcome.admitted) > 0.55 * 75 * 120, "seed \(seed): \(outcome)")
    }

    @Test(arguments: [5, 50, 400], 0..<3 as Range<UInt64>)
    func aServerThatOnlyRefusesIsFoundOut(count: Int, seed: UInt64) {
        var world = CountingServer(seed: seed)
        world.rates = [Rate(count: count, window: .seconds(1))]
        world.isSilent = true
        let hours = min(0.25, 10 / Double(count))
        let outcome = world.run(RateLimit(rates: []), hours: hours)
        let possible = Double(count) * 3600 * hours
        #expect(Double(outcome.admitted) > 0.7 * possible, "seed \(seed): \(outcome) of \(possible)")
        #expect(Double(outcome.refused) < 0.05 * Double(outcome.admitted), "seed \(seed): \(outcome)")
    }

    /// A gateway that refuses more than now and then for reasons of its own is waited for as it asks, and
    /// slows little.
    @Test(arguments: [1, 2, 4, 16], [0.005, 0.02, 0.05])
    func strayRefusalsSlowLittle(workers: Int, strays: Double) {
        // 20 ms on average: 50 a second for each worker.
        let (hours, possible) = (0.02, 72.0 * 50 * Double(workers))
        let parts = (0..<3 as Range<UInt64>).map { seed in
            var world = CountingServer(seed: seed)
            world.isSilent = true
            world.refusalWait = .zero
            world.strays = strays
            world.workers = workers
            return Double(world.run(RateLimit(rates: []), hours: hours).admitted) / possible
        }
        #expect(parts.allSatisfy { $0 > 0.2 }, "\(parts)")
        #expect(parts.reduce(0, +) / Double(parts.count) > (strays < 0.05 ? 0.5 : 0.4), "\(parts)")
    }
}

/// A server that counts arrivals in its windows, with a client of so many workers.
private struct CountingServer {
    struct Outcome {
        var admitted = 0
        var refused = 0
    }

    private enum Event {
        case arrives(RateLimit.Permit)
        case returns(RateLimit.Permit, LimitAnnouncement?, isRefused: Bool)
        case other
    }

    var rates: [Rate] = []
    /// Windows that begin at whole multiples of their length, instead of sliding.
    var isFixed = false
    /// Neither announces nor says for how long.
    var isSilent = false
    /// The `Retry-After` of a refusal.
    var refusalWait: Duration?
    var othersPerMinute = 0.0
    /// The part of the requests that are refused whatever the rate.
    var strays = 0.0
    var workers = 16
    var latencyMax: Duration = .milliseconds(40)
    private var random: SeededGenerator
    /// Those in the window now are from `firsts` on.
    private var arrivals: [[Duration]] = []
    private var firsts: [Int] = []

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func run(_ limit: RateLimit, hours: Double) -> Outcome {
        var (limit, outcome, now, inFlight) = (limit, Outcome(), Duration.zero, 0)
        var isKnown = false
        var events = EventQueue<Duration, Event>()
        let end = Duration.seconds(3600 * hours)
        arrivals = rates.map { _ in [] }
        firsts = rates.map { _ in 0 }
        if othersPerMinute > 0 { events.insert(.other, at: .zero) }
        while now < end {
            var ask: Duration?
            // The first request goes alone, as in a run.
            while inFlight < (isKnown ? workers : 1) {
                switch limit.request(at: now) {
                case .wait(let until): ask = until
                case .go(let permit):
                    limit.sent(permit, at: now)
                    inFlight += 1
                    events.insert(.arrives(permit), at: now + some(latencyMax / 2))
                    continue
                }
                break
            }
            guard let event = events.next(moving: &now, askingAt: ask, end: end) else { continue }
            switch event {
            case .other:
                _ = admit(at: now)
                events.insert(.other, at: now + some(.seconds(120 / othersPerMinute)))
            case .arrives(let permit):
                let isAdmitted = Double.random(in: 0..<1, using: &random) >= strays && admit(at: now)
                if isAdmitted { outcome.admitted += 1 } else { outcome.refused += 1 }
                events.insert(
                    .returns(permit, isSilent ? nil : announcement(at: now), isRefused: !isAdmitted),
                    at: now + some(latencyMax / 2)
                )
            case .returns(let permit, let announcement, let isRefused):
                inFlight -= 1
                isKnown = true
                limit.answered(permit, at: now)
                if let announcement { limit.learn(announcement, from: permit, at: now) }
                if isRefused {
                    limit.refused(
                        permit,
                        at: now,
                        retryAfter: refusalWait ?? announcement?.reset,
                        isCertain: announcement?.remaining == 0
                    )
                } else {
                    limit.accepted(permit, at: now)
                }
            }
        }
        return outcome
    }

    private mutating func admit(at now: Duration) -> Bool {
        for (index, rate) in rates.enumerated() {
            let start = begin(rate, now)
            while firsts[index] < arrivals[index].count,
                isFixed ? arrivals[index][firsts[index]] < start : arrivals[index][firsts[index]] <= start
            {
                firsts[index] += 1
            }
        }
        guard rates.indices.allSatisfy({ used($0) < rates[$0].count }) else { return false }
        for index in rates.indices { arrivals[index].append(now) }
        return true
    }

    private func used(_ index: Int) -> Int { arrivals[index].count - firsts[index] }

    private func begin(_ rate: Rate, _ now: Duration) -> Duration {
        isFixed ? rate.window * Int((now / rate.window).rounded(.down)) : now - rate.window
    }

    /// Of the window that is nearest to being used up, with the reset in whole seconds.
    private func announcement(at now: Duration) -> LimitAnnouncement? {
        let left = rates.indices.map { rates[$0].count - used($0) }
        guard let tightest = left.indices.min(by: { left[$0] < left[$1] }) else { return nil }
        let rate = rates[tightest]
        let free = isFixed ? begin(rate, now) + rate.window : oldest(tightest, now) + rate.window
        let reset = max(1, Int((free - now).inSeconds.rounded(.up)))
        return LimitAnnouncement(
            windows: rates,
            limit: rate.count,
            remaining: left[tightest],
            reset: .seconds(reset)
        )
    }

    private func oldest(_ index: Int, _ now: Duration) -> Duration {
        used(index) > 0 ? arrivals[index][firsts[index]] : now
    }

    private mutating func some(_ max: Duration) -> Duration {
        max * Double.random(in: 0...1, using: &random)
    }
}
