// One look at a ledger, for lists: nothing is written, not even beside it.

import Foundation
import GRDB
import Glibc
package import Ledger
import Model

extension LedgerGlance {
    /// Looks at the ledger in a file.
    ///
    /// - Throws: `LedgerError`.
    package init(at path: String) throws {
        let ledger = try Self.fileSize(path)
        guard ledger > 0 else {
            throw LedgerError(
                .missing,
                "the ledger \(path) is empty: no run has begun, or it was emptied since"
            )
        }
        // Beside no log the file is all there is. SQLite would make a log to read it, unless it is told that
        // nobody writes; a run may begin meanwhile, and then it is read once more.
        if !Self.hasLog(path) {
            let found = Result { try Self.read(Self.immutable(path), ledger: path) }
            if !Self.hasLog(path) {
                self = try found.get()
                return
            }
        }
        self = try Self.read(path, ledger: path)
    }

    /// - Parameter ledger: the ledger's path, for errors.
    private static func read(_ name: String, ledger path: String) throws -> LedgerGlance {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.label = "ledger glance"
        configuration.busyMode = .timeout(5)
        do {
            return try DatabaseQueue(path: name, configuration: configuration).read { db in
                guard try !SQLiteSchema.migrator.hasBeenSuperseded(db) else {
                    throw LedgerError(
                        .tooNew,
                        "the ledger \(path) was written by a newer version of latchstring",
                        advice: "use that version or a later one"
                    )
                }
                return try LedgerGlance(db, path)
            }
        } catch let error as LedgerError {
            throw error
        } catch let error as DatabaseError {
            throw unreadable(
                path,
                "\(error.message ?? "no message") (SQLite \(error.extendedResultCode.rawValue))"
            )
        } catch {
            // A row's own error has its values.
            throw unreadable(path, "a value is of another type than it was written with")
        }
    }

    /// No check for damage follows: SQLite would make files for it.
    private static func unreadable(_ path: String, _ said: String) -> LedgerError {
        LedgerError(
            .unreadable,
            "the ledger \(path) cannot be read: \(said)",
            advice: "latchstring status \(.campaign) looks closer"
        )
    }

    private init(_ db: Database, _ path: String) throws {
        // Of a campaign whose server was only tried there is none.
        let canBeUnbound = try db.columns(in: "campaign").contains { $0.name == "server_is_bound" }
        let server = canBeUnbound ? "CASE WHEN server_is_bound THEN server END" : "server"
        guard let campaign = try Row.fetchOne(db, sql: "SELECT name, \(server) FROM campaign") else {
            throw LedgerError(
                .missing,
                "the ledger \(path) holds no campaign: no run has begun, or it was emptied since"
            )
        }
        let run = try Row.fetchOne(
            db,
            sql: "SELECT started_at_ms, finished_at_ms, stopped_because FROM run ORDER BY id DESC LIMIT 1"
        )
        self.init(
            campaign: try campaign.at(0),
            server: try campaign.at(1),
            counts: try SQLiteLedger.countsByState(db),
            startedAt: try run.map { Timestamp(milliseconds: try $0.at(0)) },
            finishedAt: try run.flatMap { try $0.at(1) as Int64? }.map(Timestamp.init(milliseconds:)),
            stoppedBecause: try run.flatMap { try $0.at(2) }
        )
    }

    private static func hasLog(_ path: String) -> Bool { ((try? fileSize("\(path)-wal")) ?? 1) > 0 }

    /// 0 also where there is no such file.
    private static func fileSize(_ path: String) throws -> Int64 {
        var status = stat()
        if stat(path, &status) == 0 { return Int64(status.st_size) }
        guard errno == ENOENT else {
            throw LedgerError(.unreadable, "cannot look at \(path): \(String(cString: strerror(errno)))")
        }
        return 0
    }

    /// The file as a URI that says that nobody writes (sqlite.org/uri.html).
    private static func immutable(_ path: String) -> String {
        let absolute = URL(filePath: path).absoluteURL.path
        let plain = CharacterSet(charactersIn: "/-._~0123456789")
            .union(CharacterSet(charactersIn: "a"..."z")).union(CharacterSet(charactersIn: "A"..."Z"))
        return "file:\(absolute.addingPercentEncoding(withAllowedCharacters: plain) ?? absolute)?immutable=1"
    }
}
