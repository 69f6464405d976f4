// What can be read from the ledger at any time.

import Foundation
import GRDB
package import Ledger
package import Model

extension SQLiteLedger {
    package func campaign() throws -> CampaignRecord {
        try read { db in
            guard
                let row = try Row.fetchOne(
                    db,
                    sql: """
                        SELECT name, server, revision, link_base, sealed_to, purged_revision, server_is_bound,
                            provider
                        FROM campaign
                        """
                )
            else {
                throw LedgerError(
                    .missing,
                    "the ledger \(path) holds no campaign: no run has begun, or it was emptied since"
                )
            }
            let sealedTo = (try row.at(4) as Data?).map { [UInt8]($0) }
            // Never taken for none: then codes would be kept readable.
            guard sealedTo.map({ $0.count == SQLiteSchema.publicKeyBytes }) ?? true else {
                throw UnexpectedValue("a key of the wrong length")
            }
            return CampaignRecord(
                name: try row.at(0),
                server: try row.at(1),
                isServerBound: try row.at(6),
                provider: try row.at(7),
                revision: try row.at(2),
                linkBase: try row.at(3),
                sealedTo: sealedTo,
                purgedRevision: try row.at(5)
            )
        }
    }

    package func latestRoster() throws -> RosterRecord? {
        try read { db in
            let sql = """
                SELECT id, name, fingerprint, size, enrolled, enrolled_new, duplicates, rejected
                FROM roster ORDER BY id DESC LIMIT 1
                """
            return try Row.fetchOne(db, sql: sql).map { row in
                var counts = EnrolmentCounts()
                (counts.enrolled, counts.enrolledNew) = (try row.count(at: 4), try row.count(at: 5))
                (counts.duplicates, counts.rejected) = (try row.count(at: 6), try row.count(at: 7))
                return RosterRecord(
                    id: RosterID(number: try row.at(0)),
                    name: try row.at(1),
                    fingerprint: try row.at(2),
                    size: try row.at(3),
                    counts: counts
                )
            }
        }
    }

    package func latestRun() throws -> RunRecord? {
        try read { db in
            let sql = """
                SELECT id, roster, started_at_ms, finished_at_ms, stopped_because, enrolled_new, requests,
                    retries,
                    issued, failed, ambiguous_attempts, rate_limited_answers, limit_in_force, limited_by
                FROM run ORDER BY id DESC LIMIT 1
                """
            return try Row.fetchOne(db, sql: sql).map { row in
                var progress = RunProgress()
                (progress.requests, progress.retries) = (try row.count(at: 6), try row.count(at: 7))
                (progress.issued, progress.failed) = (try row.count(at: 8), try row.count(at: 9))
                progress.ambiguousAttempts = try row.count(at: 10)
                progress.rateLimitedAnswers = try row.count(at: 11)
                progress.limitInForce = try row.at(12)
                progress.limitedBy = try (row.at(13) as String?).map { text in
                    guard let limitedBy = LimitedBy(rawValue: text) else {
                        throw UnexpectedValue("a limit of no known kind")
                    }
                    return limitedBy
                }
                return RunRecord(
                    id: RunID(number: try row.at(0)),
                    roster: (try row.at(1) as Int64?).map(RosterID.init(number:)),
                    startedAt: Timestamp(milliseconds: try row.at(2)),
                    finishedAt: (try row.at(3) as Int64?).map(Timestamp.init(milliseconds:)),
                    stoppedBecause: try row.at(4),
                    enrolledNew: try row.count(at: 5),
                    progress: progress
                )
            }
        }
    }

    /// How many identities are in which state; nothing else is counted.
    static func countsByState(_ db: Database) throws -> CampaignCounts {
        var counts = CampaignCounts()
        counts.identities = try Int.fetchOne(db, sql: "SELECT count(*) FROM identity") ?? 0
        counts.issued = counts.identities
        let byState = try Row.fetchCursor(
            db,
            sql: "SELECT state, count(*) FROM identity WHERE state <> 3 GROUP BY state"
        )
        while let row = try byState.next() {
            let count = try row.count(at: 1)
            counts.issued -= count
            switch SQLiteSchema.State(rawValue: try row.at(0)) {
            case .pending: counts.pending = count
            case .claimed: counts.claimed = count
            case .inDoubt: counts.inDoubt = count
            case .failed: counts.failed = count
            case .issued, nil: break
            }
        }
        return counts
    }

