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

    package init<C: Clock>(_ clock: C, wallClock: @escaping @Sendable () -> Timestamp)
    where C.Duration == Duration {
        let start = clock.now
        elapsed = { start.duration(to: clock.now) }
        sleep = { try await clock.sleep(until: start.advanced(by: $0), tolerance: nil) }
        self.wallClock = wallClock
    }
}
