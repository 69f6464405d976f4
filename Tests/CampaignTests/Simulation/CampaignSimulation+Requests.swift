// Requests on their way, and commits: what the tasks around the issuing state do.

import IdentityAPI
import Ledger
import Pacing
import TestSupport
import Vocabulary

@testable import Campaign

extension CampaignSimulation {
    /// Something has changed, or time has passed: whoever waits takes what there is to do.
    func proceed(isEvent: Bool = true) throws {
        guard process != nil else { return }
        if isEvent { process?.fruitless = 0 }
        let wait = try takeJobs()
        try beginCommit()
        guard let state = process?.state, !state.isFinished else { return try finish() }
        process?.planWakeUp(wait, at: now)
        try checkNotStuck(wait)
    }

    /// Starts as many requests as may start; returns until when the next has to wait, where that is known.
    private func takeJobs() throws -> Duration? {
        while let elapsed = process?.elapsed(now) {
            switch process?.state.nextJob(elapsed) {
            case .job(let job):
                outcome.events += 1
                process?.fruitless = 0
                try start(job)
            case .wait(let until): return until
            case .done, nil: return nil
            }
        }
        return nil
    }

    private func start(_ job: IssuingState.Job) throws {
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
        process?.end(request.job, answer.reply, at: now, wallClock)
        if process?.state.admission.isOutage == true {
            process?.noticed.insert(server.forecast.phase(at: now))
            if case .phase(let phase) = answer.fault { process?.noticed.insert(phase) }
        }
        try proceed()
    }

    // MARK: - Commits

    private func beginCommit() throws {
        guard let elapsed = process?.elapsed(now), process?.commit == nil,
            let commit = process?.state.nextCommit(elapsed)
        else { return }
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
            process?.state.commitFailed(commit, "the disk is full")
        } else {
            trace.note(now, "committed", commit.results.count, commit.claiming)
            let claims = try write(commit, current.run)
            try book.record(commit.results, claims)
            try check(commit.results, of: current)
            process?.state.committed(commit, claims)
        }
        try proceed()
    }

    func write(_ commit: IssuingState.Commit, _ run: RunID) throws -> [Claim] {
        try ledger.commit(
            commit.results,
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
