// Workers that run where their stage's attempts best do.

import Dispatch
import Ledger
import Model
import Pacing
import Synchronization
import TestSupport
import Testing

@testable import Work

@Suite struct StageExecutorTests {
    /// A thread of its own for tasks.
    private final class Place: TaskExecutor {
        private let queue = DispatchQueue(label: "place")
        private let key = DispatchSpecificKey<Bool>()

        init() { queue.setSpecific(key: key, value: true) }

        var isHere: Bool { DispatchQueue.getSpecific(key: key) == true }

        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        }
    }

    /// Counts the attempts that are made at the place.
    private final class Placed: Stage, StageQueue {
        let traits: StageTraits = .forTests()
        let place = Place()
        let attempts = Mutex<[Bool]>([])
        let committed = Mutex(0)
        private let due: Mutex<[Claim]>
        private let (commits, commit) = AsyncStream.makeStream(of: Void.self)

        init(due: Int) { self.due = Mutex((1...due).map { .numbered($0) }) }

        func untilCommitted() async {
            for await _ in commits { return }
        }

        var executor: (any TaskExecutor)? { place }

        func attempt(_ claims: [Claim], attemptsBefore: Int, onSend: (@Sendable () -> Void)?) async
            -> Attempt<String>
        {
            attempts.withLock { $0.append(place.isHere) }
            await Task.yield()
            return Attempt(.done("x"), contact: .answered)
        }

        func commit(
            _ results: [StageResult<String>],
            progress: RunProgress,
            claiming: Int,
            at time: Timestamp
        ) -> Committed {
            committed.withLock { $0 += results.count }
            if !results.isEmpty { commit.yield() }
            return due.withLock { due in
                let claims = Array(due.prefix(claiming))
                due.removeFirst(claims.count)
                return Committed(claims: claims)
            }
        }

        func requests(since time: Timestamp) -> [RequestsInSecond] { [] }
    }

    private let clock = ManualClock()

    private func runner(_ placed: Placed, rates: [Rate] = []) throws -> StageRunner {
        let pacing = PacingOptions(rates: rates, concurrency: .fixed(4))
        return try StageRunner(
            placed,
            queue: placed,
            on: SerialQueue(),
            options: StageOptions(pacing: pacing, attemptsMax: 2),
            due: 50,
            time: clock.time
        )
    }

    @Test func attemptsAreMadeWhereTheStageWantsThem() async throws {
        let placed = Placed(due: 50)
        let runner = try runner(placed)
        let end = await clock.passing(whenAsleep: 1) { await runner.run() }
        #expect(end.stop == nil && end.progress.issued == 50)
        #expect(placed.attempts.withLock(\.self) == Array(repeating: true, count: 50))
    }

    /// The ticker sleeps for longer than an answer may wait.
    @Test func anAnswerIsCommittedAfterTwentyMillisecondsAtTheLatest() async throws {
        let placed = Placed(due: 50)
        let runner = try runner(placed, rates: [Rate(count: 1, window: .seconds(1000))])
        async let end = runner.run()
        // The ticker, one worker for all that wait, and the timer of the first answer.
        #expect(await clock.untilAsleep(3))
        #expect(placed.committed.withLock(\.self) == 0)
        clock.advance(by: .milliseconds(20))
        await placed.untilCommitted()
        runner.requestStop(.signal("sigterm"))
        #expect(await end.stop == .signal("sigterm"))
    }

    @Test func aStopEndsTheSleepOfThoseWhoWaitThere() async throws {
        let placed = Placed(due: 50)
        let runner = try runner(placed, rates: [Rate(count: 1, window: .seconds(1000))])
        async let end = runner.run()
        // The ticker, and one worker for all that wait.
        #expect(await clock.untilAsleep(2))
        runner.requestStop(.signal("sigterm"))
        #expect(await end.stop == .signal("sigterm"))
        #expect(placed.attempts.withLock(\.count) <= 1)
    }
}
