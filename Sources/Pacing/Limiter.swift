// The async front of the rate limit: tasks wait here, first come first served, for permission to send.

import DequeModule
import Synchronization
package import Vocabulary

/// Gives permissions to send in the order in which they were asked for.
///
/// Only the first in line sleeps; the others wait for it, so that a permission wakes one task and no crowd.
package final class Limiter: Sendable {
    private struct State {
        var limit: RateLimit
        var isOccupied = false
        var line: Deque<CheckedContinuation<Void, Never>> = []
    }

    private let state: Mutex<State>
    private let time: TimeSource

    /// The longest sleep: a permission that is withdrawn meanwhile is not lost for longer.
    private static let sleepMax: Duration = .seconds(1)

    /// - Parameters:
    ///   - burst: how many requests may go out at once in the shortest window, at least 1.
    ///   - share: the part of every window that is ours; more than 0, at most 1.
    package init(rates: [Rate], burst: Int = 1, share: Double = 1, time: TimeSource) {
        state = Mutex(State(limit: RateLimit(rates: rates, burst: burst, share: share)))
        self.time = time
    }

    /// Counts requests that went out before, at a time that may be before the time source's first moment.
    package func remember(_ requests: Int, at time: Duration) {
        state.withLock { $0.limit.remember(requests, at: time) }
    }

    /// Returns when a request may go out; every permit ends with `answered` or `withdrawn`.
    ///
    /// - Throws: `CancellationError` when the task is cancelled while it waits; then no permission was given.
    package func acquire() async throws -> RateLimit.Permit {
        try Task.checkCancellation()
        if let permit = askIfNobodyWaits() { return permit }
        await enter()
        defer { leave() }
        while true {
            try Task.checkCancellation()
            let now = time.elapsed()
            switch state.withLock({ $0.limit.request(at: now) }) {
            case .go(let permit): return permit
            case .wait(let until): try await time.sleep(min(until, now + Self.sleepMax))
            }
        }
    }

    /// What to call when the request goes out.
    package func onSend(_ permit: RateLimit.Permit) -> (@Sendable () -> Void)? {
        { [self] in
            let now = time.elapsed()
            state.withLock { $0.limit.sent(permit, at: now) }
        }
    }

    /// A request that went out came to its end, answered or given up.
    package func answered(_ permit: RateLimit.Permit) {
        let now = time.elapsed()
        state.withLock { $0.limit.answered(permit, at: now) }
    }

    /// A permitted request did not go out, and will not.
    package func withdrawn(_ permit: RateLimit.Permit) {
        state.withLock { $0.limit.withdrawn(permit) }
    }

    /// Nobody sends for that long from now: the server asked for it.
    package func hold(for duration: Duration) {
        let until = time.elapsed() + duration
        state.withLock { $0.limit.hold(until: until) }
    }

    /// The answer to a request told of the server's limits; to be called after `answered`.
    package func learn(_ announcement: LimitAnnouncement, from permit: RateLimit.Permit) {
        let now = time.elapsed()
        state.withLock { $0.limit.learn(announcement, from: permit, at: now) }
    }

    /// The answer to a request is what was asked for; to be called after `answered`.
    package func accepted() {
        let now = time.elapsed()
        state.withLock { $0.limit.accepted(at: now) }
    }

    /// The server refused a request with a 429; to be called after `answered` and `learn`.
    ///
    /// - Parameter isCertain: whether a limit is known to be used up, as where the answer says that nothing
    ///   remains.
    /// - Returns: until when that request waits, where no other does; nil where all do.
    @discardableResult
    package func refused(
        _ permit: RateLimit.Permit,
        retryAfter: Duration?,
        isCertain: Bool = false
    ) -> Duration? {
        let now = time.elapsed()
        return state.withLock {
            $0.limit.refused(permit, at: now, retryAfter: retryAfter, isCertain: isCertain)
        }
    }

    /// The rates that hold now.
    package var inForce: [Rate] { state.withLock { $0.limit.inForce } }

    /// What requests waited for lately.
    package var limitedBy: LimitedBy { state.withLock { $0.limit.limitedBy } }

    private func askIfNobodyWaits() -> RateLimit.Permit? {
        let now = time.elapsed()
        return state.withLock { state in
            guard !state.isOccupied, case .go(let permit) = state.limit.request(at: now) else { return nil }
            return permit
        }
    }

    private func enter() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let mayPass = state.withLock { state in
                guard state.isOccupied else {
                    state.isOccupied = true
                    return true
                }
                state.line.append(continuation)
                return false
            }
            if mayPass { continuation.resume() }
        }
    }

    private func leave() {
        let next: CheckedContinuation<Void, Never>? = state.withLock { state in
            let next = state.line.popFirst()
            if next == nil { state.isOccupied = false }
            return next
        }
        next?.resume()
    }
}
