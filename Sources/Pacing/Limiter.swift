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
    private let isUnlimited: Bool

    package init(rates: [Rate], time: TimeSource) {
        state = Mutex(State(limit: RateLimit(rates: rates)))
        self.time = time
        isUnlimited = rates.isEmpty
    }

    /// Counts requests that went out before, at a time that may be before the time source's first moment.
    package func remember(_ requests: Int, at time: Duration) {
        state.withLock { $0.limit.remember(requests, at: time) }
    }

    /// Returns when a request may go out; every permit ends with `answered` or `withdrawn`.
    ///
    /// - Throws: `CancellationError` when the task is cancelled while it waits; then no permission was given.
    package func acquire() async throws -> RateLimit.Permit {
        if isUnlimited, case .go(let permit) = ask() { return permit }
        await enter()
        defer { leave() }
        while true {
            try Task.checkCancellation()
            switch ask() {
            case .go(let permit): return permit
            case .wait(let until): try await time.sleep(until)
            }
        }
    }

    /// What to call when the request goes out; nil when nobody counts.
    package func onSend(_ permit: RateLimit.Permit) -> (@Sendable () -> Void)? {
        if isUnlimited { return nil }
        return { [self] in
            let now = time.elapsed()
            state.withLock { $0.limit.sent(permit, at: now) }
        }
    }

    /// A request that went out came to its end, answered or given up.
    package func answered(_ permit: RateLimit.Permit) {
        guard !isUnlimited else { return }
        let now = time.elapsed()
        state.withLock { $0.limit.answered(permit, at: now) }
    }

    /// A permitted request did not go out, and will not.
    package func withdrawn(_ permit: RateLimit.Permit) {
        guard !isUnlimited else { return }
        state.withLock { $0.limit.withdrawn(permit) }
    }

    /// Nobody sends for that long from now: the server asked for it.
    package func hold(for duration: Duration) {
        let until = time.elapsed() + duration
        state.withLock { $0.limit.hold(until: until) }
    }

    private func ask() -> RateLimit.Decision {
        let now = time.elapsed()
        return state.withLock { $0.limit.request(at: now) }
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
