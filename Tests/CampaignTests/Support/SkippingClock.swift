// A clock on which nobody waits for long.

import Pacing
import Synchronization
import Model
import TestSupport

/// The machine's clock, but for long sleeps: they are skipped, and it is as late as if they had passed.
///
/// For work that does nothing else while it sleeps that long.
final class SkippingClock: Clock, Sendable {
    private let start = ContinuousClock.now
    private let skipped = Mutex(Duration.zero)

    /// Shorter sleeps take their time: what else is on meanwhile goes by them.
    private static let skippedMin: Duration = .seconds(100)

    var now: ManualClock.Instant {
        ManualClock.Instant(offset: start.duration(to: .now) + skipped.withLock(\.self))
    }

    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: ManualClock.Instant, tolerance: Duration?) async throws {
        let wait = now.duration(to: deadline)
        guard wait >= Self.skippedMin else { return try await Task.sleep(for: max(.zero, wait)) }
        try Task.checkCancellation()
        skipped.withLock { $0 += wait }
    }

    /// The wall clock begins at the tests' time.
    var time: TimeSource {
        TimeSource(self, wallClock: { [self] in ManualClock.start.advanced(by: now.offset) })
    }
}
