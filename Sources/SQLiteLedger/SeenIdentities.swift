// Which identities have come by, for rosters that are read without being enrolled.

package import Model

/// A set of identity IDs, on the disk where it is large: memory does not grow with it.
package final class SeenIdentities {
    private let database: TemporaryDatabase

    /// - Throws: `LedgerError`.
    package init() throws {
        database = try TemporaryDatabase(
            for: "reading the roster",
            cacheKiB: 65_536,
            table: "seen (identity_id BLOB PRIMARY KEY)"
        )
    }

    /// Takes identities in and returns those that were not there yet, each once, in their order.
    ///
    /// - Throws: `LedgerError`.
    package func insert(_ identities: [IdentityID]) throws -> [IdentityID] {
        try database.write { db in
            let statement = try RowStatement(db, sql: "INSERT OR IGNORE INTO seen VALUES (?)")
            return try identities.filter { try statement.run($0) == 1 }
        }
    }
}
