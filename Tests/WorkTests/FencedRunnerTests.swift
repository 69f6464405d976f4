// A stage whose run is declared lost, on a queue in memory.

import Ledger
import Pacing
import Synchronization
import TestSupport
import Testing
import Model

@testable import Work

@Suite struct FencedRunnerTests {
    /// Has a thousand identities, and takes the run for lost from a certain commit on.
    private final class Fence: Stage, StageQueue {
        private struct State {
            var due = (1...1000).map { Claim.numbered($0) }
            var commits = 0
            var attempted: [Int64] = []
            var committed: [Int64] = []
            var late: [Int64] = []
            var kept: [Int64] = []
        }

        let traits: StageTraits = .forTests()
        private let fencedFrom: Int
        private let takesLate: Bool
        private let tooLate: Int
        private let state = Mutex(State())

        init(fencedFrom commit: Int, takesLate: Bool = true, tooLate: Int = 0) {
            fencedFrom = commit
            self.takesLate = takesLate
            self.tooLate = tooLate
        }

        var attempted: [Int64] { state.withLock(\.attempted).sorted() }
        var recorded: [Int64] { state.withLock { $0.committed + $0.late }.sorted() }
        var late: Int { state.withLock(\.late.count) }
        var kept: [Int64] { state.withLock(\.kept).sorted() }

        func attempt(_ claims: [Claim], attemptsBefore: Int, onSend: (@Sendable () -> Void)?) async
            -> Attempt<String>
        {
            state.withLock { $0.attempted += claims.map(\.sequence) }
            return Attempt(.done("x"), contact: .answered)
        }

        func commit(
            _ results: [StageResult<String>],
            progress: RunProgress,
            claiming: Int,
            at time: Timestamp
        ) throws -> Committed {
            try state.withLock { state in
                state.commits += 1
                guard state.commits < fencedFrom else { throw LedgerError(.fenced, "taken for lost") }
                state.committed += results.flatMap(\.claims).map(\.sequence)
                let claims = Array(state.due.prefix(claiming))
                state.due.removeFirst(claims.count)
                return Committed(claims: claims)
            }
        }

        func takeLate(_ results: [StageResult<String>], at time: Timestamp) throws -> Committed {
            guard takesLate else { throw LedgerError(.notWritable, "the disk is full") }
            return state.withLock { state in
                let claims = results.flatMap(\.claims)
                let isFirst = state.late.isEmpty
                state.late += claims.map(\.sequence)
                return Committed(surplus: isFirst ? Array(claims.prefix(tooLate)) : [])
            }
        }

        func keep(
            _ results: [StageResult<String>],
            unsent: [Claim],
            progress: RunProgress,
            at time: Timestamp
        ) {
            state.withLock { $0.kept = results.flatMap(\.claims).map(\.sequence) }
        }

        var resultsKept: Int { kept.count }
        func requests(since time: Timestamp) -> [RequestsInSecond] { [] }
    }

    /// - Parameter done: how many identities the events tell of as done.
    private func run(_ fence: Fence, told done: inout Int) async throws -> StageEnd {
        let clock = ManualClock()
        let told = Mutex(0)
        let runner = try StageRunner(
            fence,
            queue: fence,
            on: SerialQueue(),
            options: StageOptions(pacing: PacingOptions(concurrency: .fixed(4)), attemptsMax: 2),
            time: clock.time,
            random: SeededGenerator(seed: 1)
        ) { event in
            if case .committed(let figures) = event { told.withLock { $0 += figures.done } }
        }
        let end = await clock.passing(whenAsleep: 1) { await runner.run() }
        done = told.withLock { $0 }
        return end
    }

    @Test(arguments: [1, 2, 3, 8]) func whatALostRunHasBroughtIsTakenLate(_ commit: Int) async throws {
        let fence = Fence(fencedFrom: commit)
        var told = 0
        let end = try await run(fence, told: &told)
        #expect(end.stop == .fenced("taken for lost"))
        #expect(told == end.progress.issued, "late ones too")
        #expect(fence.recorded == fence.attempted, "each result once")
        #expect(commit == 1 || fence.late > 0)
        #expect(fence.attempted.count < 1000 && end.unrecordedAnswers == 0)
        #expect(end.progress.issued == fence.attempted.count)
    }

    @Test func whatCameTooLateIsNotIssued() async throws {
        let fence = Fence(fencedFrom: 3, tooLate: 1)
        var told = 0
        let end = try await run(fence, told: &told)
        #expect(told == end.progress.issued)
        #expect(end.progress.issued == fence.attempted.count - 1)
        #expect(end.progress.ambiguousAttempts == 1)
    }

    @Test func whatCannotBeTakenLateWaitsBesideTheLedger() async throws {
        let fence = Fence(fencedFrom: 3, takesLate: false)
        var told = 0
        let end = try await run(fence, told: &told)
        #expect(end.stop == .ledger("the disk is full"))
        #expect((fence.recorded + fence.kept).sorted() == fence.attempted)
        #expect(end.spilledAnswers == fence.kept.count && end.unrecordedAnswers == 0)
    }
}
