// Whom look-ups are for.

import GRDB
package import Ledger
import Model

extension SQLiteLedger {
    package func lookupCandidates(
        _ scope: LookupScope,
        of run: RunID?,
        after candidate: LookupCandidate?,
        limit: Int
    ) throws -> [LookupCandidate] {
        try read { db in
            switch scope {
            case .inDoubt: try Self.due(.inDoubt, of: run, after: candidate, limit, db)
            case .pending: try Self.due(.pending, of: run, after: candidate, limit, db)
            case .issuedWithoutColumns: try Self.issuedWithoutColumns(after: candidate, limit, db)
            }
        }
    }

    package func dueIdentities(
        retryingFailed: Bool,
        after sequence: Int64,
        limit: Int
    ) throws -> [LookupCandidate] {
        try read { db in
            try Self.candidates(
                """
                SELECT id, roster, identity_id FROM identity
                LEFT JOIN failure ON failure.identity = identity.id AND state = 4
                WHERE identity.id > ? AND state <> 3 AND (state <> 4 OR ? OR is_permanent = 0)
                ORDER BY identity.id LIMIT ?
                """,
                [sequence, retryingFailed, limit],
                db
            )
        }
    }

    private static func due(
        _ state: SQLiteSchema.State,
        of run: RunID?,
        after last: LookupCandidate?,
        _ limit: Int,
        _ db: Database
    ) throws -> [LookupCandidate] {
        let scope = try run.map { try RunRow($0, db).scope } ?? .everybody
        let start = (roster: last?.roster.number ?? 0, sequence: last?.sequence ?? 0)
        switch scope {
        case .nobody: return []
        case .roster(let roster):
            return try due(state, inRoster: roster, after: start.sequence, limit, db)
        case .everybody:
            // One after the other: as one condition they would be a walk from the roster's start.
            let found = try due(state, inRoster: start.roster, after: start.sequence, limit, db)
            guard found.count < limit else { return found }
            return try found
                + candidates(
                    """
                    SELECT id, roster, identity_id FROM identity
                    WHERE state = ? AND state <> 3 AND roster > ? ORDER BY roster, id LIMIT ?
                    """,
                    [state.rawValue, start.roster, limit - found.count],
                    db
                )
        }
    }

    private static func due(
        _ state: SQLiteSchema.State,
        inRoster roster: Int64,
        after sequence: Int64,
        _ limit: Int,
        _ db: Database
    ) throws -> [LookupCandidate] {
        try candidates(
            """
            SELECT id, roster, identity_id FROM identity
            WHERE state = ? AND state <> 3 AND roster = ? AND id > ? ORDER BY id LIMIT ?
            """,
            [state.rawValue, roster, sequence, limit],
            db
        )
    }

    private static func issuedWithoutColumns(
        after last: LookupCandidate?,
        _ limit: Int,
        _ db: Database
    ) throws -> [LookupCandidate] {
        try candidates(
            """
            SELECT id, roster, identity_id FROM identity WHERE state = 3
                AND coalesce((SELECT json_array_length(columns)
                    FROM looked_up WHERE identity = identity.id), 0)
                    < (SELECT count(*) FROM looked_up_column)
                AND id > ? ORDER BY id LIMIT ?
            """,
            [last?.sequence ?? 0, limit],
            areDue: false,
            db
        )
    }

    private static func candidates(
        _ sql: String,
        _ arguments: StatementArguments,
        areDue: Bool = true,
        _ db: Database
    ) throws -> [LookupCandidate] {
        let rows = try Row.fetchCursor(db, sql: sql, arguments: arguments)
        var candidates: [LookupCandidate] = []
        while let row = try rows.next() {
            candidates.append(
                LookupCandidate(
                    sequence: try row.at(0),
                    roster: RosterID(number: try row.at(1)),
                    identityID: try identityID(in: row, at: 2),
                    isDue: areDue
                )
            )
        }
        return candidates
    }
}
