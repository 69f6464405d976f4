// Results and runs. Whom a run claims: SQLiteLedger+Claims.swift.

import Foundation
import GRDB
package import Vocabulary

extension SQLiteLedger {
    package func beginRun(_ run: RunStart) throws -> RunID {
        try write { db in
            try db.execute(
                sql: """
                    UPDATE identity SET state = 2, attempts = attempts + 1, ambiguous_attempts = ambiguous_attempts + 1
                    WHERE state = 1 AND state <> 3
                    """
            )
            let inDoubt = db.changesCount
            var changed = inDoubt
            if run.takesAbsent {
                try db.execute(
                    sql: """
                        UPDATE identity SET state = 0 WHERE state = 4 AND state <> 3 AND id IN (
                            SELECT identity FROM failure WHERE is_permanent = 0 OR ?)
                        """,
                    arguments: [run.retryFailed]
                )
                changed += db.changesCount
            }
            if changed > 0 { try Self.bumpRevision(db) }
            let second = run.startedAt.milliseconds / 1000
            try db.execute(
                sql: "DELETE FROM requests_by_second WHERE second < ?",
                arguments: [second - Self.requestsKeptSeconds]
            )
            // What is in doubt may have been sent up to this moment.
            if inDoubt > 0 { try Self.add(inDoubt, in: second, of: "requests_by_second", db) }
            try db.execute(
                sql: """
                    INSERT INTO run (process, version, server, started_at_ms, takes_absent, retries_failed)
                    SELECT ?, ?, server, ?, ?, ? FROM campaign
                    """,
                arguments: [
                    run.process, run.version, run.startedAt.milliseconds, run.takesAbsent, run.retryFailed,
                ]
            )
            return RunID(number: db.lastInsertedRowID)
        }
    }

    package func noteEnrolment(_ roster: RosterID, enrolledNew: Int, run: RunID) throws {
        try write { db in
            try db.execute(
                sql: "UPDATE run SET roster = ?, enrolled_new = ? WHERE id = ?",
                arguments: [roster.number, enrolledNew, run.number]
            )
        }
    }

    package func commit(
        _ results: [AttemptResult],
        run: RunID,
        progress: RunProgress,
        claiming: Int,
        at time: Timestamp
    ) throws -> [Claim] {
        try write { db in
            if !results.isEmpty {
                let recording = try Recording(db, run)
                for result in results { try recording.record(result) }
                if results.contains(where: \.provesTheServer) { try Self.bindServer(db) }
                try Self.bumpRevision(db)
                try Self.note(progress, of: run, at: time, db)
            }
            return claiming > 0 ? try Self.claim(claiming, for: run, db) : []
        }
    }

    package func release(_ claims: [Claim]) throws {
        guard !claims.isEmpty else { return }
        try write { db in
            let statement = try db.cachedStatement(
                sql: "UPDATE identity SET state = ? WHERE id = ? AND state = 1"
            )
            for claim in claims {
                let state: SQLiteSchema.State = claim.wasInDoubt ? .inDoubt : .pending
                try statement.execute(arguments: [state.rawValue, claim.sequence])
            }
        }
    }

    package func requeueRefused() throws {
        try write { db in
            try db.execute(
                sql: """
                    UPDATE identity SET state = 0 WHERE state = 4 AND state <> 3 AND id IN (
                        SELECT identity FROM failure WHERE kind = ?)
                    """,
                arguments: [FailureRecord.rejectedByServer]
            )
            try Self.bumpRevision(db)
        }
    }

    package func finishRun(
        _ run: RunID,
        progress: RunProgress,
        stoppedBecause: String?,
        at time: Timestamp
    ) throws {
        try write { db in
            try Self.note(progress, of: run, at: time, db)
            try db.execute(
                sql: "UPDATE run SET finished_at_ms = ?, stopped_because = ? WHERE id = ?",
                arguments: [time.milliseconds, stoppedBecause, run.number]
            )
        }
    }

