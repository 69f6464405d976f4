// Invitations and their generations, as they are written.

import GRDB
package import Ledger
package import Model

/// The statements of one transaction that records invitations.
struct InvitationWriter {
    private let db: Database
    private let insert: RowStatement
    private let isNew: RowStatement

    init(_ db: Database) throws {
        self.db = db
        insert = try RowStatement(
            db,
            sql: """
                INSERT INTO invitation (identity, recovery_code, recovery_link, seal, sealed, expires_at,
                    expires_at_ms, request_id, issued_at_ms, server_issued_at_ms, run, generation)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        isNew = try RowStatement(db, sql: "INSERT OR IGNORE INTO not_handed_over (identity) VALUES (?)")
    }

    /// Makes it the current one of its identity; an earlier one stays as history.
    ///
    /// `sealedHere` are the numbers of seals in this ledger, where the invitation has another ledger's.
    func write(
        _ invitation: IssuedInvitation,
        identity: Int64,
        generation: Int,
        run: RunID,
        sealedHere: [SealID: SealID] = [:]
    ) throws {
        if generation > 1 { try moveToPast(identity) }
        var plain: (code: String, link: String)?
        var sealed: (seal: Int64, bytes: [UInt8])?
        switch invitation.secret {
        case .plain(let code, let link): plain = (code, link)
        case .sealed(let seal, let bytes): sealed = ((sealedHere[seal] ?? seal).number, bytes)
        case .purged: throw LedgerError(.failed, "an invitation is recorded with its code, or not at all")
        }
        try insert.run(
            identity,
            plain?.code,
            plain?.link,
            sealed?.seal,
            sealed?.bytes,
            invitation.expiresAtText,
            invitation.expiresAt.milliseconds,
            invitation.requestID,
            invitation.issuedAt.milliseconds,
            invitation.serverIssuedAt?.milliseconds,
            run.number,
            generation
        )
        try isNew.run(identity)
    }

    /// Whether the identity has an invitation of that generation, or a later one.
    ///
    /// - Parameter run: leaves out what this run has recorded.
    func isRecorded(_ generation: Int, of identity: Int64, notBy run: RunID? = nil) throws -> Bool {
        let statement = try db.cachedStatement(
            sql:
                "SELECT EXISTS (SELECT 1 FROM invitation WHERE identity = ? AND generation >= ? AND run <> ?)"
        )
        return try Bool.fetchOne(statement, arguments: [identity, generation, run?.number ?? 0]) ?? false
    }

    /// Whether an invitation of the identity came with that request.
    func isRecorded(_ requestID: String, of identity: Int64) throws -> Bool {
        try Bool.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT EXISTS (SELECT 1 FROM invitation WHERE identity = ?1 AND request_id = ?2)
                        OR EXISTS (SELECT 1 FROM past_invitation WHERE identity = ?1 AND request_id = ?2)
                    """
            ),
            arguments: [identity, requestID]
        ) ?? false
    }

    private func moveToPast(_ identity: Int64) throws {
        let columns = """
            identity, generation, recovery_code, recovery_link, seal, sealed, purged_at_ms, expires_at,
            expires_at_ms, request_id, issued_at_ms, server_issued_at_ms, run, ambiguous
            """
        try db.cachedStatement(
            sql: """
                INSERT INTO past_invitation (\(columns)) SELECT \(columns) FROM invitation WHERE identity = ?
                """
        ).execute(arguments: [identity])
        try db.cachedStatement(sql: "DELETE FROM invitation WHERE identity = ?").execute(arguments: [identity]
        )
    }
}

extension SQLiteLedger {
    package func invitations(of identity: IdentityID) throws -> [GenerationRecord] {
        try read { db in
            let columns = """
                recovery_code, recovery_link, seal, sealed, expires_at, expires_at_ms, request_id,
                issued_at_ms, run, server_issued_at_ms
                """
            let of = "WHERE identity = (SELECT id FROM identity WHERE identity_id = :id)"
            // Those of the current one are told apart when the next one is prepared.
            let untold = """
                coalesce(ambiguous, (SELECT i.ambiguous_attempts - coalesce((
                        SELECT sum(p.ambiguous) FROM past_invitation p WHERE p.identity = i.id), 0)
                    FROM identity i WHERE i.id = invitation.identity))
                """
            return try Row.fetchAll(
                db,
                sql: """
                    SELECT generation, 0, \(columns), coalesce(ambiguous, 0)
                        FROM past_invitation \(of)
                    UNION ALL SELECT generation, 1, \(columns), \(untold) FROM invitation \(of) ORDER BY 1
                    """,
                arguments: ["id": identity.data]
            ).map { row in
                var invitation = try Self.invitation(in: row, at: 2)
                invitation.serverIssuedAt = (try row.at(11) as Int64?).map(Timestamp.init(milliseconds:))
                return GenerationRecord(
                    generation: try row.at(0),
                    isCurrent: try row.at(1),
                    run: RunID(number: try row.at(10)),
                    invitation: invitation,
                    ambiguousAttempts: try row.at(12)
                )
            }
        }
    }
}
