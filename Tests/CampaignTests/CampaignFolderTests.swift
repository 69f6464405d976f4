// Names of campaigns, and what stands in their folders.

import Campaign
import Foundation
import Ledger
import Files
import Model
import TestSupport
import Testing

@Suite struct CampaignFolderTests {
    @Test(arguments: [
        "failures.csv", "rejected.csv", "invitations.csv", "FAILURES.CSV", "reports/q1/Invitations.csv",
        "invitations.csv.age", "failures", "invitations (1).csv", "Failures-2.csv", "rejected(12).csv",
        "invitations - Copy.csv", "invitations - Copy (2).csv", "failures copy 3.csv", "rejected_1.csv",
        "invitations - Kopie.csv", "failures.csv.1", "rejected.utf8.txt",
    ])
    func outputsNameNoCampaign(_ path: String) {
        #expect(CampaignFolder.isOutputName(ofRoster: path))
    }

    @Test(arguments: [
        "people.csv", "spring-invitations.csv", "invitations-2026.csv", "invitations-spring.csv",
        "failed.csv",
        "failures/people.csv", "rejected customers.csv", "invitationslist.csv", "", "/",
        "summary.json",
        "einladungen.csv", "failuresé.csv",
    ])
    func otherFilesDo(_ path: String) {
        #expect(!CampaignFolder.isOutputName(ofRoster: path))
    }

    @Test func theLedgerIsInTheCampaignsOwnFolder() throws {
        let temporary = try TemporaryFolder()
        let folder = CampaignFolder(outputFolder: "\(temporary.path)/reports", name: "spring")
        #expect(folder.path == "\(temporary.path)/reports/spring")
        #expect(folder.ledgerPath == "\(folder.path)/ledger.sqlite")

        let missing = #expect(throws: CampaignError.self) { try folder.openLedger() }
        #expect(missing?.description.contains("no campaign spring") == true)

        try folder.prepare()
        try folder.openOrCreateLedger(server: "http://a.test").close()
        #expect(try folder.openLedger().campaign().name == "spring")
        let again = try folder.openOrCreateLedger(server: "http://b.test")
        #expect(try again.campaign().server == "http://a.test", "what is there is not overwritten")
    }

    @Test(arguments: [
        "invitations.csv", "invitations.csv.age", "invitations/a.csv", "failures.csv", "rejected.csv",
        "summary.json",
        "ledger.spill", "ledger.spill.damaged", "ledger.sqlite-wal",
    ])
    func tracesOfWorkWithoutALedgerAreNotBuiltUpon(_ file: String) throws {
        let temporary = try TemporaryFolder()
        let folder = CampaignFolder(outputFolder: temporary.path, name: "spring")
        try folder.prepare()
        try FileManager.default.createDirectory(
            atPath: (folder.path + "/" + file as NSString).deletingLastPathComponent,
            withIntermediateDirectories: true
        )
        _ = try temporary.write("x", to: "spring/\(file)")
        let trace = file.split(separator: "/").first.map(String.init) ?? file
        for what in ["no ledger", "an empty ledger"] {
            for open in [
                { try folder.openOrCreateLedger(server: "http://a.test") }, { try folder.openLedger() },
            ] {
                let error = #expect(throws: CampaignError.self) { try open() }
                #expect(error?.description.contains("has \(trace) but \(what):") == true)
            }
            // An empty file is no ledger either.
            _ = try temporary.write("", to: "spring/ledger.sqlite")
        }
        #expect(try temporary.size(of: "spring/ledger.sqlite") == 0, "it is left as it is")
        #expect(text(ofFile: "\(folder.path)/\(file)") == "x")
    }

    /// It holds codes that no other ledger may have.
    @Test func whatAnEarlierRunSavedIsNotPassedBy() throws {
        let temporary = try TemporaryFolder()
        let folder = CampaignFolder(outputFolder: temporary.path, name: "spring")
        try folder.prepare()
        let saved = CampaignFolder.Leftover.rescuedLedger.freePath(in: folder)
        #expect(saved == "\(folder.path)/ledger.rescued.sqlite")
        for name in ["ledger.rescued.sqlite", "failures.csv"] {
            _ = try temporary.write("x", to: "spring/\(name)")
        }
        let missing = #expect(throws: CampaignError.self) {
            try folder.openOrCreateLedger(server: "http://a.test")
        }
        #expect(missing?.description.contains("no ledger, but ledger.rescued.sqlite") == true)
        #expect(missing?.description.contains("rename it to ledger.sqlite") == true)

