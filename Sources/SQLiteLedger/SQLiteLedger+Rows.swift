// The rows of reports, one after the other, however many there are.

import Foundation
import GRDB
package import Ledger
package import Model

extension SQLiteLedger {
    package func columnNames() throws -> [RosterID: [String]] {
        try read { db in
            // Which rosters identities have their columns from takes a walk past all of them: only where it
            // matters.
            let layouts = try Int.fetchOne(db, sql: "SELECT count(DISTINCT columns) FROM roster") ?? 0
            let inUse = "WHERE id IN (SELECT DISTINCT roster FROM identity)"
            let rows = try Row.fetchCursor(
                db,
                sql: "SELECT id, columns FROM roster \(layouts > 1 ? inUse : "")"
            )
            let secret = try SecretColumns(db)
            var names: [RosterID: [String]] = [:]
            while let row = try rows.next() {
                let roster = RosterID(number: try row.at(0))
                names[roster] = secret.removed(from: try ColumnValues.decoded(try row.at(1)), of: roster)
            }
            return names
        }
    }

    package func forEachFailure(_ body: (FailureRow) throws -> Void) throws {
        try read { db in
            let secret = try SecretColumns(db)
            let rows = try Row.fetchCursor(db, sql: Self.failures)
            while let row = try rows.next() {
                let roster = RosterID(number: try row.at(3))
                try body(
                    FailureRow(
                        identityID: try Self.identityID(in: row, at: 0),
                        failure: try Self.failure(in: row, at: 5),
                        attempts: try row.at(1),
                        ambiguousAttempts: try row.at(2),
                        columnsFrom: roster,
                        columns: secret.removed(from: try ColumnValues.decoded(try row.at(4)), of: roster)
                    )
                )
            }
        }
    }

    /// Who has failed, and who was given up; what is ambiguous counts for the invitation that is wanted.
    private static let failures = """
        SELECT identity_id, attempts, ambiguous_attempts - coalesce((SELECT sum(p.ambiguous)
                FROM past_invitation p WHERE p.identity = identity.id), 0)
                - coalesce((SELECT i.ambiguous FROM invitation i WHERE i.identity = identity.id), 0),
            roster, columns, kind, is_permanent, http_status, error_id, reason, request_id, attempted_at_ms,
            identity.id AS sequence
        FROM identity JOIN failure ON failure.identity = identity.id
        WHERE state = 4 AND state <> 3
        UNION ALL
        SELECT identity_id, attempts, identity.ambiguous_attempts - coalesce((SELECT sum(p.ambiguous)
                FROM past_invitation p WHERE p.identity = identity.id), 0),
            roster, columns, '\(FailureKind.notActivated)', 0, NULL, NULL,
            'not activated after ' || given_up.generation || CASE given_up.generation
                WHEN 1 THEN ' invitation' ELSE ' invitations' END,
            '', given_up.at_ms, given_up.identity
        FROM given_up CROSS JOIN identity ON identity.id = given_up.identity
        WHERE state = 3
        ORDER BY sequence
        """

    package func forEachRejectedRow(
        ofRoster roster: RosterID,
        _ body: (RejectedRow) throws -> Void
    ) throws {
        try read { db in
            let secret = try SecretColumns(db)
            let mayShow = !secret.isIn(roster)
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT line, column_name, reason, value, first_line FROM rejected_row
                    WHERE roster = ? ORDER BY rowid
                    """,
                arguments: [roster.number]
            )
            while let row = try rows.next() {
                let rejected = RejectedRow(
                    line: try row.at(0),
                    column: try row.at(1),
                    reason: RejectedRow.Reason(rawValue: try row.at(2)),
                    value: try row.at(3),
                    firstLine: try row.at(4)
                )
                try body(mayShow ? rejected : rejected.redacted(OwnColumns.isSecret))
            }
        }
    }

    static func identityID(in row: Row, at index: Int) throws -> IdentityID {
        let id = try row.withUnsafeData(atIndex: index) { data in
            data.flatMap { data in data.withUnsafeBytes { IdentityID(bytes: $0) } }
        }
        guard let id else {
            throw UnexpectedValue("an identity ID that is no UUID")
        }
        return id
    }

    static func failure(in row: Row, at index: Int) throws -> FailureRecord {
        FailureRecord(
            Failure(
                kind: FailureKind(rawValue: try row.at(index)),
                httpStatus: try row.at(index + 2),
                errorID: try row.at(index + 3),
                reason: try row.at(index + 4)
            ),
            isPermanent: try row.at(index + 1),
            requestID: try row.at(index + 5),
            at: Timestamp(milliseconds: try row.at(index + 6))
        )
    }
}
