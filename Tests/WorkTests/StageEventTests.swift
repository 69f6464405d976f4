// What a stage tells of its attempts and of its pace.

import Ledger
import Pacing
import Synchronization
import TestSupport
import Testing
import Model

@testable import Work

@Suite struct StageEventTests {
    /// Makes one attempt after the other as it is told, and remembers the committed claims.
    private final class Script: Stage, StageQueue {
        private struct State {
            var attempts: [Attempt<String>]
            var due: [Claim]
        }

        let traits: StageTraits = .forTests()
        private let state: Mutex<State>

        init(_ attempts: [Attempt<String>], due: Int) {
            state = Mutex(State(attempts: attempts, due: (1...due).map { .numbered($0) }))
        }

        func attempt(_ claims: [Claim], attemptsBefore: Int, onSend: (@Sendable () -> Void)?) async
            -> Attempt<String>
        {
            state.withLock { state in
                guard state.attempts.isEmpty else { return state.attempts.removeFirst() }
                return Attempt(.done("x"), contact: .answered)
            }
        }

        func commit(
            _ results: [StageResult<String>],
            progress: RunProgress,
            claiming: Int,
            at time: Timestamp
        ) -> Committed {
            state.withLock { state in
                let claims = Array(state.due.prefix(claiming))
                state.due.removeFirst(claims.count)
                return Committed(claims: claims)
            }
        }

        func requests(since time: Timestamp) -> [RequestsInSecond] { [] }
    }

    private final class Heard: StopSignal {
        let events = Mutex<[StageEvent]>([])
        private let reason = Mutex<StopReason?>(nil)
        var stop: StopReason? { reason.withLock(\.self) }
        func requestStop(_ stop: StopReason) { reason.withLock { $0 = stop } }
        func hear(_ event: StageEvent) { events.withLock { $0.append(event) } }
    }

    private func run(_ attempts: [Attempt<String>], due: Int, _ heard: Heard) async throws -> StageEnd {
        let clock = ManualClock()
        let script = Script(attempts, due: due)
        let runner = try StageRunner(
            script,
            queue: script,
            on: SerialQueue(),
            options: StageOptions(pacing: PacingOptions(concurrency: .fixed(1)), attemptsMax: 2),
            stopSignal: heard,
            time: clock.time,
            random: SeededGenerator(seed: 1),
            events: heard.hear
        )
        return await clock.passing(whenAsleep: 1) { await runner.run() }
    }

    @Test func failuresRetriesAndCommitsAreTold() async throws {
        let remark = StageRemark(kind: "host", text: "another host")
        let heard = Heard()
        let end = try await run(
            [
                Attempt(.done("x"), contact: .answered, remarks: [remark]),
                Attempt(
                    .retry(.forTests(.timeout), mayBeDone: true, holdFor: nil),
                    contact: .unanswered,
                    requestID: "second"
                ),
                Attempt(.failed(.forTests(.unknownIdentity, status: 404)), contact: .answered),
                Attempt(.done("x"), contact: .answered, remarks: [remark]),
            ],
            due: 3,
            heard
        )
        #expect(end.stop == nil && end.progress.issued == 2 && end.progress.failed == 1)
        var (failed, remarks, ended, identities): ([FailedAttempt], Int, Int, [String]) = ([], 0, 0, [])
        for event in heard.events.withLock(\.self) {
            switch event {
            case .attempted(_, let attempt): if let attempt { failed.append(attempt) }
            case .remark: remarks += 1
            case .committed(let figures): ended += figures.ended
            case .identityFailed(_, let failure): identities.append(failure.kind.rawValue)
            default: break
            }
        }
        #expect(failed.map(\.sequel) == [.retry, .none])
        #expect(failed.map(\.kind) == ["timeout", "unknown_identity"])
        #expect(failed.first?.requestID == "second" && failed.first?.mayBeDone == true)
        #expect(remarks == 1, "once for each kind")
        #expect(ended == 3 && identities == ["unknown_identity"])
    }

