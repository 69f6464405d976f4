// A table on the disk for as long as its owner lives.

import GRDB
import Ledger
import Model

/// A temporary file of SQLite's, which no name leads to.
///
/// Pages beyond the cache are on the disk, in SQLite's folder for temporary files (`SQLITE_TMPDIR`, `TMPDIR`,
/// `/var/tmp`, `/tmp`).
struct TemporaryDatabase: Sendable {
    private let queue: DatabaseQueue
    /// What it is for, for errors.
    private let purpose: String

    /// - Parameter inOneTransaction: whether nothing is ever committed: for writes of a row each, as a commit
    ///   writes the pages that are not written yet, and looks at all of the cache.
    /// - Throws: `LedgerError`.
    init(for purpose: String, cacheKiB: Int, table: String, inOneTransaction: Bool = false) throws {
        self.purpose = purpose
        queue = try Self.translating(purpose) {
            // An empty name is SQLite's for a temporary database on the disk.
            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = inOneTransaction
            let queue = try DatabaseQueue(path: "", configuration: configuration)
            try queue.writeWithoutTransaction { db in
                try db.execute(
                    sql: """
                        PRAGMA journal_mode = OFF;
                        PRAGMA cache_size = -\(cacheKiB);
                        CREATE TABLE \(table) STRICT, WITHOUT ROWID;
                        """
                )
                if inOneTransaction { try db.execute(sql: "BEGIN EXCLUSIVE") }
            }
            return queue
        }
    }

    /// - Throws: `LedgerError`.
    func write<T>(_ body: (Database) throws -> T) throws -> T {
        try Self.translating(purpose) { try queue.writeWithoutTransaction(body) }
    }

    private static func translating<T>(_ purpose: String, _ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as DatabaseError {
            let reason = error.message ?? "no reason given"
            throw LedgerError(
                .failed,
                "a temporary file for \(purpose) cannot be written (\(reason)): make room, or name another "
                    + "folder by SQLITE_TMPDIR"
            )
        }
    }
}
