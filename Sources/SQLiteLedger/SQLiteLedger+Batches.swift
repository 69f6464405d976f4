// Batches of invitations, from their first member to the last.

import Foundation
import GRDB
package import Ledger
package import Model

extension SQLiteLedger {
    package func beginBatch(_ start: BatchStart) throws -> BatchRecord {
        try write { db in
            try refuseUnfinished(db)
            try db.execute(
                sql: """
                    INSERT INTO batch (number, kind, state, at_ms, remaining_min_ms, handed_over_by_ms,
                        reminders_max, ending, options)
                    VALUES ((SELECT coalesce(max(number), 0) + 1 FROM batch), ?, 'open', ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    (start.reminder == nil ? BatchKind.new : .reminder).rawValue, start.at.milliseconds,
                    start.remainingMin.inMilliseconds, start.reminder?.handedOverBy.milliseconds,
                    start.reminder?.remindersMax, start.ending, start.options,
                ]
            )
            return try batch(Int(db.lastInsertedRowID), db)
        }
    }

    package func fillBatch(_ number: Int) throws -> BatchFilling {
        try write { db in
            let batch = try batch(number, db)
            switch batch.state {
            case .open: break
            case .prepared: return .prepared
            case .written, .undoing, .undone:
                throw LedgerError(.failed, "batch \(number) takes nobody any more")
            }
            let range = try BatchRange(of: batch, db)
            guard range.isEmpty else {
                try range.choose(db)
                return .more
            }
            if batch.rows > 0 {
                try db.execute(
                    sql: "UPDATE batch SET state = 'prepared' WHERE number = ?",
                    arguments: [number]
                )
                return .prepared
            }
            guard try !Self.removeLeftOut(ofBatch: number, db) else { return .more }
            try db.execute(sql: "DELETE FROM batch WHERE number = ?", arguments: [number])
            return .empty(leftOut: batch.leftOut)
        }
    }

    package func noteBatchFile(_ number: Int, sha256: [UInt8]) throws {
        try write { db in
            try db.execute(
                sql: "UPDATE batch SET sha256 = ? WHERE number = ? AND state = 'prepared'",
                arguments: [Data(sha256), number]
            )
            guard db.changesCount == 1 else { throw LedgerError(.failed, "batch \(number) is not prepared") }
        }
    }

    package func finishBatch(_ number: Int, sha256: [UInt8], files: BatchFiles, at time: Timestamp) throws {
        try write { db in
            try db.execute(
                sql: """
                    UPDATE batch SET state = 'written', sha256 = ?, size = ?, modified_ns = ?,
                        manifest_sha256 = ?, written_at_ms = coalesce(written_at_ms, ?)
                    WHERE number = ? AND state IN ('prepared', 'written')
                    """,
                arguments: [
                    Data(sha256), files.size, files.modifiedNanoseconds, Data(files.manifestSHA256),
                    time.milliseconds, number,
                ]
            )
            guard db.changesCount == 1 else { throw LedgerError(.failed, "batch \(number) is not prepared") }
        }
    }

    package func undoBatch(_ number: Int) throws -> Bool {
        try write { db in
            let batch = try batch(number, db)
            if batch.state == .undone { return true }
            try refuseUnfinished(db, but: number)
            try db.execute(sql: "UPDATE batch SET state = 'undoing' WHERE number = ?", arguments: [number])
            if try removeMembers(of: batch, db) { return false }
            if try Self.removeLeftOut(ofBatch: number, db) { return false }
            try db.execute(sql: "UPDATE batch SET state = 'undone' WHERE number = ?", arguments: [number])
            return true
        }
    }

    package func batches() throws -> [BatchRecord] {
        try read { db in
            try Row.fetchAll(db, sql: "\(BatchRow.select) ORDER BY number").map(BatchRow.record)
        }
    }

    package func notHandedOverCount() throws -> Int {
        try read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM not_handed_over") ?? 0 }
    }

    package func forEachLeftOut(ofBatch number: Int, _ body: (LeftOutRecord) throws -> Void) throws {
        try read { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT identity_id, l.generation, reason
                    FROM batch_left_out l CROSS JOIN identity ON identity.id = l.identity
                    WHERE l.batch = ? ORDER BY l.identity
                    """,
                arguments: [number]
            )
            while let row = try rows.next() {
                guard let reason = LeftOutReason(rawValue: try row.at(2)) else {
                    throw UnexpectedValue("a reason that is none")
                }
                try body(
                    LeftOutRecord(
                        identityID: try Self.identityID(in: row, at: 0),
                        generation: try row.at(1),
                        reason: reason
                    )
                )
            }
        }
    }

