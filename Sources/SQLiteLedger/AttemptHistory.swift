// The attempts of identities that did not succeed, as they are written.

import Foundation
import GRDB
import Ledger
import Model

/// The statements of one transaction that keeps attempts.
struct AttemptHistory {
    private let time: Timestamp
    private let insert: RowStatement
    private let forget: RowStatement

    /// - Parameter time: of attempts that came to no failure with a time of its own.
    init(_ db: Database, at time: Timestamp) throws {
        self.time = time
        insert = try RowStatement(
            db,
            sql: """
                INSERT INTO attempt (identity, number, run, stage, outcome, kind, is_ambiguous, http_status,
                    request_id, at_ms)
                VALUES (?1, 1 + coalesce((SELECT max(number) FROM attempt WHERE identity = ?1), 0),
                    ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) RETURNING number
                """
        )
        forget = try RowStatement(db, sql: "DELETE FROM attempt WHERE identity = ? AND number <= ?")
    }

    /// Keeps the attempt of a result, unless it succeeded.
    func add(_ result: AttemptResult, identity: Int64, run: RunID) throws {
        let outcome: AttemptRecord.Outcome
        switch result.outcome {
        case .issued: return
        case .failed(let failure): outcome = failure.isPermanent ? .permanent : .transient
        case .tryingAgain: outcome = .retried
        case .dueAgain: outcome = .dueAgain
        }
        try add(
            outcome,
            result.failure,
            isAmbiguous: result.isAmbiguous,
            requestID: result.requestID,
            identity: identity,
            run: run
        )
    }

    /// - Parameter requestID: where there is no failure that has one.
    func add(
        _ outcome: AttemptRecord.Outcome,
        _ failure: FailureRecord?,
        stage: AttemptRecord.Stage = .issue,
        isAmbiguous: Bool = false,
        requestID: String = "",
        identity: Int64,
        run: RunID
    ) throws {
        let number = try insert.first(
            identity,
            run.number,
            stage.rawValue,
            outcome.rawValue,
            failure?.kind.rawValue,
            isAmbiguous ? 1 : 0,
            failure?.httpStatus,
            failure?.requestID ?? requestID,
            (failure?.at ?? time).milliseconds
        )
        guard let number, number > AttemptRecord.keptPerIdentity else { return }
        try forget.run(identity, number - AttemptRecord.keptPerIdentity)
    }
}

/// The statements of one transaction that settles the attempts of runs that were lost, and of late answers.
struct LateHistory {
    private let db: Database
    private let history: AttemptHistory

    init(_ db: Database, at time: Timestamp) throws {
        self.db = db
        history = try AttemptHistory(db, at: time)
    }

    /// Whether the identity is in doubt by that run, and by none since.
    func isInDoubt(_ identity: Int64, by run: RunID) throws -> Bool {
        let latest = try Row.fetchOne(
            db.cachedStatement(
                sql: "SELECT run, outcome FROM attempt WHERE identity = ? ORDER BY number DESC LIMIT 1"
            ),
            arguments: [identity]
        )
        guard let latest else { return false }
        return try latest.at(0) == run.number && latest.at(1) == AttemptRecord.Outcome.inDoubt.rawValue
    }

    /// The attempt is in doubt no more: its answer is known.
    func settle(_ identity: Int64, by run: RunID) throws {
        try db.cachedStatement(
            sql: "DELETE FROM attempt WHERE identity = ? AND run = ? AND outcome = 'in_doubt'"
        ).execute(arguments: [identity, run.number])
    }

    /// A code came that nobody will have: it counts as an ambiguous attempt, once.
    ///
    /// - Returns: whether it was not known yet.
    @discardableResult
    func addSuperseded(_ result: AttemptResult, identity: Int64, run: RunID) throws -> Bool {
        guard case .issued(let invitation) = result.outcome else { return false }
        let isKnown = try Bool.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT EXISTS (SELECT 1 FROM attempt
                        WHERE identity = ? AND request_id = ? AND outcome = 'superseded')
                    """
            ),
            arguments: [identity, invitation.requestID]
        )
        guard isKnown == false else { return false }
        // What was in doubt was counted when it became so.
        let settled = try db.cachedStatement(
            sql: """
                UPDATE attempt SET outcome = 'superseded', request_id = ?
                WHERE identity = ? AND run = ? AND outcome = 'in_doubt'
                """
        )
        try settled.execute(arguments: [invitation.requestID, identity, run.number])
        guard db.changesCount == 0 else { return true }
        try history.add(
            .superseded,
            nil,
            isAmbiguous: true,
            requestID: invitation.requestID,
            identity: identity,
            run: run
        )
        try db.cachedStatement(
            sql: """
                UPDATE identity SET attempts = attempts + 1, ambiguous_attempts = ambiguous_attempts + 1
                WHERE id = ?
                """
        ).execute(arguments: [identity])
        return true
    }
}
