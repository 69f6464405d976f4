// What SQLite itself says of a ledger's soundness.

import Dispatch
import GRDB
import Glibc
import Ledger
import Synchronization
import Model

/// A walk through a ledger's file in search of damage, on a connection of its own that only reads.
///
/// Finds what breaks the file's structure, values of wrong types and broken constraints, and in small ledgers
/// also where tables and their indexes differ, and rows that name a row that is not there. SQLite keeps no
/// checksums: a changed letter inside a text passes.
package final class LedgerCheck: LedgerChecking {
    private let path: String
    private let state = Mutex(State())

    private struct State {
        var isCancelled = false
        /// The connection of the check that is on.
        var connection: DatabaseQueue?
    }

    /// Up to this size the whole check takes less than a second, and is made before anything is sent.
    package static let sizeAtOnceMax: Int64 = 32 << 20
    /// Up to this size the check of the structure alone takes about a second, and is made at a run's end.
    package static let sizeAtEndMax: Int64 = 256 << 20
    /// As many findings are enough.
    private static let findingsMax = 3

    package init(path: String) { self.path = path }

    /// Whether the ledger is small enough to be checked before anything else.
    package var isQuick: Bool { size <= Self.sizeAtOnceMax }

    /// Whether it is small enough to be checked when all is done.
    package var isShort: Bool { size <= Self.sizeAtEndMax }

    private var size: Int64 {
        let sizes = ["", "-wal"].map { suffix in
            var status = stat()
            return lstat(path + suffix, &status) == 0 ? Int64(status.st_size) : 0
        }
        return sizes.reduce(0, +)
    }

    /// Looks through the whole ledger.
    ///
    /// - Throws: `LedgerError` where something is wrong with it. Returns early when it was cancelled.
    package func run() throws {
        if let findings = findings(isThorough: isQuick) {
            throw LedgerDamage.error(path, said: nil, findings: findings)
        }
    }

    /// Ends the check, and any later one; from any thread.
    ///
    /// A statement that is about to begin hears nothing of it: to be called again until the check is over.
    package func cancel() {
        state.withLock { state in
            state.isCancelled = true
            state.connection?.interrupt()
        }
    }

    /// What is wrong; nil where nothing was found, or the check did not come to its end.
    func findings(isThorough: Bool) -> [String]? {
        do {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.label = "ledger check"
            configuration.busyMode = .timeout(5)
            let database = try DatabaseQueue(path: path, configuration: configuration)
            let isWanted = state.withLock { state in
                if !state.isCancelled { state.connection = database }
                return !state.isCancelled
            }
            guard isWanted else { return nil }
            defer { state.withLock { $0.connection = nil } }
            let pragma = isThorough ? "integrity_check" : "quick_check"
            let lines = try database.read { db in
                let lines = try String.fetchAll(db, sql: "PRAGMA \(pragma)(\(Self.findingsMax))")
                guard lines == ["ok"] else { return lines }
                return isThorough ? try Self.brokenReferences(db) : []
            }
            return lines.isEmpty ? nil : lines
        } catch let error as DatabaseError {
            switch error.resultCode {
            case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR, .SQLITE_FORMAT:
                return [error.message ?? "\(error.resultCode)"]
            case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_SHORT_READ:
                return ["the file is shorter than it says"]
            default: return nil
            }
        } catch {
            return ["\(error)"]
        }
    }
}

extension LedgerCheck {
    /// Rows that name a row of another table which is not there, a few of them.
    private static func brokenReferences(_ db: Database) throws -> [String] {
        let rows = try Row.fetchCursor(db, sql: "PRAGMA foreign_key_check")
        var findings: [String] = []
        while findings.count < findingsMax, let row = try rows.next() {
            let (table, parent) = (try row.at(0) as String, try row.at(2) as String)
            findings.append("a row of table \(table) names a row of table \(parent) that is not there")
        }
        return findings
    }
}

/// The words for a ledger that is damaged.
enum LedgerDamage {
    /// The longest check that an error waits for.
    private static let secondsMax = 5.0

    /// What the check finds, where that is anything; for errors that damage may be behind.
    static func findings(_ path: String) -> [String]? {
        let check = LedgerCheck(path: path)
        let limit = DispatchWorkItem { check.cancel() }
        DispatchQueue.global().asyncAfter(deadline: .now() + secondsMax, execute: limit)
        defer { limit.cancel() }
        return check.findings(isThorough: check.isQuick)
    }

    /// - Parameter said: what SQLite said when it came upon the damage.
    static func error(_ path: String, said: String?, findings: [String]?) -> LedgerError {
        var text = "the ledger \(path) is damaged or is no ledger"
        if let said { text += ": \(said)" }
        if let findings {
            // A finding may be of several lines.
            let lines = findings.flatMap { $0.split(separator: "\n") }.prefix(4).map {
                String($0.prefix(200))
            }
            text += "; SQLite's integrity check says: \(lines.joined(separator: "; "))"
        }
        return LedgerError(
            .unreadable,
            "\(text)",
            advice: "It was neither mended nor replaced: restore it from a backup (and remove \(path)-wal "
                + "and \(path)-shm, which are not that backup's). Whoever is in exports that are whole has a "
                + "code; another \(.campaign) would ask for all anew"
        )
    }
}
