// Which identities have come by, for rosters that are read without being enrolled.

import GRDB
import Ledger
package import Model

/// A set of identity IDs in a temporary file of SQLite's, which no name leads to and which ends with its
/// owner.
///
/// Memory does not grow with the set: pages beyond the cache are on the disk, in SQLite's folder for
/// temporary files (`SQLITE_TMPDIR`, `TMPDIR`, `/var/tmp`, `/tmp`).
package final class SeenIdentities {
    private let database: DatabaseQueue

    private static let cacheKiB = 65_536

    /// - Throws: `LedgerError`.
    package init() throws {
        database = try Self.translating {
            // An empty name is SQLite's for a temporary database on the disk.
            let database = try DatabaseQueue(path: "")
            try database.writeWithoutTransaction { db in
                try db.execute(
                    sql: """
                        PRAGMA journal_mode = OFF;
                        PRAGMA cache_size = -\(Self.cacheKiB);
                        CREATE TABLE seen (identity_id BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
                        """
                )
            }
            return database
        }
    }

    /// Takes identities in and returns those that were not there yet, each once, in their order.
    ///
    /// - Throws: `LedgerError`.
    package func insert(_ identities: [IdentityID]) throws -> [IdentityID] {
        try Self.translating {
            try database.writeWithoutTransaction { db in
                let statement = try RowStatement(db, sql: "INSERT OR IGNORE INTO seen VALUES (?)")
                return try identities.filter { try statement.run($0) == 1 }
            }
        }
    }

    private static func translating<T>(_ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw LedgerError(
                .failed,
                "a temporary file for reading the roster cannot be written "
                    + "(\(error.message ?? "no reason given")): "
                    + "make room, or name another folder by SQLITE_TMPDIR"
            )
        }
    }
}
