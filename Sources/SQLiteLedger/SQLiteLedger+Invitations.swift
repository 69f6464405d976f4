// Invitations, one after the other, however many there are.

import Foundation
import GRDB
package import Ledger
import Model

extension SQLiteLedger {
    package func forEachInvitation(
        _ filter: InvitationFilter,
        _ body: (InvitationRow) throws -> Void
    ) throws {
        let (conditions, arguments) = Self.conditions(of: filter)
        try read { db in
            let reading = try InvitationReading(db)
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT identity_id, recovery_code, recovery_link, seal, sealed, expires_at, expires_at_ms,
                        request_id, issued_at_ms, roster, identity.columns, \(reading.lookedUp),
                        invitation.generation
                    FROM invitation CROSS JOIN identity ON identity.id = invitation.identity
                        \(reading.join(on: "invitation"))
                    \(conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND "))")
                    ORDER BY invitation.identity
                    """,
                arguments: arguments
            )
            while let row = try rows.next() { try body(try reading.invitation(in: row)) }
        }
    }

    private static func conditions(of filter: InvitationFilter) -> ([String], StatementArguments) {
        var conditions: [String] = []
        var arguments = StatementArguments()
        switch filter.state {
        case .valid(let time):
            conditions += ["expires_at_ms > ?", "NOT \(activation("activated"))"]
            arguments += [time.milliseconds]
        case .expired(let time):
            conditions += ["expires_at_ms <= ?", "NOT \(activation("activated"))"]
            arguments += [time.milliseconds]
        case .new:
            conditions += [
                "EXISTS (SELECT 1 FROM not_handed_over n WHERE n.identity = invitation.identity)",
                "NOT \(activation("activated"))",
            ]
        case .unused: conditions.append(activation("unused"))
        case .activated: conditions.append(activation("activated"))
        case nil: break
        }
        if let time = filter.issuedSince {
            conditions.append("issued_at_ms >= ?")
            arguments += [time.milliseconds]
        }
        if let generation = filter.generation {
            conditions.append("invitation.generation = ?")
            arguments += [generation]
        }
        return (conditions, arguments)
    }

    private static func activation(_ state: String) -> String {
        "EXISTS (SELECT 1 FROM activation a WHERE a.identity = invitation.identity AND a.state = '\(state)')"
    }

    package func forEachMember(ofBatch number: Int, _ body: (InvitationRow) throws -> Void) throws {
        try read { db in
            let reading = try InvitationReading(db)
            let columns = [
                "recovery_code", "recovery_link", "seal", "sealed", "expires_at", "expires_at_ms",
                "request_id",
                "issued_at_ms",
            ].map { "CASE WHEN i.identity IS NULL THEN p.\($0) ELSE i.\($0) END" }
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT identity_id, \(columns.joined(separator: ", ")), roster, identity.columns,
                        \(reading.lookedUp), m.generation
                    FROM batch_member m CROSS JOIN identity ON identity.id = m.identity
                        LEFT JOIN invitation i ON i.identity = m.identity AND i.generation = m.generation
                        LEFT JOIN past_invitation p ON i.identity IS NULL AND p.identity = m.identity
                            AND p.generation = m.generation
                        \(reading.join(on: "m"))
                    WHERE m.batch = ? ORDER BY m.identity
                    """,
                arguments: [number]
            )
            while let row = try rows.next() { try body(try reading.invitation(in: row)) }
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
}

/// How rows of invitations with their identities are read.
struct InvitationReading {
    /// How many columns are looked up.
    private let width: Int
    private let secret: SecretColumns
    /// What the query has for their values.
    let lookedUp: String

    init(_ db: Database) throws {
        width = try Int.fetchOne(db, sql: "SELECT count(*) FROM looked_up_column") ?? 0
        secret = try SecretColumns(db)
        lookedUp = width > 0 ? "looked_up.columns" : "NULL"
    }

    func join(on table: String) -> String {
        width > 0 ? "LEFT JOIN looked_up ON looked_up.identity = \(table).identity" : ""
    }

    func invitation(in row: Row) throws -> InvitationRow {
        let values = try columns(in: row, at: 9)
        return InvitationRow(
            identityID: try SQLiteLedger.identityID(in: row, at: 0),
            generation: try row.at(12),
            invitation: try SQLiteLedger.invitation(in: row, at: 1),
            columnsFrom: values.roster,
            columns: values.columns,
            lookedUp: values.lookedUp
        )
    }

    /// The values whose roster is in that column, the roster's and the looked-up ones in the next two.
    func columns(
        in row: Row,
        at index: Int
    ) throws -> (roster: RosterID, columns: [String], lookedUp: [String]) {
        let roster = RosterID(number: try row.at(index))
        let columns = secret.removed(from: try ColumnValues.decoded(try row.at(index + 1)), of: roster)
        return (roster, columns, padded(try (row.at(index + 2) as String?).map(ColumnValues.decoded) ?? []))
    }

    private func padded(_ values: [String]) -> [String] {
        values.count < width ? values + [String](repeating: "", count: width - values.count) : values
    }
}
