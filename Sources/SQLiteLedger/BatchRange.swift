// Who belongs into a batch: chosen by so many identities a transaction.

import GRDB
import Ledger
import Model

/// The identities that one transaction looks at.
struct BatchRange {
    /// Bounds what one transaction changes.
    static let identitiesAtOnce = 10_000

    private let batch: BatchRecord
    private let rule: Row
    private let after: Int64
    /// Nil where there is nobody left.
    private let through: Int64?

    var isEmpty: Bool { through == nil }

    init(of batch: BatchRecord, _ db: Database) throws {
        self.batch = batch
        let rule = try Row.fetchOne(
            db,
            sql: """
                SELECT through, remaining_min_ms, handed_over_by_ms, reminders_max FROM batch
                WHERE number = ?
                """,
            arguments: [batch.number]
        )
        guard let rule else { throw UnexpectedValue("a batch that is none") }
        self.rule = rule
        after = try rule.at(0)
        let table = batch.kind == .new ? "not_handed_over" : "batch_member"
        through = try Int64.fetchOne(
            db,
            sql: """
                SELECT max(identity) FROM
                    (SELECT identity FROM \(table) WHERE identity > ? ORDER BY identity LIMIT ?)
                """,
            arguments: [after, Self.identitiesAtOnce]
        )
    }

    /// Chooses who belongs into the batch, and notes who is left out and why.
    func choose(_ db: Database) throws {
        guard let through else { return }
        let remaining: Int64 = try rule.at(1)
        var arguments: StatementArguments = [
            "batch": batch.number, "after": after, "through": through, "now": batch.at.milliseconds,
            "limit": batch.at.milliseconds + remaining,
        ]
        switch batch.kind {
        case .new: try chooseNew(db, arguments)
        case .reminder:
            arguments += ["by": try rule.at(2) as Int64, "max": try rule.at(3) as Int]
            try chooseReminders(db, arguments)
        }
        try count(db, through)
    }

    private func chooseNew(_ db: Database, _ arguments: StatementArguments) throws {
        let from = """
            FROM not_handed_over n CROSS JOIN invitation i ON i.identity = n.identity
                LEFT JOIN activation a ON a.identity = n.identity
            WHERE n.identity > :after AND n.identity <= :through
            """
        // Whoever came in by a code that was not handed over may still want the invitation.
        let belongs = """
            (i.purged_at_ms IS NULL AND i.expires_at_ms > :limit
                AND coalesce(a.state, '') NOT IN ('activated', 'gone', 'inactive'))
            """
        try execute(
            """
            INSERT INTO batch_member (identity, generation, ordinal, batch)
            SELECT i.identity, i.generation, 0, :batch \(from) AND \(belongs)
            """,
            arguments,
            db
        )
        try execute(
            """
            INSERT INTO batch_left_out (batch, identity, generation, reason)
            SELECT :batch, i.identity, i.generation,
                CASE WHEN a.state IN ('activated', 'gone', 'inactive') THEN a.state
                WHEN i.purged_at_ms IS NOT NULL THEN 'no_code'
                WHEN i.expires_at_ms <= :now THEN 'expired' ELSE 'too_little_time' END
            \(from) AND NOT \(belongs)
            """,
            arguments,
            db
        )
        try execute(
            """
            DELETE FROM not_handed_over WHERE identity IN (SELECT identity FROM batch_member
                WHERE batch = :batch AND identity > :after AND identity <= :through)
            """,
            arguments,
            db
        )
    }

    private func chooseReminders(_ db: Database, _ arguments: StatementArguments) throws {
        let due = """
            FROM batch_member m CROSS JOIN batch b ON b.number = m.batch
                CROSS JOIN invitation i ON i.identity = m.identity AND i.generation = m.generation
                LEFT JOIN activation a ON a.identity = m.identity
            WHERE m.identity > :after AND m.identity <= :through AND m.batch <> :batch
                AND i.purged_at_ms IS NULL AND coalesce(a.state, 'unused') IN ('unused', 'unknown')
            GROUP BY m.identity, m.generation
            HAVING min(m.ordinal) = 0 AND count(*) - 1 < :max AND max(b.written_at_ms) <= :by
            """
        try execute(
            """
            INSERT INTO batch_member (identity, generation, ordinal, batch)
            SELECT m.identity, m.generation, max(m.ordinal) + 1, :batch \(due)
                AND max(i.expires_at_ms) > :limit
            """,
            arguments,
            db
        )
        try execute(
            """
            INSERT INTO batch_left_out (batch, identity, generation, reason)
            SELECT :batch, m.identity, m.generation, 'too_little_time'
            \(due) AND max(i.expires_at_ms) > :now AND max(i.expires_at_ms) <= :limit
            """,
            arguments,
            db
        )
    }

    /// Executes a statement with those of the arguments that it names.
    private func execute(_ sql: String, _ arguments: StatementArguments, _ db: Database) throws {
        let statement = try db.cachedStatement(sql: sql)
        statement.setUncheckedArguments(arguments)
        try statement.execute()
    }

    /// Notes how far it has come.
    private func count(_ db: Database, _ through: Int64) throws {
        let range: StatementArguments = [batch.number, after, through]
        let within = "WHERE batch = ? AND identity > ? AND identity <= ?"
        let members = try Row.fetchOne(
            db,
            sql: "SELECT count(*), min(generation), max(generation) FROM batch_member \(within)",
            arguments: range
        )
        var leftOut = batch.leftOut
        let reasons = try Row.fetchCursor(
            db,
            sql: "SELECT reason, count(*) FROM batch_left_out \(within) GROUP BY reason",
            arguments: range
        )
        while let row = try reasons.next() {
            guard let reason = LeftOutReason(rawValue: try row.at(0)) else { continue }
            leftOut[reason, default: 0] += try row.count(at: 1)
        }
        let added = try members?.count(at: 0) ?? 0
        var generations = batch.generations
        if added > 0, let first = try members?.at(1) as Int?, let last = try members?.at(2) as Int? {
            let known = generations ?? first...last
            generations = min(known.lowerBound, first)...max(known.upperBound, last)
        }
        try db.execute(
            sql: """
                UPDATE batch SET through = ?, members = ?, first_generation = ?, last_generation = ?,
                    left_out = ?
                WHERE number = ?
                """,
            arguments: [
                through, batch.rows + added, generations?.lowerBound, generations?.upperBound,
                BatchRow.text(of: leftOut), batch.number,
            ]
        )
    }
}