        #expect(rename(saved, "\(temporary.path)/elsewhere") == 0)
        #expect(unlink("\(folder.path)/failures.csv") == 0)
        try folder.openOrCreateLedger(server: "http://a.test").close()
        _ = try temporary.write("x", to: "spring/ledger.rescued.sqlite")
        #expect(CampaignFolder.Leftover.rescuedLedger.freePath(in: folder) == "\(saved).2")
        _ = try temporary.write("x", to: "spring/ledger.rescued.sqlite.2")
        let beside = #expect(throws: CampaignError.self) {
            try folder.openOrCreateLedger(server: "http://a.test")
        }
        #expect(beside?.description.contains("ledger.rescued.sqlite.2 was saved by a run") == true)
        #expect(try folder.leftovers() == [saved, "\(saved).2"])
        #expect(try folder.openLedger().campaign().name == "spring", "it can be looked at")
    }

    /// Its log was lost, or it was made anew: a file of SQLite's, and nothing in it.
    @Test func aLedgerWithoutACampaignIsNotBuiltUponEither() throws {
        let temporary = try TemporaryFolder()
        let folder = CampaignFolder(outputFolder: temporary.path, name: "spring")
        try folder.prepare()
        let log = "\(folder.ledgerPath)-wal"
        let ledger = try folder.openOrCreateLedger(server: "http://a.test")
        // The main file as it was before anything was folded into it.
        let copy = temporary("copy")
        try FileManager.default.copyItem(atPath: folder.ledgerPath, toPath: copy)
        #expect(FileManager.default.fileExists(atPath: log))
        try ledger.close()
        try FileManager.default.removeItem(atPath: folder.ledgerPath)
        try FileManager.default.copyItem(atPath: copy, toPath: folder.ledgerPath)
        _ = try temporary.write("x", to: "spring/failures.csv")
        let error = #expect(throws: CampaignError.self) {
            try folder.openOrCreateLedger(server: "http://a.test")
        }
        #expect(error?.description.contains("has failures.csv but a ledger without a campaign") == true)
        let missing = #expect(throws: LedgerError.self) { try folder.openLedger().campaign() }
        #expect(missing?.code == .missing)
        // Without any trace it is a first run's that was killed.
        try FileManager.default.removeItem(atPath: temporary("spring/failures.csv"))
        #expect(try folder.openOrCreateLedger(server: "http://a.test").campaign().name == "spring")
    }

    @Test func aFirstRunThatWasKilledEarlyMayStartAgain() throws {
        let temporary = try TemporaryFolder()
        let folder = CampaignFolder(outputFolder: temporary.path, name: "spring")
        try folder.prepare()
        _ = try temporary.write("", to: "spring/ledger.sqlite")
        _ = try temporary.write("process 1", to: "spring/.lock")
        let empty = #expect(throws: LedgerError.self) { try folder.openLedger() }
        #expect(empty?.code == .missing)
        #expect(try temporary.size(of: "spring/ledger.sqlite") == 0, "looking makes nothing of it")
        #expect(try folder.openOrCreateLedger(server: "http://a.test").campaign().name == "spring")
    }

    @Test func anotherCampaignsLedgerIsNotWorkedOn() throws {
        let temporary = try TemporaryFolder()
        let autumn = CampaignFolder(outputFolder: temporary.path, name: "autumn")
        let spring = CampaignFolder(outputFolder: temporary.path, name: "spring")
        for folder in [autumn, spring] {
            try folder.prepare()
            try folder.openOrCreateLedger(server: "http://a.test").close()
        }
        try FileManager.default.removeItem(atPath: spring.ledgerPath)
        try FileManager.default.copyItem(atPath: autumn.ledgerPath, toPath: spring.ledgerPath)
        let error = #expect(throws: CampaignError.self) {
            try spring.openOrCreateLedger(server: "http://a.test")
        }
        #expect(
            error?.description.contains("is the ledger of the campaign autumn, and not of spring") == true
        )
        #expect(throws: CampaignError.self) { try spring.openLedger() }
        #expect(throws: CampaignError.self) { try spring.openSoundLedger() }
    }

    @Test func aFolderOpenToOthersIsRefused() throws {
        let temporary = try TemporaryFolder()
        let folder = CampaignFolder(outputFolder: temporary.path, name: "spring")
        try folder.prepare()
        try folder.openOrCreateLedger(server: "http://a.test").close()
        try FileManager.default.setAttributes([.posixPermissions: 0o750], ofItemAtPath: folder.path)
        #expect(throws: FileError.self) { try folder.prepare() }
        #expect(throws: FileError.self) { try folder.openLedger() }
    }
}
