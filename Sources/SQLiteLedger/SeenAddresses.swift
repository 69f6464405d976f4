// Which addresses have come by in an export, and whose they were.

package import Model

/// A map from addresses' hashes to identities, on the disk where it is large: memory does not grow with it.
package final class SeenAddresses: Sendable {
    private let database: TemporaryDatabase

    /// - Throws: `LedgerError`.
    package init() throws {
        database = try TemporaryDatabase(
            for: "comparing addresses",
            cacheKiB: 16_384,
            table: "seen (address BLOB PRIMARY KEY, high INTEGER NOT NULL, low INTEGER NOT NULL)",
            inOneTransaction: true
        )
    }

    /// Takes an address in, unless it was there.
    ///
    /// - Parameter key: equal for equal addresses.
    /// - Returns: whose it was before; nil where it is new.
    /// - Throws: `LedgerError`.
    package func insert(_ key: [UInt8], of identity: IdentityID) throws -> IdentityID? {
        try database.write { db in
            let insert = try RowStatement(db, sql: "INSERT OR IGNORE INTO seen VALUES (?, ?, ?)")
            let (high, low) = (Int64(bitPattern: identity.high), Int64(bitPattern: identity.low))
            if try insert.run(key, high, low) == 1 { return nil }
            let half = { (column: String) in
                try RowStatement(db, sql: "SELECT \(column) FROM seen WHERE address = ?").first(key)
                    .map { UInt64(bitPattern: Int64($0)) }
            }
            guard let high = try half("high"), let low = try half("low") else { return nil }
            return IdentityID(high: high, low: low)
        }
    }

    /// Whether an address was taken in.
    ///
    /// - Throws: `LedgerError`.
    package func contains(_ key: [UInt8]) throws -> Bool {
        try database.write { db in
            try RowStatement(db, sql: "SELECT 1 FROM seen WHERE address = ?").first(key) != nil
        }
    }
}
