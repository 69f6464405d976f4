import Foundation
import GRDB
import Glibc
import Ledger
import Model
import TestSupport
import Testing

@testable import SQLiteLedger

/// A ledger whose files are tampered with while it is in use.
@Suite struct LedgerFilesTests {
    private let campaign: LedgerFixture
    private let path: String
    private let run: RunID

    init() throws {
        campaign = try LedgerFixture()
        path = campaign.folder("ledger.sqlite")
        run = try campaign.beginRun()
        try campaign.issue(1...50, run: run)
    }

    enum Fault: CaseIterable {
        case deleted, replaced, cutShort, emptied

        var words: String {
            switch self {
            case .deleted: "was deleted while it was in use"
            case .replaced: "was replaced by another file"
            case .cutShort: "was cut short"
            case .emptied: "was emptied"
            }
        }

        func happen(to path: String) throws {
            switch self {
            case .deleted: #expect(unlink(path) == 0)
            case .replaced:
                let copy = path + ".copy"
                try FileManager.default.copyItem(atPath: path, toPath: copy)
                #expect(rename(copy, path) == 0)
            case .cutShort: #expect(truncate(path, 2048) == 0)
            case .emptied: #expect(truncate(path, 0) == 0)
            }
        }
    }

    @Test(arguments: Fault.allCases, ["", "-wal"])
    func whatIsWrittenThenIsNotCommitted(_ fault: Fault, _ suffix: String) throws {
        try fault.happen(to: path + suffix)
        let error = #expect(throws: LedgerError.self) { try campaign.enrol(51...60) }
        #expect(error?.description.contains("\(path)\(suffix) \(fault.words)") == true, "\(error as Any)")
        #expect(error?.code == (fault == .deleted && suffix == "" ? .missing : .unreadable))
        // It says so again, and at the end too.
        #expect(throws: LedgerError.self) { try campaign.beginRun() }
        #expect(throws: LedgerError.self) { try campaign.ledger.close() }
    }

    /// What was committed before is not lost with the name.
    @Test(arguments: [Fault.deleted, .replaced]) func aLostLedgerIsSavedUnderAnotherName(_ fault: Fault)
        throws
    {
        let ledger = try #require(campaign.ledger as? SQLiteLedger)
        let saved = campaign.folder("rescued.sqlite")
        #expect(!ledger.isLost, "nothing is wrong with it")
        try fault.happen(to: path)
        #expect(throws: LedgerError.self) { try campaign.enrol(51...60) }
        #expect(ledger.isLost)
        #expect(throws: LedgerError.self) { try ledger.close() }
        try Data("older".utf8).write(to: URL(filePath: saved))
        #expect(throws: LedgerError.self) { try ledger.rescue(to: saved) }
        #expect(try String(contentsOfFile: saved, encoding: .utf8) == "older", "it is left as it was")
        unlink(saved)
        try ledger.rescue(to: saved)
        #expect(throws: LedgerError.self, "nowhere") { try ledger.rescue(to: "\(saved)/none/such") }
        let again = try SQLiteLedger.open(at: saved)
        try LedgerCheck(path: saved).run()
        // The transaction that noticed it may be in there or not: nobody was told that it was.
        #expect(try again.counts(now: LedgerFixture.now).issued == 50)
    }

    @Test(arguments: ["", "-wal"])
    func aFileThatGoesWhileATransactionIsOnIsNoticedAfterIt(_ suffix: String) throws {
        let ledger = try #require(campaign.ledger as? SQLiteLedger)
        let file = path + suffix
        let error = #expect(throws: LedgerError.self) {
            try ledger.write { db in
                try db.execute(sql: "UPDATE campaign SET revision = revision + 1")
                unlink(file)
            }
        }
        #expect(error?.description.contains("was deleted while it was in use") == true)
    }

    /// Written to since it was emptied, it has its size again.
    @Test func aLogThatWasEmptiedWhileATransactionIsOnIsNoticedAfterIt() throws {
        let ledger = try #require(campaign.ledger as? SQLiteLedger)
        let log = "\(path)-wal"
        let error = #expect(throws: LedgerError.self) {
            try ledger.write { db in
                try db.execute(sql: "UPDATE campaign SET revision = revision + 1")
                #expect(truncate(log, 0) == 0)
            }
        }
        #expect(error?.code == .unreadable)
    }

    @Test func whatSQLiteDoesItselfIsNoFault() throws {
        let ledger = try #require(campaign.ledger as? SQLiteLedger)
        for round in 0..<20 {
            try campaign.issue(100 + round * 10...109 + round * 10, run: run)
            if round.isMultiple(of: 3) {
                try ledger.database.writeWithoutTransaction { db in _ = try db.checkpoint(.restart) }
            }
            if round.isMultiple(of: 4) {
                let other = try SQLiteLedger.open(at: path)
                #expect(try other.counts(now: LedgerFixture.now).issued == 60 + round * 10)
                _ = try other.setLinkBase("https://a\(round).example")
                try other.close()
            }
        }
        try campaign.ledger.close()
        #expect(try campaign.openAnother().counts(now: LedgerFixture.now).issued == 250)
    }

    /// A reader has nothing to say about them: another process may rewrite what it reads.
    @Test func aReaderDoesNotMind() throws {
        try campaign.ledger.close()
        let reader = try SQLiteLedger.open(at: path)
        try Fault.deleted.happen(to: path)
        #expect(try reader.counts(now: LedgerFixture.now).issued == 50)
        try reader.close()
    }
}
