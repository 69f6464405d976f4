// Mails to users: the runs that send them, and what becomes of each.

import Foundation
import GRDB
package import Ledger
package import Model

extension SQLiteLedger {
    package func beginDeliveries(_ start: DeliveryStart) throws -> DeliveryBeginning {
        try write { db in
            let (now, lease) = (start.startedAt.milliseconds, Int64(start.lease.inMilliseconds))
            try db.execute(
                sql: "DELETE FROM mails_by_second WHERE second < ?",
                arguments: [now / 1000 - Self.requestsKeptSeconds]
            )
            try db.execute(
                sql: """
                    INSERT INTO delivery_run
                        (process, version, relay, started_at_ms, lease_ms, lease_until_ms)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [start.process, start.version, start.relay, now, lease, now + lease]
            )
            let run = DeliveryRunID(number: db.lastInsertedRowID)
            try db.execute(
                sql: """
                    UPDATE delivery_run SET lost_at_ms = ?1 WHERE id <> ?2 AND finished_at_ms IS NULL
                        AND lost_at_ms IS NULL AND (?3 OR lease_until_ms <= ?1)
                    """,
                arguments: [now, run.number, start.isAlone]
            )
            try db.execute(sql: "UPDATE campaign SET mail_key = randomblob(32) WHERE mail_key IS NULL")
            let key = try Data.fetchOne(db, sql: "SELECT mail_key FROM campaign") ?? Data()
            return DeliveryBeginning(
                run: run,
                inDoubt: try Self.rescueDeliveries(at: start.startedAt, db),
                key: Secret([UInt8](key))
            )
        }
    }

    /// - Returns: how many mails of lost runs are in doubt from now on.
    private static func rescueDeliveries(at time: Timestamp, _ db: Database) throws -> Int {
        try db.execute(
            sql: """
                UPDATE delivery SET state = 3, run = NULL, doubts = doubts + 1, due_at_ms = ?1, at_ms = ?1,
                    reply_code = NULL, enhanced = NULL, queue_id = NULL,
                    reply = 'the process that had claimed it did not come to an end'
                WHERE state = 1 AND due_at_ms IS NOT NULL AND run IN (SELECT id FROM delivery_run
                    WHERE lost_at_ms IS NOT NULL OR finished_at_ms IS NOT NULL)
                """,
            arguments: [time.milliseconds]
        )
        let inDoubt = db.changesCount
        // What is in doubt may have been sent up to this moment.
        if inDoubt > 0 { try add(inDoubt, in: time.milliseconds / 1000, of: "mails_by_second", db) }
        let isPast = """
            due_at_ms IS NOT NULL AND NOT EXISTS (SELECT 1 FROM invitation i
                WHERE i.identity = delivery.identity AND i.generation = delivery.generation)
            """
        try db.execute(
            sql: """
                UPDATE delivery SET state = 5, due_at_ms = NULL, reason = '\(DeliveryReason.superseded)'
                WHERE state = 4 AND \(isPast)
                """
        )
        try db.execute(
            sql: "UPDATE delivery SET due_at_ms = \(DeliveryClaiming.never) WHERE state = 3 AND \(isPast)"
        )
        return inDoubt
    }

    package func recordDeliveries(
        _ results: [DeliveryResult],
        run: DeliveryRunID,
        mails: Int,
        at time: Timestamp
    ) throws {
        try write { db in try record(results, run: run, mails: mails, at: time, db) }
    }

    package func recordDeliveries(
        _ results: [DeliveryResult],
        run: DeliveryRunID,
        mails: Int,
        claiming: Int,
        _ scope: DeliveryScope,
        after last: Int64,
        at time: Timestamp
    ) throws -> DeliveryClaims {
        try write { db in
            try record(results, run: run, mails: mails, at: time, db)
            var claiming = try DeliveryClaiming(db, run, scope, count: claiming, after: last, at: time)
            return try claiming.claim()
        }
    }

    private func record(
        _ results: [DeliveryResult],
        run: DeliveryRunID,
        mails: Int,
        at time: Timestamp,
        _ db: Database
    ) throws {
        let known = try checkHold(run, db)
        let recording = try DeliveryRecording(db, run, at: time)
        for result in results { try recording.record(result) }
        if mails > known {
            try Self.add(mails - known, in: time.milliseconds / 1000, of: "mails_by_second", db)
        }
        try db.cachedStatement(
            sql: """
                UPDATE delivery_run SET mails = ?, lease_until_ms = ? + lease_ms, commits = commits + ?
                WHERE id = ?
                """
        ).execute(arguments: [mails, time.milliseconds, results.isEmpty ? 0 : 1, run.number])
    }

    /// - Returns: how many mails the run had begun.
    /// - Throws: `LedgerError` where it was declared lost.
    private func checkHold(_ run: DeliveryRunID, _ db: Database) throws -> Int {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT mails, lost_at_ms IS NOT NULL FROM delivery_run WHERE id = ?"),
            arguments: [run.number]
        )
        guard let row else { throw UnexpectedValue("no delivery of that number") }
        guard try !(row.at(1) as Bool) else {
            throw LedgerError(
                .fenced,
                "this delivery was taken for lost, and another one goes on with the campaign of the ledger "
                    + "\(path): nothing more is sent here"
            )
        }
        return try row.count(at: 0)
    }

    package func takeLateDeliveries(
        _ results: [DeliveryResult],
        run: DeliveryRunID,
        at time: Timestamp
    ) throws {
        try write { db in
            let recording = try DeliveryRecording(db, run, at: time)
            for result in results { try recording.recordLate(result) }
        }
    }

    package func renewDeliveries(_ run: DeliveryRunID, at time: Timestamp) throws {
        try write { db in
            _ = try checkHold(run, db)
            try db.cachedStatement(sql: "UPDATE delivery_run SET lease_until_ms = ? + lease_ms WHERE id = ?")
                .execute(arguments: [time.milliseconds, run.number])
        }
    }

    package func releaseDeliveries(_ claims: [Claim], run: DeliveryRunID) throws {
        guard !claims.isEmpty else { return }
        try write { db in
            let recording = try DeliveryRecording(db, run, at: Timestamp(milliseconds: 0))
            for claim in claims { try recording.release(claim) }
        }
    }

    package func requeueRefusedDeliveries() throws {
        try write { db in
            try db.execute(
                sql: "DELETE FROM delivery WHERE state = 5 AND reason = '\(DeliveryReason.refused)'"
            )
        }
    }

    package func finishDeliveries(
        _ run: DeliveryRunID,
        mails: Int,
        stoppedBecause: String?,
        at time: Timestamp
    ) throws {
        try write { db in
            try db.execute(
                sql: """
                    UPDATE delivery_run SET finished_at_ms = ?, mails = max(mails, ?), stopped_because = ?,
                        commits = commits + 1
                    WHERE id = ?
                    """,
                arguments: [time.milliseconds, mails, stoppedBecause, run.number]
            )
        }
    }

    package func deliveryRequests(since time: Timestamp) throws -> [RequestsInSecond] {
        try requests(since: time, in: "mails_by_second")
    }

    package func deliveryRefusalsOnly() throws -> [FailureRecord]? {
        try read { db in
            let isOther = "state IN (2, 3, 4) OR (state = 5 AND reason <> '\(DeliveryReason.refused)')"
            let sql = "SELECT EXISTS (SELECT 1 FROM delivery WHERE \(isOther))"
            guard try Bool.fetchOne(db, sql: sql) != true else { return nil }
            return try Row.fetchAll(
                db,
                sql: """
                    SELECT reply_code, enhanced, reply, at_ms FROM delivery
                    WHERE state = 5 AND reason = '\(DeliveryReason.refused)' ORDER BY identity LIMIT 20
                    """
            ).map { row in
                FailureRecord(
                    Failure(
                        kind: .rejectedByServer,
                        httpStatus: try row.at(0),
                        errorID: try row.at(1),
                        reason: try row.at(2)
                    ),
                    isPermanent: true,
                    requestID: "",
                    at: Timestamp(milliseconds: try row.at(3))
                )
            }
        }
    }
}
