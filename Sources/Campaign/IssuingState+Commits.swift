// Answers into the ledger, and claims out of it.

import Ledger
import Pacing
import Vocabulary

extension IssuingState {
    /// The next transaction, when there is reason for one now.
    mutating func nextCommit(_ elapsed: Duration) -> Commit? {
        settleLastTries(elapsed)
        guard !isCommitting else { return nil }
        let claiming = stop == nil && !isExhausted && starvedAt != enrolments ? claimable : 0
        guard mustCommit(elapsed, claiming) else { return nil }
        isCommitting = true
        notePacing()
        defer {
            results = []
            endingResults = 0
        }
        return Commit(
            results: results,
            enrolments: enrolments,
            claiming: claiming,
            progress: progress,
            ending: endingResults
        )
    }

    /// What holds the run up, for summaries.
    mutating func notePacing() {
        let limits = admission.limitInForce
        progress.limitInForce = limits.isEmpty ? nil : limits.map(\.description).joined(separator: ", ")
        progress.limitedBy = admission.limitedBy.rawValue
    }

    /// As many as are claimed four at a time for: as many as may be in flight, or may soon be.
    private var concurrency: Int {
        max(admission.concurrency, min(Self.concurrencySoon, options.pacing.concurrency.max))
    }

    /// A concurrency that is still to be found may come to it before the next claims do.
    private static let concurrencySoon = 8

    /// How many more may be claimed by the next commit, which ends some claims.
    ///
    /// No more than the limits let go soon: whatever is claimed when the process dies counts as sent in the next run.
    private var claimable: Int {
        let room = min(4 * concurrency + scouts - (claimed - endingResults), soonSent - fresh.count)
        return max(0, min(room, (options.maxIdentities ?? .max) - claimedTotal))
    }

    /// How many may go out within a second, and a few.
    private var soonSent: Int {
        admission.perSecond.map { Int(min($0.rounded(.up), 1_000_000)) + Self.concurrencySoon } ?? .max
    }

    /// Claims beyond the usual in an outage in which all that is claimed has failed: to be asked for in the others' place,
    /// for those may fail by themselves.
    private var scouts: Int {
        guard admission.isOutage, fresh.isEmpty else { return 0 }
        return max(
            0,
            min(claimed - endingResults + Self.concurrencySoon, options.claimedMax) - 4 * concurrency
        )
    }

    private func mustCommit(_ elapsed: Duration, _ claiming: Int) -> Bool {
        let hasReady = !fresh.isEmpty || !again.isEmpty
        if results.isEmpty {
            // The first claims, and those without which nothing would go on; others come along with results.
            return claiming > 0
                && (!hasReady && (claimed < concurrency || isIdle) || admission.isOutage && fresh.isEmpty)
        }
        if hasLedgerFailed { return inFlight == 0 }
        return results.count >= concurrency || stop != nil || (!hasReady && inFlight == 0)
            || elapsed - resultsSince >= Self.commitDelay
    }

    /// Whether there are identities to come that are not claimed yet.
    var hasOthers: Bool { !isExhausted && (isEnrolling || claimedTotal < due) }

    /// Whether nothing is on and nothing will be by itself.
    private var isIdle: Bool { inFlight == 0 && fresh.isEmpty && again.isEmpty && retries.isEmpty }

    /// Decides on those who failed for the last time, where nothing more will be learnt about them.
    private mutating func settleLastTries(_ elapsed: Duration) {
        guard !lastTries.isEmpty else { return }
        if stop != nil { return giveUpLastTries(elapsed) }
        guard isIdle else { return }
        // A connection that is refused is nobody's own fault.
        if lastTries.contains(where: { !$0.wasSent }) { return suspectOutage(elapsed) }
        if !hasOthers { concludeLastTries(elapsed) } else if claimable == 0 { suspectOutage(elapsed) }
    }

    /// A commit has succeeded, with these new claims.
    mutating func committed(_ commit: Commit, _ claims: [Claim]) {
        isCommitting = false
        claimed += claims.count - commit.ending
        claimedTotal += claims.count
        fresh.append(contentsOf: claims.map { Work(claim: $0) })
        if options.maxIdentities == claimedTotal { isExhausted = true }
        guard claims.count < commit.claiming else { return }
        // What was enrolled since the commit was made has not been looked for by it.
        if commit.enrolments == enrolments, !isEnrolling {
            isExhausted = true
        } else {
            starvedAt = commit.enrolments
        }
    }

    /// A commit has failed: nothing of it is in the ledger.
    ///
    /// It is tried once more when nothing is in flight any more.
    mutating func commitFailed(_ commit: Commit, _ sentence: String) {
        isCommitting = false
        requestStop(.ledger(sentence))
        if hasLedgerFailed {
            unrecorded += commit.results + results
            unrecordedClaims.formUnion(unrecorded.map(\.claim.sequence))
            results = []
            endingResults = 0
        } else {
            hasLedgerFailed = true
            results = commit.results + results
            endingResults += commit.ending
        }
    }

    /// What is claimed and not under way: to be given back when the run is over.
    ///
    /// What was asked for in this run is in doubt no more; what is not recorded of it stays claimed.
    var unsent: [Claim] {
        let works = [Array(fresh), Array(again), retries.map(\.work)].joined()
        return works.filter { !unrecordedClaims.contains($0.claim.sequence) }.map { work in
            var claim = work.claim
            claim.wasInDoubt = claim.wasInDoubt && work.requests == 0
            return claim
        }
    }
}
