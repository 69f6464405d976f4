// Where time comes from: handed in, so that a test can turn hours into microseconds.

package import Model

/// Elapsed time, sleep and the wall clock, as values that a caller hands in.
package struct TimeSource: Sendable {
    /// The time since some fixed moment; never goes back.
    package let elapsed: @Sendable () -> Duration
    /// Returns at that time, or throws `CancellationError` when the task is cancelled.
    package let sleep: @Sendable (_ until: Duration) async throws -> Void
    /// The time of day, for records; may jump.
    package let wallClock: @Sendable () -> Timestamp
    /// Whether it is the time that everybody has, and no test's.
    private let isReal: Bool

    package init<C: Clock>(_ clock: C, wallClock: @escaping @Sendable () -> Timestamp)
    where C.Duration == Duration {
        let start = clock.now
        elapsed = { start.duration(to: clock.now) }
        sleep = { try await clock.sleep(until: start.advanced(by: $0), tolerance: nil) }
        self.wallClock = wallClock
        isReal = C.self == ContinuousClock.self
    }

    private init(_ time: TimeSource, sleepingOn clock: some Clock<Duration>) {
        (elapsed, wallClock, isReal) = (time.elapsed, time.wallClock, time.isReal)
        sleep = { try await clock.sleep(until: clock.now.advanced(by: $0 - time.elapsed()), tolerance: nil) }
    }

    /// The same time, whose sleepers an executor wakes by itself where it is a clock as well: they run there,
    /// and no other thread has to hand them over.
    package func sleeping(on executor: (any TaskExecutor)?) -> TimeSource {
        guard isReal, let clock = executor as? any Clock<Duration> else { return self }
        return TimeSource(self, sleepingOn: clock)
    }
}
