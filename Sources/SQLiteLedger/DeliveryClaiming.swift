// Which invitations are mailed next.

import GRDB
import Ledger
import Model

/// Claims invitations within one transaction.
struct DeliveryClaiming {
    /// When something is due that is never to be claimed again.
    static let never = Int64.max
    /// Bounds what one transaction looks at.
    private static let rowsAtOnce = 10_000

    private let db: Database
    private let run: DeliveryRunID
    private let scope: DeliveryScope
    private let count: Int
    private let now: Int64
    private let reading: InvitationReading
    private var found: DeliveryClaims
    private var looked = 0

    init(
        _ db: Database,
        _ run: DeliveryRunID,
        _ scope: DeliveryScope,
        count: Int,
        after last: Int64,
        at time: Timestamp
    ) throws {
        self.db = db
        self.run = run
        self.scope = scope
        self.count = count
        now = time.milliseconds
        reading = try InvitationReading(db)
        found = DeliveryClaims(last: last)
    }

    mutating func claim() throws -> DeliveryClaims {
        if scope.resendsInDoubt { try claimDue(.inDoubt) }
        try claimDue(.later)
        try claimNew()
        return found
    }

    private var wanted: Int { count - found.claims.count }

    // MARK: - What was tried before

    private mutating func claimDue(_ state: SQLiteDeliverySchema.State) throws {
        let due = """
            \(columns), \(Self.passedBy(state == .inDoubt)), identity.id, d.attempts, d.doubts, d.put_off,
                d.first_at_ms
            FROM delivery d
                CROSS JOIN invitation ON invitation.identity = d.identity
                    AND invitation.generation = d.generation
                \(joins)
            WHERE d.state = :state AND d.due_at_ms IS NOT NULL AND d.due_at_ms <= :now
            ORDER BY d.due_at_ms LIMIT :count
            """
        let mark = try RowStatement(
            db,
            sql: "UPDATE delivery SET state = 1, run = ? WHERE identity = ? AND generation = ?"
        )
        while wanted > 0 {
            guard looked < Self.rowsAtOnce else {
                found.hasMore = true
                return
            }
            let rows = try Row.fetchAll(
                db,
                sql: due,
                arguments: [
                    "state": state.rawValue, "now": now, "limit": limit, "count": wanted,
                ]
            )
            guard !rows.isEmpty else { return }
            looked += rows.count
            for row in rows {
                let claim = try deliveryClaim(in: row)
                if let reason = try row.at(13) as String? {
                    try passBy(claim.claim, state, LeftOutReason(rawValue: reason))
                } else {
                    try mark.run(run.number, claim.claim.sequence, claim.claim.generation)
                    found.claims.append(claim)
                }
            }
        }
    }

    /// It comes to nothing any more.
    private func passBy(
        _ claim: Claim,
        _ state: SQLiteDeliverySchema.State,
        _ reason: LeftOutReason?
    ) throws {
        if state == .inDoubt {
            // It may have been sent, and stays so.
            try RowStatement(
                db,
                sql: "UPDATE delivery SET due_at_ms = ? WHERE identity = ? AND generation = ?"
            ).run(Self.never, claim.sequence, claim.generation)
            return
        }
        let failed: DeliveryReason =
            switch reason {
            case .noCode: .noCode
            case .expired, .tooLittleTime: .expired
            case .activated, .gone, .inactive, nil: .notWanted
            }
        try RowStatement(
            db,
            sql: """
                UPDATE delivery SET state = 5, due_at_ms = NULL, reason = ?, at_ms = ?
                WHERE identity = ? AND generation = ?
                """
        ).run(failed.rawValue, now, claim.sequence, claim.generation)
        // What may have been sent stays handed over.
        guard !claim.wasInDoubt else { return }
        try RowStatement(db, sql: "INSERT OR IGNORE INTO not_handed_over (identity) VALUES (?)")
            .run(claim.sequence)
    }

    // MARK: - What is new

