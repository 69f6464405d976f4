import Pacing
import Synchronization
import TestSupport
import Testing
import Vocabulary

@Suite struct LimiterTests {
    @Test func permissionsGoToWhoCameFirst() {
        let bench = Bench([Rate(count: 1, window: .seconds(1))])
        for name in ["a", "b", "c", "d"] { bench.ask(name) }
        bench.passTime()
        #expect(bench.log == ["a 0", "b 1002", "c 2004", "d 3006"])
    }

    @Test func onlyTheFirstInLineSleeps() {
        let bench = Bench([Rate(count: 1, window: .seconds(1))])
        for name in ["a", "b", "c", "d"] { bench.ask(name) }
        #expect(bench.log == ["a 0"])
        #expect(bench.clock.sleeperCount == 1)
    }

    @Test func withoutALimitNobodyWaits() {
        let bench = Bench([])
        for name in ["a", "b", "c"] { bench.ask(name) }
        #expect(bench.log == ["a 0", "b 0", "c 0"])
    }

    @Test func whoIsCancelledAsleepGetsNothingAndTheNextTakesThePlace() {
        let bench = Bench([Rate(count: 1, window: .seconds(1))])
        bench.ask("a")
        let sleeping = bench.ask("b")
        bench.ask("c")
        sleeping.cancel()
        bench.executor.run()
        #expect(bench.log == ["a 0", "b cancelled"])
        bench.passTime()
        #expect(bench.log == ["a 0", "b cancelled", "c 1002"])
    }

    @Test func whoIsCancelledInLineGetsNothingAndBlocksNobody() {
        let bench = Bench([Rate(count: 1, window: .seconds(1))])
        bench.ask("a")
        bench.ask("b")
        let inLine = bench.ask("c")
        bench.ask("d")
        inLine.cancel()
        bench.passTime()
        #expect(bench.log == ["a 0", "b 1002", "c cancelled", "d 2004"])
    }

    @Test func whoIsCancelledBeforehandGetsNothing() {
        let bench = Bench([Rate(count: 1, window: .seconds(1))])
        bench.ask("a", startCancelled: true)
        bench.ask("b")
        #expect(bench.log == ["a cancelled", "b 0"])
    }

    @Test func whatIsNotSentKeepsOthersBackUntilItIsWithdrawn() {
        let bench = Bench([Rate(count: 1, window: .seconds(1))])
        bench.ask("a", andSends: false)
        bench.ask("b")
        for _ in 0..<20 { bench.passTimeOnce() }
        #expect(bench.log == ["a 0"])
        bench.withdraw()
        bench.passTime()
        #expect(bench.log.count == 2)
        #expect(bench.log.last?.hasPrefix("b ") == true)
    }

    @Test(arguments: [[], [Rate(count: 100, window: .seconds(1))]])
    func nobodySendsWhileHeld(rates: [Rate]) {
        let bench = Bench(rates)
        bench.limiter.hold(for: .seconds(30))
        bench.limiter.hold(for: .seconds(10))
        bench.ask("a")
        #expect(bench.log.isEmpty)
        bench.passTime()
        #expect(bench.log == ["a 30000"])
    }

    @Test func whoWaitsAlreadyIsHeldTooAndKeepsThePlace() {
        let bench = Bench([Rate(count: 1, window: .seconds(1))])
        for name in ["a", "b", "c"] { bench.ask(name) }
        bench.limiter.hold(for: .seconds(30))
        bench.passTime()
        #expect(bench.log == ["a 0", "b 30000", "c 31002"])
    }

    @Test func aRefusalHoldsEveryoneAndLetsThemOnOneByOne() async throws {
        let bench = Bench([])
        let permit = try await bench.limiter.acquire()
        bench.limiter.onSend(permit)?()
        bench.limiter.answered(permit)
        bench.limiter.refused(permit, retryAfter: .seconds(4))
        for name in ["a", "b"] { bench.ask(name) }
        #expect(bench.log.isEmpty)
        #expect(bench.limiter.limitedBy == .server)
        // One for each wait that the server asked for: a quarter a second.
        #expect(bench.limiter.inForce == [Rate(count: 15, window: .seconds(60))])
        bench.passTime()
        #expect(bench.log.first == "a 4000")
        #expect(bench.log.count == 2)
    }

    @Test func whatTheServerAnnouncesHolds() async throws {
        let bench = Bench([])
        let permit = try await bench.limiter.acquire()
        bench.limiter.onSend(permit)?()
        bench.limiter.answered(permit)
        let windows = [Rate(count: 1, window: .seconds(1))]
        bench.limiter.learn(LimitAnnouncement(windows: windows), from: permit)
        #expect(bench.limiter.inForce == windows)
        for name in ["a", "b"] { bench.ask(name) }
        bench.passTime()
        #expect(bench.log == ["a 1002", "b 2004"])
    }

    @Test func aPlaceGivenBackIsNotLostOnWhoSleepsForLong() {
        let bench = Bench([Rate(count: 2, window: .seconds(3600))], burst: 2)
        bench.ask("a")
        bench.ask("b", andSends: false)
        bench.ask("c")
        bench.passTimeOnce()
        bench.withdraw()
        for _ in 0..<3 { bench.passTimeOnce() }
        #expect(bench.log.count == 3)
    }

    @Test func whoAsksWhileOthersWaitComesAfterThem() {
        let bench = Bench([Rate(count: 1, window: .seconds(1))])
        for name in ["a", "b", "c"] { bench.ask(name) }
        bench.passTimeOnce()
        bench.ask("d")
        bench.passTime()
        #expect(bench.log == ["a 0", "b 1002", "c 2004", "d 3006"])
    }
}

/// A limiter, a clock that stands still, and tasks that run when they are told to.
private final class Bench: Sendable {
    let clock = ManualClock()
    let executor = ManualExecutor()
    let limiter: Limiter
    private let entries = Mutex<[String]>([])
    private let unused = Mutex<RateLimit.Permit?>(nil)

    init(_ rates: [Rate], burst: Int = 1) {
        limiter = Limiter(rates: rates, burst: burst, time: TimeSource(clock) { Timestamp(milliseconds: 0) })
    }

    /// Who got permission, and when in milliseconds, in order.
    var log: [String] { entries.withLock { $0 } }

    /// A task that asks for permission, as far as it goes without time passing.
    @discardableResult
    func ask(_ name: String, andSends sends: Bool = true, startCancelled: Bool = false) -> Task<Void, Never> {
        let task = Task(executorPreference: executor) { [self] in
            do {
                let permit = try await limiter.acquire()
                if sends {
                    limiter.onSend(permit)?()
                    limiter.answered(permit)
                } else {
                    unused.withLock { $0 = permit }
                }
                note("\(name) \(clock.now.offset.inMilliseconds)")
            } catch {
                note("\(name) cancelled")
            }
        }
        if startCancelled { task.cancel() }
        executor.run()
        return task
    }

    /// Moves the clock to the next moment at which anything happens.
    func passTimeOnce() {
        guard let wake = clock.nextWake else { return }
        clock.advance(to: wake)
        executor.run()
    }

    func passTime() {
        while clock.nextWake != nil { passTimeOnce() }
    }

    /// Gives back the permit of who asked and did not send.
    func withdraw() {
        if let permit = unused.withLock(\.self) { limiter.withdrawn(permit) }
    }

    private func note(_ entry: String) {
        entries.withLock { $0.append(entry) }
    }
}
