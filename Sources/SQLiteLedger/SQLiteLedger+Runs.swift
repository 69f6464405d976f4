// Results and runs. Whom a run claims: SQLiteLedger+Claims.swift.

import Foundation
import GRDB
package import Ledger
package import Model

extension SQLiteLedger {
    package func beginRun(_ run: RunStart) throws -> RunID {
        try write { db in
            if run.takesAbsent {
                try Self.makeFailedDue(
                    "SELECT identity FROM failure WHERE is_permanent = 0 OR ?",
                    [run.retryFailed],
                    db
                )
            }
            try db.execute(
                sql: "DELETE FROM requests_by_second WHERE second < ?",
                arguments: [run.startedAt.milliseconds / 1000 - Self.requestsKeptSeconds]
            )
            let lease = Int64(run.lease / .milliseconds(1))
            try db.execute(
                sql: """
                    INSERT INTO run (process, version, server, started_at_ms, takes_absent, retries_failed,
                        key, lease_ms, lease_until_ms)
                    SELECT ?, ?, server, ?, ?, ?, ?, ?, ? FROM campaign
                    """,
                arguments: [
                    run.process, run.version, run.startedAt.milliseconds, run.takesAbsent, run.retryFailed,
                    run.key.data, lease, run.startedAt.milliseconds + lease,
                ]
            )
            let begun = RunID(number: db.lastInsertedRowID)
            try Self.rescue(run.declaresLost, by: begun, at: run.startedAt, db)
            return begun
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
    ) throws -> Committed {
        try noting(run, at: time) { db in
            let row = try RunRow(run, db)
            try row.checkHold(path)
            var committed = Committed()
            if results.isEmpty {
                try Self.renewLease(run, at: time, db)
            } else {
                let recording = try Recording(db, run, at: time)
                for result in results where try !recording.record(result) {
                    committed.surplus.append(result.claim)
                }
                if results.contains(where: \.provesTheServer) { try Self.bindServer(db) }
                try Self.bumpRevision(db)
                try Self.note(progress, of: row, at: time, db)
            }
            if claiming > 0 { committed.claims = try Self.claim(claiming, for: row, db) }
            return committed
        }
    }

    package func renew(_ run: RunID, at time: Timestamp) throws {
        try noting(run, at: time) { db in
            try RunRow(run, db).checkHold(path)
            try Self.renewLease(run, at: time, db)
        }
    }

    package func release(_ claims: [Claim], run: RunID) throws {
        guard !claims.isEmpty else { return }
        try write { db in
            let statement = try RowStatement(
                db,
                sql: "UPDATE identity SET state = ?, run = NULL WHERE id = ? AND state = 1 AND run = ?"
            )
            for claim in claims {
                let state: SQLiteSchema.State = claim.wasInDoubt ? .inDoubt : .pending
                try statement.run(state.rawValue, claim.sequence, run.number)
            }
        }
    }

    package func requeueRefused() throws {
        try write { db in
            try Self.makeFailedDue(
                "SELECT identity FROM failure WHERE kind = ?",
                [FailureKind.rejectedByServer.rawValue],
                db
            )
        }
    }

    /// Makes those due again who have failed and are among the identities that `which` selects.
    static func makeFailedDue(_ which: String, _ arguments: StatementArguments, _ db: Database) throws {
        try db.execute(
            sql: "UPDATE identity SET state = 0 WHERE state = 4 AND state <> 3 AND id IN (\(which))",
            arguments: arguments
        )
        if db.changesCount > 0 { try bumpRevision(db) }
    }

    package func finishRun(
        _ run: RunID,
        progress: RunProgress,
        stoppedBecause: String?,
        at time: Timestamp
    ) throws {
        try noting(run, at: time, isEnd: true) { db in
            try Self.note(progress, of: RunRow(run, db), at: time, db)
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
        of run: RunRow,
        at time: Timestamp,
        _ db: Database
    ) throws {
        let more = progress.requests - max(0, run.requests)
        if more > 0 { try add(more, in: time.milliseconds / 1000, of: "requests_by_second", db) }
        try db.cachedStatement(
            sql: """
                UPDATE run SET requests = ?, retries = ?, issued = ?, failed = ?, ambiguous_attempts = ?,
                    rate_limited_answers = ?, limit_in_force = ?, limited_by = ?,
                    lease_until_ms = ? + lease_ms
                WHERE id = ?
                """
        ).execute(arguments: [
            progress.requests, progress.retries, progress.issued, progress.failed, progress.ambiguousAttempts,
            progress.rateLimitedAnswers, progress.limitInForce, progress.limitedBy?.rawValue,
            time.milliseconds,
            run.id.number,
        ])
    }

    private static func renewLease(_ run: RunID, at time: Timestamp, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE run SET lease_until_ms = ? + lease_ms WHERE id = ?")
            .execute(arguments: [time.milliseconds, run.number])
    }
}

/// What a transaction has to know of its run.
struct RunRow {
    let id: RunID
    let scope: RunScope
    /// As many as it had noted.
    let requests: Int
    private let isLost: Bool

    init(_ run: RunID, _ db: Database) throws {
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: "SELECT takes_absent, roster, requests, lost_at_ms IS NOT NULL FROM run WHERE id = ?"
            ),
            arguments: [run.number]
        )
        guard let row else { throw UnexpectedValue("no run of that number") }
        id = run
        if try row.at(0) as Bool {
            scope = .everybody
        } else {
            scope = (try row.at(1) as Int64?).map(RunScope.roster) ?? .nobody
        }
        requests = try row.at(2)
        isLost = try row.at(3)
    }

