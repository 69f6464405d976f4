// Invitations that are issued anew: whom to prepare, and what is kept of it.

import GRDB
package import Ledger
package import Model

extension SQLiteLedger {
    package func beginReissue(_ what: String, at time: Timestamp) throws -> Timestamp {
        try write { db in
            try db.execute(sql: "DELETE FROM reissue_mark")
            let sql = "SELECT begun_at_ms FROM reissue WHERE what = ?"
            if let begun = try Int64.fetchOne(db, sql: sql, arguments: [what]) {
                return Timestamp(milliseconds: begun)
            }
            try db.execute(
                sql: "INSERT OR REPLACE INTO reissue (id, what, begun_at_ms) VALUES (1, ?, ?)",
                arguments: [what, time.milliseconds]
            )
            return time
        }
    }

    package func endReissue() throws {
        try write { db in try db.execute(sql: "DELETE FROM reissue; DELETE FROM reissue_mark") }
    }

    package func markForReissue(_ identities: [IdentityID]) throws -> Int {
        guard !identities.isEmpty else { return 0 }
        return try write { db in
            let find = try RowStatement(db, sql: "SELECT id FROM identity WHERE identity_id = ?")
            let mark = try RowStatement(db, sql: "INSERT OR IGNORE INTO reissue_mark (identity) VALUES (?)")
            var known = 0
            for identity in identities {
                guard let sequence = try find.first(identity) else { continue }
                try mark.run(sequence)
                known += 1
            }
            return known
        }
    }

