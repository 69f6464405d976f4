// A clock that stands still until a test moves it.

import Synchronization

/// A clock whose time is what the test says; sleepers wake when it passes them.
package final class ManualClock: Clock, Sendable {
    package struct Instant: InstantProtocol {
        /// The time since the clock was made.
        package let offset: Duration

        package init(offset: Duration) { self.offset = offset }

        package func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        package func duration(to other: Instant) -> Duration { other.offset - offset }
        package static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private struct Sleeper {
        let number: Int
        let deadline: Duration
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Duration = .zero
        var lastNumber = 0
        var sleepers: [Sleeper] = []
        /// Those cancelled before they had lain down.
        var cancelled: Set<Int> = []
        /// Who waits until so many sleep.
        var watcher: (count: Int, continuation: CheckedContinuation<Bool, Never>)?
        var isOver = false
    }

    private let state = Mutex(State())

    package init() {}

    package var now: Instant { Instant(offset: elapsed) }
    package var minimumResolution: Duration { .nanoseconds(1) }

    /// The time since the clock was made.
    package var elapsed: Duration { state.withLock { $0.now } }

    /// When the first sleeper wakes; nil while nobody sleeps.
    package var nextWake: Duration? { state.withLock { $0.sleepers.map(\.deadline).min() } }

    package var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    /// Moves the time on and wakes whom it passes, the earliest first.
    package func advance(to time: Duration) {
        let due = state.withLock { state -> [Sleeper] in
            state.now = max(state.now, time)
            let due = state.sleepers.filter { $0.deadline <= state.now }
            state.sleepers.removeAll { $0.deadline <= state.now }
            return due.sorted { ($0.deadline, $0.number) < ($1.deadline, $1.number) }
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    package func advance(by duration: Duration) { advance(to: elapsed + duration) }

    /// Moves the time on to the sleeper that wakes first.
    package func advanceToNext() {
        if let nextWake { advance(to: nextWake) }
    }

    package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                lieDown(Sleeper(number: number, deadline: deadline.offset, continuation: continuation))
            }
        } onCancel: {
            cancel(number)
        }
    }

    private func lieDown(_ sleeper: Sleeper) {
        let (result, watcher) = state.withLock {
            state -> (Result<Void, any Error>?, CheckedContinuation<Bool, Never>?) in
            if state.cancelled.remove(sleeper.number) != nil { return (.failure(CancellationError()), nil) }
            if sleeper.deadline <= state.now { return (.success(()), nil) }
            state.sleepers.append(sleeper)
            guard let watcher = state.watcher, state.sleepers.count >= watcher.count else {
                return (nil, nil)
            }
            state.watcher = nil
            return (nil, watcher.continuation)
        }
        if let result { sleeper.continuation.resume(with: result) }
        watcher?.resume(returning: true)
    }

    private func cancel(_ number: Int) {
        let sleeper = state.withLock { state -> Sleeper? in
            guard let index = state.sleepers.firstIndex(where: { $0.number == number }) else {
                state.cancelled.insert(number)
                return nil
            }
            return state.sleepers.remove(at: index)
        }
        sleeper?.continuation.resume(throwing: CancellationError())
    }
}

extension ManualClock {
    /// Returns once so many sleep, or false when the clock was stopped; for one task only.
    package func untilAsleep(_ count: Int) async -> Bool {
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
    ///
    /// - Parameter settled: returns once what time must not overtake is done, such as writing to the disk.
    package func passing<T: Sendable>(
        whenAsleep count: Int,
        after settled: @escaping @Sendable () async -> Void = {},
        _ work: @Sendable () async -> T
    ) async -> T {
        async let passing: Void = {
            while await untilAsleep(count) {
                await settled()
                advanceToNext()
            }
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
