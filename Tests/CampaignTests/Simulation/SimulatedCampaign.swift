// What a seed decides on: a roster, a server and its weather, and how each run is started and ended.

import Pacing
import TestSupport
import Model

@testable import Campaign
@testable import Work

/// One campaign's circumstances.
struct SimulatedCampaign {
    let rates: [Rate]
    let characters: [Character]
    /// How long the weather and the crashes last.
    let calm: Duration
    let weatherMean: Duration
    let crashMean: Duration?
    /// How many commits take long, and how many times an hour the disk is full.
    let slowCommits: Double
    let diskFullMean: Duration?
    let clockJumpMean: Duration?
    let serverRates: [Rate]
    let faultShare: Double
    /// Enrolled before the first run; the others come in while it works.
    let enrolledFirst: Int

    init(using random: inout SeededGenerator) {
        let perSecond = { Rate(count: $0, window: .seconds(1)) }
        let perMinute = { Rate(count: $0, window: .seconds(60)) }
        let perHour = { Rate(count: $0, window: .seconds(3600)) }
        rates = random.one(
            of: [],
            [perSecond(8), perMinute(175)],
            [perHour(60)],
            [perMinute(20)],
            [perSecond(2)],
            [perSecond(20), perHour(200)]
        )
        let count = Int.random(in: 60...700, using: &random)
        var characters = [Character](repeating: .ordinary, count: count)
        for index in characters.indices where random.chance(0.03) {
            characters[index] = random.one(of: .unknown, .unknown, .broken)
        }
        for _ in 0..<3 { characters[Int.random(in: 0..<count, using: &random)] = .refused }
        self.characters = characters
        // As long as the work takes at the given rates, and half as long again.
        let perItem = rates.map { $0.window.inSeconds / Double($0.count) }.max() ?? 0.05
        let work = max(600, perItem * Double(count) * 1.5)
        calm = .seconds(random.one(of: work, work * 2, max(work, 86_400)).rounded())
        weatherMean = .seconds(random.one(of: 20, 120, 1200, min(calm.inSeconds / 4, 14_400)))
        crashMean = random.one(of: nil, calm / 4, calm / 12, calm / 40)
        slowCommits = random.one(of: 0, 0.01, 0.1)
        diskFullMean = random.one(of: nil, calm / 10, calm / 40)
        clockJumpMean = random.one(of: nil, calm / 5)
        serverRates = random.one(
            of: [],
            [],
            [perSecond(10), perMinute(300)],
            [perSecond(5)],
            [perMinute(50)],
            [perHour(100)]
        )
        faultShare = random.one(of: 0, 0.005, 0.03)
        enrolledFirst = random.chance(0.5) ? count : Int.random(in: 0...count, using: &random)
    }

    /// How a run is started before the calm.
    func options(using random: inout SeededGenerator) -> StageOptions {
        let most = Int.random(in: 1...24, using: &random)
        let isOther = random.chance(0.2)
        return StageOptions(
            pacing: PacingOptions(
                rates: isOther ? [Rate(count: 100, window: .seconds(60))] : rates,
                burst: random.one(of: 1, 1, 4),
                share: random.one(of: 1, 1, 0.5, 0.29),
                concurrency: random.chance(0.6) ? .fixed(most) : .automatic(max: most * 2),
                giveUpAfter: random.one(of: nil, .seconds(60), .seconds(600), .seconds(3600))
            ),
            attemptsMax: Int.random(in: 1...5, using: &random),
            maxIdentities: random.chance(0.2) ? Int.random(in: 1...200, using: &random) : nil,
            maxFailures: random.chance(0.1) ? .count(Int.random(in: 0...10, using: &random)) : nil
        )
    }

    /// When a run that begins at `elapsed` before the calm is to stop; nil for never.
    func deadline(from elapsed: Duration, using random: inout SeededGenerator) -> Duration? {
        random.chance(0.2) ? elapsed + random.exponential(calm / 8) : nil
    }

    /// How a run is started that is to do all that is left.
    func lastOptions(using random: inout SeededGenerator) -> StageOptions {
        StageOptions(
            pacing: PacingOptions(
                rates: rates,
                concurrency: random.chance(0.5) ? .fixed(4) : .automatic(max: 16),
                giveUpAfter: .seconds(600)
            ),
            attemptsMax: 5,
            maxIdentities: nil
        )
    }
}
