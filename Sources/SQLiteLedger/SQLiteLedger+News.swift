// What is new in a roster since the run before, told by SQLite alone: there may be millions of rejected rows.

import GRDB
package import Ledger
import Model

extension SQLiteLedger {
    package func news(ofRoster roster: RosterID, run: RunID) throws -> RosterNews {
        try read { db in
            var news = RosterNews()
            let begun = try Int64.fetchOne(
                db,
                sql: "SELECT started_at_ms FROM run WHERE id = ?",
                arguments: [run.number]
            )
            let kinds = try Row.fetchCursor(
                db,
                sql: """
                    SELECT kind, total(roster = ?1), total(attempted_at_ms >= ?2),
                        total(roster = ?1 AND attempted_at_ms >= ?2)
                    FROM (SELECT kind, roster, attempted_at_ms
                            FROM identity JOIN failure ON failure.identity = identity.id
                            WHERE state = 4 AND state <> 3
                        UNION ALL SELECT '\(FailureKind.notActivated)', roster, at_ms
                            FROM given_up CROSS JOIN identity ON identity.id = given_up.identity
                            WHERE state = 3)
                    GROUP BY kind
                    """,
                arguments: [roster.number, begun ?? 0]
            )
            while let row = try kinds.next() {
                let kind: String = try row.at(0)
                news.failures[kind] = try Self.some(row, 1)
                news.failuresInRun[kind] = try Self.some(row, 2)
                news.newFailures[kind] = try Self.some(row, 3)
            }
            let before = try Self.rosterBefore(run, db)
            let reasons = try Row.fetchCursor(
                db,
                sql: Self.rejectsByReason,
                arguments: [roster.number, before ?? 0]
            )
            while let row = try reasons.next() {
                let reason: String = try row.at(0)
                news.rejects[reason] = try Self.some(row, 1)
                if before != roster.number { news.newRejects[reason] = try Self.some(row, 2) }
            }
            return news
        }
    }

    /// A sum of counts; nil for nothing.
    private static func some(_ row: Row, _ index: Int) throws -> Int? {
        let sum: Double = try row.at(index)
        return sum > 0 ? Int(exactly: sum) : nil
    }

    /// The roster of the latest earlier run that came to an end of its own, and so has told of its rejected
    /// rows.
    private static func rosterBefore(_ run: RunID, _ db: Database) throws -> Int64? {
        try Int64.fetchOne(
            db,
            sql: """
                SELECT roster FROM run WHERE id < ? AND roster IS NOT NULL AND finished_at_ms IS NOT NULL
                    AND coalesce(stopped_because, 'max_identities') IN ('max_identities', 'max_failures')
                ORDER BY id DESC LIMIT 1
                """,
            arguments: [run.number]
        )
    }

    /// A row is the same as one before where its value, its reason and its column are, for lines shift.
    ///
    /// Of rows that are the same, as many are new as there are more of them now.
    private static let rejectsByReason = """
        SELECT reason, total(now), total(max(0, now - before)) FROM (
            SELECT reason, total(roster = ?1) AS now, total(roster <> ?1) AS before FROM rejected_row
            WHERE roster IN (?1, ?2) AND reason <> 'duplicate' GROUP BY reason, value, column_name)
        GROUP BY reason HAVING total(now) > 0
        """
}
