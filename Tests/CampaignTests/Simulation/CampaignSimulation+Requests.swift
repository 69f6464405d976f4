// Requests on their way, and commits: what the tasks around the stage machine do.

import Providers
import Ledger
import Pacing
import TestSupport
import Model

@testable import Campaign
@testable import Work

extension CampaignSimulation {
    /// Tells the machine of an event, and does what it wants.
    func proceed(
        isEvent: Bool = true,
        _ event: (inout IssueMachine, _ elapsed: Duration) -> IssueMachine.Actions
    ) throws {
        guard let elapsed = process?.elapsed(now), let actions = process?.tell(event, at: elapsed) else {
            return
        }
        if isEvent { process?.fruitless = 0 }
        for job in actions.starts {
            outcome.events += 1
            process?.fruitless = 0
            try start(job)
        }
        if let commit = actions.commit { begin(commit) }
        guard actions.phase != .over else { return try finish() }
        let wait = process?.state.nextStart
        process?.planWakeUp(wait, at: now)
        try checkNotStuck(wait)
    }

    private func start(_ job: StageJob) throws {
        let request = SimulatedRequest(process: processes, number: outcome.events, job: job)
        try checkStart(request)
        process?.inFlight[request.number] = request
        process?.lastStart = now
        trace.note(now, "starts", request.number, request.identity)
        let delay = random.chance(0.02) ? Duration.milliseconds(400) : .milliseconds(20)
        queue.insert(.connects(request), at: now + random.some(.zero, delay))
    }

    /// The request goes out, where there is a connection; one of a process that is dead by then does not.
    func connect(_ request: SimulatedRequest) {
        guard process?.number == request.process else { return }
        if let refusal = server.refusal(at: now) {
            return queue.insert(.ends(request, refusal), at: now + refusal.after)
        }
        process?.send(request.job, at: now)
        // As late as a request may be for its limit to hold; mostly it is much faster.
        let delay = random.chance(0.02) ? Duration.milliseconds(990) : .milliseconds(30)
        queue.insert(.arrives(request), at: now + random.some(.zero, delay))
    }

    func arrive(_ request: SimulatedRequest) throws {
        trace.note(now, "arrives", request.number, request.identity)
        arrivals.arrives(at: now)
        let answer = server.answer(for: request.identity, at: now)
        let way = random.some(.zero, .milliseconds(10))
        queue.insert(.ends(request, answer), at: now + min(answer.after + way, SimulatedServer.patience))
        try checkArrival(request)
    }

    func end(_ request: SimulatedRequest, _ answer: SimulatedAnswer) throws {
        guard process?.number == request.process else { return }
        trace.note(now, "ends", request.number, request.identity)
        process?.inFlight[request.number] = nil
        process?.note(answer, of: request.identity, at: now)
        if answer.reply.wasSent { process?.sentAndEnded += 1 }
        let attempt = answer.reply.attempt(for: request.job.claim.identityID, at: wallClock)
        let wallClock = wallClock
        try proceed { $0.finished(request.job, attempt, at: $1, now: wallClock) }
        if process?.state.admission.isOutage == true {
            process?.noticed.insert(server.forecast.phase(at: now))
            if case .phase(let phase) = answer.fault { process?.noticed.insert(phase) }
        }
    }

    // MARK: - Commits

    private func begin(_ commit: IssueCommit) {
        process?.commit = commit
        let isSlow = random.chance(campaign.slowCommits)
        let length = random.some(.milliseconds(1), isSlow ? .milliseconds(1500) : .milliseconds(8))
        queue.insert(.commitEnds(process: processes), at: now + length)
    }

    func endCommit() throws {
        guard let current = process, let commit = current.commit else { return }
        process?.commit = nil
        if now < diskIsFullUntil {
            trace.note(now, "commit fails", commit.results.count)
            process?.commitsFailed += 1
            // The committer is back at once.
            try proceed { machine, elapsed in
                machine.isCommitterIdle = true
                return machine.commitFailed(commit, "the disk is full", at: elapsed)
            }
        } else {
            trace.note(now, "committed", commit.results.count, commit.claiming)
            let claims = try write(commit, current.run)
            let results = commit.results.flatMap(\.attempts)
            try book.record(results, claims)
            try check(results, of: current)
            try proceed { machine, elapsed in
                machine.isCommitterIdle = true
                return machine.committed(commit, claims, at: elapsed)
            }
        }
    }

    func write(_ commit: IssueCommit, _ run: RunID) throws -> [Claim] {
        try ledger.commit(
            commit.results.flatMap(\.attempts),
            run: run,
            progress: commit.progress,
            claiming: commit.claiming,
            at: wallClock
        ).claims
    }
}

extension SimulatedProcess {
    /// Keeps in mind what an identity met with, and when the server was last well.
    mutating func note(_ answer: SimulatedAnswer, of identity: Int, at now: Duration) {
        switch answer.fault {
        case nil:
            goodsInARow += 1
            lastGood = now
            if goodsInARow >= Self.goodsToClose { lastManyGoods = now }
        case .single:
            goodsInARow = 0
            encounters[identity, default: Encounters()].single += 1
        case .phase(let phase):
            goodsInARow = 0
            encounters[identity, default: Encounters()].inPhases[phase, default: 0] += 1
        case .rate:
            break
        }
        if answer.reply.isUseful { hasUsefulAnswer = true }
        guard let hold = answer.reply.hold else {
            if answer.fault == nil { refusals = [] }
            return
        }
        // One that stands alone keeps its identity back; three in a row, everybody.
        waits[identity] = max(waits[identity] ?? .zero, now + hold)
        refusals.append(now + hold)
        if refusals.count >= Self.refusalsInRow { heldUntil = max(heldUntil, refusals.max() ?? .zero) }
    }
}

extension IssueReply {
    /// How long it keeps everybody back at the least.
    fileprivate var hold: Duration? {
        guard case .transient(let failure, _, let hold) = outcome, failure.kind == .rateLimited else {
            return nil
        }
        return hold ?? .milliseconds(1)
    }

    /// Whether a Kratos answers like that, or a gateway before it.
    fileprivate var isUseful: Bool {
        if case .transient(let failure, _, _) = outcome, failure.kind == .unreadableAnswer { return false }
        return wasAnswered
    }
}
