// Who has activated: whom to ask about, and what was learnt.

import GRDB
package import Ledger
package import Model

extension SQLiteLedger {
    package func setProvider(_ provider: String) throws {
        try write { db in
            try db.execute(
                sql: "UPDATE campaign SET provider = ?1 WHERE provider IS NOT ?1",
                arguments: [provider]
            )
        }
    }

    private static let candidate =
        candidate(from: "invitation JOIN identity ON identity.id = invitation.identity")

    /// The columns of a candidate; whoever had an invitation before is judged by the first one.
    private static func candidate(from source: String) -> String {
        func ofFirst(_ column: String) -> String {
            """
            CASE WHEN invitation.generation = 1 THEN invitation.\(column) ELSE coalesce((
                SELECT p.\(column) FROM past_invitation p WHERE p.identity = invitation.identity
                ORDER BY p.generation LIMIT 1), invitation.\(column)) END
            """
        }
        return """
            SELECT invitation.identity, identity.identity_id, \(ofFirst("issued_at_ms")),
                CASE WHEN invitation.generation = 1 OR NOT EXISTS (
                        SELECT 1 FROM past_invitation p WHERE p.identity = invitation.identity)
                    THEN invitation.server_issued_at_ms
                    ELSE (SELECT p.server_issued_at_ms FROM past_invitation p
                        WHERE p.identity = invitation.identity ORDER BY p.generation LIMIT 1) END,
                activation.state, activation.kind, activation.at_ms
            FROM \(source) LEFT JOIN activation ON activation.identity = invitation.identity
            """
    }

    package func activationCandidates(
        _ scope: ActivationScope,
        after sequence: Int64,
        limit: Int
    ) throws -> [ActivationCandidate] {
        var conditions: StatementArguments = []
        let sql: String
        switch scope {
        case .reissue(let whose, let time):
            let inScope: String
            (inScope, conditions) = Self.conditions(of: whose)
            conditions += [time.milliseconds, whose.now.milliseconds]
            sql = """
                \(Self.candidate(from: Self.source(of: whose)))
                WHERE \(Self.key(of: whose)) > ? AND \(inScope)
                    AND (learnt_at_ms IS NULL OR learnt_at_ms < ? OR learnt_at_ms > ? OR is_changed)
                ORDER BY \(Self.key(of: whose)) LIMIT ?
                """
        case .notActivated:
            sql = """
                \(Self.candidate) WHERE invitation.identity > ? AND activation.state IS NOT 'activated'
                ORDER BY invitation.identity LIMIT ?
                """
        case .unused:
            sql = """
                \(Self.candidate) WHERE invitation.identity > ? AND activation.state = 'unused'
                ORDER BY invitation.identity LIMIT ?
                """
        case .changed:
            sql = """
                \(Self.candidate) WHERE invitation.identity IN (
                    SELECT identity FROM activation WHERE is_changed AND identity > ?
                    ORDER BY identity LIMIT ?)
                ORDER BY invitation.identity
                """
        }
        return try read { db in
            let statement = try db.cachedStatement(sql: sql)
            return try Row.fetchAll(statement, arguments: [sequence] + conditions + [limit])
                .map(Self.candidate)
        }
    }

    package func activationCandidates(_ identities: [IdentityID]) throws -> [ActivationCandidate] {
        try read { db in
            let statement = try db.cachedStatement(sql: "\(Self.candidate) WHERE identity.identity_id = ?")
            return try identities.compactMap {
                try Row.fetchOne(statement, arguments: [$0.data]).map(Self.candidate)
            }
        }
    }

    private static func candidate(_ row: Row) throws -> ActivationCandidate {
        let serverTime: Int64? = try row.at(3)
        return ActivationCandidate(
            sequence: try row.at(0),
            identityID: try identityID(in: row, at: 1),
            issuedAt: Timestamp(milliseconds: try serverTime ?? row.at(2)),
            isServerTime: serverTime != nil,
            known: try (row.at(4) as String?).map { try activation($0, in: row, at: 5) }
        )
    }