    package func reissueCandidates(
        _ scope: ReissueScope,
        after sequence: Int64,
        limit: Int
    ) throws -> [ReissueCandidate] {
        let (conditions, arguments) = Self.conditions(of: scope)
        return try read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT identity.id, identity_id, identity.generation, activation.state, activation.kind,
                        activation.at_ms, learnt_at_ms
                    FROM \(Self.source(of: scope)) LEFT JOIN activation ON activation.identity = identity.id
                    WHERE \(Self.key(of: scope)) > ? AND \(conditions)
                    ORDER BY \(Self.key(of: scope)) LIMIT ?
                    """
            )
            let rows = try Row.fetchAll(statement, arguments: [sequence] + arguments + [limit])
            return try rows.map { row in
                ReissueCandidate(
                    sequence: try row.at(0),
                    identityID: try Self.identityID(in: row, at: 1),
                    generation: try row.at(2),
                    activation: try (row.at(3) as String?).map { state in
                        ActivationRecord(
                            try Self.activation(state, in: row, at: 4),
                            learntAt: Timestamp(milliseconds: try row.at(6))
                        )
                    }
                )
            }
        }
    }

    /// Invitations with their identities, walked in the order of enrolment.
    static func source(of scope: ReissueScope) -> String {
        let invitations = "invitation CROSS JOIN identity ON identity.id = invitation.identity"
        guard scope.whose == .marked else { return invitations }
        return "reissue_mark CROSS JOIN \(invitations) AND invitation.identity = reissue_mark.identity"
    }

    /// What the walk is in the order of.
    static func key(of scope: ReissueScope) -> String {
        scope.whose == .marked ? "reissue_mark.identity" : "invitation.identity"
    }

    /// The conditions of those in scope, on `invitation`, `identity` and `activation`.
    static func conditions(of scope: ReissueScope) -> (String, StatementArguments) {
        var conditions = ["identity.state = 3", "activation.state IS NOT 'activated'"]
        var arguments = StatementArguments()
        if case .expiring(let time) = scope.whose {
            // The index would hand them over in another order: all of them for each step of the walk.
            conditions.append("+expires_at_ms <= ?")
            arguments += [time.milliseconds]
        }
        if let time = scope.issuedBefore {
            conditions.append("(issued_at_ms < ? OR +expires_at_ms <= ?)")
            arguments += [time.milliseconds, scope.now.milliseconds]
        }
        if let roster = scope.roster {
            conditions.append("identity.roster = ?")
            arguments += [roster.number]
        }
        return (conditions.joined(separator: " AND "), arguments)
    }
}

// MARK: - Preparing and giving up

extension SQLiteLedger {
    package func reissue(_ candidates: [ReissueCandidate]) throws -> Int {
        guard !candidates.isEmpty else { return 0 }
        return try write { db in
            let prepare = try RowStatement(
                db,
                sql: """
                    UPDATE identity SET state = 0, generation = generation + 1
                    WHERE id = ? AND state = 3 AND generation = ?
                    """
            )
            let settle = try RowStatement(
                db,
                sql: """
                    UPDATE invitation SET ambiguous = (
                        SELECT identity.ambiguous_attempts - coalesce((SELECT sum(p.ambiguous)
                            FROM past_invitation p WHERE p.identity = identity.id), 0)
                        FROM identity WHERE identity.id = invitation.identity)
                    WHERE identity = ? AND ambiguous IS NULL
                    """
            )
            let takeOff = try RowStatement(db, sql: "DELETE FROM given_up WHERE identity = ?")
            var count = 0
            for candidate in candidates
            where try prepare.run(candidate.sequence, candidate.generation) == 1 {
                try settle.run(candidate.sequence)
                try takeOff.run(candidate.sequence)
                count += 1
            }
            if count > 0 { try Self.bumpRevision(db) }
            return count
        }
    }

    package func giveUp(_ candidates: [ReissueCandidate], run: RunID, at time: Timestamp) throws -> Int {
        guard !candidates.isEmpty else { return 0 }
        return try write { db in
            let statement = try RowStatement(
                db,
                sql: """
                    INSERT INTO given_up (identity, generation, run, at_ms)
                        SELECT id, generation, ?1, ?2 FROM identity WHERE id = ?3 AND generation = ?4
                    ON CONFLICT (identity) DO UPDATE SET generation = excluded.generation,
                        run = excluded.run, at_ms = excluded.at_ms
                    WHERE generation <> excluded.generation
                    """
            )
            let count = try candidates.reduce(0) { count, candidate in
                try count
                    + statement.run(
                        run.number,
                        time.milliseconds,
                        candidate.sequence,
                        candidate.generation
                    )
            }
            if count > 0 { try Self.bumpRevision(db) }
            return count
        }
    }

    @discardableResult
    package func withdrawReissues(by run: RunID) throws -> Int {
        try write { db in
            try db.execute(
                sql: """
                    UPDATE identity SET \(Self.withdrawn)
                    WHERE state IN (0, 2, 4) AND state <> 3 AND generation > 1 AND \(Self.hasInvitation)
                        AND (state <> 4 OR EXISTS (SELECT 1 FROM failure
                            WHERE failure.identity = identity.id AND (is_permanent = 0
                                OR (SELECT retries_failed FROM run WHERE id = ?))))
                    """,
                arguments: [run.number]
            )
            let count = db.changesCount
            if count > 0 { try Self.bumpRevision(db) }
            return count
        }
    }

    /// An identity has the invitation back that it has.
    private static let withdrawn = """
        state = 3, generation = (
            SELECT generation FROM invitation WHERE invitation.identity = identity.id)
        """

    private static let hasInvitation =
        "EXISTS (SELECT 1 FROM invitation WHERE invitation.identity = identity.id)"

    /// Whoever has activated is neither due any more, nor given up.
    static func settleActivated(_ identities: [Int64], _ db: Database) throws {
        guard !identities.isEmpty else { return }
        let withdraw = try RowStatement(
            db,
            sql: """
                UPDATE identity SET \(withdrawn)
                WHERE id = ? AND state IN (0, 2, 4) AND state <> 3 AND generation > 1 AND \(hasInvitation)
                """
        )
        let takeOff = try RowStatement(db, sql: "DELETE FROM given_up WHERE identity = ?")
        var count = 0
        for identity in identities { count += try withdraw.run(identity) + takeOff.run(identity) }
        if count > 0 { try bumpRevision(db) }
    }
}

// MARK: - Reading

extension SQLiteLedger {
    package func hasUnreached(inRoster roster: RosterID?, at time: Timestamp) throws -> Bool {
        let isNamed = roster == nil ? "" : "AND identity.roster = ?"
        let named: StatementArguments = roster.map { [$0.number] } ?? []
        return try read { db in
            let isUnissued = try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM identity
                        WHERE state IN (0, 1, 2, 4) AND state <> 3 \(isNamed) AND NOT \(Self.hasInvitation))
                    """,
                arguments: named
            )
            if isUnissued == true { return true }
            return try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (
                        SELECT 1 FROM invitation CROSS JOIN identity ON identity.id = invitation.identity
                        WHERE expires_at_ms <= ? \(isNamed) AND NOT EXISTS (
                            SELECT 1 FROM activation a
                            WHERE a.identity = invitation.identity AND a.state = 'activated'))
                    """,
                arguments: [time.milliseconds] + named
            ) ?? false
        }
    }

    package func givenUpCount(by run: RunID) throws -> Int {
        try read { db in
            let sql = "SELECT count(*) FROM given_up WHERE run = ?"
            return try Int.fetchOne(db, sql: sql, arguments: [run.number]) ?? 0
        }
    }
}
