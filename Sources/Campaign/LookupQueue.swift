// The ledger as looking up sees it.

import Providers
import Ledger
import Synchronization
import Model
import Work

/// Walks over the identities in a run's scope, and records what looking them up came to.
///
/// Those come first whom a lost run may have asked for. A look-up marks nothing in the ledger: what was not
/// recorded when a process dies is looked up again.
final class LookupQueue: StageQueue {
    private struct State {
        var scopes: [LookupScope]
        /// The last candidate of the first scope that was taken.
        var last: LookupCandidate?
        /// By sequence, those who are claimed.
        var claimed: [Int64: LookupCandidate] = [:]
        var verification = Verification()
        /// What the ledger has thrown.
        var failure: (any Error)?
    }

    private let ledger: any WorkQueue
    private let run: RunID
    private let columns: [LookedUpColumn]
    private let maxIdentities: Int
    let renewInterval: Duration?
    private let state: Mutex<State>

    /// - Parameters:
    ///   - maxIdentities: no more are looked up when so many can be issued for; nil for all.
    ///   - renewInterval: how often to renew the run's lease; nil for never.
    init(
        _ ledger: any WorkQueue,
        run: RunID,
        columns: [LookedUpColumn],
        maxIdentities: Int?,
        renewInterval: Duration? = nil
    ) {
        self.ledger = ledger
        self.renewInterval = renewInterval
        self.run = run
        self.columns = columns
        self.maxIdentities = maxIdentities ?? .max
        let scopes = LookupScope.allCases.filter { $0 != .issuedWithoutColumns || !columns.isEmpty }
        state = Mutex(State(scopes: scopes))
    }

    /// What was found so far.
    var verification: Verification { state.withLock(\.verification) }

    /// What the ledger has thrown last; nil where it has thrown nothing.
    var failure: (any Error)? { state.withLock(\.failure) }

    func commit(
        _ results: [StageResult<[ListedIdentity]>],
        progress: RunProgress,
        claiming: Int,
        at time: Timestamp
    ) throws -> Committed {
        // The disk is waited for without the lock. Commits come one after the other, and what else changes
        // meanwhile is the failure of a count.
        var work = state.withLock(\.self)
        work.failure = nil
        defer {
            state.withLock { state in
                let failure = work.failure ?? state.failure
                state = work
                state.failure = failure
            }
        }
        do {
            let records = try record(results, &work, at: time)
            return Committed(claims: try claim(claiming, &work), failures: records.compactMap(\.failure))
        } catch let error as LedgerError where error.code == .fenced {
            // The run stops for it, and nobody has to be told of a failure.
            throw error
        } catch {
            work.failure = error
            throw error
        }
    }

    func renew(at time: Timestamp) throws { try ledger.renew(run, at: time) }

    func requests(since time: Timestamp) throws -> [RequestsInSecond] {
        try ledger.lookupRequests(since: time)
    }

    /// Counts a request, which is about to be sent.
    func noteRequest(at time: Timestamp) throws {
        do { try ledger.noteLookupRequest(at: time) } catch {
            state.withLock { $0.failure = error }
            throw error
        }
    }

    // MARK: - Results

    /// - Returns: what was recorded.
    private func record(
        _ results: [StageResult<[ListedIdentity]>],
        _ state: inout State,
        at now: Timestamp
    ) throws -> [LookupResult] {
        var verification = state.verification
        var records: [LookupResult] = []
        for result in results {
            guard case .done(let found) = result.outcome else { continue }
            let candidates = result.claims.compactMap { state.claimed[$0.sequence] }
            records += verification.note(candidates, found, at: now)
        }
        if results.contains(where: { if case .done = $0.outcome { true } else { false } }) {
            try ledger.recordLookups(
                records,
                columns: columns,
                run: run,
                failedInRun: verification.unknown + verification.inactive
            )
        }
        state.verification = verification
        for result in results {
            if case .tryingAgain = result.outcome { continue }
            for claim in result.claims { state.claimed[claim.sequence] = nil }
        }
        return records
    }

    // MARK: - Claims

    private func claim(_ count: Int, _ state: inout State) throws -> [Claim] {
        var claims: [Claim] = []
        while claims.count < count, let scope = state.scopes.first {
            let isWanted = scope == .issuedWithoutColumns || state.verification.passed < maxIdentities
            let candidates =
                isWanted
                ? try ledger.lookupCandidates(
                    scope,
                    of: run,
                    after: state.last,
                    limit: count - claims.count
                ) : []
            guard let last = candidates.last else {
                state.scopes.removeFirst()
                state.last = nil
                continue
            }
            state.last = last
            for candidate in candidates {
                state.claimed[candidate.sequence] = candidate
                claims.append(
                    Claim(
                        sequence: candidate.sequence,
                        identityID: candidate.identityID,
                        wasInDoubt: scope == .inDoubt
                    )
                )
            }
        }
        return claims
    }
}

extension Verification {
    /// Counts what became of the candidates that were asked for, and says what is to be recorded of each.
    fileprivate mutating func note(
        _ candidates: [LookupCandidate],
        _ found: [ListedIdentity],
        at now: Timestamp
    ) -> [LookupResult] {
        lookedUp += candidates.count
        let identities = Dictionary(found.map { ($0.id, $0) }) { first, _ in first }
        return candidates.compactMap { candidate in
            guard let identity = identities[candidate.identityID] else {
                guard candidate.isDue else { return nil }
                unknown += 1
                return LookupResult(candidate: candidate, outcome: .failed(.unknown(at: now), []))
            }
            guard candidate.isDue, !identity.isActive else {
                if candidate.isDue {
                    passed += 1
                    if !identity.hasRecoveryAddress { withoutAddress += 1 }
                }
                return LookupResult(candidate: candidate, outcome: .found(identity.columns))
            }
            inactive += 1
            return LookupResult(candidate: candidate, outcome: .failed(.inactive(at: now), identity.columns))
        }
    }
}

extension LookupResult {
    fileprivate var failure: (identity: IdentityID, failure: FailureRecord)? {
        guard case .failed(let failure, _) = outcome else { return nil }
        return (candidate.identityID, failure)
    }
}

extension FailureRecord {
    fileprivate static func unknown(at now: Timestamp) -> FailureRecord {
        lookedUp(.unknownIdentity, "looked up before issuing: the server has no such identity", at: now)
    }

    fileprivate static func inactive(at now: Timestamp) -> FailureRecord {
        lookedUp(
            .inactiveIdentity,
            "looked up before issuing: the identity is inactive, and a code would not let it in",
            at: now
        )
    }

    private static func lookedUp(_ kind: FailureKind, _ reason: String, at now: Timestamp) -> FailureRecord {
        FailureRecord(
            Failure(kind: kind, httpStatus: nil, errorID: nil, reason: reason),
            isPermanent: true,
            requestID: "",
            at: now
        )
    }
}
