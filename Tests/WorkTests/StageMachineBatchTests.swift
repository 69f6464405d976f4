// Stages whose requests name many identities, and stages that may be repeated.

import Ledger
import Pacing
import TestSupport
import Testing
import Model

@testable import Work

@Suite struct StageMachineBatchTests {
    private typealias Machine = StageMachine<String>

    /// A machine with its first claims, one request at a time.
    private func machine(_ traits: StageTraits, due: Int, attemptsMax: Int = 3) throws -> (Machine, StageJob)
    {
        let pacing = PacingOptions(concurrency: .fixed(1), giveUpAfter: .seconds(600))
        var machine = Machine(
            options: StageOptions(pacing: pacing, attemptsMax: attemptsMax, claimsPerRequest: 1),
            traits: traits,
            admission: Admission(pacing),
            due: due,
            refusalsSoFar: nil,
            random: SeededGenerator(seed: 3)
        )
        machine.idleWorkers = 2
        let first = machine.committerCame(at: .zero)
        let commit = try #require(first.commit)
        #expect(commit.claiming == traits.batchMax)
        let claims = (1...min(due, commit.claiming)).map { Claim.numbered($0) }
        let next = machine.committed(commit, claims, at: .zero)
        let job = try #require(next.starts.first)
        return (machine, job)
    }

    private func finish(
        _ machine: inout Machine,
        _ job: StageJob,
        _ outcome: Outcome<String>,
        _ contact: Contact = .answered,
        at elapsed: Duration = .zero
    ) -> Machine.Actions {
        machine.idleWorkers += 1
        return machine.finished(job, Attempt(outcome, contact: contact), at: elapsed, now: ManualClock.start)
    }

    @Test func aBatchIsOneRequestAndOneResult() throws {
        var (machine, job) = try machine(.forTests(batchMax: 10), due: 25)
        #expect(job.work.claims.count == 10)
        machine.isCommitterIdle = true
        let actions = finish(&machine, job, .done("ten"))
        let commit = try #require(actions.commit)
        #expect(commit.results.count == 1 && commit.ending == 10)
        #expect(commit.claiming == 10, "a whole batch, when all of the last one has ended")
        #expect(machine.progress.issued == 10 && machine.progress.requests == 1)
    }

    @Test func whatIsTooLongIsAskedForInHalves() throws {
        var (machine, job) = try machine(.forTests(batchMax: 10), due: 10)
        let answer = FatalAnswer(.lookupRefused, "too long")
        for size in [5, 2, 1] {
            let actions = finish(&machine, job, .tooLong(answer))
            job = try #require(actions.starts.first)
            #expect(job.work.claims.count == size && machine.batchSize == size)
        }
        // With one at a time there is nothing shorter.
        let actions = finish(&machine, job, .tooLong(answer))
        #expect(actions.phase > .working && machine.stop == .fatal(answer))
        #expect(machine.unsent.count == 10, "nobody is lost")
    }

    @Test func aStageWhoseTriesAreUsedUpMayStopTheRun() throws {
        var (machine, job) = try machine(.forTests(batchMax: 10, usedUp: .stopsRun), due: 30, attemptsMax: 2)
        machine.isCommitterIdle = true
        let failure = Outcome<String>.retry(.forTests(), mayBeDone: false, holdFor: nil)
        let first = finish(&machine, job, failure)
        let commit = try #require(first.commit)
        _ = machine.committed(commit, [], at: .zero)
        let later = machine.tick(at: .seconds(40))
        job = try #require(later.starts.first)
        machine.isCommitterIdle = true
        let actions = finish(&machine, job, failure, at: .seconds(41))
        #expect(machine.stop == .fatal(FatalAnswer(.unreachable, "words, after 2 tries")))
        let outcomes = try #require(actions.commit).results.map(\.outcome)
        guard case .dueAgain(.some) = outcomes.first else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(machine.progress.failed == 0)
    }

    @Test(arguments: [(RepeatEffect.adds, 1), (.replaces, 0), (.same, 0)])
    func onlyWhatAddsIsAmbiguous(_ repeated: RepeatEffect, _ expected: Int) throws {
        var (machine, job) = try machine(.forTests(repeated: repeated), due: 1)
        machine.isCommitterIdle = true
        let lost = Outcome<String>.retry(.forTests(.timeout), mayBeDone: true, holdFor: nil)
        let actions = finish(&machine, job, lost, .unanswered)
        let commit = try #require(actions.commit)
        #expect(commit.results.map(\.isAmbiguous) == [expected == 1])
        #expect(machine.progress.ambiguousAttempts == expected)
    }

    /// A permission to send wakes one worker and no crowd.
    @Test func onlyOneWorkerSleepsUntilTheNextMayGo() throws {
        let pacing = PacingOptions(
            rates: [Rate(count: 1, window: .seconds(1))],
            concurrency: .fixed(4),
            giveUpAfter: nil
        )
        var machine = Machine(
            options: StageOptions(pacing: pacing, attemptsMax: 3),
            traits: .forTests(),
            admission: Admission(pacing),
            due: 9,
            refusalsSoFar: nil,
            random: SeededGenerator(seed: 3)
        )
        let first = machine.committerCame(at: .zero)
        let commit = try #require(first.commit)
        _ = machine.committed(commit, (1...9).map { .numbered($0) }, at: .zero)
        let one = machine.workerCame(at: .zero)
        #expect(one.starts.count == 1 && one.alarm == nil)
        let good = Attempt(Outcome.done("x"), contact: .answered)
        _ = machine.finished(one.starts[0], good, at: .zero, now: ManualClock.start)
        let two = machine.workerCame(at: .zero)
        let alarm = try #require(two.alarm)
        #expect(alarm == .seconds(1), "and looks again after a second at the latest")
        let others = (1...3).map { _ in machine.workerCame(at: .zero) }
        #expect(others.allSatisfy { $0.alarm == nil && $0.starts.isEmpty })
        let woken = machine.workerCame(after: alarm, at: alarm)
        #expect(woken.alarm != nil && woken.starts.isEmpty, "the margin is not over")
    }
}