    /// - Parameter index: where the kind is, before its time.
    static func activation(_ state: String, in row: Row, at index: Int) throws -> Activation {
        guard let state = ActivationState(rawValue: state) else {
            throw UnexpectedValue("a state of activation that is none")
        }
        return Activation(
            state,
            kind: try row.at(index),
            at: (try row.at(index + 1) as Int64?).map(Timestamp.init(milliseconds:))
        )
    }

    package func recordActivations(_ results: [ActivationResult], at time: Timestamp) throws {
        guard !results.isEmpty else { return }
        try write { db in
            // Whoever has activated once has done so for good.
            let statement = try db.cachedStatement(
                sql: """
                    INSERT INTO activation (identity, state, kind, at_ms, learnt_at_ms, is_changed, took_ms,
                        invitation_expires_at_ms)
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6,
                        CASE ?2 WHEN 'activated' THEN max(0, ?4 - coalesce(
                            (SELECT coalesce(server_issued_at_ms, issued_at_ms) FROM past_invitation
                                WHERE identity = ?1 ORDER BY generation LIMIT 1),
                            (SELECT coalesce(server_issued_at_ms, issued_at_ms) FROM invitation
                                WHERE identity = ?1))) END,
                        CASE ?2 WHEN 'activated' THEN (
                            SELECT expires_at_ms FROM invitation WHERE identity = ?1) END)
                    ON CONFLICT (identity) DO UPDATE SET state = excluded.state, kind = excluded.kind,
                        at_ms = excluded.at_ms, learnt_at_ms = excluded.learnt_at_ms,
                        is_changed = excluded.is_changed, took_ms = excluded.took_ms,
                        invitation_expires_at_ms = excluded.invitation_expires_at_ms
                    WHERE state <> 'activated'
                    """
            )
            for result in results {
                var activation = Activation(.unknown)
                if case .known(let known) = result.finding { activation = known }
                try statement.execute(arguments: [
                    result.sequence, activation.state.rawValue, activation.kind,
                    activation.at?.milliseconds, time.milliseconds, result.finding == .changed,
                ])
            }
            let activated = results.filter { result in
                guard case .known(let activation) = result.finding else { return false }
                return activation.state == .activated
            }
            try Self.settleActivated(activated.map(\.sequence), db)
        }
    }

    package func activation(of identity: IdentityID) throws -> ActivationRecord? {
        try read { db in
            let sql = """
                SELECT state, kind, at_ms, learnt_at_ms FROM activation
                WHERE identity = (SELECT id FROM identity WHERE identity_id = ?)
                """
            return try Row.fetchOne(db, sql: sql, arguments: [identity.data]).map { row in
                ActivationRecord(
                    try Self.activation(try row.at(0), in: row, at: 1),
                    learntAt: Timestamp(milliseconds: try row.at(3))
                )
            }
        }
    }

    package func activationCounts() throws -> ActivationCounts {
        try read { db in
            var counts = ActivationCounts()
            counts.invited = try Int.fetchOne(db, sql: "SELECT count(*) FROM invitation") ?? 0
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT activation.state, count(*),
                        min(coalesce(server_issued_at_ms, issued_at_ms)) FROM activation
                    JOIN invitation ON invitation.identity = activation.identity GROUP BY 1
                    """
            )
            while let row = try rows.next() {
                guard let state = ActivationState(rawValue: try row.at(0)) else {
                    throw UnexpectedValue("a state of activation that is none")
                }
                counts.states[state] = try row.count(at: 1)
                if state == .unused { counts.unusedSince = Timestamp(milliseconds: try row.at(2)) }
            }
            counts.withoutServerTime =
                try Int.fetchOne(
                    db,
                    sql: """
                        SELECT count(*) FROM invitation
                        LEFT JOIN activation ON activation.identity = invitation.identity
                        WHERE server_issued_at_ms IS NULL AND activation.state IS NOT 'activated'
                        """
                ) ?? 0
            return counts
        }
    }
}
