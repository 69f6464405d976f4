// The arithmetic of limits: when the next request may go, given what went before.

package import Vocabulary

/// Several rates that all hold at once, as a state machine without a clock: events and times in, decisions out.
///
/// The shortest window is spaced evenly; each longer one is a sliding budget. A limit is counted where requests
/// arrive, and of that moment only this is known here: it lies between sending and the answer. So a request counts from
/// its permission until a window's length after its answer, and in no interval of a window's length do more requests
/// arrive than its rate allows, as long as none is on its way for more than `arrivalDelayMax`. The price is one round
/// trip in each window.
///
/// Times are durations since any one fixed moment.
package struct RateLimit: Sendable {
    /// A permission to send one request; it ends with `answered` or `withdrawn`.
    package struct Permit: Hashable, Sendable {
        fileprivate let number: Int
    }

    package enum Decision: Hashable, Sendable {
        /// Send now.
        case go(Permit)
        /// Ask again at this time.
        case wait(until: Duration)
    }

    package let rates: [Rate]
    private let spacing: Duration
    private var windows: [SlidingWindow]
    /// Permits in use, each with the time when its request went out; nil until it did.
    private var inUse: [Permit: Duration?] = [:]
    private var lastNumber = 0
    private var nextPermission: Duration = .zero
    private var heldUntil: Duration = .zero

    /// Added to every window: for clocks that tick coarsely, here and at the server.
    package static let margin: Duration = .milliseconds(5)
    /// How late a wake-up may be without the spacing losing time to it.
    private static let lateness: Duration = .milliseconds(20)
    /// How soon to ask again when requests on their way stand in it.
    private static let recheck: Duration = .milliseconds(2)
    /// A request that nobody answers counts as arrived that long after it was sent, at the latest.
    private static let arrivalDelayMax: Duration = .seconds(1)

    package init(rates: [Rate], margin: Duration = RateLimit.margin) {
        self.rates = rates.sorted { $0.window < $1.window }
        windows = self.rates.map { SlidingWindow(length: $0.window + margin) }
        spacing = self.rates.first.map { ($0.window + margin) / $0.count } ?? .zero
    }

    /// Counts requests that came to their end at `time`, before the first is asked for; the earliest first.
    package mutating func remember(_ requests: Int, at time: Duration) {
        for index in windows.indices { windows[index].add(requests, at: time) }
    }

    /// Asks to send one request at `now`.
    package mutating func request(at now: Duration) -> Decision {
        if now < heldUntil { return .wait(until: heldUntil) }
        guard !rates.isEmpty else { return .go(Permit(number: 0)) }
        if now < nextPermission { return .wait(until: nextPermission) }
        for index in windows.indices {
            windows[index].expire(at: now)
            let room = rates[index].count - 1 - unanswered(in: windows[index].length, now)
            guard room >= 0 else { return .wait(until: now + Self.recheck) }
            if let free = windows[index].time(whenAtMost: room) { return .wait(until: free) }
        }
        lastNumber += 1
        let permit = Permit(number: lastNumber)
        inUse[permit] = .some(nil)
        nextPermission = max(nextPermission, now - Self.lateness) + spacing
        return .go(permit)
    }

    /// The request of a permit went out at `now`.
    package mutating func sent(_ permit: Permit, at now: Duration) {
        guard !rates.isEmpty else { return }
        inUse[permit] = now
    }

    /// A request that went out came to its end at `now`, answered or given up.
    package mutating func answered(_ permit: Permit, at now: Duration) {
        guard let sent = inUse.removeValue(forKey: permit) ?? nil else { return }
        let arrived = min(now, sent + Self.arrivalDelayMax)
        for index in windows.indices { windows[index].add(at: arrived) }
    }

    /// The request of a permit did not go out, and will not.
    package mutating func withdrawn(_ permit: Permit) {
        guard inUse.removeValue(forKey: permit) != nil else { return }
        nextPermission -= spacing
    }

    /// Nobody sends before `time`: the server asked for it.
    package mutating func hold(until time: Duration) {
        heldUntil = max(heldUntil, time)
    }

    /// The requests on their way that may arrive, or have arrived, within the last `length`.
    private func unanswered(in length: Duration, _ now: Duration) -> Int {
        inUse.values.count { sent in sent.map { $0 + Self.arrivalDelayMax > now - length } ?? true }
    }
}
