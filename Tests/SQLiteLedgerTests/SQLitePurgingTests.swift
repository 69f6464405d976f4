import Foundation
import GRDB
import GRDBSQLite
import Ledger
import Model
import TestSupport
import Testing

@testable import SQLiteLedger

/// What a purge leaves of codes in SQLite's files: nothing.
@Suite struct SQLitePurgingTests {
    private let campaign: LedgerFixture
    private let ledger: SQLiteLedger
    private let path: String

    init() throws {
        campaign = try LedgerFixture()
        ledger = try #require(campaign.ledger as? SQLiteLedger)
        path = campaign.folder("ledger.sqlite")
    }

    /// Whether any file in the ledger's folder has these bytes.
    private func isInFiles(_ text: String) throws -> Bool {
        try names(inFolder: campaign.folder.path).contains { name in
            FileManager.default.contents(atPath: campaign.folder(name))?.firstRange(of: Data(text.utf8))
                != nil
        }
    }

    /// - Parameter oneByOne: whether each expires a second after the one before it.
    private func issue(
        _ numbers: ClosedRange<Int>,
        code: String,
        link: String,
        expiring oneByOne: Bool = false
    ) throws {
        try campaign.enrol(numbers)
        let run = try campaign.beginRun()
        let results = try campaign.claim(numbers.count, run).map { claim in
            var invitation = IssuedInvitation.sample(Int(claim.sequence))
            invitation.secret = .plain(code: "\(code)\(claim.sequence)", link: "\(link)\(claim.sequence)")
            if oneByOne { invitation.expiresAt = Self.expiry(of: Int(claim.sequence)) }
            return AttemptResult(claim: claim, outcome: .issued(invitation), isAmbiguous: false)
        }
        // In transactions of some at a time, as a run does.
        for start in stride(from: 0, to: results.count, by: 50) {
            _ = try ledger.commit(
                Array(results[start..<min(start + 50, results.count)]),
                run: run,
                progress: RunProgress(),
                claiming: 0,
                at: LedgerFixture.now
            )
        }
    }

    private static func expiry(of number: Int) -> Timestamp {
        LedgerFixture.now.advanced(by: .seconds(number))
    }

    @Test func nothingOfItIsInAnyFile() throws {
        // Enough for pages that have been split, and so hold what was moved away.
        try issue(1...800, code: "CANARYCODE", link: "https://canary.example/r?flow=")
        #expect(try isInFiles("CANARYCODE") && isInFiles("canary.example"))
        #expect(try ledger.purge(expiredBy: nil, at: LedgerFixture.now) == 800)
        #expect(try !isInFiles("CANARYCODE") && !isInFiles("canary.example"))
        let log = try FileManager.default.attributesOfItem(atPath: "\(path)-wal")[.size] as? Int
        #expect(log == 0)
        try campaign.ledger.close()
        #expect(try !isInFiles("CANARYCODE"))
    }

    /// As earlier versions have enrolled them; the pages of enough rows that some were split.
    @Test func nothingOfARostersSecretColumnsIsInAnyFile() throws {
        try campaign.enrol(
            (1...3000).map {
                .identity(
                    id($0),
                    line: $0 + 1,
                    columns: ["CANARYCODE\($0)", "user \($0)", "https://canary.example/\($0)"]
                )
            } + [
                .rejected(
                    RejectedRow(line: 4000, column: nil, reason: "row_too_long", value: "x,CANARYCODE")
                )
            ],
            columns: ["recovery_code", "name", "recovery_link"]
        )
        // Another roster takes some over: what stood in their rows is in free space.
        try campaign.enrol((1...500).map { .identity(id($0), line: $0, columns: ["user \($0)"]) })
        #expect(try isInFiles("CANARYCODE") && isInFiles("canary.example"))
        #expect(try ledger.purge(expiredBy: LedgerFixture.now, at: LedgerFixture.now) == 0)
        #expect(try !isInFiles("CANARYCODE") && !isInFiles("canary.example"))
        let values = try ledger.read { db in
            try String.fetchAll(db, sql: "SELECT DISTINCT column_values FROM invitations ORDER BY 1")
        }
        #expect(values.count == 3000 && values.first == #"["user 1"]"#)
        let names = try ledger.read { db in
            try String.fetchAll(db, sql: "SELECT DISTINCT column_names FROM invitations")
        }
        #expect(names == [#"["name"]"#])
    }