    private func batch(_ number: Int, _ db: Database) throws -> BatchRecord {
        let row = try Row.fetchOne(db, sql: "\(BatchRow.select) WHERE number = ?", arguments: [number])
        guard let row else { throw LedgerError(.failed, "the ledger \(path) has no batch \(number)") }
        return try BatchRow.record(row)
    }

    private func refuseUnfinished(_ db: Database, but number: Int? = nil) throws {
        let unfinished = try Int.fetchOne(
            db,
            sql: "SELECT number FROM batch WHERE state IN ('open', 'prepared', 'undoing')"
        )
        guard let unfinished, unfinished != number else { return }
        throw LedgerError(.failed, "batch \(unfinished) is unfinished: it comes before any other one")
    }

    /// Removes some members; false where there are none.
    private func removeMembers(of batch: BatchRecord, _ db: Database) throws -> Bool {
        let last = try Int64.fetchOne(
            db,
            sql: """
                SELECT max(identity) FROM
                    (SELECT identity FROM batch_member WHERE batch = ? ORDER BY identity LIMIT ?)
                """,
            arguments: [batch.number, BatchRange.identitiesAtOnce]
        )
        guard let last else { return false }
        if batch.kind == .new {
            try db.execute(
                sql: """
                    INSERT OR IGNORE INTO not_handed_over (identity)
                    SELECT m.identity FROM batch_member m CROSS JOIN invitation i
                        ON i.identity = m.identity AND i.generation = m.generation
                    WHERE m.batch = ? AND m.identity <= ?
                    """,
                arguments: [batch.number, last]
            )
        }
        try db.execute(
            sql: "DELETE FROM batch_member WHERE batch = ? AND identity <= ?",
            arguments: [batch.number, last]
        )
        return true
    }

    /// Removes some of those who were left out; false where there are none.
    private static func removeLeftOut(ofBatch number: Int, _ db: Database) throws -> Bool {
        try db.execute(
            sql: """
                DELETE FROM batch_left_out WHERE batch = ?1 AND identity <=
                    (SELECT max(identity) FROM
                        (SELECT identity FROM batch_left_out WHERE batch = ?1 ORDER BY identity LIMIT ?2))
                """,
            arguments: [number, BatchRange.identitiesAtOnce]
        )
        return db.changesCount > 0
    }
}

/// The identities that one transaction looks at.
private struct BatchRange {
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

/// A batch as its row has it.
private enum BatchRow {
    static let select = """
        SELECT number, kind, state, at_ms, ending, options, members, first_generation, last_generation,
            left_out, sha256, size, modified_ns, manifest_sha256, written_at_ms
        FROM batch
        """

    static func record(_ row: Row) throws -> BatchRecord {
        guard let kind = BatchKind(rawValue: try row.at(1)), let state = BatchState(rawValue: try row.at(2))
        else { throw UnexpectedValue("a batch of a kind or a state that is none") }
        var record = BatchRecord(
            number: try row.at(0),
            kind: kind,
            state: state,
            at: Timestamp(milliseconds: try row.at(3)),
            ending: try row.at(4),
            options: try row.at(5),
            rows: try row.count(at: 6),
            leftOut: try leftOut(try row.at(9)),
            sha256: (try row.at(10) as Data?).map { [UInt8]($0) },
            writtenAt: (try row.at(14) as Int64?).map(Timestamp.init(milliseconds:))
        )
        if let first = try row.at(7) as Int?, let last = try row.at(8) as Int?, first <= last {
            record.generations = first...last
        }
        if let manifest = try row.at(13) as Data? {
            record.files = BatchFiles(
                size: try row.at(11),
                modifiedNanoseconds: try row.at(12),
                manifestSHA256: [UInt8](manifest)
            )
        }
        return record
    }

    static func text(of leftOut: [LeftOutReason: Int]) -> String {
        let members = leftOut.sorted { $0.key.rawValue < $1.key.rawValue }
            .map { "\"\($0.key.rawValue)\":\($0.value)" }
        return "{\(members.joined(separator: ","))}"
    }

    private static func leftOut(_ text: String) throws -> [LeftOutReason: Int] {
        guard let counts = try? JSONDecoder().decode([String: Int].self, from: Data(text.utf8)) else {
            throw UnexpectedValue("counts that are none")
        }
        return counts.reduce(into: [:]) { leftOut, count in
            if let reason = LeftOutReason(rawValue: count.key) { leftOut[reason] = count.value }
        }
    }
}
