// The ledger in one SQLite file: opening, closing, and what every part of it uses.

import Foundation
import GRDB
import Glibc
import Ledger
import Files
import Synchronization
import Model

/// A campaign's record in one SQLite file, written ahead and flushed at every commit.
///
/// `journal_mode=WAL` and `synchronous=FULL`: what a call has returned from survives a power cut, and readers
/// in other processes are never in the way. The file is created 0600; SQLite gives its side files the same
/// rights.
///
/// ## Topics
/// - Opening: `create`, `open`
/// - Writing: `SQLiteLedger+Enrolment`, `SQLiteLedger+Runs`
/// - Reading: `SQLiteLedger+Reading`
/// - Runs that were lost: `SQLiteLedger+LostRuns`, `RecoveryProgress`
/// - Mails: `SQLiteLedger+Deliveries`, `DeliveryClaiming`, `DeliveryRecording`
/// - Histories: `SQLiteLedger+History`, `SQLiteLedger+Series`, `AttemptHistory`
/// - Secrets: `SQLiteLedger+Seals`, `SQLiteLedger+Purging`
package final class SQLiteLedger: FileLedger {
    let path: String
    let database: DatabaseQueue
    /// Nil where nobody minds.
    let files: LedgerFiles?
    /// What runs of this process have to tell.
    let recorders = Mutex<[RunID: RunRecorder]>([:])

    /// How long a commit waits for another process that is committing at that moment.
    static let busySeconds: Double = 30
    /// SQLite's page cache, in KiB; the roster's IDs arrive in random order, so a larger one saves writes.
    private static let cacheKiB = 24_576

    private init(path: String, database: DatabaseQueue, files: LedgerFiles?) throws {
        self.path = path
        self.database = database
        self.files = files
        try files?.check()
    }

    /// Makes the ledger of a new campaign, or opens the one that is there; for a run, which has it for
    /// itself: its files must stay as they are.
    ///
    /// - Parameter mayBeNew: whether there may be nothing yet; false where something speaks of earlier work.
    /// - Throws: `LedgerError`.
    package static func openOrCreate(
        at path: String,
        campaign: String,
        server: String,
        mayBeNew: Bool = true
    ) throws -> SQLiteLedger {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw LedgerError(
                .notWritable,
                "cannot open the ledger \(path): \(String(cString: strerror(errno)))"
            )
        }
        fchmod(descriptor, 0o600)
        Glibc.close(descriptor)
        let ledger = try open(path, isNew: true, files: LedgerFiles(path: path))
        try ledger.write { db in
            try db.execute(
                sql: "INSERT OR IGNORE INTO campaign (id, name, server) VALUES (1, ?, ?)",
                arguments: [campaign, server]
            )
            guard mayBeNew || db.changesCount == 0 else {
                throw LedgerError(.missing, "the ledger \(path) holds no campaign")
            }
        }
        return ledger
    }

    /// Opens the ledger of a campaign that exists.
    ///
    /// - Throws: `LedgerError`; `missing` where there is no file, or an empty one.
    package static func open(at path: String) throws -> SQLiteLedger {
        try open(path, isNew: false, files: nil)
    }

    private static func open(_ path: String, isNew: Bool, files: LedgerFiles?) throws -> SQLiteLedger {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw LedgerError(.missing, "there is no ledger at \(path)")
        }
        guard isNew || status.st_size > 0 else {
            throw LedgerError(
                .missing,
                "the ledger \(path) is empty: no run has begun, or it was emptied since"
            )
        }
        var configuration = Configuration()
        configuration.label = "ledger"
        configuration.busyMode = .timeout(busySeconds)
        // What references a row has read it in the same transaction, and `LedgerCheck` looks through all
        // references: having each looked up at each write costs a fifth of SQLite's work.
        configuration.foreignKeysEnabled = false
        configuration.prepareDatabase { db in
            try db.execute(
                sql: """
                    PRAGMA journal_mode = WAL;
                    PRAGMA synchronous = FULL;
                    PRAGMA secure_delete = ON;
                    PRAGMA cache_size = -\(cacheKiB);
                    PRAGMA wal_autocheckpoint = 32768;
                    """
            )
        }
        return try translating(path) {
            let database = try DatabaseQueue(path: path, configuration: configuration)
            let migrator = SQLiteSchema.migrator
            let (isNewer, completed, isForeign) = try database.read { db in
                (
                    try migrator.hasBeenSuperseded(db), try migrator.completedMigrations(db),
                    try migrator.appliedIdentifiers(db).isEmpty && db.hasOtherTables
                )
            }
            let isCurrent = completed == migrator.migrations
            // A newer version knows all of ours, and they land in their order.
            guard !isForeign, completed == Array(migrator.migrations.prefix(completed.count)),
                isCurrent || !isNewer
            else { throw damaged(path, "it has not the tables of a ledger") }
            if isNewer {
                throw LedgerError(
                    .tooNew,
                    "the ledger \(path) was written by a newer version of latchstring",
                    advice: "use that version or a later one"
                )
            }
            if !isCurrent {
                // Damage is not carried over; a small ledger is looked through for it first.
                let check = LedgerCheck(path: path)
                if !completed.isEmpty, check.isQuick { try check.run() }
                try migrator.migrate(database)
            }
            return try SQLiteLedger(path: path, database: database, files: files)
        }
    }

    package func close() throws {
        let check = Result { try files?.check() }
        // What a lost ledger holds can still be saved.
        if files?.isLost != true { try Self.translating(path) { try database.close() } }
        try check.get()
    }

    /// Whether the ledger's own file was deleted or replaced while it was in use: what it holds ends with
    /// this process, unless it is rescued.
    package var isLost: Bool { files?.isLost == true }

    /// Saves what the ledger holds to a file, which must not exist.
    ///
    /// - Throws: `LedgerError`; then nothing of it is left there.
    package func rescue(to other: String) throws {
        // SQLite takes an empty file, too.
        let descriptor = Glibc.open(other, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw LedgerError(describing: .current("make", other)) }
        defer { Glibc.close(descriptor) }
        do {
            try Self.translating(path) {
                try database.writeWithoutTransaction { db in
                    try db.execute(sql: "VACUUM INTO ?", arguments: [other])
                }
            }
            guard fsync(descriptor) == 0 else {
                throw LedgerError(describing: .current("write to disk", other))
            }
        } catch {
            unlink(other)
            throw error
        }
    }

    /// One transaction, committed durably when this returns, in the files that have the ledger's names.
    func write<T>(_ body: (Database) throws -> T) throws -> T {
        try files?.check()
        let value = try Self.translating(path) { try database.write(body) }
        try files?.check()
        return value
    }

    /// What SQLite does in no transaction.
    func withoutTransaction<T>(_ body: (Database) throws -> T) throws -> T {
        try Self.translating(path) { try database.inDatabase(body) }
    }

    /// One snapshot.
    func read<T>(_ body: (Database) throws -> T) throws -> T {
        try Self.translating(path) { try database.read(body) }
    }

    /// Puts SQLite's errors, and values that cannot be, into words; every other error passes.
    private static func translating<T>(_ path: String, _ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw describe(error, path)
        } catch is RowDecodingError {
            // Its own description has the values of the row.
            throw damaged(path, "a value is of another type than it was written with")
        } catch let error as UnexpectedValue {
            throw damaged(path, "it holds \(error.what)")
        }
    }

    private static func damaged(_ path: String, _ said: String) -> LedgerError {
        LedgerDamage.error(path, said: said, findings: LedgerDamage.findings(path))
    }

    private static func describe(_ error: DatabaseError, _ path: String) -> LedgerError {
        // The message names tables and constraints; never the values of a statement, which may be secret.
        let said = "\(error.message ?? "no message") (SQLite \(error.extendedResultCode.rawValue))"
        switch error.resultCode {
        case .SQLITE_FULL:
            return LedgerError(
                .notWritable,
                "the ledger \(path) cannot grow: the disk is full",
                advice: "make room, then run again"
            )
        case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_SHORT_READ:
            return damaged(path, said)
        case .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
            return LedgerError(
                .notWritable,
                "the ledger \(path) cannot be written: \(said)",
                advice: "see to the disk and the folder's rights, then run again"
            )
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT:
            return damaged(path, said)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return LedgerError(.inUse, "the ledger \(path) is kept locked by another process: \(said)")
        default:
            // Damage shows in many ways: as tables that are not there, or rules that are broken.
            if let findings = LedgerDamage.findings(path) {
                return LedgerDamage.error(path, said: said, findings: findings)
            }
            return LedgerError(.failed, "the ledger \(path) refused an operation: \(said)")
        }
    }
}

extension Database {
    /// Whether there is any table besides SQLite's own and the list of migrations.
    fileprivate var hasOtherTables: Bool {
        get throws {
            try Bool.fetchOne(
                self,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM sqlite_master
                        WHERE type = 'table' AND name <> 'grdb_migrations'
                        AND name NOT LIKE 'sqlite_%')
                    """
            ) ?? false
        }
    }
}

extension IdentityID {
    /// The 16 bytes of the UUID, big-endian.
    var data: Data { withBytes { Data($0) } }

    init?(bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 16 else { return nil }
        self.init(
            high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
            low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        )
    }
}
