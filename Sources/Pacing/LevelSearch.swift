// Where the search for the best level of concurrency stands.

import Model

/// Which level is tried next, when, and for how long.
struct LevelSearch {
    private(set) var isProbing = false
    /// The level that is tried, as an index.
    private(set) var target = 0
    private(set) var nextProbe: Duration = .zero
    /// The mean at the best level before the batch that was measured last.
    var meanBefore = 0.0
    /// Where to look, in steps, in this order.
    private(set) var directions = [2, 1]
    private var direction = 2
    private var interval = Self.intervalMin
    private var goesUpNext = false
    private var batches = 0
    private var turn = 0
    private var time: Duration = .zero
    private var notFull = 0
    /// Whether the last comparison left no doubt.
    var isCertain = true

    private static let intervalMin: Duration = .milliseconds(500)
    private static let intervalMax: Duration = .seconds(16)
    /// What doubling the requests in flight must bring, as a logarithm, for it to be worth it.
    private static let gainMin = 0.04
    /// How many standard errors make a gain, or its absence, certain.
    private static let surelyBetter = 2.0
    private static let surelyNot = 2.0
    /// A trial ends when both are reached.
    private static let batchesMax = 24
    private static let timeMax: Duration = .milliseconds(800)

    /// Whether the higher level gives enough more than the lower.
    static func compare(
        _ high: LevelStatistics,
        with low: LevelStatistics,
        ratio: Double
    ) -> (isHigherBetter: Bool, isCertain: Bool) {
        // The logarithm to base 2 of a ratio of 1.33 is about 0.41, of 1.5 about 0.58.
        let doublings = ratio >= 2 ? 1 : (ratio >= 1.45 ? 0.58 : 0.41)
        let excess = high.throughput - low.throughput - gainMin * doublings
        let error = (high.error + low.error).squareRoot()
        let isMeasured = min(high.batches, low.batches) >= 2
        let isCertain = isMeasured && (excess > surelyBetter * error || excess < -surelyNot * error)
        return (excess > 0, isCertain)
    }

    var isExhausted: Bool { batches >= Self.batchesMax && time >= Self.timeMax }
    var isTurnOver: Bool { turn >= 4 }

    /// Enough of the trial has been seen to trust what was known before.
    var isMeasured: Bool { batches >= 2 }
    var isNotFull: Bool { notFull > 0 }
    var isNotFullForLong: Bool { notFull >= 3 }

    mutating func measured(_ batch: ConcurrencyMeter.Batch) {
        batches += 1
        turn += 1
        time += batch.duration
        notFull = batch.isFull ? 0 : notFull + 1
    }

    mutating func begin(target: Int, direction: Int) {
        isProbing = true
        self.target = target
        self.direction = direction
        (batches, turn, notFull, time) = (0, 0, 0, .zero)
    }

    mutating func beginTurn() { turn = 0 }

    mutating func lookDownFirst() { directions = [-2, -1, 2] }

    /// The level tried is the best now: on in the same direction, by doubling while that brings much.
    mutating func won(gain: Double) {
        isProbing = false
        interval = Self.intervalMin
        if direction > 0 {
            directions = direction == 2 && gain > 0.2 ? [2, 1] : [1]
        } else {
            directions = [direction]
        }
        nextProbe = .zero
    }

    /// The level tried is not better: a smaller step, or rest.
    mutating func lost(at now: Duration) {
        isProbing = false
        if abs(direction) == 2 {
            directions = [direction / 2]
            nextProbe = .zero
        } else {
            rest(at: now)
        }
    }

    /// Nothing to try for a while; then up and down by turns.
    mutating func rest(at now: Duration) {
        isProbing = false
        goesUpNext.toggle()
        directions = goesUpNext ? [1, -1] : [-1, 1]
        // Levels that are hard to tell apart cost little to compare.
        if !isCertain { interval = Self.intervalMin }
        nextProbe = now + interval
        interval = min(interval * 2, Self.intervalMax)
    }
}