    package func noteOutput(_ output: OutputRecord) throws {
        let remarks = try String(decoding: JSONEncoder().encode(output.remarks), as: UTF8.self)
        try write { db in
            try db.execute(
                sql: """
                    INSERT OR REPLACE INTO output (name, revision, options, size, modified_ns, remarks)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    output.name, output.revision, output.options, output.size, output.modifiedNanoseconds,
                    remarks,
                ]
            )
        }
    }

    /// How long requests are remembered: longer than the longest window that a rate can have.
    static let requestsKeptSeconds: Int64 = 7200

    static func add(_ requests: Int, in second: Int64, of table: String, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO \(table) (second, requests) VALUES (?, ?)
                ON CONFLICT (second) DO UPDATE SET requests = requests + excluded.requests
                """
        ).execute(arguments: [second, requests])
    }

    static func note(
        _ progress: RunProgress,
        of run: RunID,
        at time: Timestamp,
        _ db: Database
    ) throws {
        let noted = try db.cachedStatement(sql: "SELECT requests FROM run WHERE id = ?")
        let more = progress.requests - max(0, try Int.fetchOne(noted, arguments: [run.number]) ?? 0)
        if more > 0 { try add(more, in: time.milliseconds / 1000, of: "requests_by_second", db) }
        try db.cachedStatement(
            sql: """
                UPDATE run SET requests = ?, retries = ?, issued = ?, failed = ?, ambiguous_attempts = ?,
                    rate_limited_answers = ?, limit_in_force = ?, limited_by = ? WHERE id = ?
                """
        ).execute(arguments: [
            progress.requests, progress.retries, progress.issued, progress.failed, progress.ambiguousAttempts,
            progress.rateLimitedAnswers, progress.limitInForce, progress.limitedBy, run.number,
        ])
    }
}

/// The statements of one recording transaction.
private struct Recording {
    private let run: RunID
    private let insertInvitation: RowStatement
    private let insertFailure: Statement
    private let update: RowStatement

    init(_ db: Database, _ run: RunID) throws {
        self.run = run
        insertInvitation = try RowStatement(db, sql: SQLiteLedger.insertInvitation)
        insertFailure = try db.cachedStatement(sql: SQLiteLedger.insertFailure)
        update = try RowStatement(
            db,
            sql: """
                UPDATE identity SET state = ?, attempts = attempts + 1, ambiguous_attempts = ambiguous_attempts + ?
                WHERE id = ? AND state = 1
                """
        )
    }

    func record(_ result: AttemptResult) throws {
        let state: SQLiteSchema.State
        switch result.outcome {
        case .issued(let invitation):
            try insertInvitation.run(invitation, identity: result.claim.sequence, run: run)
            state = .issued
        case .failed(let failure):
            try insert(failure, result.claim)
            state = .failed
        case .tryingAgain(let failure):
            try insert(failure, result.claim)
            state = .claimed
        case .dueAgain(let failure):
            if let failure { try insert(failure, result.claim) }
            state = .pending
        }
        guard try update.run(state.rawValue, result.isAmbiguous ? 1 : 0, result.claim.sequence) == 1 else {
            throw LedgerError(
                .failed,
                "identity \(result.claim.identityID) was answered but is not claimed in the ledger; "
                    + "has another program written to it?"
            )
        }
    }

    private func insert(_ failure: FailureRecord, _ claim: Claim) throws {
        try insertFailure.execute(arguments: SQLiteLedger.arguments(of: failure, identity: claim.sequence))
    }
}

extension RowStatement {
    /// Runs `SQLiteLedger.insertInvitation`.
    ///
    /// `sealedHere` are the numbers of seals in this ledger, where the invitation has another ledger's.
    func run(
        _ invitation: IssuedInvitation,
        identity: Int64,
        run: RunID,
        sealedHere: [SealID: SealID] = [:]
    ) throws {
        var plain: (code: String, link: String)?
        var sealed: (seal: Int64, bytes: [UInt8])?
        switch invitation.secret {
        case .plain(let code, let link): plain = (code, link)
        case .sealed(let seal, let bytes): sealed = ((sealedHere[seal] ?? seal).number, bytes)
        case .purged: throw LedgerError(.failed, "an invitation is recorded with its code, or not at all")
        }
        try self.run(
            identity,
            plain?.code,
            plain?.link,
            sealed?.seal,
            sealed?.bytes,
            invitation.expiresAtText,
            invitation.expiresAt.milliseconds,
            invitation.requestID,
            invitation.issuedAt.milliseconds,
            run.number
        )
    }
}

extension SQLiteLedger {
    static let insertInvitation = """
        INSERT INTO invitation (identity, recovery_code, recovery_link, seal, sealed, expires_at, expires_at_ms,
            request_id, issued_at_ms, run) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    /// Keeps an identity's last failure.
    static let insertFailure = """
        INSERT OR REPLACE INTO failure (identity, kind, is_permanent, http_status, error_id, reason, request_id,
            attempted_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """

    static func arguments(of failure: FailureRecord, identity: Int64) -> StatementArguments {
        [
            identity, failure.kind, failure.isPermanent, failure.httpStatus, failure.errorID, failure.reason,
            failure.requestID, failure.at.milliseconds,
        ]
    }
}
