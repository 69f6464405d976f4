// Looks up everybody who is due before anything is issued: who is unknown or inactive costs no code.

package import IdentityAPI
package import Ledger
package import Pacing
package import Vocabulary

/// How looking up ended.
package struct Verification: Sendable {
    /// Identities that were looked up.
    package var lookedUp = 0
    /// Of those that are due, those that the server does not have.
    package var unknown = 0
    /// Of those that are due, those that may not log in.
    package var inactive = 0
    /// Of those that are due, those that can be issued for, but that have no recovery address of their own.
    package var withoutAddress = 0
    package var requests = 0
    /// How many identities one request could name at most.
    package var batchSize = IdentityLookup.batchMax
    /// Nil when everybody was looked up.
    package var stop: StopReason?

    package init() {}
}

/// Walks over a campaign and looks its identities up, in batches that each end in the ledger.
package struct Verifier {
    private let ledger: any Ledger
    private let queue: SerialQueue
    private let run: RunID
    private let columns: [LookedUpColumn]
    private let maxIdentities: Int?
    private let time: TimeSource
    private let events: RunEvents
    private var session: LookupSession
    private var verification = Verification()
    /// Identities that can be issued for.
    private var passed = 0

    /// - Parameters:
    ///   - share: the part of every window that is ours.
    ///   - maxIdentities: stop looking up when so many can be issued for; nil for all.
    /// - Throws: what the ledger throws.
    package init(
        ledger: any Ledger,
        queue: SerialQueue,
        run: RunID,
        columns: [LookedUpColumn],
        maxIdentities: Int?,
        rates: [Rate],
        share: Double = 1,
        attemptsMax: Int,
        lookingUp api: any IdentityLookingUp,
        time: TimeSource,
        control: RunControl,
        events: RunEvents
    ) throws {
        self.ledger = ledger
        self.queue = queue
        self.run = run
        self.columns = columns
        self.maxIdentities = maxIdentities
        self.time = time
        self.events = events
        session = LookupSession(
            api,
            rates: rates,
            share: share,
            sent: try Self.sent(ledger, time),
            attemptsMax: attemptsMax,
            time: time,
            control: control,
            willSend: { try await queue.perform { try ledger.noteLookupRequest(at: time.wallClock()) } }
        )
    }

    /// What earlier runs have sent, as far as a window may reach back.
    private static func sent(_ ledger: any Ledger, _ time: TimeSource) throws -> [(Int, Duration)] {
        let (elapsed, now) = (time.elapsed(), time.wallClock())
        let start = now.advanced(by: .zero - RateLimit.memory - .seconds(1))
        return try ledger.lookupRequests(since: start).map { past in
            (past.requests, past.latestArrival(elapsed: elapsed, now: now))
        }
    }

    /// Looks up everybody in the run's scope, those first whom a dead run may have asked for; columns that are missing
    /// of issued identities, which the export has, of everybody.
    ///
    /// - Throws: what the ledger throws.
    package mutating func verify() async throws -> Verification {
        let records = columns.map { LookedUpColumnRecord(name: $0.name, path: $0.path.description) }
        try await queue.perform { [ledger] in try ledger.declareColumns(records) }
        do {
            for scope in LookupScope.allCases where scope != .issuedWithoutColumns || !columns.isEmpty {
                try await walk(scope, records)
            }
            verification.stop = try await missingColumn()
        } catch let stopped as LookupSession.Stopped {
            verification.stop = stopped.reason
        }
        return verification
    }

    private mutating func walk(_ scope: LookupScope, _ records: [LookedUpColumnRecord]) async throws {
        var last: LookupCandidate?
        while scope == .issuedWithoutColumns || passed < maxIdentities ?? .max {
            let candidates = try await queue.perform { [ledger, run, last] in
                try ledger.lookupCandidates(scope, of: run, after: last, limit: IdentityLookup.batchMax)
            }
            guard let end = candidates.last else { return }
            last = end
            let found = try await session.identities(candidates.map(\.identityID))
            let results = results(candidates, found, at: time.wallClock())
            verification.lookedUp += candidates.count
            verification.requests = session.requests
            verification.batchSize = session.batchSize
            let failed = verification.unknown + verification.inactive
            try await queue.perform { [ledger, run] in
                try ledger.recordLookups(results, columns: records, run: run, failedInRun: failed)
            }
            events.emit(.lookingUp(verification))
        }
    }

    private mutating func results(
        _ candidates: [LookupCandidate],
        _ found: [ListedIdentity],
        at now: Timestamp
    ) -> [LookupResult] {
        let identities = Dictionary(found.map { ($0.id, $0) }) { first, _ in first }
        return candidates.compactMap { candidate in
            guard let identity = identities[candidate.identityID] else {
                guard candidate.isDue else { return nil }
                verification.unknown += 1
                return LookupResult(candidate: candidate, outcome: .failed(.unknown(at: now), []))
            }
            guard candidate.isDue, !identity.isActive else {
                if candidate.isDue {
                    passed += 1
                    if !identity.hasRecoveryAddress { verification.withoutAddress += 1 }
                }
                return LookupResult(candidate: candidate, outcome: .found(identity.columns))
            }
            verification.inactive += 1
            return LookupResult(candidate: candidate, outcome: .failed(.inactive(at: now), identity.columns))
        }
    }

    /// A column whose path is in no identity at all is a mistake, and better found before the mail is written.
    private func missingColumn() async throws -> StopReason? {
        guard verification.lookedUp > verification.unknown else { return nil }
        let found = try await queue.perform { [ledger] in try ledger.foundColumns() }
        guard let missing = columns.first(where: { !found.contains($0.name) }) else { return nil }
        return .fatal(.missing(missing))
    }
}

extension FatalAnswer {
    /// A column whose path no identity has.
    package static func missing(_ column: LookedUpColumn) -> FatalAnswer {
        FatalAnswer(
            .columnMissing,
            "no identity has anything at \(column.path), which --columns wants for the column \(column.name): check the "
                + "path against one identity's JSON (traits.email, metadata_public.plan, …)"
        )
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
            kind: kind.rawValue,
            isPermanent: true,
            httpStatus: nil,
            errorID: nil,
            reason: reason,
            requestID: "",
            at: now
        )
    }
}
