// What must hold after each event, and at each turn of a campaign.

import TestSupport
import Providers
import Ledger
import Pacing
import Model

@testable import Campaign
@testable import Work

extension CampaignSimulation {
    func require(_ holds: Bool, _ what: @autoclosure () -> String) throws(SimulationFailure) {
        guard holds else { throw SimulationFailure(what()) }
    }

    /// After each event: every claim is somewhere, once, and nothing is beyond its bounds.
    func checkAlways() throws(SimulationFailure) {
        guard let process else { return }
        let state = process.state
        try require(
            state.claims.open == book.claimed,
            "\(state.claims.open) claims, \(book.claimed) in the ledger"
        )
        try require(book.claimed <= process.options.claimedMax, "\(book.claimed) are claimed at a time")
        try require(state.inFlight == process.inFlight.count, "\(state.inFlight) in flight, it thinks")
        try require(
            process.inFlight.count <= process.options.pacing.concurrency.max,
            "\(process.inFlight.count) are in flight"
        )
        try require(
            state.progress.requests == process.sentAndEnded,
            "\(state.progress.requests) requests counted, \(process.sentAndEnded) sent"
        )
        let ending = state.claims.ending + (process.commit?.ending ?? 0)
        let waiting =
            state.pool.ready.count + state.pool.retryReady.count + state.pool.retries.count
            + state.lastTries.count
        try require(
            !state.claims.unrecorded.isEmpty || waiting + state.inFlight + ending == state.claims.open,
            "of \(state.claims.open) claims \(waiting) wait, \(state.inFlight) are in flight, "
                + "\(ending) are ending"
        )
    }

    /// Before a request starts.
    func checkStart(_ request: SimulatedRequest) throws(SimulationFailure) {
        guard let process else { return }
        let identity = request.identity
        try require(process.state.stop == nil, "identity \(identity) is asked for after the stop")
        try require(
            book.states[identity] == .claimed,
            "identity \(identity) is asked for while \(book.states[identity])"
        )
        try require(
            !process.inFlight.values.contains { $0.identity == identity },
            "identity \(identity) is asked for twice at a time"
        )
        try require(
            process.inFlight.count < process.state.admission.concurrency,
            "\(process.inFlight.count + 1) in flight, of \(process.state.admission.concurrency)"
        )
        try require(
            now >= process.heldUntil,
            "a request \(process.heldUntil - now) before the server wants any"
        )
        let until = process.waits[identity] ?? .zero
        try require(
            now >= until,
            "identity \(identity) is asked for \(until - now) before the server wants it"
        )
        if let deadline = process.deadline {
            try require(process.elapsed(now) <= deadline, "a request after the time for the run is over")
        }
    }

    /// When a request has come to the server.
    func checkArrival(_ request: SimulatedRequest) throws(SimulationFailure) {
        guard let process, process.number == request.process else { return }
        for limit in process.limits {
            let count = arrivals.count(within: limit.window, until: now)
            try require(count <= limit.count, "\(count) requests arrived in \(limit.window), of \(limit)")
        }
    }

    /// A process that has work does something about it, or waits for something that comes.
    func checkNotStuck(_ wait: Duration?) throws(SimulationFailure) {
        guard let process, process.inFlight.isEmpty, process.commit == nil else { return }
        let state = process.state
        try require(
            process.ownTime(wait) != nil || state.claims.isEnrolling,
            "it waits for nothing, with \(state.claims.open) claims"
        )
        guard state.stop == nil,
            !state.pool.ready.isEmpty || !state.pool.retryReady.isEmpty || !state.pool.retries.isEmpty
        else {
            return
        }
        let window = (state.admission.limitInForce + process.limits).map(\.window).max() ?? .zero
        let waits = state.pool.retries.map(\.due).min() ?? .zero
        let since = max(process.elapsed(process.lastStart), state.admission.heldUntil, waits)
        try require(
            process.elapsed(now) - since <= window + .seconds(120),
            "nothing was asked for in \(process.elapsed(now) - since), though there is work"
        )
    }
}

// MARK: - Commits

extension CampaignSimulation {
    /// What is in the ledger from now on is what the server did.
    func check(_ results: [AttemptResult], of process: SimulatedProcess) throws(SimulationFailure) {
        for result in results {
            let identity = Int(result.claim.sequence) - 1
            switch result.outcome {
            case .issued(let invitation):
                let given = server.given[identity]
                try require(
                    given.contains(invitation.recoveryCode),
                    "identity \(identity) was never given that code"
                )
                try require(
                    given.last == invitation.recoveryCode || book.ambiguous[identity] > 0,
                    "identity \(identity) was given a later code, and nothing in the ledger accounts for it"
                )
            case .failed(let failure):
                try check(failure, of: result.claim, in: process)
            case .tryingAgain, .dueAgain:
                break
            }
        }
    }

    /// Nobody fails for what is not theirs.
    private func check(_ failure: FailureRecord, of claim: Claim, in process: SimulatedProcess)
        throws(SimulationFailure)
    {
        let identity = Int(claim.sequence) - 1
        let character = server.characters[identity]
        guard !failure.isPermanent else {
            return try require(
                character == .unknown || character == .refused,
                "identity \(identity) failed permanently and is \(character)"
            )
        }
        let met = process.encounters[identity] ?? SimulatedProcess.Encounters()
        // An outage too short to be told from bad luck is bad luck.
        let unnoticed = met.inPhases.filter { !process.noticed.contains($0.key) }.values.reduce(0, +)
        try require(
            met.single + unnoticed > 0,
            "identity \(identity) failed for nothing but outages, \(met.inPhases) by phases"
        )
        try require(
            met.single + met.inPhases.values.reduce(0, +) >= process.options.attemptsMax,
            "identity \(identity) failed before its \(process.options.attemptsMax) tries were used up"
        )
    }
}

