// How long so many requests take at least, under limits that all hold at once.

package import Vocabulary

extension RateLimit {
    /// The time from the first of so many requests to the last, when nothing but the limits holds them up.
    ///
    /// Each window but the shortest is a budget that is spent as fast as the shorter ones allow; the shortest is
    /// spaced evenly. `8/s` with `175/m`: 1,000 requests are five minutes' budgets and 125 more, 315.5 s.
    package static func leastTime(for requests: Int, rates: [Rate], margin: Duration = margin) -> Duration {
        var rates = rates.sorted { $0.window < $1.window }
        guard requests > 1, let longest = rates.popLast() else { return .zero }
        guard !rates.isEmpty else { return (longest.window + margin) / longest.count * (requests - 1) }
        let whole = (requests - 1) / longest.count
        let rest = requests - whole * longest.count
        return max(
            (longest.window + margin) * whole + leastTime(for: rest, rates: rates, margin: margin),
            leastTime(for: requests, rates: rates, margin: margin)
        )
    }

    /// The most requests of which the last goes out within `duration` of the first; nil where there is no limit.
    package static func mostRequests(within duration: Duration, rates: [Rate]) -> Int? {
        guard !rates.isEmpty else { return nil }
        var (fitting, tooMany) = (1, 2)
        while leastTime(for: tooMany, rates: rates) <= duration {
            (fitting, tooMany) = (tooMany, tooMany * 2)
            // Beyond it a limit is none.
            if fitting > Rate.countMax { return fitting }
        }
        while tooMany - fitting > 1 {
            let middle = (fitting + tooMany) / 2
            if leastTime(for: middle, rates: rates) <= duration { fitting = middle } else { tooMany = middle }
        }
        return fitting
    }
}
