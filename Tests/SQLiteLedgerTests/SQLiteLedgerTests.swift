import Foundation
import GRDB
import Ledger
import Model
import TestSupport
import Testing

@testable import SQLiteLedger

/// What is SQLite's own: files, rights, durability, damage, other connections.
@Suite struct SQLiteLedgerTests {
    private let campaign: LedgerFixture
    private let path: String

    init() throws {
        campaign = try LedgerFixture()
        path = campaign.folder("ledger.sqlite")
    }

    @Test(arguments: [0o000, 0o077] as [mode_t])
    func allItsFilesArePrivateWhateverTheUmask(mask: mode_t) throws {
        let folder = try TemporaryFolder()
        try withUmask(mask) {
            let ledger = try LedgerFixture.sqlite(folder("ledger.sqlite"))
            _ = try ledger.beginRoster(name: "r", at: LedgerFixture.now)
            let files = try names(inFolder: folder.path)
            #expect(files == ["ledger.sqlite", "ledger.sqlite-shm", "ledger.sqlite-wal"])
            for file in files { #expect(mode(of: folder(file)) == 0o600, "\(file)") }
        }
    }

    @Test func everyCommitIsFlushedToDisk() throws {
        let ledger = try #require(campaign.ledger as? SQLiteLedger)
        let (journal, synchronous) = try ledger.read { db in
            (
                try String.fetchOne(db, sql: "PRAGMA journal_mode"),
                try Int.fetchOne(db, sql: "PRAGMA synchronous")
            )
        }
        #expect(journal == "wal")
        #expect(synchronous == 2)
    }

    @Test func closingFoldsTheSideFilesIn() throws {
        try campaign.issue(1...3, run: try campaign.beginRun())
        try campaign.ledger.close()
        #expect(try names(inFolder: campaign.folder.path) == ["ledger.sqlite"])
    }

    @Test func openingDoesNotRenameWhatIsThere() throws {
        try campaign.ledger.close()
        let again = try SQLiteLedger.openOrCreate(
            at: path,
            campaign: "other",
            server: "https://other.example"
        )
        let record = try again.campaign()
        #expect((record.name, record.server) == ("spring", "https://kratos.example/admin"))
    }

    @Test func whatIsMissingIsNamedAndNotMade() throws {
        let missing = campaign.folder("missing.sqlite")
        let error = #expect(throws: LedgerError.self) { try SQLiteLedger.open(at: missing) }
        #expect(error?.code == .missing)
        #expect(error?.description == "there is no ledger at \(missing)")
        #expect(text(ofFile: missing) == nil)
    }

    @Test func aLinkIsNotFollowed() throws {
        let link = campaign.folder("link.sqlite")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        let error = #expect(throws: LedgerError.self) { try LedgerFixture.sqlite(link) }
        #expect(error?.code == .notWritable)
    }

    @Test func aNewerLedgerIsRefusedInWords() throws {
        try campaign.ledger.close()
        try DatabaseQueue(path: path).write { db in
            try db.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('99 of the future')")
        }
        let error = #expect(throws: LedgerError.self) { try SQLiteLedger.open(at: path) }
        #expect(error?.code == .tooNew)
        #expect(
            error?.description
                == "the ledger \(path) was written by a newer version of latchstring: use that "
                + "version or a later one"
        )
    }

    @Test func whatIsNoDatabaseIsRefusedAndLeftAsItIs() throws {
        let other = campaign.folder("other.sqlite")
        let content = String(repeating: "identity_id,name\n", count: 500)
        try put(content, intoFile: other)
        let error = #expect(throws: LedgerError.self) { try LedgerFixture.sqlite(other) }
        #expect(error?.code == .unreadable)
        #expect(error?.description.contains("\(other) is damaged or is no ledger") == true)
        #expect(text(ofFile: other) == content)
    }

    @Test func aDamagedLedgerIsRefused() throws {
        try campaign.issue(1...500, run: try campaign.beginRun())
        try campaign.ledger.close()
        let file = try #require(FileHandle(forUpdatingAtPath: path))
        let size = try file.seekToEnd()
        // All but the first page, which says what it is.
        try file.seek(toOffset: 4096)
        try file.write(contentsOf: Data(repeating: 0xa5, count: Int(size) - 4096))
        try file.close()
        let error = #expect(throws: LedgerError.self) {
            let ledger = try SQLiteLedger.open(at: path)
            _ = try ledger.counts(now: LedgerFixture.now)
        }
        #expect(error?.code == .unreadable)
    }

    @Test func aFullDiskIsSaidInWordsAndNothingIsHalfDone() throws {
        let ledger = try #require(campaign.ledger as? SQLiteLedger)
        try ledger.database.inDatabase { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            try db.execute(sql: "PRAGMA max_page_count = \(pages + 2)")
        }
        let error = #expect(throws: LedgerError.self) { try campaign.enrol(1...5000) }
        #expect(error?.code == .notWritable)
        #expect(
            error?.description
                == "the ledger \(path) cannot grow: the disk is full; make room, then run again"
        )
        #expect(try campaign.counts().identities == 0)
    }

    @Test func othersReadWhileItWrites() throws {
        try campaign.issue(1...3, run: try campaign.beginRun())
        let ledger = try #require(campaign.ledger as? SQLiteLedger)
        let path = path
        try ledger.write { db in
            try db.execute(sql: "UPDATE identity SET state = 0")
            // Another process that opens the ledger now sees what was committed, and needs not wait.
            let reader = try SQLiteLedger.open(at: path)
            #expect(try reader.counts(now: LedgerFixture.now).issued == 3)
            try reader.close()
        }
    }

    @Test func aStreamShowsOneMomentWhileOthersWrite() throws {
        let run = try campaign.beginRun()
        try campaign.issue(1...3, run: run)
        let reader = try campaign.openAnother()
        var seen = 0
        try reader.forEachInvitation { _ in
            seen += 1
            try campaign.issue(seen * 10...seen * 10, run: run)
        }
        #expect(seen == 3)
        #expect(try campaign.counts().issued == 6)
    }

    @Test func errorsOfStatementsKeepSecretsToThemselves() throws {
        try campaign.enrol(1...1)
        let run = try campaign.beginRun()
        let claims = try campaign.claim(1, run)
        var refused = IssuedInvitation.sample(424_242)
        refused.expiresAtText = ""
        let error = #expect(throws: LedgerError.self) {
            try campaign.record(.issued(refused), claims, run)
        }
        #expect(error?.code == .failed)
        #expect(error?.description.contains("424242") == false)
        #expect(error?.description.contains("recovery?flow") == false)
    }
}
