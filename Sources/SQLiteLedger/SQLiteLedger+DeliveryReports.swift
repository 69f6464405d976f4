// How the mails of a campaign stand.

import GRDB
package import Ledger
package import Model

extension SQLiteLedger {
    package func nextDeliveryDue(_ scope: DeliveryScope) throws -> Timestamp? {
        try read { db in try Self.nextDue(scope.resendsInDoubt ? [.later, .inDoubt] : [.later], db) }
    }

    private static func nextDue(_ states: [SQLiteDeliverySchema.State], _ db: Database) throws -> Timestamp? {
        // One state after the other: each is the first of an index.
        try states.compactMap { state in
            try Int64.fetchOne(
                db,
                sql: """
                    SELECT due_at_ms FROM delivery d CROSS JOIN invitation i
                        ON i.identity = d.identity AND i.generation = d.generation
                    WHERE d.state = ? AND d.due_at_ms IS NOT NULL AND d.due_at_ms < ?
                    ORDER BY d.due_at_ms LIMIT 1
                    """,
                arguments: [state.rawValue, DeliveryClaiming.never]
            )
        }.min().map(Timestamp.init(milliseconds:))
    }

    package func deliverableCount(_ scope: DeliveryScope, at time: Timestamp) throws -> DeliverableCount {
        try read { db in
            var count = DeliverableCount()
            let now = time.milliseconds
            let limit = now + Int64(scope.remainingMin.inMilliseconds)
            let new = try Row.fetchCursor(
                db,
                sql: """
                    SELECT \(DeliveryClaiming.passedBy(false)) AS why, count(*)
                    FROM not_handed_over n CROSS JOIN invitation ON invitation.identity = n.identity
                        LEFT JOIN activation a ON a.identity = n.identity
                        LEFT JOIN delivery d
                            ON d.identity = n.identity AND d.generation = invitation.generation
                    WHERE d.state IS NULL OR d.state = 6 OR (d.state = 5 AND :failed) GROUP BY why
                    """,
                arguments: ["now": now, "limit": limit, "failed": scope.retriesFailed]
            )
            while let row = try new.next() {
                if let reason = (try row.at(0) as String?).flatMap(LeftOutReason.init(rawValue:)) {
                    count.leftOut[reason] = try row.count(at: 1)
                } else {
                    count.new = try row.count(at: 1)
                }
            }
            // What a lost run has claimed is going to be in doubt.
            for state in scope.resendsInDoubt ? [1, 3, 4] : [4] {
                count.again +=
                    try Int.fetchOne(
                        db,
                        sql: """
                            SELECT count(*) FROM delivery d CROSS JOIN invitation
                                ON invitation.identity = d.identity AND invitation.generation = d.generation
                                LEFT JOIN activation a ON a.identity = d.identity
                            WHERE d.state = \(state) AND d.due_at_ms IS NOT NULL
                                AND d.due_at_ms < \(DeliveryClaiming.never)
                                AND (\(DeliveryClaiming.passedBy(state != 4))) IS NULL
                            """,
                        arguments: ["now": now, "limit": limit]
                    ) ?? 0
            }
            return count
        }
    }

    package func deliveryCounts() throws -> DeliveryCounts {
        try read { db in
            func count(_ sql: String) throws -> Int {
                try Int.fetchOne(db, sql: "SELECT count(*) FROM \(sql)") ?? 0
            }
            var counts = DeliveryCounts()
            counts.sent = try count("delivery WHERE state = 2")
            counts.sentAgain = try count("delivery WHERE state = 2 AND doubts > 0")
            counts.notHandedOver = try count("not_handed_over")
            counts.nextDue = try Self.nextDue([.later], db)
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT d.state, d.reason, d.reply_code, d.enhanced, count(*)
                    FROM delivery d CROSS JOIN invitation i
                        ON i.identity = d.identity AND i.generation = d.generation
                    WHERE d.state IN (1, 3, 4, 5, 6) GROUP BY 1, 2, 3, 4
                    """
            )
            while let row = try rows.next() {
                let number = try row.count(at: 4)
                let reason = try row.at(1) as String?
                let code = (try row.at(2) as Int?).map(String.init)
                let reply = code.map { code in
                    ((try? row.at(3) as String?) ?? nil).map { "\(code) \($0)" } ?? code
                }
                switch SQLiteDeliverySchema.State(rawValue: try row.at(0)) {
                case .claimed: counts.claimed += number
                case .inDoubt: counts.inDoubt += number
                case .later:
                    counts.later += number
                    counts.failures[reply ?? "no_reply", default: 0] += number
                case .failed:
                    counts.failed += number
                    counts.failures[reply ?? reason ?? "", default: 0] += number
                case .leftOut:
                    counts.leftOut += number
                    counts.reasons[reason ?? "", default: 0] += number
                case .sent, nil: break
                }
            }
            return counts
        }
    }

    package func deliveriesMark() throws -> String {
        try read { db in
            let row = try Row.fetchOne(db, sql: "SELECT count(*), total(commits) FROM delivery_run")
            return try row.map { "\(try $0.at(0) as Int).\(try $0.at(1) as Double)" } ?? ""
        }
    }

    package func forEachDelivery(_ body: (DeliveryRow) throws -> Void) throws {
        try read { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT identity_id, d.generation, d.state, d.reason, reply_code, enhanced, reply,
                        queue_id, d.attempts, d.doubts, d.at_ms, coalesce(address, '')
                    FROM delivery d CROSS JOIN identity ON identity.id = d.identity
                    WHERE NOT EXISTS (SELECT 1 FROM delivery next
                        WHERE next.identity = d.identity AND next.generation > d.generation)
                    ORDER BY d.identity
                    """
            )
            while let row = try rows.next() { try body(try Self.delivery(in: row)) }
        }
    }

    private static func delivery(in row: Row) throws -> DeliveryRow {
        let states: [DeliveryState] = [.claimed, .sent, .inDoubt, .later, .failed, .leftOut]
        let number: Int = try row.at(2)
        guard states.indices.contains(number - 1) else { throw UnexpectedValue("a mail of no known state") }
        return DeliveryRow(
            identityID: try identityID(in: row, at: 0),
            generation: try row.at(1),
            address: try row.at(11),
            state: states[number - 1],
            reason: (try row.at(3) as String?).map(DeliveryReason.init(rawValue:)),
            reply: DeliveryReply(
                code: try row.at(4),
                enhanced: try row.at(5),
                text: try row.at(6),
                queueID: try row.at(7)
            ),
            attempts: try row.count(at: 8),
            doubts: try row.count(at: 9),
            at: Timestamp(milliseconds: try row.at(10))
        )
    }
}
