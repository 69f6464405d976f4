// Runs that were lost: what they held, and what they answer late.

import Foundation
import GRDB
package import Ledger
package import Model

extension SQLiteLedger {
    @discardableResult
    package func rescueLostRuns(_ lost: LostRuns, by run: RunID, at time: Timestamp) throws -> Int {
        try write { db in try Self.rescue(lost, by: run, at: time, db) }
    }

    @discardableResult
    static func rescue(_ lost: LostRuns, by run: RunID, at time: Timestamp, _ db: Database) throws -> Int {
        try declare(lost, by: run, at: time, db)
        let held = try Row.fetchAll(
            db,
            sql: """
                SELECT identity.id, identity_id, attempts, identity.run, key
                FROM identity LEFT JOIN run ON run.id = identity.run
                WHERE state = 1 AND state <> 3
                    AND (run.id IS NULL OR lost_at_ms IS NOT NULL OR finished_at_ms IS NOT NULL)
                ORDER BY identity.id
                """
        )
        guard !held.isEmpty else { return 0 }
        let mark = try RowStatement(
            db,
            sql: """
                UPDATE identity SET state = 2, run = NULL, attempts = attempts + 1,
                    ambiguous_attempts = ambiguous_attempts + 1
                WHERE id = ?
                """
        )
        let history = try AttemptHistory(db, at: time)
        for row in held {
            let identity: Int64 = try row.at(0)
            try mark.run(identity)
            guard let owner = try row.at(3) as Int64? else { continue }
            let key = (try row.at(4) as Data?).flatMap(RunKey.init(data:))
            let requestID = key?.requestID(for: try identityID(in: row, at: 1), attempt: try row.at(2) + 1)
            try history.add(
                .inDoubt,
                nil,
                isAmbiguous: true,
                requestID: requestID ?? "",
                identity: identity,
                run: RunID(number: owner)
            )
        }
        try bumpRevision(db)
        // What is in doubt may have been sent up to this moment.
        try add(held.count, in: time.milliseconds / 1000, of: "requests_by_second", db)
        return held.count
    }

    private static func declare(_ lost: LostRuns, by run: RunID, at time: Timestamp, _ db: Database) throws {
        let declare =
            "UPDATE run SET lost_at_ms = ? WHERE id <> ? AND finished_at_ms IS NULL AND lost_at_ms IS NULL"
        let now = time.milliseconds
        switch lost {
        case .allOthers:
            try db.execute(sql: declare, arguments: [now, run.number])
        case .leaseOver:
            try db.execute(
                sql: "\(declare) AND coalesce(lease_until_ms, 0) <= ?",
                arguments: [now, run.number, now]
            )
        case .only(let other):
            try db.execute(sql: "\(declare) AND id = ?", arguments: [now, run.number, other.number])
        }
    }

    /// Whether the run was declared lost.
    static func isLost(_ run: RunID, _ db: Database) throws -> Bool {
        try Bool.fetchOne(
            db,
            sql: "SELECT lost_at_ms IS NOT NULL FROM run WHERE id = ?",
            arguments: [run.number]
        ) ?? false
    }

    package func takeLate(_ results: [AttemptResult], run: RunID, at time: Timestamp) throws -> RecoveryReport
    {
        try write { db in
            var taking = try RecoveryProgress(db, run, at: time, isLate: true, path: path)
            for result in results { try taking.take(result) }
            try taking.finish()
            if results.contains(where: \.provesTheServer) { try Self.bindServer(db, of: run) }
            try Self.bumpRevision(db)
            return taking.taken
        }
    }
}

extension RunKey {
    /// Its 16 bytes.
    var data: Data { withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { Data($0) } }

    init?(data: Data) {
        guard let id = data.withUnsafeBytes({ IdentityID(bytes: $0) }) else { return nil }
        self.init(high: id.high, low: id.low)
    }
}
