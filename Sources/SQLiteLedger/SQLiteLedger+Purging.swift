// Codes and links removed for good: from the table, the free pages, the write-ahead log and the temporary
// files.

import Foundation
import GRDB
import Ledger
import Synchronization
package import Model

extension SQLiteLedger {
    package func purgedCount() throws -> Int {
        try read { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM invitation WHERE purged_at_ms IS NOT NULL") ?? 0
        }
    }

    /// The file is written anew, always, so that a purge which was cut short is completed by the next one.
    ///
    /// Besides the ledger that takes up to twice its size on the same disk: SQLite's copy, and the
    /// write-ahead log.
    package func purge(expiredBy expiry: Timestamp?, at time: Timestamp) throws -> Int {
        try purge(expiredBy: expiry, at: time, patience: Self.patience)
    }

    package func purgeExpired(by expiry: Timestamp, at time: Timestamp) throws -> Int {
        try purgeExpired(by: expiry, at: time, smallUpTo: Self.smallSizeMax)
    }

    /// The rows are overwritten always.
    ///
    /// The file is written anew where it is small or much was removed, and
    /// otherwise once a week: until then free space in its pages may have what SQLite has moved within it.
    ///
    /// - Parameter smallSizeMax: the size up to which a file is written anew each time, in bytes.
    func purgeExpired(by expiry: Timestamp, at time: Timestamp, smallUpTo smallSizeMax: Int) throws -> Int {
        let (hasExpired, isWiping, size, lastDay) = try read { db in
            let hasExpired = try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM invitation
                            WHERE expires_at_ms <= ?1 AND purged_at_ms IS NULL)
                        OR EXISTS (SELECT 1 FROM past_invitation
                            WHERE expires_at_ms <= ?1 AND purged_at_ms IS NULL)
                    """,
                arguments: [expiry.milliseconds]
            )
            let isWiping = try Bool.fetchOne(
                db,
                sql: "SELECT EXISTS (SELECT 1 FROM campaign WHERE is_wiping = 1)"
            )
            let sql = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
            return (
                hasExpired ?? false, isWiping ?? false, try Int.fetchOne(db, sql: sql) ?? 0,
                try Int64.fetchOne(db, sql: "PRAGMA user_version") ?? 0
            )
        }
        let isDue = size <= smallSizeMax || Self.day(of: time) - lastDay >= Self.rewritingDays
        guard hasExpired || isWiping && isDue else { return 0 }
        return try purge(expiredBy: expiry, at: time, isPartOfRun: true, patience: Self.patience) { removed in
            try isDue
                || removed * Self.rewritingShare
                    >= read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM invitation") ?? 0 }
        }
    }

    /// - Parameters:
    ///   - isPartOfRun: whether the exports that have the codes are only out of date by that.
    ///   - patience: how long others may go on reading.
    ///   - rewrites: whether the file is written anew, after so many were removed; if it is not, the next
    ///     purge for which it is due does that.
    func purge(
        expiredBy expiry: Timestamp?,
        at time: Timestamp,
        isPartOfRun: Bool = false,
        patience: Duration,
        rewrites: (_ removed: Int) throws -> Bool = { _ in true }
    ) throws -> Int {
        // Where SQLite puts temporary files is the process' setting.
        try Self.wiping.withLock { _ in
            defer { files?.forgetSizes() }
            return try withTemporaryFilesBeside {
                // If it is cut short, the next one writes the file anew, whenever that is.
                if !isPartOfRun { try noteRewriting(onDay: 0) }
                try removeSecretColumns()
                let removed = try remove(expiredBy: expiry, at: time, isPartOfRun: isPartOfRun)
                try emptyLog(patience)
                guard try rewrites(removed) else { return removed }
                try withoutTransaction { db in try db.execute(sql: "VACUUM") }
                try emptyLog(patience)
                try noteRewriting(onDay: Self.day(of: time))
                try withoutTransaction { db in
                    try db.execute(sql: "UPDATE campaign SET is_wiping = 0 WHERE is_wiping = 1")
                }
                try emptyLog(patience)
                return removed
            }
        }
    }

    /// The day of the last rewriting is in the file's header; 0 for none.
    private func noteRewriting(onDay day: Int64) throws {
        try withoutTransaction { db in try db.execute(sql: "PRAGMA user_version = \(day)") }
    }

    private static func day(of time: Timestamp) -> Int64 { max(0, time.milliseconds / 86_400_000) }

    /// The size up to which a purge of a run writes the file anew each time, in bytes.
    private static let smallSizeMax = 64 << 20
    /// A larger one is written anew when one in so many invitations was purged, or after so many days.
    private static let rewritingShare = 20
    private static let rewritingDays: Int64 = 7
    private static let patience: Duration = .seconds(30)
    /// Bounds what one transaction changes.
    private static let identitiesAtOnce: Int64 = 10_000
    private static let wiping = Mutex(())

    private func remove(
        expiredBy expiry: Timestamp?,
        at time: Timestamp,
        isPartOfRun: Bool
    ) throws -> Int {
        let last = try read { db in try Int64.fetchOne(db, sql: "SELECT max(identity) FROM invitation") } ?? 0
        var removed = 0
        for first in stride(from: Int64(1), through: last, by: Int64.Stride(Self.identitiesAtOnce)) {
            removed += try write { db in
                var changes = 0
                for table in ["invitation", "past_invitation"] {
                    try db.execute(
                        sql: """
                            UPDATE \(table) SET recovery_code = NULL, recovery_link = NULL, seal = NULL,
                                sealed = NULL, purged_at_ms = ?
                            WHERE identity BETWEEN ? AND ? AND purged_at_ms IS NULL AND expires_at_ms <= ?
                            """,
                        arguments: [
                            time.milliseconds, first, first + Self.identitiesAtOnce - 1,
                            expiry?.milliseconds ?? .max,
                        ]
                    )
                    changes += db.changesCount
                }
                if changes > 0 {
                    try db.execute(
                        sql: """
                            UPDATE campaign SET revision = revision + 1, is_wiping = 1,
                                purged_revision = CASE WHEN ? THEN purged_revision ELSE revision + 1 END
                            """,
                        arguments: [isPartOfRun]
                    )
                }
                return changes
            }
        }
        return removed
    }

    /// Folds the write-ahead log in and leaves it empty, which takes that nobody is reading from it.
    private func emptyLog(_ patience: Duration) throws {
        do {
            try withoutTransaction { db in
                let milliseconds = patience / .milliseconds(1)
                try db.execute(sql: "PRAGMA busy_timeout = \(Int(milliseconds))")
                defer { try? db.execute(sql: "PRAGMA busy_timeout = \(Int(Self.busySeconds * 1000))") }
                try db.checkpoint(.truncate)
            }
        } catch let error as LedgerError where error.code == .inUse {
            throw LedgerError(
                .inUse,
                "another process goes on reading the ledger \(path): codes are removed from the tables, but "
                    + "not yet from the bytes of its files",
                advice: "end that process (an export, a copy, sqlite3) and purge again"
            )
        }
    }

    /// What is freed is overwritten meanwhile, and what SQLite writes aside is beside the ledger, in files
    /// without a name, which end with the process.
    private func withTemporaryFilesBeside<T>(_ body: () throws -> T) throws -> T {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        try withoutTransaction { db in
            try db.execute(sql: "PRAGMA secure_delete = ON")
            let quoted = folder.replacingOccurrences(of: "'", with: "''")
            try db.execute(sql: "PRAGMA temp_store_directory = '\(quoted)'")
            guard try String.fetchOne(db, sql: "PRAGMA temp_store_directory") == folder else {
                throw LedgerError(
                    .failed,
                    "this SQLite cannot be told where to put temporary files: nothing was purged"
                )
            }
        }
        defer { try? withoutTransaction { db in try db.execute(sql: "PRAGMA temp_store_directory = ''") } }
        return try body()
    }
}
