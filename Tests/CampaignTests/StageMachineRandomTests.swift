// The stage machine under random events: what always holds, holds in every state that can be reached.

import Providers
import Ledger
import Pacing
import TestSupport
import Testing
import Model

@testable import Campaign
@testable import Work

@Suite struct StageMachineRandomTests {
    @Test(arguments: 0..<300) func whateverHappensEveryClaimIsAccountedFor(_ seed: Int) throws {
        var run = RandomRun(seed: UInt64(seed))
        for _ in 0..<400 where !run.driver.state.isFinished { run.step() }
        try run.drain()
        run.checkTheEnd()
    }
}

/// One run with random events; the seed decides on its size, its faults and their order.
private struct RandomRun {
    private var random: SeededGenerator
    private let options: StageOptions
    private let due: Int
    /// Of 100 events, how many are a stop, and of 100 commits, how many fail.
    private let stops: Int
    private let failures: Int
    private var jobs: [StageJob] = []
    private var open: IssueCommit?
    private var requests = 0
    let driver: StateDriver

    private var concurrency: Int { options.pacing.concurrency.max }

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        options = .forTests(
            concurrency: Int.random(in: 1...6, using: &random),
            attemptsMax: Int.random(in: 1...4, using: &random),
            maxIdentities: Bool.random(using: &random) ? nil : Int.random(in: 1...60, using: &random),
            backoff: Backoff(base: .milliseconds(20), ceiling: .milliseconds(200))
        )
        due = Int.random(in: 0...80, using: &random)
        stops = [0, 0, 1].randomElement(using: &random) ?? 0
        failures = [0, 0, 10, 60].randomElement(using: &random) ?? 0
        driver = StateDriver(options, due: due)
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    mutating func step() {
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<3: takeJob()
        case 3..<6: finishJob()
        case 6: driver.pass(.milliseconds(Int.random(in: 0...30, using: &random)))
        case 7: openCommit()
        case 8: closeCommit()
        default:
            if chance(stops) { driver.requestStop(.signal("sigint")) }
        }
        check()
    }

    /// Lets the run come to its end: whatever is on comes to a close, and no event is withheld any more.
    mutating func drain() throws {
        var rounds = 0
        while !driver.state.isFinished || open != nil {
            rounds += 1
            try #require(rounds < 5000, "it never ends")
            for _ in 0..<concurrency { takeJob() }
            while !jobs.isEmpty { finishJob() }
            driver.pass(.milliseconds(200))
            openCommit()
            closeCommit()
            check()
        }
    }

    private mutating func takeJob() {
        guard jobs.count < concurrency, let job = driver.job() else { return }
        #expect(!jobs.contains { $0.claim == job.claim }, "two work on one claim")
        #expect(driver.claimed.contains(job.claim.sequence), "worked on without a claim")
        #expect(driver.state.stop == nil)
        jobs.append(job)
    }

    private mutating func finishJob() {
        guard let index = jobs.indices.randomElement(using: &random) else { return }
        let reply = reply()
        if reply.wasSent { requests += 1 }
        driver.finish(jobs.remove(at: index), reply)
    }

    private mutating func reply() -> IssueReply {
        switch Int.random(in: 0..<40, using: &random) {
        case 0..<20: .issued()
        case 20..<25: .serverError
        case 25..<28: .lost
        case 28..<31: .unreached
        case 31..<33: .rateLimited(holdFor: .seconds(1))
        case 33..<36: .unknownIdentity
        case 36..<38: .refused()
        case 38 where chance(20): .fatal(.credentialRefused)
        case 38 where chance(20): .fatal(.certificateRefused, wasSent: false)
        case 38: .fatal(.hostNotResolved, wasSent: false)
        default: .issued()
        }
    }

    private mutating func openCommit() {
        guard open == nil else { return }
        open = driver.nextCommit()
    }

    private mutating func closeCommit() {
        guard let commit = open else { return }
        open = nil
        if chance(failures) { driver.fail(commit) } else { driver.succeed(commit) }
    }

    private func check() {
        #expect(driver.claimed.count <= options.claimedMax)
        #expect(driver.given.count <= options.maxIdentities ?? .max)
        #expect(driver.state.progress.requests == requests)
        #expect(jobs.count <= concurrency)
    }

    mutating func checkTheEnd() {
        #expect(driver.isDone)
        #expect(driver.nextCommit() == nil)
        let unsent = driver.state.unsent.map(\.sequence)
        #expect(Set(unsent).count == unsent.count, "given back twice")
        let left = driver.claimed.subtracting(unsent)
        if case .ledger = driver.state.stop {
            // What is left is what the ledger refused for good.
            let refused = driver.refusedCommits.last?.results.flatMap(\.claims).map(\.sequence) ?? []
            #expect(left.isSubset(of: refused))
            #expect(left.isEmpty == driver.state.claims.unrecorded.isEmpty)
        } else {
            #expect(left.isEmpty, "left behind")
            #expect(driver.state.claims.unrecorded.isEmpty)
            #expect(Set(unsent).isDisjoint(with: driver.ended.keys))
        }
        if driver.state.stop == nil {
            #expect(driver.ended.count == min(due, options.maxIdentities ?? .max))
            #expect(unsent.isEmpty)
        }
    }
}
