// What a campaign may be called, and what rosters' names make of it.

import Campaign
import Foundation
import Ledger
import Files
import Model
import TestSupport
import Testing

@Suite struct CampaignNameTests {
    @Test(arguments: [
        ("users.csv", "users"),
        ("lists/2026/users.csv", "users"),
        ("/srv/users.csv", "users"),
        ("users", "users"),
        ("users.tar.gz", "users.tar"),
        (".hidden", ".hidden"),
        ("./users.csv", "users"),
        ("spring invitations.csv", "spring-invitations"),
        ("Kärnten & Söhne.csv", "Kärnten---Söhne"),
        ("a:b*c?.txt", "a-b-c-"),
        ("q1 (a).csv", "q1--a-"),
        ("用户.csv", "用户"),
        ("客户.csv", "客户"),
        ("Müller.csv", "Müller"),
        ("Mo\u{308}ller.csv", "M\u{f6}ller"),
        ("клиенты.csv", "клиенты"),
        ("العملاء.csv", "العملاء"),
        ("ग्राहक सूची.csv", "ग्राहक-सूची"),
        ("ลูกค้าใหม่.csv", "ลูกค้าใหม่"),
        ("٢٠٢٦.csv", "٢٠٢٦"),
        ("한국.csv", "한국"),
        ("\(("한국").decomposedStringWithCanonicalMapping).csv", "한국"),
        ("a\u{200c}b.csv", "a-b"),
        ("\u{301}a.csv", "-a"),
        ("x👍.csv", "x-"),
        ("\(String(repeating: "x", count: 300)).csv", String(repeating: "x", count: 200)),
        ("\(String(repeating: "客", count: 80)).csv", String(repeating: "客", count: 66)),
    ])
    func aRosterNamesItsCampaign(_ path: String, _ name: String) throws {
        let made = try #require(CampaignFolder.name(forRoster: path))
        #expect(Array(made.utf8) == Array(name.utf8))
        #expect(CampaignFolder.isValid(name: made))
    }

    @Test(arguments: [
        "-", "..", ".", "...", "/", "", "().csv", "---.csv", "👍👍.csv", "\u{301}.csv", "½.csv", "__.csv",
    ])
    func aNameWithoutLetterAndDigitNamesNone(_ path: String) {
        #expect(CampaignFolder.name(forRoster: path) == nil)
    }

    @Test(arguments: [
        "a", "A-Z_0.9", "-", "_", "...", ".hidden", "a..b", "ä", "客户", "ग्राहक", "ก้", "Ⅷ",
        String(repeating: "x", count: 200), String(repeating: "ä", count: 100),
    ])
    func validNames(_ name: String) {
        #expect(CampaignFolder.isValid(name: name))
    }

    @Test(arguments: [
        "", ".", "..", "a/b", "../a", "a b", "a\n", "a\0b", "a\\b", "a:b", "~", "e\u{301}", "\u{301}",
        "-\u{301}",
        "a\u{200b}", "a\u{202e}b", "👍", "a\u{a0}b", "①", String(repeating: "x", count: 201),
        String(repeating: "ä", count: 101),
    ])
    func invalidNames(_ name: String) {
        #expect(!CampaignFolder.isValid(name: name))
    }

    @Test func namesOnTheCommandLineAreComposed() {
        let name = CampaignFolder.normalized("Mu\u{308}ller")
        #expect(Array(name.unicodeScalars) == Array("M\u{fc}ller".unicodeScalars))
        #expect(CampaignFolder.isValid(name: name))
    }

    @Test(arguments: [
        ("-", true), ("/dev/stdin", true), ("/dev/./stdin", true), ("//dev//stdin", true),
        ("/dev/fd/0", true),
        ("/dev/fd/63", true), ("/proc/self/fd/0", true), ("/proc/4711/fd/12", true),
        ("/proc/self/task/4711/fd/0", true), ("stdin", false), ("dev/stdin", false),
        ("/dev/shm/people.csv", false),
        ("/home/dev/fd/0", false), ("./-", false), ("fd/0", false),
    ])
    func descriptorsHaveNoName(_ path: String, _ isUnnamed: Bool) {
        #expect(CampaignFolder.isUnnamed(roster: path) == isUnnamed)
    }

    // MARK: - The roster's file

    private func campaign(_ names: [String], in temporary: TemporaryFolder) throws -> (
        CampaignFolder, any Ledger
    ) {
        let folder = CampaignFolder(outputFolder: "\(temporary.path)/reports", name: "q1--a-")
        try folder.prepare()
        let ledger = try folder.openOrCreateLedger(server: "http://a.test")
        for name in names { _ = try ledger.beginRoster(name: name, at: LedgerFixture.now) }
        return (folder, ledger)
    }

    @Test(arguments: [
        ([], "q1 (a).csv"),
        (["q1 (a).csv"], "elsewhere/q1 (a).csv"),
        (["/x/q1 (a).csv", "other.csv"], "q1 (a).csv"),
        (["u\u{308}.csv"], "\u{fc}.csv"),
    ])
    func aCampaignKnowsItsRostersFiles(_ known: [String], _ path: String) throws {
        let temporary = try TemporaryFolder()
        let (folder, ledger) = try campaign(known, in: temporary)
        try folder.check(rosterFile: path, against: ledger)
    }

    @Test(arguments: [
        (["q1 (a).csv"], "q1 [a].csv", "q1 (a).csv"),
        (["q1 (a).csv"], "q1 (a).txt", "q1 (a).csv"),
        (["/x/q1 (a).csv", "lists/q1_new.csv"], "q1 [a].csv", "q1_new.csv"),
        (["-"], "q1 (a).csv", "standard input"),
        (["/dev/stdin"], "q1 (a).csv", "standard input"),
    ])
    func anotherFileIsRefusedByBothNames(_ known: [String], _ path: String, _ latest: String) throws {
        let temporary = try TemporaryFolder()
        let (folder, ledger) = try campaign(known, in: temporary)
        let error = #expect(throws: CampaignError.self) {
            try folder.check(rosterFile: path, against: ledger)
        }
        let sentence = error?.description ?? ""
        #expect(
            sentence.contains(path) && sentence.contains(latest) && sentence.contains("give campaign q1--a- ")
        )
    }

    /// Earlier versions kept only ASCII: a campaign of theirs goes on, and nobody is asked for twice.
    @Test func aCampaignOfAnEarlierVersionGoesOn() throws {
        let temporary = try TemporaryFolder()
        let reports = "\(temporary.path)/reports"
        let earlier = CampaignFolder(outputFolder: reports, name: "M-ller")
        try earlier.prepare()
        let ledger = try earlier.openOrCreateLedger(server: "http://a.test")
        _ = try ledger.beginRoster(name: "lists/Müller.csv", at: LedgerFixture.now)
        try ledger.close()
        #expect(CampaignFolder.named(after: "Müller.csv", in: reports)?.name == "M-ller")
        #expect(CampaignFolder.named(after: "Möller.csv", in: reports)?.name == "Möller")
        try CampaignFolder(outputFolder: reports, name: "Müller").prepare()
        #expect(CampaignFolder.named(after: "Müller.csv", in: reports)?.name == "Müller")
    }
}