    package func counts(now: Timestamp) throws -> CampaignCounts {
        try read { db in
            var counts = try Self.countsByState(db)
            counts.expired =
                try Int.fetchOne(
                    db,
                    sql: "SELECT count(*) FROM invitation WHERE expires_at_ms <= ?",
                    arguments: [now.milliseconds]
                ) ?? 0
            counts.ambiguousAttempts =
                try Int.fetchOne(
                    db,
                    sql:
                        "SELECT coalesce(sum(ambiguous_attempts), 0) FROM identity WHERE ambiguous_attempts "
                        + "> 0"
                ) ?? 0
            let byKind = try Row.fetchCursor(
                db,
                sql: """
                    SELECT kind, count(*) FROM identity JOIN failure ON failure.identity = identity.id
                    WHERE state = 4 AND state <> 3 GROUP BY kind
                    """
            )
            while let row = try byKind.next() {
                let kind: String = try row.at(0)
                counts.failures[kind] = try row.count(at: 1)
            }
            counts.absent = try Self.absent(db)
            return counts
        }
    }

    package func dueCount(retryingFailed: Bool) throws -> Int {
        try read { db in
            try Int.fetchOne(
                db,
                sql: """
                    SELECT count(*) FROM identity LEFT JOIN failure ON failure.identity = identity.id
                        AND state = 4
                    WHERE state <> 3 AND (state <> 4 OR ? OR is_permanent = 0)
                    """,
                arguments: [retryingFailed]
            ) ?? 0
        }
    }

    package func memberships(of identities: [IdentityID]) throws -> [IdentityID: CampaignMembership] {
        try read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT state, is_permanent FROM identity LEFT JOIN failure ON failure.identity =
                        identity.id
                    WHERE identity_id = ?
                    """
            )
            var memberships: [IdentityID: CampaignMembership] = [:]
            for identity in identities {
                guard let row = try Row.fetchOne(statement, arguments: [identity.data]) else { continue }
                let isPermanent: Bool? = try row.at(1)
                switch SQLiteSchema.State(rawValue: try row.at(0)) {
                case .issued: memberships[identity] = .issued
                case .failed where isPermanent == true: memberships[identity] = .failedPermanently
                default: memberships[identity] = .due
                }
            }
            return memberships
        }
    }

    package func refusalsOnly() throws -> [FailureRecord]? {
        try read { db in
            let hasIssued = try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM invitation)") ?? false
            if hasIssued { return nil }
            var refusals: [FailureRecord] = []
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT kind, is_permanent, http_status, error_id, reason, request_id, attempted_at_ms
                    FROM failure
                    -- What was only looked up has no request's ID, and says nothing of how issuing is
                    -- answered.
                    WHERE request_id <> '' LIMIT 1000
                    """
            )
            while let row = try rows.next() {
                let failure = try Self.failure(in: row, at: 0)
                guard failure.kind == .rejectedByServer else { return nil }
                refusals.append(failure)
            }
            return refusals
        }
    }

    package func requests(since time: Timestamp) throws -> [RequestsInSecond] {
        try requests(since: time, in: "requests_by_second")
    }

    func requests(since time: Timestamp, in table: String) throws -> [RequestsInSecond] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: "SELECT second, requests FROM \(table) WHERE second >= ? ORDER BY second",
                arguments: [time.milliseconds / 1000]
            ).map { row in
                RequestsInSecond(
                    end: Timestamp(milliseconds: Int64(try row.count(at: 0) + 1) * 1000),
                    requests: try row.count(at: 1)
                )
            }
        }
    }

    package func output(named name: String) throws -> OutputRecord? {
        try read { db in
            let sql = "SELECT revision, options, size, modified_ns, remarks FROM output WHERE name = ?"
            return try Row.fetchOne(db, sql: sql, arguments: [name]).map { row in
                let remarks: String = try row.at(4)
                guard let remarks = try? JSONDecoder().decode([String: Int].self, from: Data(remarks.utf8))
                else { throw UnexpectedValue("remarks on a file that are none") }
                return OutputRecord(
                    name: name,
                    revision: try row.at(0),
                    options: try row.at(1),
                    size: try row.at(2),
                    modifiedNanoseconds: try row.at(3),
                    remarks: remarks
                )
            }
        }
    }
}
