// Names of campaigns, and what stands in their folders.

import Campaign
import Foundation
import Ledger
import OutputFiles
import TestSupport
import Testing

@Suite struct CampaignFolderTests {
    @Test(arguments: [
        ("users.csv", "users"),
        ("lists/2026/users.csv", "users"),
        ("/srv/users.csv", "users"),
        ("users", "users"),
        ("users.tar.gz", "users.tar"),
        (".hidden", ".hidden"),
        ("./users.csv", "users"),
        ("spring invitations.csv", "spring-invitations"),
        ("Kärnten & Söhne.csv", "K-rnten---S-hne"),
        ("a:b*c?.txt", "a-b-c-"),
        ("用户.csv", "--"),
        ("-", "-"),
        ("..", "campaign"),
        (".", "campaign"),
        ("...", "campaign"),
        ("/", "-"),
        ("", "campaign"),
        ("\(String(repeating: "x", count: 300)).csv", String(repeating: "x", count: 200)),
    ])
    func aRosterNamesItsCampaign(_ path: String, _ name: String) {
        let made = CampaignFolder.name(forRoster: path)
        #expect(made == name)
        #expect(CampaignFolder.isValid(name: made))
    }

    @Test(arguments: ["a", "A-Z_0.9", "-", "_", "...", ".hidden", "a..b", String(repeating: "x", count: 200)])
    func validNames(_ name: String) {
        #expect(CampaignFolder.isValid(name: name))
    }

    @Test(arguments: [
        "", ".", "..", "a/b", "../a", "a b", "a\n", "a\0b", "ä", "a\\b", "a:b", "~", "e\u{301}",
        String(repeating: "x", count: 201),
    ])
    func invalidNames(_ name: String) {
        #expect(!CampaignFolder.isValid(name: name))
    }

    @Test func theLedgerIsInTheCampaignsOwnFolder() throws {
        let temporary = try TemporaryFolder()
        let folder = CampaignFolder(outputFolder: "\(temporary.path)/reports", name: "spring")
        #expect(folder.path == "\(temporary.path)/reports/spring")
        #expect(folder.ledgerPath == "\(folder.path)/ledger.sqlite")

        let missing = #expect(throws: FileError.self) { try folder.openLedger() }
        #expect(missing?.description.contains("no campaign spring") == true)

        try folder.prepare()
        try folder.openOrCreateLedger(server: "http://a.test").close()
        #expect(try folder.openLedger().campaign().name == "spring")
        let again = try folder.openOrCreateLedger(server: "http://b.test")
        #expect(try again.campaign().server == "http://a.test", "what is there is not overwritten")
    }

    @Test(arguments: ["invitations.csv", "failures.csv", "summary.json"])
    func outputsWithoutALedgerAreNotBuiltUpon(_ file: String) throws {
        let temporary = try TemporaryFolder()
        let folder = CampaignFolder(outputFolder: temporary.path, name: "spring")
        try folder.prepare()
        _ = try temporary.write("x", to: "spring/\(file)")
        for _ in 0..<2 {
            let error = #expect(throws: FileError.self) {
                try folder.openOrCreateLedger(server: "http://a.test")
            }
            #expect(error?.description.contains(file) == true)
            // An empty file is no ledger either.
            _ = try temporary.write("", to: "spring/ledger.sqlite")
        }
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
