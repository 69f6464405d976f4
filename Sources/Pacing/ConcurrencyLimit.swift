// Finds how many requests in flight a server makes the most of.

import Model

/// The number of requests to keep in flight, found by measuring: the lowest at which throughput is about at
/// its best.
///
/// By Little's law the throughput is what is in flight over the latency, so a step up that only adds latency
/// shows as no gain. Servers differ in more than their number of lanes (a real Kratos on SQLite is fastest
/// with one request at a time, and with a write-ahead log needs eight though the latency grows from the
/// second on), so the latency against the best seen, as TCP Vegas and Netflix' Gradient2 have it, is not
/// enough: it stops at 2 where 8 is best. What is taken from the field:
/// - Netflix' concurrency-limits: limits are measured where the client is limited by them, not by something
///   else, and grow only there.
/// - BBR (Cardwell et al., 2016): start by doubling as long as the throughput follows; then stay, and probe
///   in growing intervals above and below for a short time; measurements fade.
/// - rclone's pacer, AWS' adaptive retry, TCP: additive or tested increase, multiplicative decrease on
///   errors.
///
/// A step is judged by Welch's test between batches at both levels, so a noisy server is measured for longer.
package struct ConcurrencyLimit: Sendable {
    package enum Outcome: Sendable {
        /// The server did its work: also where it says that there is no such identity.
        case ok
        /// 5xx, a timeout, a refused connection.
        case overload
        /// Says nothing about the server's capacity: a 429, a request given up.
        case other
    }

    /// The most that may be in flight.
    package let max: Int
    /// How many may be in flight now.
    package var limit: Int { levels[current] }

    private let levels: [Int]
    private var statistics: [LevelStatistics]
    private var meter = ConcurrencyMeter(level: 1)
    /// The best level found so far.
    private var base = 0
    private var current = 0
    private var search = LevelSearch()
    private var errors = OverloadCount()

    /// - Parameter max: the most that may be in flight, at least 1.
    package init(max: Int = 256) {
        precondition(max >= 1, "at least one request is in flight")
        self.max = max
        // 1, 2, 3, 4, 6, 8, 12, 16, …: two steps double.
        let powers = (0..<Int.bitWidth - 2).map { 1 << $0 }.prefix { $0 < max }
        let between = powers.dropFirst().map { $0 + $0 / 2 }.filter { $0 < max }
        levels = (powers + between + [max]).sorted()
        statistics = levels.map { _ in LevelStatistics() }
    }

    /// A request takes its place among those in flight.
    package mutating func started(at now: Duration) {
        meter.started(at: now)
    }

    /// A request that was started came to its end.
    ///
    /// - Parameter latency: from its start to its end.
    package mutating func ended(latency: Duration, outcome: Outcome, at now: Duration) {
        guard outcome != .other else { return meter.left(at: now) }
        let batch = meter.ended(isGood: outcome == .ok, at: now)
        if errors.ended(isOverload: outcome == .overload, startedAt: now - latency, limit: limit, at: now) {
            backOff(at: now)
        } else if let batch {
            take(batch, at: now)
        }
    }

    // MARK: - Measuring

    private mutating func take(_ batch: ConcurrencyMeter.Batch, at now: Duration) {
        guard batch.isFull || search.isProbing && search.target > base && current == search.target else {
            return
        }
        search.measured(batch)
        let hasChanged = statistics[current].add(secondsEach: batch.secondsEach, at: now)
        if hasChanged, current == base {
            startAnew(isFaster: statistics[base].mean < search.meanBefore, at: now)
        }
        if current == base { search.meanBefore = statistics[base].mean }
        if search.isProbing { judge(at: now) } else { mayProbe(at: now) }
    }

    private mutating func mayProbe(at now: Duration) {
        guard statistics[base].batches >= 2, now >= search.nextProbe else { return }
        for direction in search.directions {
            let target = Swift.min(Swift.max(base + direction, 0), levels.count - 1)
            guard target != base, errors.allows(level: levels[target], at: now) else { continue }
            statistics[target].fade(at: now)
            search.begin(target: target, direction: direction)
            move(to: target, at: now)
            return
        }
        search.rest(at: now)
    }

    private mutating func judge(at now: Duration) {
        let target = search.target
        let (low, high) = (Swift.min(base, target), Swift.max(base, target))
        let verdict = LevelSearch.compare(
            statistics[high],
            with: statistics[low],
            ratio: Double(levels[high]) / Double(levels[low])
        )
        let isMeasured = search.isMeasured && verdict.isCertain
        if search.isNotFull, !(isMeasured && verdict.isHigherBetter) {
            // Something else is the bottleneck, and the level cannot show what it would give: it is not
            // needed.
            if search.isNotFullForLong { settle(at: now) }
            return
        }
        guard isMeasured || search.isExhausted else { return measureOther(at: now) }
        search.isCertain = verdict.isCertain
        let winner = verdict.isHigherBetter ? high : low
        guard winner == target else { return settle(at: now) }
        let gain = statistics[target].throughput - statistics[base].throughput
        base = target
        search.meanBefore = statistics[base].mean
        search.won(gain: gain)
        mayProbe(at: now)
        if !search.isProbing { move(to: base, at: now) }
    }

    /// Not clear yet: the level of which less is known is measured for a while.
    private mutating func measureOther(at now: Duration) {
        guard search.isTurnOver else { return }
        let other = statistics[base].batches < statistics[search.target].batches ? base : search.target
        search.beginTurn()
        if other != current { move(to: other, at: now) }
    }

    private mutating func settle(at now: Duration) {
        search.lost(at: now)
        if search.nextProbe <= now { mayProbe(at: now) }
        if !search.isProbing { move(to: base, at: now) }
    }

    private mutating func startAnew(isFaster: Bool, at now: Duration) {
        for index in levels.indices where index != base { statistics[index] = LevelStatistics() }
        search = LevelSearch()
        if !isFaster { search.lookDownFirst() }
        move(to: base, at: now)
    }

    private mutating func backOff(at now: Duration) {
        let lower = levels.lastIndex { Double($0) <= 0.7 * Double(limit) } ?? 0
        for index in levels.indices where index > lower { statistics[index] = LevelStatistics() }
        base = Swift.min(base, lower)
        search = LevelSearch()
        move(to: base, at: now)
    }

    private mutating func move(to index: Int, at now: Duration) {
        guard index != current else { return }
        current = index
        meter.change(to: levels[index], at: now)
    }
}
