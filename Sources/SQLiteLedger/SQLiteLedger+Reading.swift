// What can be read from the ledger at any time.

import Foundation
import GRDB
package import Ledger
package import Vocabulary

extension SQLiteLedger {
    package func campaign() throws -> CampaignRecord {
        try read { db in
            guard
                let row = try Row.fetchOne(
                    db,
                    sql: """
                        SELECT name, server, revision, link_base, sealed_to, purged_revision, server_is_bound
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
                (progress.limitInForce, progress.limitedBy) = (try row.at(12), try row.at(13))
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

    package func standings(of identities: [IdentityID]) throws -> [IdentityID: Standing] {
        try read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT state, is_permanent FROM identity LEFT JOIN failure ON failure.identity =
                        identity.id
                    WHERE identity_id = ?
                    """
            )
            var standings: [IdentityID: Standing] = [:]
            for identity in identities {
                guard let row = try Row.fetchOne(statement, arguments: [identity.data]) else { continue }
                let isPermanent: Bool? = try row.at(1)
                switch SQLiteSchema.State(rawValue: try row.at(0)) {
                case .issued: standings[identity] = .issued
                case .failed where isPermanent == true: standings[identity] = .failedPermanently
                default: standings[identity] = .due
                }
            }
            return standings
        }
    }

    package func hasUnissued(inRoster roster: RosterID) throws -> Bool {
        try read { db in
            try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (
                        SELECT 1 FROM identity WHERE state IN (0, 1, 2, 4) AND state <> 3 AND roster = ?)
                    """,
                arguments: [roster.number]
            ) ?? false
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
                guard failure.kind == FailureRecord.rejectedByServer else { return nil }
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

    package func forEachInvitation(_ body: (InvitationRow) throws -> Void) throws {
        try read { db in
            let width = try Int.fetchOne(db, sql: "SELECT count(*) FROM looked_up_column") ?? 0
            let secret = try SecretColumns(db)
            let (lookedUp, join) =
                width > 0
                ? ("looked_up.columns", "LEFT JOIN looked_up ON looked_up.identity = invitation.identity")
                : ("NULL", "")
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT identity_id, recovery_code, recovery_link, seal, sealed, expires_at, expires_at_ms,
                        request_id, issued_at_ms, roster, identity.columns, \(lookedUp)
                    FROM invitation CROSS JOIN identity ON identity.id = invitation.identity \(join)
                    ORDER BY invitation.identity
                    """
            )
            while let row = try rows.next() {
                let invitation = try Self.invitation(in: row, at: 1)
                let roster = RosterID(number: try row.at(9))
                try body(
                    InvitationRow(
                        identityID: try Self.identityID(in: row, at: 0),
                        invitation: invitation,
                        columnsFrom: roster,
                        columns: secret.removed(from: try ColumnValues.decoded(try row.at(10)), of: roster),
                        lookedUp: try Self.padded(
                            (try row.at(11) as String?).map(ColumnValues.decoded) ?? [],
                            to: width
                        )
                    )
                )
            }
        }
    }

    /// The invitation whose code is in that column.
    static func invitation(in row: Row, at index: Int) throws -> IssuedInvitation {
        IssuedInvitation(
            secret: try secret(in: row, at: index),
            expiresAtText: try row.at(index + 4),
            expiresAt: Timestamp(milliseconds: try row.at(index + 5)),
            requestID: try row.at(index + 6),
            issuedAt: Timestamp(milliseconds: try row.at(index + 7))
        )
    }

    private static func secret(in row: Row, at index: Int) throws -> InvitationSecret {
        if let link = try row.at(index + 1) as String? { return .plain(code: try row.at(index), link: link) }
        guard let seal = try row.at(index + 2) as Int64? else { return .purged }
        return .sealed(SealID(number: seal), [UInt8](try row.at(index + 3) as Data))
    }

    private static func padded(_ values: [String], to width: Int) -> [String] {
        values.count < width ? values + [String](repeating: "", count: width - values.count) : values
    }

    package func forEachFailure(_ body: (FailureRow) throws -> Void) throws {
        try read { db in
            let secret = try SecretColumns(db)
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT identity_id, attempts, ambiguous_attempts, roster, columns, kind, is_permanent,
                        http_status,
                        error_id, reason, request_id, attempted_at_ms
                    FROM identity JOIN failure ON failure.identity = identity.id
                    WHERE state = 4 AND state <> 3 ORDER BY identity.id
                    """
            )
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

    package func forEachRejectedRow(
        ofRoster roster: RosterID,
        _ body: (RejectedRowRecord) throws -> Void
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
                let rejected = RejectedRowRecord(
                    line: try row.at(0),
                    column: try row.at(1),
                    reason: try row.at(2),
                    value: try row.at(3),
                    firstLine: try row.at(4)
                )
                try body(mayShow ? rejected : secret.redacted(rejected))
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

    private static func failure(in row: Row, at index: Int) throws -> FailureRecord {
        FailureRecord(
            kind: try row.at(index),
            isPermanent: try row.at(index + 1),
            httpStatus: try row.at(index + 2),
            errorID: try row.at(index + 3),
            reason: try row.at(index + 4),
            requestID: try row.at(index + 5),
            at: Timestamp(milliseconds: try row.at(index + 6))
        )
    }
}
