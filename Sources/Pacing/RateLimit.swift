// The arithmetic of limits: when the next request may go, given what went before.

import DequeModule
package import Model

/// Several rates that all hold at once, as a state machine without a clock: events and times in, decisions
/// out.
///
/// The shortest window is spaced evenly, or goes out in bursts (the generic cell rate algorithm, ITU-T I.371,
/// with a tolerance of `burst - 1` requests); every window is a sliding budget. A limit is counted where
/// requests arrive, and of that moment only this is known here: it lies between sending and the answer. So a
/// request counts from its permission until a window's length after its answer, and in no interval of a
/// window's length do more requests arrive than its rate allows, as long as none is on its way for more than
/// `arrivalDelayMax`. The price is one round trip in each window.
///
/// What the server announces or refuses tightens this: `RateLimit+Learning.swift`. Times are durations since
/// any one fixed moment. A decision takes constant time, averaged over all; a window remembers up to 4,096
/// requests one by one (40 bytes each) and groups more of them; a request in flight costs about 100 bytes.
package struct RateLimit: Sendable {
    /// A permission to send one request; it ends with `answered` or `withdrawn`.
    package struct Permit: Hashable, Sendable {
        let number: Int
    }

    package enum Decision: Hashable, Sendable {
        /// Send now.
        case go(Permit)
        /// Ask again at this time.
        case wait(until: Duration)
    }

    /// What the operator asked for, less what is left to others; the shortest window first.
    package let rates: [Rate]
    let share: Double
    let burst: Int
    private let margin: Duration
    var windows: [LimitWindow] = []
    /// Requests of the last hour to the second, for windows that are learnt of later.
    private var history = SlidingWindow(length: memory, grain: .seconds(1))
    /// Permits in use, each with the time when its request went out; nil until it did.
    private(set) var inUse: [Permit: Duration?] = [:]
    /// Requests in the order in which they went out; those at the front that have ended are dropped.
    private var departures: Deque<(permit: Permit, sent: Duration)> = []
    private(set) var lastNumber = 0
    private(set) var nextPermission: Duration = .zero
    private var lastPermission: Duration = .zero
    private var lastWait: (until: Duration, by: LimitedBy)?
    var heldUntil: Duration = .zero
    var learnt = LearntLimits()
    var lone = LoneRefusals()
    var pace = RestartPace()
    var meter = SendMeter()

    /// How far back what was sent counts for windows that are learnt of later.
    package static let memory: Duration = .seconds(3600)
    /// Added to every window: for clocks that tick in milliseconds, here and at the server.
    package static let margin: Duration = .milliseconds(2)
    /// How late a wake-up may be without the spacing losing time to it.
    private static let lateness: Duration = .milliseconds(20)
    /// A request that nobody answers counts as arrived that long after it was sent, at the latest.
    package static let arrivalDelayMax: Duration = .seconds(1)

    /// - Parameters:
    ///   - rates: the operator's; none for no limit but the server's.
    ///   - burst: how many requests may go out at once in the shortest window, at least 1.
    ///   - share: the part of every window, the operator's and the server's, that is ours; more than 0, at
    ///     most 1.
    package init(rates: [Rate], burst: Int = 1, share: Double = 1, margin: Duration = RateLimit.margin) {
        precondition(burst >= 1, "a burst is at least one request")
        self.rates = rates.map { $0.shared(share) }.sorted { ($0.window, $0.count) < ($1.window, $1.count) }
        self.burst = burst
        self.share = share
        self.margin = margin
        arrangeWindows()
    }

    /// Counts requests that came to their end at `time`, before the first is asked for; the earliest first.
    package mutating func remember(_ requests: Int, at time: Duration) {
        for index in windows.indices { windows[index].events.add(requests, at: time) }
        history.add(requests, at: time)
    }

    /// Asks to send one request at `now`.
    package mutating func request(at now: Duration) -> Decision {
        countDepartures(by: now)
        if let (until, by) = obstacle(at: now) {
            lastWait = (until, by)
            return .wait(until: until)
        }
        lastNumber += 1
        let permit = Permit(number: lastNumber)
        inUse[permit] = .some(nil)
        lastPermission = now
        nextPermission = max(nextPermission, now - Self.lateness) + spacing
        learnt.permitted(permit)
        pace.permitted(at: now, limit: perSecond)
        meter.permitted(at: now)
        return .go(permit)
    }

    /// The request of a permit went out at `now`.
    package mutating func sent(_ permit: Permit, at now: Duration) {
        guard inUse[permit] != nil else { return }
        inUse[permit] = now
        departures.append((permit, now))
    }

    /// A request that went out came to its end at `now`, answered or given up; one of which no one said when
    /// it went out counts from now.
    package mutating func answered(_ permit: Permit, at now: Duration) {
        guard let sent = inUse.removeValue(forKey: permit) else { return }
        arrived(at: sent.map { min(now, $0 + Self.arrivalDelayMax) } ?? now)
        dropEndedDepartures()
    }

    /// The request of a permit did not go out, and will not.
    package mutating func withdrawn(_ permit: Permit) {
        guard inUse.removeValue(forKey: permit) != nil else { return }
        nextPermission -= spacing
        learnt.withdrawn(permit)
        pace.withdrawn()
        dropEndedDepartures()
    }

    /// Nobody sends before `time`: the server asked for it.
    package mutating func hold(until time: Duration) {
        heldUntil = max(heldUntil, time)
    }

    /// Whether any limit holds.
    var hasWindows: Bool { !windows.isEmpty }

    /// What requests waited for lately.
    package var limitedBy: LimitedBy {
        // A wait now and then says nothing about a run.
        guard let lastWait, lastWait.until + .seconds(2) >= lastPermission else { return .concurrency }
        // To wait once as an answer asked is no limit.
        let hasServersLimit = !learnt.windows.isEmpty || pace.rate != nil
        return lastWait.by == .server && !hasServersLimit && !rates.isEmpty ? .operator : lastWait.by
    }

    /// How many a second the shortest window in force allows.
    var perSecond: Double? {
        windows.first.map { Double($0.count) / $0.length.inSeconds }
    }

    var spacing: Duration {
        windows.first.map { $0.length / $0.count } ?? .zero
    }

    /// What stands in the way of a request at `now`: until when, and whose limit it is.
    private mutating func obstacle(at now: Duration) -> (until: Duration, by: LimitedBy)? {
        if now < heldUntil { return (heldUntil, .server) }
        if let until = learnt.wait(at: now) { return (until, .server) }
        if let until = pace.wait(at: now) { return (until, .server) }
        guard let shortest = windows.first else { return nil }
        let evenly = nextPermission - spacing * (burst - 1)
        if now < evenly { return (evenly, shortest.limitedBy) }
        for index in windows.indices {
            windows[index].events.expire(at: now)
            let (window, by) = (windows[index], windows[index].limitedBy)
            let room = window.count - 1 - inUse.count
            guard room >= 0 else { return (now + recheck(window.length), by) }
            if let free = window.events.time(whenAtMost: room) { return (free, by) }
        }
        return nil
    }

    /// How soon to ask again when only requests on their way stand in it: one that arrives stays for a
    /// window's length from now at least, so nothing is lost to waiting unless one is withdrawn.
    private func recheck(_ window: Duration) -> Duration {
        min(max(window / 50, .milliseconds(2)), .milliseconds(50))
    }

    /// Counts those as arrived that have been on their way for so long that they must be there.
    private mutating func countDepartures(by now: Duration) {
        while let first = departures.first, first.sent + Self.arrivalDelayMax <= now {
            departures.removeFirst()
            guard inUse.removeValue(forKey: first.permit) != nil else { continue }
            arrived(at: first.sent + Self.arrivalDelayMax)
        }
    }

    private mutating func dropEndedDepartures() {
        while let first = departures.first, inUse[first.permit] == nil { departures.removeFirst() }
    }

    private mutating func arrived(at time: Duration) {
        for index in windows.indices { windows[index].events.add(at: time) }
        history.add(at: time)
        history.expire(at: time)
    }
}

