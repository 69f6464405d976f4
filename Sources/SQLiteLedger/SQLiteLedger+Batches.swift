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
