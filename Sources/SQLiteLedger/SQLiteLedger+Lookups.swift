// Looking identities up: whom, what was found, and how often the server was asked.

import GRDB
package import Ledger
package import Model

extension SQLiteLedger {
    package func setLinkBase(_ base: String?) throws {
        try write { db in
            try db.execute(
                sql: "UPDATE campaign SET link_base = ?1, revision = revision + 1 WHERE link_base IS NOT ?1",
                arguments: [base]
            )
        }
    }

    package func declareColumns(_ columns: [LookedUpColumn]) throws {
        try write { db in
            for column in columns {
                try db.execute(
                    sql: """
                        INSERT INTO looked_up_column (name, path) VALUES (?, ?)
                        ON CONFLICT (name) DO UPDATE SET path = excluded.path, is_found = 0
                            WHERE path <> excluded.path
                        """,
                    arguments: [column.name, column.path.description]
                )
            }
            if !columns.isEmpty { try Self.bumpRevision(db) }
        }
    }

    package func recordLookups(
        _ results: [LookupResult],
        columns: [LookedUpColumn],
        run: RunID,
        failedInRun: Int
    ) throws {
        try write { db in
            try RunRow(run, db).checkHold(path)
            let recording = try LookupRecording(db, columns, run)
            for result in results { try recording.record(result) }
            try recording.finish()
            // Whatever it says of them: a list of identities is an answer that can be used.
            if !results.isEmpty { try Self.bindServer(db) }
            try db.execute(
                sql: "UPDATE run SET failed = ? WHERE id = ?",
                arguments: [failedInRun, run.number]
            )
            try Self.bumpRevision(db)
        }
    }

    package func foundColumns() throws -> Set<String> {
        try read { db in
            try String.fetchSet(db, sql: "SELECT name FROM looked_up_column WHERE is_found")
        }
    }

    package func lookedUpColumnNames() throws -> [String] {
        try read { db in
            try String.fetchAll(db, sql: "SELECT name FROM looked_up_column ORDER BY id")
        }
    }

    package func noteLookupRequest(at time: Timestamp) throws {
        try write { db in
            let second = time.milliseconds / 1000
            try db.execute(
                sql: "DELETE FROM lookups_by_second WHERE second < ?",
                arguments: [second - Self.requestsKeptSeconds]
            )
            try Self.add(1, in: second, of: "lookups_by_second", db)
        }
    }

    package func lookupRequests(since time: Timestamp) throws -> [RequestsInSecond] {
        try requests(since: time, in: "lookups_by_second")
    }
}

/// The statements of one transaction that records look-ups.
private final class LookupRecording {
    private let db: Database
    private let run: RunID
    /// For each column asked for, its place among all that were ever asked for.
    private let places: [Int]
    private let ids: [Int64]
    private let width: Int
    private var found: Set<Int> = []
    private let known: Statement
    private let store: Statement
    private let fail: Statement
    private let insertFailure: Statement
    /// Made for the first that fails.
    private var history: AttemptHistory?

    init(_ db: Database, _ columns: [LookedUpColumn], _ run: RunID) throws {
        self.db = db
        self.run = run
        let all = try Row.fetchAll(db, sql: "SELECT id, name FROM looked_up_column ORDER BY id")
        width = all.count
        let names: [String] = try all.map { try $0.at(1) }
        let order = Dictionary(zip(names, 0...)) { first, _ in first }
        places = try columns.map { column in
            guard let place = order[column.name] else {
                throw LedgerError(
                    .failed,
                    "the column \(column.name) was not declared before it was looked up"
                )
            }
            return place
        }
        ids = try all.map { try $0.at(0) }
        known = try db.cachedStatement(sql: "SELECT columns FROM looked_up WHERE identity = ?")
        store = try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO looked_up (identity, columns) VALUES (?, ?)"
        )
        fail = try db.cachedStatement(
            sql: "UPDATE identity SET state = 4 WHERE id = ? AND state IN (0, 2) AND state <> 3"
        )
        insertFailure = try db.cachedStatement(sql: SQLiteLedger.insertFailure)
    }

    func record(_ result: LookupResult) throws {
        switch result.outcome {
        case .found(let values):
            try note(values, of: result.candidate)
        case .failed(let failure, let values):
            try note(values, of: result.candidate)
            guard result.candidate.isDue else { return }
            try fail.execute(arguments: [result.candidate.sequence])
            guard db.changesCount == 1 else { return }
            try insertFailure.execute(
                arguments: SQLiteLedger.arguments(of: failure, identity: result.candidate.sequence)
            )
            let history = try self.history ?? AttemptHistory(db, at: failure.at)
            self.history = history
            try history.add(
                .permanent,
                failure,
                stage: .lookUp,
                identity: result.candidate.sequence,
                run: run
            )
        }
    }

    /// Puts the values beside those of earlier look-ups.
    private func note(_ values: [String?], of candidate: LookupCandidate) throws {
        guard !places.isEmpty, !values.isEmpty else { return }
        let text = try String.fetchOne(known, arguments: [candidate.sequence])
        var all = text.flatMap(ColumnValues.decode) ?? []
        all.append(contentsOf: [String](repeating: "", count: max(0, width - all.count)))
        for (value, place) in zip(values, places) {
            // Bound texts end at a NUL.
            all[place] = value?.replacing("\0", with: "\u{fffd}") ?? ""
            if value != nil { found.insert(place) }
        }
        try store.execute(arguments: [candidate.sequence, ColumnValues.encode(all)])
    }

    /// Marks the columns of which a value was found.
    func finish() throws {
        let mark = try db.cachedStatement(sql: "UPDATE looked_up_column SET is_found = 1 WHERE id = ?")
        for place in found { try mark.execute(arguments: [ids[place]]) }
    }
}
