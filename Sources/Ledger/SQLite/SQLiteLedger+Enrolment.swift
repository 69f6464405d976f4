// Rosters into the ledger.

import Foundation
import GRDB
package import Vocabulary

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
                    case .known:
                        counts.enrolled += 1
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
        case known
        /// This roster has named it before.
        case duplicate
    }

    private let roster: RosterID
    private let idColumn: String
    private let insert: RowStatement
    private let takeOver: RowStatement
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
                UPDATE identity SET roster = ?1, line = ?2, columns = ?3 WHERE identity_id = ?4 AND roster <> ?1
                """
        )
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
        if try takeOver.run(roster.number, line, values, id) == 1 { return .known }
        let first = try Int.fetchOne(firstLine, arguments: [id.data])
        try note(
            RejectedRowRecord(
                line: line,
                column: idColumn,
                reason: RejectedRowRecord.duplicate,
                value: id.text,
                firstLine: first ?? line
            )
        )
        return .duplicate
    }

    func note(_ row: RejectedRowRecord) throws {
        // Bound texts end at a NUL.
        let value = row.value.replacing("\0", with: "\u{fffd}")
        try insertRejected.execute(
            arguments: [roster.number, row.line, row.column, row.reason, value, row.firstLine]
        )
    }
}
