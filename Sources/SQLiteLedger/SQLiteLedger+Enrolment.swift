// Rosters into the ledger.

import Foundation
import GRDB
package import Ledger
package import Model

extension SQLiteLedger {
    package func beginRoster(name: String, at time: Timestamp) throws -> RosterID {
        try write { db in
            try db.execute(
                sql: "INSERT INTO roster (name, begun_at_ms) VALUES (?, ?)",
                arguments: [name, time.milliseconds]
            )
            return RosterID(number: db.lastInsertedRowID)
        }
    }

    package func enrol(
        _ entries: [RosterEntry],
        idColumn: String,
        columnNames: [String],
        into roster: RosterID
    ) throws -> EnrolmentCounts {
        try write { db in
            let enrolment = try Enrolment(db, roster, idColumn)
            var counts = EnrolmentCounts()
            for entry in entries {
                switch entry {
                case .rejected(let row):
                    try enrolment.note(row)
                    counts.rejected += 1
                case .identity(let id, let line, let columns):
                    switch try enrolment.enrol(id, line, columns) {
                    case .new:
                        counts.enrolled += 1
                        counts.enrolledNew += 1
                    case .known(let isDue):
                        counts.enrolled += 1
                        if isDue { counts.knownDue += 1 }
                    case .duplicate:
                        counts.duplicates += 1
                    }
                }
            }
            try db.execute(
                sql: """
                    UPDATE roster SET columns = ?, enrolled = enrolled + ?, enrolled_new = enrolled_new + ?,
                        duplicates = duplicates + ?, rejected = rejected + ? WHERE id = ?
                    """,
                arguments: [
                    ColumnValues.encode(columnNames), counts.enrolled, counts.enrolledNew, counts.duplicates,
                    counts.rejected, roster.number,
                ]
            )
            try Self.bumpRevision(db)
            return counts
        }
    }

    package func finishRoster(_ roster: RosterID, fingerprint: String, size: Int64) throws {
        try write { db in
            try db.execute(
                sql: "UPDATE roster SET fingerprint = ?, size = ? WHERE id = ?",
                arguments: [fingerprint, size, roster.number]
            )
            try Self.bumpRevision(db)
        }
    }

    static func bumpRevision(_ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE campaign SET revision = revision + 1").execute()
    }
}

/// The statements of one enrolling transaction.
private struct Enrolment {
    enum Kind {
        /// The campaign did not know this identity.
        case new
        /// It did, from another roster.
        case known(isDue: Bool)
        /// This roster has named it before.
        case duplicate
    }

    private let roster: RosterID
    private let idColumn: String
    private let insert: RowStatement
    private let takeOver: RowStatement
    /// The run that the roster is enrolled for, where it takes only the identities of it.
    private let narrowRun: (takeOver: RowStatement, retriesFailed: Int)?
    private let firstLine: Statement
    private let insertRejected: Statement

    init(_ db: Database, _ roster: RosterID, _ idColumn: String) throws {
        self.roster = roster
        self.idColumn = idColumn
        insert = try RowStatement(
            db,
            sql: "INSERT OR IGNORE INTO identity (identity_id, roster, line, columns) VALUES (?, ?, ?, ?)"
        )
        takeOver = try RowStatement(
            db,
            sql: """
                UPDATE identity SET roster = ?1, line = ?2, columns = ?3
                    WHERE identity_id = ?4 AND roster <> ?1
                """
        )
        narrowRun = try Self.retriesFailed(roster, db).map { retriesFailed in
            // Those who failed are due again now that the roster names them.
            let statement = try RowStatement(
                db,
                sql: """
                    UPDATE identity SET roster = ?1, line = ?2, columns = ?3,
                        state = CASE WHEN state = 4 AND EXISTS (
                            SELECT 1 FROM failure WHERE failure.identity = identity.id
                                AND (is_permanent = 0 OR ?5))
                            THEN 0 ELSE state END
                    WHERE identity_id = ?4 AND roster <> ?1 RETURNING state
                    """
            )
            return (statement, retriesFailed)
        }
        firstLine = try db.cachedStatement(sql: "SELECT line FROM identity WHERE identity_id = ?")
        insertRejected = try db.cachedStatement(
            sql: """
                INSERT INTO rejected_row (roster, line, column_name, reason, value, first_line)
                VALUES (?, ?, ?, ?, ?, ?)
                """
        )
    }

    func enrol(_ id: IdentityID, _ line: Int, _ columns: [String]) throws -> Kind {
        let values = ColumnValues.encode(columns)
        if try insert.run(id, roster.number, line, values) == 1 { return .new }
        if let (takeOver, retriesFailed) = narrowRun {
            if let state = try takeOver.first(roster.number, line, values, id, retriesFailed) {
                let isDue = [SQLiteSchema.State.pending, .inDoubt].contains { $0.rawValue == state }
                return .known(isDue: isDue)
            }
        } else if try takeOver.run(roster.number, line, values, id) == 1 {
            return .known(isDue: false)
        }
        let first = try Int.fetchOne(firstLine, arguments: [id.data])
        try note(
            RejectedRow(
                line: line,
                column: idColumn,
                reason: .duplicate,
                value: id.text,
                firstLine: first ?? line
            )
        )
        return .duplicate
    }

    /// Whether the roster's run retries permanent failures, where it takes only the identities of the roster;
    /// else nil.
    private static func retriesFailed(_ roster: RosterID, _ db: Database) throws -> Int? {
        let run = try Row.fetchOne(
            db,
            sql: "SELECT takes_absent, retries_failed FROM run WHERE roster = ? ORDER BY id DESC LIMIT 1",
            arguments: [roster.number]
        )
        guard let run, try !run.at(0) as Bool else { return nil }
        return try run.at(1)
    }

    func note(_ row: RejectedRow) throws {
        // Bound texts end at a NUL.
        let value = row.value.replacing("\0", with: "\u{fffd}")
        try insertRejected.execute(
            arguments: [roster.number, row.line, row.column, row.reason.rawValue, value, row.firstLine]
        )
    }
}