    @Test func aReaderThatStaysIsToldOfAndTheNextPurgeCompletesIt() throws {
        try issue(1...50, code: "CANARYCODE", link: "https://canary.example/r?flow=")
        let another = try #require(try campaign.openAnother() as? SQLiteLedger)
        try another.forEachInvitation { row in
            // The snapshot is held meanwhile.
            guard row.identityID == id(1) else { return }
            let error = #expect(throws: LedgerError.self) {
                try ledger.purge(expiredBy: nil, at: LedgerFixture.now, patience: .milliseconds(20))
            }
            #expect(error?.code == .inUse)
            #expect(error?.description.contains("not yet from the bytes of its files") == true)
        }
        try another.close()
        #expect(try campaign.ledger.purgedCount() == 50)
        #expect(try isInFiles("CANARYCODE"), "which is what it told")
        #expect(try ledger.purge(expiredBy: nil, at: LedgerFixture.now) == 0)
        #expect(try !isInFiles("CANARYCODE"))
    }

    /// As a run does that was killed between the tables and the bytes, or met a reader.
    @Test func aPurgeOfARunThatWasCutShortIsCompletedByTheNext() throws {
        try issue(1...50, code: "CANARYCODE", link: "https://canary.example/r?flow=")
        let expiry = IssuedInvitation.sample(1).expiresAt
        let another = try #require(try campaign.openAnother() as? SQLiteLedger)
        try another.forEachInvitation { row in
            guard row.identityID == id(1) else { return }
            #expect(throws: LedgerError.self) {
                try ledger.purge(
                    expiredBy: expiry,
                    at: expiry,
                    isPartOfRun: true,
                    patience: .milliseconds(20)
                )
            }
        }
        try another.close()
        #expect(try isInFiles("CANARYCODE"))
        try campaign.reopen()
        #expect(try campaign.ledger.purgeExpired(by: LedgerFixture.now, at: expiry) == 0)
        #expect(try !isInFiles("CANARYCODE"))
        let before = FileManager.default.contents(atPath: path)
        #expect(try campaign.ledger.purgeExpired(by: expiry, at: expiry) == 0)
        #expect(FileManager.default.contents(atPath: path) == before, "there is nothing left to do")
    }

    /// The purge of each night, of a ledger that is too large to be written anew for a few rows.
    @Test func aLargeLedgerIsWrittenAnewOnceAWeek() throws {
        try issue(1...200, code: "CANARYCODE", link: "https://canary.example/r?flow=", expiring: true)
        func code(_ number: Int) -> String { "CANARYCODE\(number)https" }
        func purge(through number: Int, onDay day: Int64) throws -> Int {
            let time = LedgerFixture.now.advanced(by: .seconds(day * 86_400))
            return try ledger.purgeExpired(by: Self.expiry(of: number), at: time, smallUpTo: 0)
        }
        func waits() throws -> Bool {
            try ledger.read { db in try Bool.fetchOne(db, sql: "SELECT is_wiping FROM campaign") ?? false }
        }
        #expect(try purge(through: 1, onDay: 0) == 1)
        #expect(try !waits(), "it was never written anew")
        #expect(try !isInFiles(code(1)) && isInFiles(code(2)))
        #expect(try purge(through: 3, onDay: 1) == 2)
        #expect(try waits(), "two of 200 are few")
        #expect(try purge(through: 3, onDay: 2) == 0)
        #expect(try waits())
        let log = try FileManager.default.attributesOfItem(atPath: "\(path)-wal")[.size] as? Int
        #expect(log == 0)
        #expect(try !isInFiles(code(2)) && !isInFiles(code(3)) && isInFiles(code(4)))
        #expect(try purge(through: 3, onDay: 7) == 0)
        #expect(try !waits(), "a week is over")
        #expect(try purge(through: 20, onDay: 8) == 17)
        #expect(try !waits(), "these are many")
        #expect(try !isInFiles(code(20)) && isInFiles(code(21)))
        #expect(try purge(through: 21, onDay: 9) == 1)
        #expect(try waits())
        #expect(try ledger.purge(expiredBy: nil, at: LedgerFixture.now) == 179)
        #expect(try !waits() && !isInFiles("CANARYCODE"), "a purge that is asked for always does it")
    }

    @Test func temporaryFilesAreBesideTheLedgerAndGoneAfterwards() throws {
        try issue(1...3000, code: "CANARYCODE", link: "https://canary.example/r?flow=")
        let seen = Watch(folder: campaign.folder.path)
        try ledger.withoutTransaction { db in
            // So small that SQLite has to put its copy aside.
            try db.execute(sql: "PRAGMA cache_size = 10")
            let pointer = Unmanaged.passUnretained(seen).toOpaque()
            sqlite3_progress_handler(
                db.sqliteConnection,
                1000,
                { pointer in
                    if let pointer { Unmanaged<Watch>.fromOpaque(pointer).takeUnretainedValue().look() }
                    return 0
                },
                pointer
            )
        }
        _ = try ledger.purge(expiredBy: nil, at: LedgerFixture.now)
        try ledger.withoutTransaction { db in
            sqlite3_progress_handler(db.sqliteConnection, 0, nil, nil)
        }
        #expect(seen.files > 0)
        // Where such files go is the process' setting: those of tests beside this one end with what they do
        // there.
        let deadline = ContinuousClock.now + .seconds(60)
        repeat {
            seen.files = 0
            seen.look()
        } while seen.files > 0 && ContinuousClock.now < deadline
        #expect(seen.files == 0)
        #expect(
            try names(inFolder: campaign.folder.path) == [
                "ledger.sqlite", "ledger.sqlite-shm", "ledger.sqlite-wal",
            ]
        )
    }

    /// Counts SQLite's temporary files of this process that are in a folder, with a name or without one.
    private final class Watch {
        private let folder: String
        var files = 0

        init(folder: String) {
            self.folder = folder.withCString { name in
                guard let real = realpath(name, nil) else { return folder }
                defer { free(real) }
                return String(cString: real)
            }
        }

        func look() {
            let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
            files += open.count { descriptor in
                let path = try? FileManager.default.destinationOfSymbolicLink(
                    atPath: "/proc/self/fd/\(descriptor)"
                )
                return path.map { $0.hasPrefix("\(folder)/etilqs_") } ?? false
            }
        }
    }
}
