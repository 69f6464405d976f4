// The ledger as asking about invitations sees it.

import Providers
import Ledger
import Synchronization
import Model
import Work

/// What asking has found so far.
package struct SyncTally: Hashable, Sendable {
    /// Identities that were asked about.
    package var asked = 0
    /// Identities that are known to have activated since, and were not before.
    package var activated = 0
    /// Identities whose invitation is known to have been redeemed since, and was not before.
    package var redeemed = 0
    package var requests = 0
    /// Whether the server cannot be asked for many identities at a time.
    package var askedSingly = false

    package init() {}
}

/// Walks over the identities in scope, and records what asking about them came to.
///
/// It marks nothing in the ledger: what was not recorded when a process dies is asked again.
final class SyncQueue<Value: Sendable>: StageQueue {
    /// Reads what came for some identities.
    typealias Read = @Sendable (Value, [ActivationCandidate]) -> [ActivationResult]

    private struct State {
        /// The last candidate that was taken.
        var last: Int64 = 0
        /// By sequence, those who are claimed.
        var claimed: [Int64: ActivationCandidate] = [:]
        var tally = SyncTally()
        /// What the ledger has thrown.
        var failure: (any Error)?
    }

    private let ledger: any WorkQueue
    private let scope: ActivationScope
    private let read: Read
    private let state = Mutex(State())

    init(_ ledger: any WorkQueue, _ scope: ActivationScope, read: @escaping Read) {
        self.ledger = ledger
        self.scope = scope
        self.read = read
    }

    var tally: SyncTally { state.withLock(\.tally) }

    /// What the ledger has thrown last; nil where it has thrown nothing.
    var failure: (any Error)? { state.withLock(\.failure) }

    func commit(
        _ results: [StageResult<Value>],
        progress: RunProgress,
        claiming: Int,
        at time: Timestamp
    ) throws -> Committed {
        // The disk is waited for without the lock; commits come one after the other.
        var work = state.withLock(\.self)
        work.failure = nil
        defer { state.withLock { $0 = work } }
        do {
            try record(results, &work, at: time)
            guard claiming > 0 else { return Committed() }
            let found = try ledger.activationCandidates(scope, after: work.last, limit: claiming)
            work.last = found.last?.sequence ?? work.last
            for candidate in found { work.claimed[candidate.sequence] = candidate }
            let claims = found.map {
                Claim(sequence: $0.sequence, identityID: $0.identityID, wasInDoubt: false)
            }
            return Committed(claims: claims)
        } catch {
            work.failure = error
            throw error
        }
    }

    func requests(since time: Timestamp) throws -> [RequestsInSecond] {
        try ledger.lookupRequests(since: time)
    }

    private func record(_ results: [StageResult<Value>], _ state: inout State, at now: Timestamp) throws {
        var found: [ActivationResult] = []
        var tally = state.tally
        for result in results {
            guard case .done(let value) = result.outcome else { continue }
            let candidates = result.claims.compactMap { state.claimed[$0.sequence] }
            let read = read(value, candidates)
            tally.note(read, of: candidates)
            found += read
        }
        try ledger.recordActivations(found, at: now)
        state.tally = tally
        for result in results {
            if case .tryingAgain = result.outcome { continue }
            for claim in result.claims { state.claimed[claim.sequence] = nil }
        }
    }
}

extension SyncTally {
    mutating func note(_ results: [ActivationResult], of candidates: [ActivationCandidate]) {
        asked += candidates.count
        let before = Dictionary(candidates.map { ($0.sequence, $0.known?.state) }) { first, _ in first }
        for result in results {
            guard case .known(let activation) = result.finding else { continue }
            let isNew = (before[result.sequence] ?? nil) != activation.state
            if activation.state == .activated, isNew { activated += 1 }
            if activation.state == .redeemed, isNew { redeemed += 1 }
        }
    }
}

// MARK: - From answers to results

extension ActivationCandidate {
    func result(_ listed: ListedIdentity?) -> ActivationResult {
        switch ActivationRules.read(listed, issuedAt: issuedAt) {
        case .changed: ActivationResult(sequence: sequence, finding: .changed)
        case .known(let activation): result(activation)
        }
    }

    func result(_ shown: ShownIdentity?) -> ActivationResult {
        result(ActivationRules.read(shown, issuedAt: issuedAt))
    }

    /// What is known by now: that somebody came in by this invitation stays known.
    private func result(_ activation: Activation) -> ActivationResult {
        let isKept =
            activation.state == .unused && known?.state == .redeemed
            && known?.at.map { $0 > issuedAt } ?? false
        return ActivationResult(
            sequence: sequence,
            finding: .known(isKept ? known ?? activation : activation)
        )
    }

    /// Nil where no session began with the invitation.
    func result(_ sessions: [ShownSession]) -> ActivationResult? {
        ActivationRules.redemption(sessions, issuedAt: issuedAt)
            .map { ActivationResult(sequence: sequence, finding: .known($0)) }
    }
}
