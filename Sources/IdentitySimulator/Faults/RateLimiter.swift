// Ory Network's limits: so many requests in any window of so many seconds. Pure arithmetic; time is handed
// in.

import NIOCore

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

/// How a server tells of its limits.
package enum LimitHeaderForm: String, CaseIterable, Sendable {
    /// Ory Network's `x-ratelimit-limit`, `-remaining` and `-reset`.
    case ory
    /// draft-ietf-httpapi-ratelimit-headers from 08 on: `RateLimit-Policy` and `RateLimit`, each with every
    /// limit.
    case ietf
    /// Its draft 07: `RateLimit-Policy`, and `RateLimit` with one limit.
    case ietf07 = "ietf-07"
    /// Not at all.
    case none
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
///
/// No interval of a window's length, however placed, holds more admitted requests than the limit: of two that
/// are just that length apart only one is in it.
struct RateLimiter: Sendable {
    private struct Window {
        let limit: RateLimit
        /// The times of the admissions that the window holds, in their order; at most as many as the limit.
        private var times = CircularBuffer<Int64>()

        init(_ limit: RateLimit) {
            self.limit = limit
        }

        /// The limit's name in headers.
        var name: String { "\"per-\(limit.windowSeconds)s\"" }
        var length: Int64 { Int64(limit.windowSeconds) * 1_000_000_000 }
        var left: Int { limit.count - times.count }

        /// When the oldest admission leaves the window; nil while it is empty.
        var freedAt: Int64? { times.first.map { $0 + length } }

        /// Lets the window end now; every admission is passed once, whatever the limit.
        mutating func slide(to now: Int64) {
            while let oldest = times.first, oldest <= now - length { times.removeFirst() }
        }

        /// Whole seconds, at least 1, until it gives way.
        func resetSeconds(at now: Int64) -> Int {
            max(1, Int(((freedAt ?? now) - now + 999_999_999) / 1_000_000_000))
        }

        mutating func admit(at now: Int64) { times.append(now) }
    }

    private var windows: [Window]
    private let form: LimitHeaderForm
    /// Every limit, as the headers of drafts up to 07 and of Ory list them.
    private let listed: String

    init(_ limits: [RateLimit], announcing form: LimitHeaderForm = .ory) {
        windows = limits.map(Window.init)
        self.form = form
        listed = limits.map { "\($0.count);w=\($0.windowSeconds)" }.joined(separator: ", ")
    }

    /// Admits or refuses a request that arrives now; nil without any limit.
    ///
    /// - Parameter now: nanoseconds on a clock that never goes back.
    mutating func arrive(at now: Int64) -> RateDecision? {
        guard !windows.isEmpty else { return nil }
        for index in windows.indices { windows[index].slide(to: now) }
        if let longest = longestFull { return decision(false, longest, at: now) }
        for index in windows.indices { windows[index].admit(at: now) }
        // Of two that are equally near to being used up, the one that takes longer to give way matters.
        let tightest = windows.min { ($0.left, -($0.freedAt ?? now)) < ($1.left, -($1.freedAt ?? now)) }
        return tightest.map { decision(true, $0, at: now) }
    }

    /// The window that keeps a request waiting longest; nil where it need not wait.
    private var longestFull: Window? {
        windows.lazy.filter { $0.left == 0 }.max { ($0.freedAt ?? 0) < ($1.freedAt ?? 0) }
    }

    /// The header lines that tell a client where it stands after a decision of now.
    func headerLines(_ decision: RateDecision, at now: Int64) -> String {
        switch form {
        case .ory:
            return
                "x-ratelimit-limit: \(decision.limit), \(listed)\r\nx-ratelimit-remaining: "
                + "\(decision.remaining)\r\nx-ratelimit-reset: \(decision.resetSeconds)\r\n"
        case .ietf:
            let policies = windows.map { "\($0.name);q=\($0.limit.count);w=\($0.limit.windowSeconds)" }
            let standings = windows.map { "\($0.name);r=\($0.left);t=\($0.resetSeconds(at: now))" }
            return "RateLimit-Policy: \(policies.joined(separator: ", "))\r\n"
                + "RateLimit: \(standings.joined(separator: ", "))\r\n"
        case .ietf07:
            return "RateLimit-Policy: \(listed)\r\nRateLimit: limit=\(decision.limit), "
                + "remaining=\(decision.remaining), reset=\(decision.resetSeconds)\r\n"
        case .none: return ""
        }
    }

    /// Whether a header line tells of limits.
    static func isHeaderLine(_ line: some StringProtocol) -> Bool {
        line.hasPrefix("x-ratelimit-") || line.hasPrefix("RateLimit")
    }

    private func decision(_ isAdmitted: Bool, _ window: Window, at now: Int64) -> RateDecision {
        RateDecision(
            isAdmitted: isAdmitted,
            limit: window.limit.count,
            remaining: window.left,
            resetSeconds: window.resetSeconds(at: now)
        )
    }
}