    private mutating func claimNew() throws {
        guard wanted > 0 else {
            found.hasMore = true
            return
        }
        guard looked < Self.rowsAtOnce else { return }
        var claims: [DeliveryClaim] = []
        found.hasMore = false
        let rows = try Row.fetchCursor(
            db,
            sql: """
                \(columns), \(Self.passedBy(false)), identity.id, coalesce(d.attempts, 0),
                    coalesce(d.doubts, 0), 0, :now, d.state
                FROM not_handed_over n CROSS JOIN invitation ON invitation.identity = n.identity
                    \(joins)
                    LEFT JOIN delivery d ON d.identity = n.identity AND d.generation = invitation.generation
                WHERE n.identity > :last ORDER BY n.identity
                """,
            arguments: ["now": now, "limit": limit, "last": found.last]
        )
        while let row = try rows.next() {
            guard claims.count < wanted, looked < Self.rowsAtOnce else {
                found.hasMore = true
                break
            }
            looked += 1
            found.last = try row.at(14)
            let state = (try row.at(19) as Int?).flatMap(SQLiteDeliverySchema.State.init)
            switch state {
            case nil, .leftOut: break
            case .failed where scope.retriesFailed: break
            case .failed, .claimed, .sent, .inDoubt, .later: continue
            }
            if let reason = (try row.at(13) as String?).flatMap(LeftOutReason.init(rawValue:)) {
                found.leftOut[reason, default: 0] += 1
            } else {
                claims.append(try deliveryClaim(in: row))
            }
        }
        try mark(claims)
        found.claims += claims
    }

    private func mark(_ claims: [DeliveryClaim]) throws {
        let insert = try RowStatement(
            db,
            sql: """
                INSERT INTO delivery (identity, generation, state, run, first_at_ms, due_at_ms, at_ms)
                VALUES (?1, ?2, 1, ?3, ?4, ?4, ?4)
                ON CONFLICT (identity, generation) DO UPDATE SET state = 1, run = ?3, due_at_ms = ?4,
                    first_at_ms = ?4, put_off = 0, reason = NULL
                """
        )
        let take = try RowStatement(db, sql: "DELETE FROM not_handed_over WHERE identity = ?")
        for claim in claims {
            try insert.run(claim.claim.sequence, claim.claim.generation, run.number, now)
            try take.run(claim.claim.sequence)
        }
    }

    // MARK: - Reading

    private var limit: Int64 { now + Int64(scope.remainingMin.inMilliseconds) }

    private var columns: String {
        """
        SELECT identity_id, recovery_code, recovery_link, seal, sealed, expires_at, expires_at_ms,
            request_id, issued_at_ms, roster, identity.columns, \(reading.lookedUp), invitation.generation
        """
    }

    private var joins: String {
        """
        CROSS JOIN identity ON identity.id = invitation.identity
        LEFT JOIN activation a ON a.identity = invitation.identity
        \(reading.join(on: "invitation"))
        """
    }

    /// Why an invitation is not mailed; NULL where it is.
    ///
    /// Whoever came in by a code that was not handed over may still want the invitation; whoever came in by
    /// one that may have been mailed has got it.
    static func passedBy(_ mayHaveBeenSent: Bool) -> String {
        """
        CASE WHEN a.state IN ('activated', 'gone', 'inactive') THEN a.state
            \(mayHaveBeenSent ? "WHEN a.state = 'redeemed' THEN 'activated'" : "")
            WHEN invitation.purged_at_ms IS NOT NULL THEN 'no_code'
            WHEN invitation.expires_at_ms <= :now THEN 'expired'
            WHEN invitation.expires_at_ms <= :limit THEN 'too_little_time' END
        """
    }

    private func deliveryClaim(in row: Row) throws -> DeliveryClaim {
        let invitation = try reading.invitation(in: row)
        return DeliveryClaim(
            claim: Claim(
                sequence: try row.at(14),
                identityID: invitation.identityID,
                wasInDoubt: try row.count(at: 16) > 0,
                attempts: try row.count(at: 15),
                generation: invitation.generation
            ),
            row: invitation,
            timesPutOff: try row.count(at: 17),
            firstAt: Timestamp(milliseconds: try row.at(18))
        )
    }
}
