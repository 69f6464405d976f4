// Time that passes when a test says so.

import Pacing
import Synchronization
import Vocabulary

/// A clock that stands still until it is advanced.
final class ManualClock: Clock {
    struct Instant: InstantProtocol {
        let elapsed: Duration
        func advanced(by duration: Duration) -> Instant { Instant(elapsed: elapsed + duration) }
        func duration(to other: Instant) -> Duration { other.elapsed - elapsed }
        static func < (left: Instant, right: Instant) -> Bool { left.elapsed < right.elapsed }
    }

    private struct Sleeper {
        let id: Int
        let until: Duration
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Duration = .zero
        var sleepers: [Sleeper] = []
        var sleeps = 0
        /// Sleeps that were cancelled before they began.
        var cancelled: Set<Int> = []
        var watcher: (count: Int, continuation: CheckedContinuation<Bool, Never>)?
        var isOver = false
    }

    private let state = Mutex(State())

    var now: Instant { Instant(elapsed: elapsed) }
    var elapsed: Duration { state.withLock { $0.now } }
    var minimumResolution: Duration { .nanoseconds(1) }

    /// This clock for the sources; the wall clock begins on 2026-11-20 and keeps step.
    var time: TimeSource {
        TimeSource(self, wallClock: { Self.start.advanced(by: self.elapsed) })
    }

    static let start = Timestamp(milliseconds: 1_795_218_417_000)

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let id = state.withLock { state in
            state.sleeps += 1
            return state.sleeps
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                begin(Sleeper(id: id, until: deadline.elapsed, continuation: continuation))
            }
        } onCancel: {
            cancel(id)
        }
    }

    private func begin(_ sleeper: Sleeper) {
        let (result, watcher) = state.withLock {
            state -> (Result<Void, any Error>?, CheckedContinuation<Bool, Never>?) in
            if state.cancelled.remove(sleeper.id) != nil { return (.failure(CancellationError()), nil) }
            if sleeper.until <= state.now { return (.success(()), nil) }
            state.sleepers.append(sleeper)
            return (nil, Self.satisfiedWatcher(&state))
        }
        if let result { sleeper.continuation.resume(with: result) }
        watcher?.resume(returning: true)
    }

    private func cancel(_ id: Int) {
        let sleeper = state.withLock { state -> Sleeper? in
            guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else {
                state.cancelled.insert(id)
                return nil
            }
            return state.sleepers.remove(at: index)
        }
        sleeper?.continuation.resume(throwing: CancellationError())
    }

    private static func satisfiedWatcher(_ state: inout State) -> CheckedContinuation<Bool, Never>? {
        guard let watcher = state.watcher, state.sleepers.count >= watcher.count else { return nil }
        state.watcher = nil
        return watcher.continuation
    }

    func advance(by duration: Duration) {
        wake { $0.now += duration }
    }

    /// Advances to the time of the sleeper that wakes first.
    func advanceToNext() {
        wake { state in state.now = max(state.now, state.sleepers.map(\.until).min() ?? state.now) }
    }

    private func wake(_ change: (inout State) -> Void) {
        let woken = state.withLock { state in
            change(&state)
            let woken = state.sleepers.filter { $0.until <= state.now }
            state.sleepers.removeAll { $0.until <= state.now }
            return woken
        }
        for sleeper in woken { sleeper.continuation.resume() }
    }

    /// Returns once so many sleep, or false when the clock was stopped; for one task only.
    func untilAsleep(_ count: Int) async -> Bool {
        await withCheckedContinuation { continuation in
            let answer = state.withLock { state -> Bool? in
                if state.isOver { return false }
                if state.sleepers.count >= count { return true }
                state.watcher = (count, continuation)
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    /// Lets time pass from one wake-up to the next whenever so many sleep, for as long as the work takes.
    func passing<T: Sendable>(whenAsleep count: Int, _ work: @Sendable () async -> T) async -> T {
        async let passing: Void = {
            while await untilAsleep(count) { advanceToNext() }
        }()
        let result = await work()
        let watcher = state.withLock { state in
            state.isOver = true
            defer { state.watcher = nil }
            return state.watcher
        }
        watcher?.continuation.resume(returning: false)
        await passing
        return result
    }
}
