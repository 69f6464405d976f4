// The ledger in one SQLite file: opening, closing, and what every part of it uses.

import Foundation
import GRDB
import Glibc
import Vocabulary

/// A campaign's record in one SQLite file, written ahead and flushed at every commit.
///
/// `journal_mode=WAL` and `synchronous=FULL`: what a call has returned from survives a power cut, and readers in
/// other processes are never in the way. The file is created 0600; SQLite gives its side files the same rights.
///
/// ## Topics
/// - Opening: `create`, `open`
/// - Writing: `SQLiteLedger+Enrolment`, `SQLiteLedger+Runs`
/// - Reading: `SQLiteLedger+Reading`
/// - Secrets: `SQLiteLedger+Seals`, `SQLiteLedger+Purging`
package final class SQLiteLedger: Ledger {
    let path: String
    let database: DatabaseQueue

    /// How long a commit waits for another process that is committing at that moment.
    static let busySeconds: Double = 30
    /// SQLite's page cache, in KiB; the roster's IDs arrive in random order, so a larger one saves writes.
    private static let cacheKiB = 24_576

    private init(path: String, database: DatabaseQueue) {
        self.path = path
        self.database = database
    }

    /// Makes the ledger of a new campaign, or opens the one that is there.
    ///
    /// - Throws: `LedgerError`.
    package static func openOrCreate(at path: String, campaign: String, server: String) throws -> SQLiteLedger
    {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw LedgerError(
                .notWritable,
                "cannot open the ledger \(path): \(String(cString: strerror(errno)))"
            )
        }
        fchmod(descriptor, 0o600)
        Glibc.close(descriptor)
        let ledger = try open(at: path)
        try ledger.write { db in
            try db.execute(
                sql: "INSERT OR IGNORE INTO campaign (id, name, server) VALUES (1, ?, ?)",
                arguments: [campaign, server]
            )
        }
        return ledger
    }

    /// Opens the ledger of a campaign that exists.
    ///
    /// - Throws: `LedgerError`; `missing` where there is no file.
    package static func open(at path: String) throws -> SQLiteLedger {
        guard access(path, F_OK) == 0 else {
            throw LedgerError(.missing, "there is no ledger at \(path)")
        }
        var configuration = Configuration()
        configuration.label = "ledger"
        configuration.busyMode = .timeout(busySeconds)
        configuration.prepareDatabase { db in
            try db.execute(
                sql: """
                    PRAGMA journal_mode = WAL;
                    PRAGMA synchronous = FULL;
                    PRAGMA cache_size = -\(cacheKiB);
                    PRAGMA wal_autocheckpoint = 32768;
                    """
            )
        }
        return try translating(path) {
            let database = try DatabaseQueue(path: path, configuration: configuration)
            let migrator = SQLiteSchema.migrator
            let isNewer = try database.read { db in try migrator.hasBeenSuperseded(db) }
            if isNewer {
                throw LedgerError(
                    .tooNew,
                    "the ledger \(path) was written by a newer version of latchstring; use that version or a later one"
                )
            }
            let isCurrent = try database.read { db in try migrator.hasCompletedMigrations(db) }
            if !isCurrent { try migrator.migrate(database) }
            return SQLiteLedger(path: path, database: database)
        }
    }

    package func close() throws {
        try Self.translating(path) { try database.close() }
    }

    /// One transaction, committed durably when this returns.
    func write<T>(_ body: (Database) throws -> T) throws -> T {
        try Self.translating(path) { try database.write(body) }
    }

    /// What SQLite does in no transaction.
    func withoutTransaction<T>(_ body: (Database) throws -> T) throws -> T {
        try Self.translating(path) { try database.inDatabase(body) }
    }

    /// One snapshot.
    func read<T>(_ body: (Database) throws -> T) throws -> T {
        try Self.translating(path) { try database.read(body) }
    }

    /// Puts SQLite's errors into words; every other error passes.
    private static func translating<T>(_ path: String, _ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw describe(error, path)
        }
    }

    private static func describe(_ error: DatabaseError, _ path: String) -> LedgerError {
        // The message names tables and constraints; never the values of a statement, which may be secret.
        let said = "\(error.message ?? "no message") (SQLite \(error.extendedResultCode.rawValue))"
        switch error.resultCode {
        case .SQLITE_FULL:
            return LedgerError(
                .notWritable,
                "the ledger \(path) cannot grow: the disk is full; make room, then run again"
            )
        case .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
            return LedgerError(.notWritable, "the ledger \(path) cannot be written: \(said)")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            return LedgerError(
                .unreadable,
                "the ledger \(path) is damaged or is no ledger: \(said); "
                    + "move the folder aside or restore it from a backup, nothing was changed"
            )
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return LedgerError(.inUse, "the ledger \(path) is kept locked by another process: \(said)")
        default:
            return LedgerError(.failed, "the ledger \(path) refused an operation: \(said)")
        }
    }
}

extension IdentityID {
    /// The 16 bytes of the UUID, big-endian.
    var data: Data {
        withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { Data($0) }
    }

    init?(bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 16 else { return nil }
        self.init(
            high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
            low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        )
    }
}