    /// However long nothing is committed.
    @Test func claimsAreRenewedUntilTheRunIsDeclaredLost() async throws {
        let clock = ManualClock()
        let held = Held(clock, losesAfter: 3)
        let runner = try StageRunner(
            held,
            queue: held,
            on: SerialQueue(),
            options: StageOptions(pacing: PacingOptions(concurrency: .fixed(1)), attemptsMax: 2),
            time: clock.time
        )
        let end = await clock.passing(whenAsleep: 1) { await runner.run() }
        #expect(held.renewals >= 3)
        #expect(end.stop == .fenced("taken for lost"))
        #expect(end.progress.issued == 1, "what is in flight is awaited")
    }

    /// Makes one attempt that takes five minutes, of a run that is declared lost meanwhile.
    private final class Held: Stage, StageQueue {
        let traits: StageTraits = .forTests()
        let renewInterval: Duration? = .seconds(20)
        private let clock: ManualClock
        private let losesAfter: Int
        private let state = Mutex((renewals: 0, isClaimed: false))

        private let meanwhile: @Sendable (Duration) -> Void

        /// - Parameter meanwhile: called when the attempt begins, and before it ends.
        init(
            _ clock: ManualClock,
            losesAfter: Int,
            meanwhile: @escaping @Sendable (Duration) -> Void = { _ in }
        ) {
            self.clock = clock
            self.losesAfter = losesAfter
            self.meanwhile = meanwhile
        }

        var renewals: Int { state.withLock(\.renewals) }

        func attempt(_ claims: [Claim], attemptsBefore: Int, onSend: (@Sendable () -> Void)?) async
            -> Attempt<String>
        {
            // Not cut short when the run stops.
            meanwhile(clock.elapsed)
            await Task { [clock] in try? await clock.time.sleep(.seconds(300)) }.value
            meanwhile(clock.elapsed)
            return Attempt(.done("x"), contact: .answered)
        }

        func commit(
            _ results: [StageResult<String>],
            progress: RunProgress,
            claiming: Int,
            at time: Timestamp
        ) -> Committed {
            state.withLock { state in
                defer { state.isClaimed = true }
                return Committed(claims: state.isClaimed ? [] : [.numbered(1)])
            }
        }

        func renew(at time: Timestamp) throws {
            let count = state.withLock { state in
                state.renewals += 1
                return state.renewals
            }
            if count >= losesAfter { throw LedgerError(.fenced, "taken for lost") }
        }

        func requests(since time: Timestamp) -> [RequestsInSecond] { [] }
    }

    /// The last request is under way when the ledger is found damaged.
    @Test func damageThatIsFoundWhileARunStopsIsWhyItStopped() async throws {
        let (clock, heard) = (ManualClock(), Heard())
        let held = Held(clock, losesAfter: .max) { elapsed in
            heard.requestStop(elapsed < .seconds(100) ? .signal("sigint") : .ledger("damaged"))
        }
        let runner = try StageRunner(
            held,
            queue: held,
            on: SerialQueue(),
            options: StageOptions(pacing: PacingOptions(concurrency: .fixed(1)), attemptsMax: 2),
            stopSignal: heard,
            time: clock.time
        )
        let end = await clock.passing(whenAsleep: 1) { await runner.run() }
        #expect(end.stop == .ledger("damaged"))
        #expect(end.progress.issued == 1, "what is in flight is awaited")
    }

    @Test func aStopFromOutsideIsSeenAndTold() async throws {
        let heard = Heard()
        heard.requestStop(.signal("sigint"))
        let end = try await run([], due: 5, heard)
        #expect(end.stop == .signal("sigint") && end.progress.requests == 0)
        let stops = heard.events.withLock(\.self).compactMap { event -> StopReason? in
            if case .stopped(let reason) = event { reason } else { nil }
        }
        #expect(stops == [.signal("sigint")])
    }
}