extension RateLimit {
    /// Makes windows of the operator's rates and the server's; those there are keep their counts.
    mutating func arrangeWindows() {
        let announced = learnt.windows.map { $0.shared(share) }
        let before = windows
        windows = Set((rates + announced).map(\.window)).sorted().map { window in
            let operatorCount = rates.filter { $0.window == window }.map(\.count).min()
            let serverCount = announced.filter { $0.window == window }.map(\.count).min()
            let known = before.first { $0.window == window }
            return LimitWindow(
                window: window,
                operatorCount: operatorCount,
                serverCount: serverCount,
                events: known?.events ?? remembered(window + margin, operatorCount ?? serverCount ?? 1)
            )
        }
    }

    private func remembered(_ length: Duration, _ limit: Int) -> SlidingWindow {
        var events = SlidingWindow(length: length, limit: limit)
        events.add(contentsOf: history)
        return events
    }
}

/// One window in force, with what it counts.
struct LimitWindow {
    /// Without the margin.
    let window: Duration
    let operatorCount: Int?
    let serverCount: Int?
    var events: SlidingWindow

    /// With the margin.
    var length: Duration { events.length }
    var count: Int { min(operatorCount ?? .max, serverCount ?? .max) }
    var limitedBy: LimitedBy { (serverCount ?? .max) < (operatorCount ?? .max) ? .server : .operator }
}
