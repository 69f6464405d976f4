// How long further requests take, given what has been sent already.

import Model

extension RateLimit {
    /// The time from `now` until the last of so many further requests goes out, when nothing but the limits
    /// and the pace after a refusal holds them up; nil where there are none.
    ///
    /// As `leastTime`, but with what the windows hold now. A window of `n` requests repeats itself: what goes
    /// out as the `i`-th goes out a window's length after the one `n` before it. The round trip that each
    /// window costs besides is left out: it shows where an answer takes a good part of the shortest window.
    package func timeLeft(for requests: Int, at now: Duration) -> Duration? {
        guard requests > 0 else { return .zero }
        let even = max(pace.goal.map { .seconds(1 / $0) } ?? .zero, spacing)
        guard even > .zero else { return nil }
        let start = max(now, heldUntil, nextPermission - spacing * (burst - 1))
        return departure(of: requests, in: windows[...], from: start, even) - now
    }

    /// When the request of that number goes out, as far as these windows have a say.
    private func departure(
        of number: Int,
        in windows: ArraySlice<LimitWindow>,
        from start: Duration,
        _ even: Duration
    ) -> Duration {
        guard let longest = windows.last else { return start + even * max(0, number - burst) }
        let shorter = windows.dropLast()
        let whole = (number - 1) / longest.count
        let rest = number - whole * longest.count
        // Those in flight arrive about now.
        let room = longest.count - rest - inUse.count
        let free =
            room >= 0 ? longest.events.time(whenAtMost: room) ?? .zero : start + longest.length
        let first = max(departure(of: rest, in: shorter, from: start, even), free)
        return max(
            first + longest.length * whole,
            whole > 0 ? departure(of: number, in: shorter, from: start, even) : first
        )
    }
}