    /// - Throws: `LedgerError` where the run was declared lost.
    func checkHold(_ path: String) throws {
        guard isLost else { return }
        throw LedgerError(
            .fenced,
            "this run was taken for lost, and another one goes on with the campaign of the ledger \(path): "
                + "nothing more is issued here"
        )
    }
}

/// The statements of one recording transaction.
private struct Recording {
    private let run: RunID
    private let invitations: InvitationWriter
    private let insertFailure: Statement
    private let update: RowStatement
    private let history: AttemptHistory
    private let late: LateHistory

    init(_ db: Database, _ run: RunID, at time: Timestamp) throws {
        self.run = run
        late = try LateHistory(db, at: time)
        invitations = try InvitationWriter(db)
        insertFailure = try db.cachedStatement(sql: SQLiteLedger.insertFailure)
        history = try AttemptHistory(db, at: time)
        update = try RowStatement(
            db,
            sql: """
                UPDATE identity SET state = ?1, run = CASE ?1 WHEN 1 THEN run END, attempts = attempts + 1,
                    ambiguous_attempts = ambiguous_attempts + ?2
                WHERE id = ?3 AND state = 1 AND run = ?4
                """
        )
    }

    /// Returns whether the claim still was the run's: else a late answer has ended it.
    func record(_ result: AttemptResult) throws -> Bool {
        let state: SQLiteSchema.State =
            switch result.outcome {
            case .issued: .issued
            case .failed: .failed
            case .tryingAgain: .claimed
            case .dueAgain: .pending
            }
        let claim = result.claim
        guard try update.run(state.rawValue, result.isAmbiguous ? 1 : 0, claim.sequence, run.number) == 1
        else {
            try surplus(result)
            return false
        }
        if case .issued(let invitation) = result.outcome {
            try invitations.write(
                invitation,
                identity: claim.sequence,
                generation: claim.generation,
                run: run
            )
            return true
        }
        if let failure = result.failure {
            try insertFailure.execute(
                arguments: SQLiteLedger.arguments(of: failure, identity: claim.sequence)
            )
        }
        try history.add(result, identity: claim.sequence, run: run)
        return true
    }

    private func surplus(_ result: AttemptResult) throws {
        let claim = result.claim
        guard try invitations.isRecorded(claim.generation, of: claim.sequence, notBy: run) else {
            throw LedgerError(
                .failed,
                "identity \(result.claim.identityID) was answered but is not claimed in the ledger; "
                    + "has another program written to it?"
            )
        }
        try late.addSuperseded(result, identity: result.claim.sequence, run: run)
    }
}

extension AttemptResult {
    /// The failure that it came to.
    var failure: FailureRecord? {
        switch outcome {
        case .issued: nil
        case .failed(let failure), .tryingAgain(let failure): failure
        case .dueAgain(let failure): failure
        }
    }
}

extension SQLiteLedger {
    /// Keeps an identity's last failure.
    static let insertFailure = """
        INSERT OR REPLACE INTO failure (identity, kind, is_permanent, http_status, error_id, reason,
            request_id,
            attempted_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """

    static func arguments(of failure: FailureRecord, identity: Int64) -> StatementArguments {
        [
            identity, failure.kind.rawValue, failure.isPermanent, failure.httpStatus, failure.errorID,
            failure.reason, failure.requestID, failure.at.milliseconds,
        ]
    }
}
