// Whom a run takes: its scope, its claims, and who is left out.

import GRDB
package import Ledger
import Model

/// Whom a run takes.
enum RunScope: Hashable {
    case everybody
    /// Those whom this roster has named.
    case roster(Int64)
    /// No roster of the run's own is known yet.
    case nobody
}

extension SQLiteLedger {
    package func takeUp(_ roster: RosterID, run: RunID) throws -> Int {
        try write { db in
            let row = try Row.fetchOne(
                db,
                sql: "UPDATE run SET roster = ? WHERE id = ? RETURNING takes_absent, retries_failed",
                arguments: [roster.number, run.number]
            )
            guard let row else { throw UnexpectedValue("no run of that number") }
            // Such a run has everybody in its scope already.
            if try row.at(0) as Bool { return 0 }
            try Self.makeFailedDue(
                """
                SELECT identity FROM failure JOIN identity ON identity.id = failure.identity
                WHERE roster = ? AND (is_permanent = 0 OR ?)
                """,
                [roster.number, try row.at(1) as Bool],
                db
            )
            return try Self.dueCount(.roster(roster.number), db)
        }
    }

    package func dueCount(of run: RunID) throws -> Int {
        try read { db in try Self.dueCount(RunRow(run, db).scope, db) }
    }

    private static func dueCount(_ scope: RunScope, _ db: Database) throws -> Int {
        let due = "SELECT count(*) FROM identity WHERE state IN (0, 2) AND state <> 3"
        switch scope {
        case .nobody: return 0
        case .everybody: return try Int.fetchOne(db, sql: due) ?? 0
        case .roster(let roster):
            return try Int.fetchOne(db, sql: "\(due) AND roster = ?", arguments: [roster]) ?? 0
        }
    }

    /// Claims what is in doubt first, for that waits longest, then what is pending: those of older rosters
    /// first, in roster order.
    static func claim(_ count: Int, for run: RunRow, _ db: Database) throws -> [Claim] {
        guard run.scope != .nobody else { return [] }
        var claims: [Claim] = []
        for state in [SQLiteSchema.State.inDoubt, .pending] where claims.count < count {
            claims += try claim(count - claims.count, state, for: run, db)
        }
        return claims
    }

    private static func claim(
        _ count: Int,
        _ state: SQLiteSchema.State,
        for run: RunRow,
        _ db: Database
    ) throws -> [Claim] {
        let due = """
            SELECT id, identity_id, roster, attempts, generation FROM identity WHERE state = ? AND state <> 3
            """
        let rows: RowCursor
        if case .roster(let roster) = run.scope {
            let statement = try db.cachedStatement(sql: "\(due) AND roster = ? ORDER BY id LIMIT ?")
            rows = try Row.fetchCursor(statement, arguments: [state.rawValue, roster, count])
        } else {
            let statement = try db.cachedStatement(sql: "\(due) ORDER BY roster, id LIMIT ?")
            rows = try Row.fetchCursor(statement, arguments: [state.rawValue, count])
        }
        var claims: [Claim] = []
        /// The last of each roster.
        var ends: [(roster: Int64, sequence: Int64)] = []
        while let row = try rows.next() {
            let (sequence, roster) = (try row.at(0) as Int64, try row.at(2) as Int64)
            let id = try identityID(in: row, at: 1)
            claims.append(
                Claim(
                    sequence: sequence,
                    identityID: id,
                    wasInDoubt: state == .inDoubt,
                    attempts: try row.at(3),
                    generation: try row.at(4)
                )
            )
            if ends.last?.roster == roster { ends.removeLast() }
            ends.append((roster, sequence))
        }
        // All of a roster up to the last: exactly those that were selected.
        let mark = try RowStatement(
            db,
            sql: """
                UPDATE identity SET state = 1, run = ?
                WHERE state = ? AND state <> 3 AND roster = ? AND id <= ?
                """
        )
        for end in ends { try mark.run(run.id.number, state.rawValue, end.roster, end.sequence) }
        return claims
    }

    /// How many are left out by whoever takes only the identities of the latest roster.
    ///
    /// A roster that was not read to its end leaves nobody out: who is in the rest of it is not known.
    static func absent(_ db: Database) throws -> AbsentCounts {
        var absent = AbsentCounts()
        let sql = "SELECT max(id) FROM roster WHERE fingerprint IS NOT NULL"
        guard let roster = try Int64.fetchOne(db, sql: sql) else { return absent }
        func count(_ state: SQLiteSchema.State) throws -> Int {
            try Int.fetchOne(
                db,
                sql: "SELECT count(*) FROM identity WHERE state = ? AND state <> 3 AND roster < ?",
                arguments: [state.rawValue, roster]
            ) ?? 0
        }
        absent.pending = try count(.pending)
        absent.claimed = try count(.claimed)
        absent.inDoubt = try count(.inDoubt)
        absent.failed =
            try Int.fetchOne(
                db,
                sql: """
                    SELECT count(*) FROM identity JOIN failure ON failure.identity = identity.id
                    WHERE state = 4 AND state <> 3 AND roster < ? AND is_permanent = 0
                    """,
                arguments: [roster]
            ) ?? 0
        return absent
    }

    package func noteAbsent(_ count: Int, run: RunID) throws -> Int? {
        try write { db in
            let before = try Int.fetchOne(
                db,
                sql: "SELECT absent FROM run WHERE id < ? AND absent IS NOT NULL ORDER BY id DESC LIMIT 1",
                arguments: [run.number]
            )
            try db.execute(
                sql: "UPDATE run SET absent = ? WHERE id = ?",
                arguments: [count, run.number]
            )
            return before
        }
    }

    package func rosterNames() throws -> [String] {
        try read { db in
            try String.fetchAll(db, sql: "SELECT name FROM roster GROUP BY name ORDER BY max(id) DESC")
        }
    }
}

// MARK: - The campaign's server

extension SQLiteLedger {
    package func setServer(_ server: String) throws {
        try write { db in
            try db.execute(sql: "UPDATE campaign SET server = ?", arguments: [server])
            try Self.bumpRevision(db)
        }
    }

    /// An answer that can be used has come: the campaign belongs to its server from now on.
    ///
    /// - Parameter run: whose answer it is; nil for the run that is on.
    static func bindServer(_ db: Database, of run: RunID? = nil) throws {
        if let run {
            try db.execute(
                sql: """
                    UPDATE campaign SET server = (SELECT server FROM run WHERE id = ?), server_is_bound = 1
                    WHERE server_is_bound = 0
                    """,
                arguments: [run.number]
            )
        } else {
            try db.cachedStatement(sql: "UPDATE campaign SET server_is_bound = 1 WHERE server_is_bound = 0")
                .execute()
        }
    }
}

extension AttemptResult {
    /// Whether its answer shows that the server is one that knows identities: a refusal may be anybody's.
    var provesTheServer: Bool {
        switch outcome {
        case .issued: true
        case .failed(let failure): failure.isPermanent && failure.kind != .rejectedByServer
        case .tryingAgain, .dueAgain: false
        }
    }
}
