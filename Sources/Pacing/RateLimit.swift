// The arithmetic of limits: when the next request may go, given what went before.

/// Several rates that all hold at once, as a state machine without a clock: events and times in, decisions out.
///
/// The shortest window is spaced evenly; each longer one is a sliding budget. Permission is given first, the
/// request goes out a little later (a connection may have to be opened), and what counts is when it went: between
/// the two a permission weighs on every window. So, whatever the delays, in any interval of a window's length no
/// more than its count of requests is sent. `margin` is added to every window for the jitter between here and the
/// server, where the limit is counted.
///
/// Times are durations since any one fixed moment.
package struct RateLimit: Sendable {
    package enum Decision: Equatable, Sendable {
        /// Send now; then report `sent` or `withdrawn`.
        case go
        /// Ask again at this time, or earlier when something was sent or withdrawn.
        case wait(until: Duration)
    }

    package let rates: [Rate]
    private let spacing: Duration
    /// Permissions given for requests that have not gone out yet.
    private var unsent = 0
    private var windows: [SlidingWindow]
    private var nextPermission: Duration = .zero
    private var heldUntil: Duration = .zero

    /// The jitter that is reckoned with.
    package static let margin: Duration = .milliseconds(10)
    /// How late a wake-up may be without the spacing losing time to it.
    private static let lateness: Duration = .milliseconds(20)
    /// How soon to ask again when only requests not yet sent stand in the way.
    private static let unsentRecheck: Duration = .milliseconds(5)

    package init(rates: [Rate], margin: Duration = RateLimit.margin) {
        self.rates = rates.sorted { $0.window < $1.window }
        windows = self.rates.map { SlidingWindow(length: $0.window + margin) }
        spacing = self.rates.first.map { ($0.window + margin) / $0.count } ?? .zero
    }

    /// Asks to send one request at `now`.
    package mutating func request(at now: Duration) -> Decision {
        if now < heldUntil { return .wait(until: heldUntil) }
        if rates.isEmpty { return .go }
        if now < nextPermission { return .wait(until: nextPermission) }
        for index in windows.indices {
            windows[index].expire(at: now)
            let room = rates[index].count - unsent - 1
            guard room >= 0 else { return .wait(until: now + Self.unsentRecheck) }
            if windows[index].count > room {
                return .wait(until: windows[index].time(whenAtMost: room) ?? now + Self.unsentRecheck)
            }
        }
        unsent += 1
        nextPermission = max(nextPermission, now - Self.lateness) + spacing
        return .go
    }

    /// A request that had permission went out at `now`.
    package mutating func sent(at now: Duration) {
        guard !rates.isEmpty else { return }
        unsent -= 1
        for index in windows.indices { windows[index].add(at: now) }
    }

    /// A request that had permission will never go out.
    package mutating func withdrawn() {
        guard !rates.isEmpty else { return }
        unsent -= 1
    }

    /// Nobody sends before `time`: the server asked for it.
    package mutating func hold(until time: Duration) {
        heldUntil = max(heldUntil, time)
    }
}
