// Round after round, until the time is over.

/// The crash campaign: rounds that follow from a seed.
package struct TortureCampaign: Sendable {
    package var seed: UInt64
    package var size: RoundPlan.Size
    /// No round begins after that time; nil for any time.
    package var timeMax: Duration?
    package var roundsMax: Int?
    package var setting: RoundSetting

    package init(
        seed: UInt64,
        size: RoundPlan.Size,
        timeMax: Duration?,
        roundsMax: Int?,
        setting: RoundSetting
    ) {
        self.seed = seed
        self.size = size
        self.timeMax = timeMax
        self.roundsMax = roundsMax
        self.setting = setting
    }

    /// The seed of a round, counted from 0: of the first, the campaign's own, so that any round can be the
    /// first of one.
    package func seed(ofRound number: Int) -> UInt64 {
        guard number > 0 else { return seed }
        // SplitMix64's finalizer: neighbours have nothing in common. Short enough to be typed.
        var mixed = seed &+ UInt64(number) &* 0x9e37_79b9_7f4a_7c15
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return (mixed ^ (mixed >> 31)) % 1_000_000_000_000
    }

    /// The command that lives through a round again.
    package func command(forSeed seed: UInt64) -> String {
        "scripts/torture --seed \(seed) --rounds 1" + (size == .small ? " --small" : "")
    }

    /// Lives through the rounds.
    ///
    /// - Parameter onRound: told after each how long it took.
    /// - Throws: what keeps a round from taking place.
    package func run(onRound: (RoundResult, Duration) -> Void) async throws -> TortureReport {
        let clock = ContinuousClock()
        let start = clock.now
        var report = TortureReport(seed: seed, hasClock: setting.clockObject != nil)
        var number = 0
        while roundsMax.map({ number < $0 }) ?? true,
            timeMax.map({ start.duration(to: clock.now) < $0 }) ?? true
        {
            let begun = clock.now
            let plan = RoundPlan(seed: seed(ofRound: number), size: size)
            let result = try await Round.run(plan, setting)
            onRound(result, begun.duration(to: clock.now))
            report.add(result)
            number += 1
        }
        report.time = start.duration(to: clock.now)
        return report
    }
}
