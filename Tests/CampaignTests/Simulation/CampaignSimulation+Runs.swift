// Processes begin, end and are killed.

import Providers
import Ledger
import Pacing
import TestSupport
import Model

@testable import Campaign
@testable import Work

extension CampaignSimulation {
    func begin() throws {
        guard now >= diskIsFullUntil else {
            return queue.insert(.begins, at: diskIsFullUntil + .milliseconds(1))
        }
        processes += 1
        outcome.runs += 1
        arrivals.runBegins()
        ledger = try Self.openLedger(in: folder)
        let isLast = isCalm
        let retryFailed = random.chance(0.05)
        let run = try ledger.beginRun(
            RunStart(startedAt: wallClock, process: "\(processes)", version: "0", retryFailed: retryFailed)
        )
        book.beginRun(retryFailed: retryFailed)
        try checkBeginning()
        // Its clock began before: it has read its settings, and may have looked everybody up.
        let origin = now - random.some(.zero, .seconds(20))
        let options =
            isLast
            ? campaign.lastOptions(using: &random)
            : campaign.options(using: &random)
        let deadline = isLast ? nil : campaign.deadline(from: now - origin, using: &random)
        var admission = Admission(options.pacing)
        let earlier = try ledger.requests(since: Admission.memoryBegins(wallClock))
        admission.remember(earlier, elapsed: now - origin, now: wallClock)
        var state = IssueMachine(
            options: options,
            traits: IssueStage.traits,
            admission: admission,
            due: try ledger.dueCount(retryingFailed: false),
            isEnrolling: enrolled < campaign.characters.count,
            refusalsSoFar: try ledger.refusalsOnly(),
            random: SeededGenerator(seed: random.next())
        )
        // As many workers as there is work for: the machine itself keeps them from being too many.
        state.idleWorkers = .max / 2
        process = SimulatedProcess(
            number: processes,
            run: run,
            isLast: isLast,
            options: options,
            deadline: deadline,
            limits: options.pacing.rates.map { $0.shared(options.pacing.share) },
            origin: origin,
            state: state,
            lastManyGoods: now,
            lastStart: now
        )
        trace.note(now, "run begins", processes)
        planItsFate()
        try proceed { $0.committerCame(at: $1) }
    }

    private func planItsFate() {
        if enrolled < campaign.characters.count {
            queue.insert(.enrols(process: processes), at: now + random.some(.zero, .seconds(2)))
        }
        if let mean = campaign.crashMean {
            queue.insert(.isKilled(process: processes), at: now + random.exponential(mean))
        }
        // One that never gives up probes for ever where nothing is left but identities that always fail.
        if let options = process?.options, options.pacing.giveUpAfter == nil {
            queue.insert(.isInterrupted(process: processes), at: campaign.calm + .seconds(7200))
        }
        if !isCalm, random.chance(0.15) {
            queue.insert(.isInterrupted(process: processes), at: now + random.exponential(campaign.calm / 10))
        }
    }

    /// The process dies: what it knew is lost, what it sent arrives, and a commit under way has happened or
    /// not.
    func kill() throws {
        guard let dead = process else { return }
        trace.note(now, "killed", dead.number)
        outcome.kills += 1
        if let commit = dead.commit, now >= diskIsFullUntil, random.chance(0.5) {
            let results = commit.results.flatMap(\.attempts)
            try book.record(results, try write(commit, dead.run))
            try check(results, of: dead)
        }
        process = nil
        let pause = random.one(of: Duration.milliseconds(20), .milliseconds(500), .seconds(5), .seconds(300))
        queue.insert(.begins, at: now + random.some(pause / 10, pause))
    }

    /// The run has come to its end by itself.
    func finish() throws {
        guard let ended = process else { return }
        process = nil
        let end: StageEnd
        if now >= diskIsFullUntil {
            var state = ended.state
            let conclusion = state.conclude()
            try ledger.release(conclusion.release, run: ended.run)
            end = conclusion.end
            try book.release(conclusion.release)
            if case .fatal(let answer) = end.stop, answer.code == .sameRefusal {
                throw SimulationFailure("it takes a few refusals for everybody's")
            }
            try ledger.finishRun(
                ended.run,
                progress: end.progress,
                stoppedBecause: end.stop?.code,
                at: wallClock
            )
            try require(try ledger.latestRun()?.progress == end.progress, "another progress is in the ledger")
        } else {
            end = ended.state.end(because: .ledger("the disk is full"))
        }
        trace.note(now, "run ends", ended.number)
        outcome.stops[end.stop?.code ?? "done", default: 0] += 1
        outcome.requests += end.progress.requests
        try check(end, of: ended)
        isDone = ended.isLast && (end.stop == nil || isOutageOfTheBroken(end.stop))
        guard !isDone else { return }
        // With little left to do there is no hurry.
        let pauseMean =
            end.stop == nil ? campaign.calm / 4 : random.one(of: .seconds(1), .seconds(60), .seconds(1200))
        queue.insert(.begins, at: now + random.exponential(pauseMean))
    }

    /// Whether a run gave up where only those are left for whom the server always fails.
    ///
    /// A server that fails for everybody looks the same: each further run ends like this one.
    private func isOutageOfTheBroken(_ stop: StopReason?) -> Bool {
        guard case .outage = stop, enrolled == campaign.characters.count else { return false }
        return zip(server.characters, book.states).allSatisfy { character, state in
            character == .broken || state != .pending && state != .inDoubt
        }
    }

    // MARK: - Enrolling

    func enrol(_ count: Int) throws {
        guard count > 0 else { return }
        let roster = try ledger.latestRoster()?.id ?? ledger.beginRoster(name: "roster", at: wallClock)
        let entries = (enrolled..<enrolled + count).map { number in
            RosterEntry.identity(.numbered(number + 1), line: number + 1, columns: [])
        }
        _ = try ledger.enrol(entries, idColumn: "id", columnNames: [], into: roster)
        enrolled += count
        book.enrol(count)
    }

    func enrolMore() throws {
        let left = campaign.characters.count - enrolled
        guard now >= diskIsFullUntil else {
            return queue.insert(.enrols(process: processes), at: diskIsFullUntil + .milliseconds(1))
        }
        guard process?.state.stop == nil else { return }
        let count = min(left, Int.random(in: 1...200, using: &random))
        try enrol(count)
        trace.note(now, "enrolled", count)
        if count < left {
            queue.insert(.enrols(process: processes), at: now + random.some(.zero, .seconds(60)))
        }
        try proceed { machine, elapsed in
            if count == left { machine.claims.enrolmentEnded() }
            return machine.enrolled(count, at: elapsed)
        }
    }
}
