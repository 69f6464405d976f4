// What happens to a campaign's files in the middle of a run.

import Synchronization

/// Does something to a campaign's files when the server has received so many requests, on the server's own
/// thread.
final class Mishap: Sendable {
    private struct State {
        var requestsLeft = 0
        var action: (@Sendable () -> Void)?
        var requestsSince = 0
        var hasHappened = false
    }

    private let state = Mutex(State())
    /// What the server issues.
    let canaries = CanaryIssuer()

    func arm(after requests: Int, _ action: @escaping @Sendable () -> Void) {
        state.withLock { $0 = State(requestsLeft: requests, action: action) }
    }

    func requestReceived() {
        let action = state.withLock { state in
            if state.hasHappened { state.requestsSince += 1 }
            state.requestsLeft -= 1
            guard state.requestsLeft <= 0 else { return nil as (@Sendable () -> Void)? }
            defer { state.action = nil }
            return state.action
        }
        guard let action else { return }
        action()
        state.withLock { $0.hasHappened = true }
    }

    var hasHappened: Bool { state.withLock(\.hasHappened) }
    /// Requests that came after it.
    var requestsSince: Int { state.withLock(\.requestsSince) }
}
