// How long so many requests take at least, under limits that all hold at once.

package import Model

extension RateLimit {
    /// The time from the first of so many requests to the last, when nothing but the limits holds them up.
    ///
    /// Each window but the shortest is a budget that is spent as fast as the shorter ones allow; the shortest
    /// is spaced evenly. `8/s` with `175/m`: 1,000 requests are five minutes' budgets and 125 more, 315.5 s.
    ///
    /// - Parameter burst: how many go out at once in the shortest window.
    package static func leastTime(
        for requests: Int,
        rates: [Rate],
        burst: Int = 1,
        margin: Duration = margin
    ) -> Duration {
        var rates = rates.sorted { $0.window < $1.window }
        guard requests > 1, let longest = rates.popLast() else { return .zero }
        let whole = (requests - 1) / longest.count
        let rest = requests - whole * longest.count
        let wholeTime = (longest.window + margin) * whole
        guard !rates.isEmpty else {
            return wholeTime + (longest.window + margin) / longest.count * max(0, rest - burst)
        }
        return max(
            wholeTime + leastTime(for: rest, rates: rates, burst: burst, margin: margin),
            leastTime(for: requests, rates: rates, burst: burst, margin: margin)
        )
    }

    /// The most requests of which the last goes out within `duration` of the first; nil where there is no
    /// limit.
    package static func mostRequests(within duration: Duration, rates: [Rate], burst: Int = 1) -> Int? {
        guard !rates.isEmpty else { return nil }
        var (fitting, tooMany) = (1, 2)
        while leastTime(for: tooMany, rates: rates, burst: burst) <= duration {
            (fitting, tooMany) = (tooMany, tooMany * 2)
            // Beyond it a limit is none.
            if fitting > Rate.countMax { return fitting }
        }
        while tooMany - fitting > 1 {
            let middle = (fitting + tooMany) / 2
            if leastTime(for: middle, rates: rates, burst: burst) <= duration {
                fitting = middle
            } else {
                tooMany = middle
            }
        }
        return fitting
    }
}
