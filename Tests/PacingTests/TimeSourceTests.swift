// Where sleepers wake.

import Model
import Pacing
import Synchronization
import TestSupport
import Testing

@Suite struct TimeSourceTests {
    /// An executor that is a clock as well: it counts who sleeps, and wakes them at once.
    private final class Sleepless: TaskExecutor, Clock {
        typealias Instant = ContinuousClock.Instant

        let sleeps = Mutex<[Duration]>([])
        let now = ContinuousClock.now
        let minimumResolution: Duration = .nanoseconds(1)

        func enqueue(_ job: consuming ExecutorJob) {
            job.runSynchronously(on: asUnownedTaskExecutor())
        }

        func sleep(until deadline: Instant, tolerance: Duration?) async throws {
            sleeps.withLock { $0.append(deadline - now) }
        }
    }

    private let wallClock: @Sendable () -> Timestamp = { Timestamp(milliseconds: 0) }

    @Test func anExecutorThatIsAClockWakesSleepers() async throws {
        let executor = Sleepless()
        let time = TimeSource(ContinuousClock(), wallClock: wallClock).sleeping(on: executor)
        try await time.sleep(time.elapsed() + .seconds(3600))
        let slept = executor.sleeps.withLock(\.self)
        #expect(slept.count == 1)
        #expect(slept.allSatisfy { (Duration.seconds(3500)...Duration.seconds(3600)).contains($0) })
    }

    @Test func noExecutorChangesATestsTime() async throws {
        let executor = Sleepless()
        let clock = ManualClock()
        let time = TimeSource(clock, wallClock: wallClock).sleeping(on: executor)
        await clock.passing(whenAsleep: 1) { try? await time.sleep(.seconds(5)) }
        #expect(executor.sleeps.withLock(\.self).isEmpty)
        #expect(time.elapsed() >= .seconds(5))
    }
}