// MARK: - Runs

extension CampaignSimulation {
    /// What a new run finds.
    func checkBeginning() throws {
        try checkCounts()
        if let identity = book.unaccounted(given: server.given) {
            throw SimulationFailure(
                "identity \(identity) was given \(server.given[identity].count) codes; the ledger has "
                    + "\(book.ambiguous[identity]) ambiguous attempts for it, and it is "
                    + "\(book.states[identity])"
            )
        }
        let remembered = try ledger.requests(since: wallClock.advanced(by: .zero - RateLimit.memory))
            .map(\.requests).reduce(0, +)
        let arrived = arrivals.count(within: RateLimit.memory, until: now)
        try require(remembered >= arrived, "\(remembered) requests remembered, \(arrived) arrived")
    }

    /// What a run leaves.
    func check(_ end: StageEnd, of process: SimulatedProcess) throws {
        try checkCounts()
        try checkInvitations()
        try require(
            end.progress.requests == process.sent,
            "\(end.progress.requests) of \(process.sent) requests in the end"
        )
        try require(
            process.inFlight.isEmpty && process.commit == nil,
            "it ends while something is under way"
        )
        if let identity = book.unaccounted(given: server.given) {
            throw SimulationFailure("identity \(identity) has a code that nothing accounts for")
        }
        // A commit that failed once was tried again.
        let hasLedgerFailed = end.unrecordedAnswers > 0 || now < diskIsFullUntil
        try require(book.claimed == 0 || hasLedgerFailed, "\(book.claimed) are left behind")
        try checkReason(end.stop, of: process)
    }

    private func checkReason(_ stop: StopReason?, of process: SimulatedProcess) throws(SimulationFailure) {
        let elapsed = process.elapsed(now)
        let state = process.state
        switch stop {
        case nil:
            let left = book.states.count { $0 == .pending || $0 == .inDoubt }
            try require(left == 0 && !state.claims.isEnrolling, "\(left) are left by a run that is done")
        case .outage:
            guard let giveUpAfter = process.options.pacing.giveUpAfter else {
                throw SimulationFailure("it was never to give up")
            }
            // Only what happened before it gave up.
            try require(
                now - process.lastManyGoods >= giveUpAfter,
                "it gave up \(now - process.lastManyGoods) after the server was well"
            )
        case .maxDuration:
            try require(process.deadline.map { elapsed >= $0 } ?? false, "its time is not over")
        case .signal:
            try require(process.wasAskedToStop, "nobody asked it to stop")
        case .ledger:
            try require(process.commitsFailed > 0 || now < diskIsFullUntil, "the ledger has not failed")
        case .maxIdentities:
            try require(state.claims.total == process.options.maxIdentities, "it has not had as many")
        case .maxFailures:
            try require(
                process.options.maxFailures?.isExceeded(
                    failed: state.progress.failed,
                    issued: state.progress.issued
                )
                    ?? false,
                "there were no more failures than may be"
            )
        case .fatal(let answer):
            try require(
                answer.code == .unreachable && !process.hasUsefulAnswer,
                "it stopped for \(answer.code)"
            )
        case .fenced:
            throw SimulationFailure("nobody has taken it for lost")
        case .roster:
            throw SimulationFailure("there is no roster to read")
        }
    }

    /// Every identity is in one state, and in the one that it should be in.
    private func checkCounts() throws {
        var counts = try ledger.counts(now: wallClock)
        (counts.expired, counts.failures) = (0, [:])
        try require(
            counts == CampaignCounts(book),
            "\(counts) in the ledger, \(CampaignCounts(book)) expected"
        )
    }

    /// No code is lost, and none changes.
    private func checkInvitations() throws {
        var found = 0
        try ledger.forEachInvitation { row in
            found += 1
            let standing = book.states[row.identityID.number - 1]
            try require(standing == .issued(row.invitation.recoveryCode), "a code was changed: \(standing)")
        }
        let issued = CampaignCounts(book).issued
        try require(found == issued, "\(issued) codes were committed, \(found) are there")
    }

    /// Everything that can be issued is issued.
    func checkTheEnd() throws {
        for (identity, standing) in book.states.enumerated() {
            let isRight =
                switch (server.characters[identity], standing) {
                case (.ordinary, .issued), (.broken, .failed(isPermanent: false)),
                    (.unknown, .failed(isPermanent: true)), (.refused, .failed(isPermanent: true)),
                    // Left by a run that gave up.
                    (.broken, .pending), (.broken, .inDoubt):
                    true
                default: false
                }
            try require(
                isRight,
                "identity \(identity) is \(server.characters[identity]) and \(standing) in the end"
            )
        }
        outcome.ambiguousAttempts = book.ambiguous.reduce(0, +)
        outcome.doubled = server.codesGiven - CampaignCounts(book).issued
        try require(
            outcome.doubled <= outcome.ambiguousAttempts,
            "\(outcome.doubled) doubled codes, \(outcome.ambiguousAttempts) ambiguous attempts"
        )
    }
}
