// Every request as it comes to the simulated server, and what was planned for the moment when it does.

package import IdentitySimulator
import Synchronization
package import Model

/// One request, in the order of arrival.
package struct Arrival: Hashable, Sendable {
    /// Nil where the request named none that could be read.
    package let identity: IdentityID?
    /// Since the round began, by a clock that never goes back.
    package let time: Duration

    package init(identity: IdentityID?, time: Duration) {
        self.identity = identity
        self.time = time
    }
}

/// Notes the requests that ask for a code, and tells of those that ask about identities; goes before the
/// simulator with `SimulatorConfiguration.script`.
///
/// With one thread in the simulator the requests are counted here in the order of its own numbers.
package final class RequestWatch: Sendable {
    private struct State {
        var arrivals: [Arrival] = []
        /// What is to be done as soon as the next one of them comes.
        var readPlans: [@Sendable () -> Void] = []
        /// What is to be done, and after how many requests; those that come last first.
        var plans: [(count: Int, act: @Sendable () -> Void)] = []
    }

    private let state = Mutex(State())
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant

    package init() { start = clock.now }

    package var count: Int { state.withLock { $0.arrivals.count } }
    package var arrivals: [Arrival] { state.withLock { $0.arrivals } }

    package func requestReceived(_ request: SimulatedRequest) {
        guard request.port == .admin else { return }
        guard request.method == "POST" else { return readReceived(request) }
        let identity = request.identity
        let due = state.withLock { state in
            state.arrivals.append(Arrival(identity: identity, time: start.duration(to: clock.now)))
            return Self.takeDue(&state)
        }
        for act in due { act() }
    }

    private func readReceived(_ request: SimulatedRequest) {
        guard request.path.contains("/identities") else { return }
        let due = state.withLock { state in
            defer { state.readPlans = [] }
            return state.readPlans
        }
        for act in due { act() }
    }

    /// Returns whether somebody was asked about before its task was cancelled.
    package func reading() async -> Bool {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        state.withLock { $0.readPlans.append { continuation.yield() } }
        for await _ in stream { return true }
        return false
    }

    /// Has something done as soon as so many requests have come, on the thread of the server that took the
    /// last.
    package func when(_ count: Int, _ act: @escaping @Sendable () -> Void) {
        let due = state.withLock { state in
            state.plans.append((count, act))
            state.plans.sort { $0.count > $1.count }
            return Self.takeDue(&state)
        }
        for act in due { act() }
    }

    /// Returns whether so many requests have come before its task was cancelled.
    package func reached(_ count: Int) async -> Bool {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        when(count) { continuation.yield() }
        for await _ in stream { return true }
        return false
    }

    /// Does nothing any more that was planned and has not come about.
    package func forgetPlans() { state.withLock { ($0.plans, $0.readPlans) = ([], []) } }

    private static func takeDue(_ state: inout State) -> [@Sendable () -> Void] {
        var due: [@Sendable () -> Void] = []
        while let next = state.plans.last, next.count <= state.arrivals.count {
            due.append(next.act)
            state.plans.removeLast()
        }
        return due
    }
}
