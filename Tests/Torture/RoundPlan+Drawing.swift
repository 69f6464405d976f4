// A round out of a seed.

import IdentitySimulator
import TestSupport
import Model

extension RoundPlan {
    /// Draws a round; the same seed and size always draw the same.
    package init(seed: UInt64, size: Size) {
        var random = SeededGenerator(seed: seed)
        self.seed = seed
        self.size = size
        let isLimited = random.chance(0.3)
        // A budget for a minute that runs out makes a round of some minutes: now and then, for it is what
        // crashes test.
        let hasScarceMinute = isLimited && size == .full && random.chance(0.2)
        let count =
            switch size {
            case .small: Int.random(in: 150...(isLimited ? 300 : 500), using: &random)
            case .full:
                Int.random(
                    in: hasScarceMinute ? 300...500 : isLimited ? 600...1500 : 1500...4000,
                    using: &random
                )
            }
        roster = Self.roster(seed: seed, count: count, &random)
        concurrency = Self.concurrency(&random)
        latency = Self.latency(count: count, concurrency, isSmall: size == .small, &random)
        let isImpatient = random.chance(0.3)
        timeout = isImpatient ? .seconds(2) : .seconds(30)
        faults = Self.faults(isImpatient: isImpatient, &random)
        rates = isLimited ? Self.rates(count: count, hasScarceMinute: hasScarceMinute, &random) : []
        // Up to a whole window's at once: whoever forgets what was sent before a crash overdraws it by that.
        let second = rates.first.map(\.count) ?? 1
        burst = second > 1 && random.chance(0.6) ? Int.random(in: 2...second, using: &random) : 1
        let runsMax = size == .small ? 5 : 9
        runs = Self.runs(upTo: runsMax, of: count, isLimited: isLimited, &random)
        // Nights in which everybody is issued for anew would take minutes under a limit.
        guard size == .small ? !isLimited : !hasScarceMinute, random.chance(0.7) else { return }
        nights = NightsPlan(size, count: count, &random)
        for index in runs.indices {
            runs[index].options = firstOptions
            if random.chance(0.3) { runs[index].options.append("--sync") }
            if random.chance(0.4) { runs[index].options.append("--hand-over") }
        }
    }

    private static func roster(seed: UInt64, count: Int, _ random: inout SeededGenerator) -> PlannedRoster {
        let share = random.chance(0.5) ? Double.random(in: 0...0.03, using: &random) : 0
        let odd = random.chance(0.5) ? Double.random(in: 0...0.02, using: &random) : 0
        var unknown: Set<Int> = []
        var rejected: Set<Int> = []
        var doubled: Set<Int> = []
        for position in 0..<count {
            if random.chance(share) { unknown.insert(position) }
            if random.chance(odd) { rejected.insert(position) }
            if random.chance(odd) { doubled.insert(position) }
        }
        return PlannedRoster(
            seed: seed,
            count: count,
            unknown: unknown,
            rejectedAfter: rejected,
            doubledAfter: doubled
        )
    }

    private static func concurrency(_ random: inout SeededGenerator) -> Concurrency {
        let levels = [1, 2, 4, 8, 16, 32, 64]
        let level = levels[Int.random(in: 0..<levels.count, using: &random)]
        return random.chance(0.3) ? .auto(max: Swift.max(8, level)) : .fixed(level)
    }

    /// So long that everybody is answered within some seconds.
    private static func latency(
        count: Int,
        _ concurrency: Concurrency,
        isSmall: Bool,
        _ random: inout SeededGenerator
    ) -> Duration {
        let inFlight =
            switch concurrency {
            case .fixed(let count): count
            case .auto(let max): max / 2
            }
        let whole = random.some(.milliseconds(300), isSmall ? .seconds(1) : .seconds(4))
        return min(whole * inFlight / count, .milliseconds(30))
    }

    /// Every kind of fault in some rounds, and some rounds without any.
    private static func faults(isImpatient: Bool, _ random: inout SeededGenerator) -> [Fault] {
        guard random.chance(0.8) else { return [] }
        var faults: [Fault] = []
        for kind in FaultKind.allCases where random.chance(0.6) {
            switch kind {
            case .serverError, .serialize, .close, .closeAfter, .half, .html:
                faults.append(Fault(kind, share: Double.random(in: 0...0.03, using: &random)))
            case .huge:
                faults.append(Fault(kind, share: Double.random(in: 0...0.002, using: &random)))
            case .tooManyRequests:
                // Each holds everybody up for a second or so.
                let seconds = random.chance(0.5) ? 1 : nil
                let share = Double.random(in: 0...0.001, using: &random)
                faults.append(Fault(kind, share: share, retryAfterSeconds: seconds))
            case .stall:
                // Until the client loses patience, or only for a while.
                let time: Duration? = isImpatient ? nil : random.some(.milliseconds(50), .milliseconds(800))
                faults.append(
                    Fault(kind, share: Double.random(in: 0...0.003, using: &random), stallTime: time)
                )
            }
        }
        return faults
    }

    /// A limit for a second, and one for a minute that in most rounds is not reached.
    private static func rates(
        count: Int,
        hasScarceMinute: Bool,
        _ random: inout SeededGenerator
    ) -> [Rate] {
        let second = Rate(count: max(40, count / Int.random(in: 2...5, using: &random)), window: .seconds(1))
        let inMinute = hasScarceMinute ? count * 2 / 3 : count * Int.random(in: 2...4, using: &random)
        return [second, Rate(count: inMinute, window: .seconds(60))]
    }
}

extension SeededGenerator {
    /// True so often.
    mutating func chance(_ probability: Double) -> Bool {
        Double.random(in: 0..<1, using: &self) < probability
    }

    /// Any time between the two, in whole milliseconds.
    mutating func some(_ least: Duration, _ most: Duration) -> Duration {
        .milliseconds(Int.random(in: least.milliseconds...most.milliseconds, using: &self))
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int {
        Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
