// Stops sending while nearly everything fails, and finds out when it goes on.

import DequeModule

/// A circuit breaker (Michael Nygard, "Release It!"): closed, open, half-open, and closed again by and by.
///
/// - Closed: everything goes. It opens when at least `failurePart` of the last `windowCount` results failed;
///   where there are fewer results yet, of those, from `failuresMin` on (as many, unless told otherwise: a
///   few failures at the start may be those of a few identities); and when nothing but failures came for 30
///   seconds, five at least.
/// - Open: nothing goes until a wait is over that doubles with each probe that failed, with jitter.
/// - Half-open: single probes; after `successesToClose` good ones in a row it closes. A good one is followed
///   at once by the next.
/// - Closing: as many may be in flight as probes were good, and one more with each good answer, so twice as
///   many from round to round. At `rampMax` everything goes again; when nearly everything fails it opens
///   again.
///
/// What is a failure: a refused or lost connection, a timeout, a 5xx. A permanent answer is a good one here:
/// the server works. What says neither (a 429, a request that did not go out) ends with `withdrawn`.
package struct Circuit: Sendable {
    /// What may start.
    package enum Decision: Hashable, Sendable {
        case go
        /// One request, to find out whether the server is back; its failure is not its identity's.
        case probe
        /// Ask again at this time, or when a request has ended.
        case wait(until: Duration)
    }

    package enum State: Hashable, Sendable {
        case closed
        case open
        case halfOpen
        case closing
    }

    private let windowCount: Int
    private let failuresMin: Int
    private let failurePart: Double
    private let firstWait: Duration
    private let waitMax: Duration
    private let successesToClose: Int
    private let rampMax: Int

    package private(set) var state = State.closed
    /// When it opened, with no window of good answers since: the waits between probes go on growing till
    /// then.
    package private(set) var openSince: Duration?
    /// When it was last seen that the server is back.
    package private(set) var openUntil: Duration?
    private var results: Deque<Bool> = []
    private var failures = 0
    /// The first failure since the last good result; nil after a good one.
    package private(set) var failingSince: Duration?
    private var failuresInRow = 0
    private var inFlight = 0
    private var wait: Duration
    private var nextProbe: Duration = .zero
    private var probeStarted: Duration?
    private var successes = 0
    private var ramp = 0

    /// The results that are looked at.
    package static let windowCount = 20
    /// Where results come slowly, so many failures in a row over that time are enough.
    private static let slowFailures = 5
    private static let slowTime: Duration = .seconds(30)
    /// So many results are enough while it closes.
    private static let failuresToReopen = 5
    /// How soon to ask again while others are in flight.
    private static let recheck: Duration = .milliseconds(50)
    /// A probe that never ends stands in nobody's way for longer.
    private static let probeMax: Duration = .seconds(120)

    package init(
        windowCount: Int = Circuit.windowCount,
        failuresMin: Int = Circuit.windowCount,
        failurePart: Double = 0.9,
        firstWait: Duration = .seconds(1),
        waitMax: Duration = .seconds(30),
        successesToClose: Int = 3,
        rampMax: Int = 256
    ) {
        precondition(failuresMin >= 1 && windowCount >= failuresMin, "a circuit opens after some failures")
        self.windowCount = windowCount
        self.failuresMin = failuresMin
        self.failurePart = failurePart
        self.firstWait = firstWait
        self.waitMax = waitMax
        self.successesToClose = successesToClose
        self.rampMax = rampMax
        wait = firstWait
    }

    /// Whether nothing but probes goes: a failure now uses up none of an identity's tries.
    package var isOpen: Bool { state == .open || state == .halfOpen }

    /// Asks to start a request at `now`; one that goes ends with `ended` or `withdrawn`.
    package mutating func mayStart(at now: Duration) -> Decision {
        switch state {
        case .closed: break
        case .closing:
            if inFlight >= ramp { return .wait(until: now + Self.recheck) }
        case .open, .halfOpen:
            if let probeStarted, now < probeStarted + Self.probeMax {
                return .wait(until: now + Self.recheck)
            }
            if now < nextProbe { return .wait(until: nextProbe) }
            state = .halfOpen
            probeStarted = now
            inFlight += 1
            return .probe
        }
        inFlight += 1
        return .go
    }

    /// A request ended at `now`: well, or by a failure.
    package mutating func ended(
        ok: Bool,
        isProbe: Bool = true,
        at now: Duration,
        using random: inout some RandomNumberGenerator
    ) {
        inFlight = max(0, inFlight - 1)
        failuresInRow = ok ? 0 : failuresInRow + 1
        failingSince = ok ? nil : failingSince ?? now
        switch state {
        case .closed, .closing:
            note(ok)
            if isFailing(at: now) {
                open(at: now, using: &random)
            } else if state == .closing, ok {
                ramp += 1
                // A whole window of good answers: should it open again, that is another outage.
                if ramp >= successesToClose + windowCount { openSince = nil }
                if ramp >= rampMax { close() }
            }
        case .open, .halfOpen:
            // A good answer to what was in flight when it opened says as much as a probe's; a failure says
            // nothing new.
            if ok {
                probeStarted = nil
                successes += 1
                nextProbe = now
                if successes >= successesToClose { beginClosing(at: now) }
            } else if isProbe, probeStarted != nil {
                probeStarted = nil
                state = .open
                successes = 0
                wait = min(wait * 2, waitMax)
                planProbe(at: now, using: &random)
            }
        }
    }

    /// A request that might start did not go out, or its answer says neither: the probe, if it was one, is to
    /// be made again.
    package mutating func withdrawn(isProbe: Bool = true) {
        inFlight = max(0, inFlight - 1)
        if isProbe { probeStarted = nil }
    }

    private func isFailing(at now: Duration) -> Bool {
        if failuresInRow >= Self.slowFailures, let failingSince, now - failingSince >= Self.slowTime {
            return true
        }
        let least = state == .closing ? min(Self.failuresToReopen, failuresMin) : failuresMin
        return results.count >= least && Double(failures) >= failurePart * Double(results.count)
    }

    private mutating func note(_ ok: Bool) {
        results.append(ok)
        if !ok { failures += 1 }
        if results.count > windowCount, results.popFirst() == false { failures -= 1 }
    }

    /// Opens, where it is not open yet.
    package mutating func open(at now: Duration, using random: inout some RandomNumberGenerator) {
        guard !isOpen else { return }
        // It is the same outage: the wait goes on growing.
        if openSince == nil {
            openSince = now
            wait = firstWait
        } else {
            wait = min(wait * 2, waitMax)
        }
        state = .open
        successes = 0
        probeStarted = nil
        planProbe(at: now, using: &random)
    }

    private mutating func beginClosing(at now: Duration) {
        state = .closing
        openUntil = now
        ramp = successesToClose
        (results, failures) = ([], 0)
    }

    private mutating func close() {
        state = .closed
        openSince = nil
        wait = firstWait
    }

    /// Between half and all of the wait: jitter, but never at once.
    private mutating func planProbe(at now: Duration, using random: inout some RandomNumberGenerator) {
        nextProbe = now + wait * Double.random(in: 0.5...1, using: &random)
    }
}
