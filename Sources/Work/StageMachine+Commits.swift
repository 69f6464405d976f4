// Answers into the ledger, and claims out of it.

import Ledger
import Pacing
import Model

extension StageMachine {
    /// A commit has succeeded, with these new claims.
    ///
    /// - Parameter surplus: claims of its results that had ended before, by an answer of a lost run.
    mutating func committed(
        _ commit: StageCommit<Value>,
        _ new: [Claim],
        surplus: [Claim] = [],
        at elapsed: Duration
    ) -> Actions {
        claims.committed(commit, claims: new.count)
        if !surplus.isEmpty { drop(Set(surplus.map(\.sequence)), of: commit) }
        pool.add(new, batchSize: batchSize)
        return actions(elapsed)
    }

    /// Others had what these claims were for: results of this run are too many, and nothing more is sent.
    ///
    /// What is in flight of them ends with a commit of its own, which says the same.
    private mutating func drop(_ surplus: Set<Int64>, of commit: StageCommit<Value>) {
        for result in commit.results {
            let count = result.claims.count { surplus.contains($0.sequence) }
            switch result.outcome {
            case .done:
                // What was issued so often is not what the identities have.
                progress.issued -= count
                progress.ambiguousAttempts += count
            case .failed: progress.failed -= count
            case .tryingAgain, .dueAgain: break
            }
        }
        claims.dropped(pool.remove(surplus))
    }

    /// A commit was refused, for the run was declared lost; the sentence says so.
    ///
    /// - Parameter surplus: its results are in the ledger all the same, but for these.
    mutating func fenced(
        _ commit: StageCommit<Value>,
        _ sentence: Wording,
        surplus: [Claim],
        at elapsed: Duration
    ) -> Actions {
        stop(because: .fenced(sentence))
        return committed(commit, [], surplus: surplus, at: elapsed)
    }

    /// A commit has failed; the sentence says why.
    mutating func commitFailed(
        _ commit: StageCommit<Value>,
        _ sentence: Wording,
        at elapsed: Duration
    ) -> Actions {
        stop(because: .ledger(sentence))
        claims.failed(commit)
        return actions(elapsed)
    }

    /// The next transaction, when there is reason for one now.
    mutating func nextCommit(_ elapsed: Duration) -> StageCommit<Value>? {
        settleLastTries(elapsed)
        let claiming = stop == nil && claims.mayClaim ? claimable : 0
        guard !claims.isCommitting, mustCommit(elapsed, claiming) else { return nil }
        notePacing()
        return claims.beginCommit(claiming: claiming, progress)
    }

    /// What holds the run up, for summaries.
    mutating func notePacing() {
        let limits = admission.limitInForce
        progress.limitInForce = limits.isEmpty ? nil : limits.inWords
        progress.limitedBy = admission.limitedBy
    }

    /// As many requests as are claimed for: as many as may be in flight, or may soon be.
    private var concurrency: Int {
        max(admission.concurrency, min(Self.concurrencySoon, options.pacing.concurrency.max))
    }

    /// A concurrency that is still to be found may come to it before the next claims do.
    private static var concurrencySoon: Int { 8 }

    /// Identities that may be claimed while the concurrency is what it is.
    private var claimedUsually: Int { options.claimsPerRequest * concurrency * traits.batchMax }

    /// As many results are a commit's worth.
    ///
    /// By then half of what is claimed has an answer, and the other half is in flight or goes out while the
    /// commit is under way. Each commit writes some pages and changes threads, whatever it holds: larger ones
    /// cost less for each.
    private var committedUsually: Int { max(1, options.claimsPerRequest / 2) * concurrency }

    /// Identities that may ever be claimed at a time.
    var claimedMax: Int { options.claimedMax * traits.batchMax }

    /// How many more may be claimed by the next commit, which ends some claims: whole batches.
    ///
    /// No more than the limits let go soon: whatever is claimed when the process dies counts as sent in the
    /// next run.
    private var claimable: Int {
        let room = min(
            claimedUsually + probeClaims - claims.left,
            (soonSent - pool.ready.count) * traits.batchMax
        )
        return claims.claimable(max(0, room) / traits.batchMax * traits.batchMax)
    }

    /// How many requests may go out within a second, and a few.
    private var soonSent: Int {
        // Far more than may ever be claimed, where there is no limit.
        admission.perSecond.map { Int(min($0.rounded(.up), 1_000_000)) + Self.concurrencySoon } ?? 1 << 32
    }

    /// Claims beyond the usual in an outage in which all that is claimed has failed: to be asked for in the
    /// others' place, for those may fail by themselves.
    private var probeClaims: Int {
        guard admission.isOutage, pool.ready.isEmpty else { return 0 }
        let wanted = claims.left + Self.concurrencySoon * traits.batchMax
        return max(0, min(wanted, claimedMax) - claimedUsually)
    }

    private func mustCommit(_ elapsed: Duration, _ claiming: Int) -> Bool {
        if claims.results.isEmpty {
            // The first claims, and those without which nothing would go on; others come along with results.
            let isHungry = claims.open < concurrency * traits.batchMax || isIdle
            return claiming > 0 && (!pool.hasReady && isHungry || admission.isOutage && pool.ready.isEmpty)
        }
        if claims.hasFailed { return inFlight == 0 }
        return claims.results.count >= committedUsually || stop != nil || (!pool.hasReady && inFlight == 0)
            || elapsed >= claims.resultsSince + Self.commitDelay
    }

    /// Whether nothing is on and nothing will be by itself.
    private var isIdle: Bool { inFlight == 0 && pool.isEmpty }

    /// Decides on those who failed for the last time, where nothing more will be learnt about them.
    private mutating func settleLastTries(_ elapsed: Duration) {
        guard !lastTries.isEmpty else { return }
        if stop != nil { return giveUpLastTries(elapsed) }
        guard isIdle else { return }
        if traits.usedUp == .stopsRun { return concludeLastTries(elapsed) }
        if lastTries.hasUnsent { return suspectOutage(elapsed) }
        if !claims.hasOthers { concludeLastTries(elapsed) } else if claimable == 0 { suspectOutage(elapsed) }
    }
}
