// Ory Network's limits: so many requests in any window of so many seconds. Pure arithmetic; time is handed in.

/// A limit such as 8 a second or 175 a minute.
package struct RateLimit: Hashable, Sendable {
    package let count: Int
    package let windowSeconds: Int

    package init(count: Int, windowSeconds: Int) {
        self.count = count
        self.windowSeconds = windowSeconds
    }

    /// Reads `8/s`, `175/m`, `1000/h`, or a window in seconds: `30/10s`.
    package init(_ text: String) throws(SettingError) {
        let words = text.split(separator: "/", maxSplits: 1)
        let windows = ["s": 1, "m": 60, "h": 3600]
        let unit = words.count == 2 ? String(words[1]) : ""
        guard let count = words.first.flatMap({ Int($0) }), count > 0,
            let seconds = windows[unit] ?? (unit.hasSuffix("s") ? Int(unit.dropLast()) : nil), seconds > 0
        else { throw SettingError("'\(text)' is no limit: write it as 8/s, 175/m or 30/10s") }
        self.init(count: count, windowSeconds: seconds)
    }
}

/// What a limiter says to one request, and the numbers of its answer's headers.
struct RateDecision: Hashable, Sendable {
    var isAdmitted: Bool
    /// The limit that is nearest to being used up.
    var limit: Int
    var remaining: Int
    /// Whole seconds, at least 1, until that limit gives way.
    var resetSeconds: Int
}

/// Sliding windows over the admitted requests: a refused request takes no one's place.
struct RateLimiter: Sendable {
    /// The times of the latest admissions, as many as the limit, in a ring.
    private struct Window {
        let limit: RateLimit
        var times: ContiguousArray<Int64> = []
        var next = 0

        var length: Int64 { Int64(limit.windowSeconds) * 1_000_000_000 }

        /// How many admissions the window that ends now holds, and when the oldest of them leaves it.
        func usage(at now: Int64) -> (used: Int, freedAt: Int64) {
            // Times rise along the ring, so the count is a binary search for the first that is young enough.
            var low = 0
            var high = times.count
            while low < high {
                let middle = (low + high) / 2
                if time(middle) <= now - length { low = middle + 1 } else { high = middle }
            }
            return (times.count - low, low < times.count ? time(low) + length : now)
        }

        mutating func admit(at now: Int64) {
            if times.count < limit.count {
                times.append(now)
            } else {
                times[next] = now
                next = (next + 1) % limit.count
            }
        }

        private func time(_ age: Int) -> Int64 { times[(next + age) % times.count] }
    }

    private var windows: [Window]
    private let listed: String

    init(_ limits: [RateLimit]) {
        windows = limits.map { Window(limit: $0) }
        listed = limits.map { "\($0.count);w=\($0.windowSeconds)" }.joined(separator: ", ")
    }

    /// Admits or refuses a request that arrives now; nil without any limit.
    ///
    /// - Parameter now: nanoseconds on a clock that never goes back.
    mutating func arrive(at now: Int64) -> RateDecision? {
        guard !windows.isEmpty else { return nil }
        let usages = windows.map { $0.usage(at: now) }
        let full = windows.indices.filter { usages[$0].used >= windows[$0].limit.count }
        if let longest = full.max(by: { usages[$0].freedAt < usages[$1].freedAt }) {
            return decision(false, window: longest, used: usages[longest].used, usages[longest].freedAt - now)
        }
        for index in windows.indices { windows[index].admit(at: now) }
        let left = windows.indices.map { windows[$0].limit.count - usages[$0].used }
        // Of two that are equally near to being used up, the one that takes longer to give way matters.
        let tightest =
            left.indices.min { (left[$0], -usages[$0].freedAt) < (left[$1], -usages[$1].freedAt) } ?? 0
        let freedAt = usages[tightest].used == 0 ? now + windows[tightest].length : usages[tightest].freedAt
        return decision(true, window: tightest, used: usages[tightest].used + 1, freedAt - now)
    }

    /// The header lines that tell a client where it stands.
    func headerLines(_ decision: RateDecision) -> String {
        "x-ratelimit-limit: \(decision.limit), \(listed)\r\nx-ratelimit-remaining: \(decision.remaining)\r\n"
            + "x-ratelimit-reset: \(decision.resetSeconds)\r\n"
    }

    private func decision(_ isAdmitted: Bool, window: Int, used: Int, _ wait: Int64) -> RateDecision {
        let limit = windows[window].limit.count
        return RateDecision(
            isAdmitted: isAdmitted,
            limit: limit,
            remaining: max(0, limit - used),
            resetSeconds: max(1, Int((wait + 999_999_999) / 1_000_000_000))
        )
    }
}
