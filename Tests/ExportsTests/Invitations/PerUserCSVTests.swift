import Foundation
import Exports
import Ledger
import Files
import TestSupport
import Testing
import Model

@Suite struct PerUserCSVTests {
    private let campaign: LedgerFixture
    private let folder: String

    init() throws {
        campaign = try LedgerFixture()
        folder = campaign.folder("invitations")
    }

    private func write(_ options: InvitationOptions = InvitationOptions()) throws -> Int {
        try PerUserCSV.write(campaign.ledger, options: options, folder: folder)
    }

    private func path(_ number: Int) -> String {
        let text = id(number).text
        return "\(folder)/\(text.prefix(2))/\(text).csv"
    }

    @Test func everyUserHasAFileWithAHeaderAndOneRow() throws {
        try campaign.issue(1...3, run: try campaign.beginRun())
        #expect(try write() == 3)
        let invitation = IssuedInvitation.sample(2)
        let times = "2027-01-15T09:00:00Z,2027-01-15T08:00:00Z"
        #expect(
            text(ofFile: path(2)) == """
                identity_id,recovery_code,recovery_link,expires_at,issued_at,generation,name
                \(id(2).text),000002,\(invitation.recoveryLink),\(times),1,user 2

                """
        )
        #expect(try names(inFolder: folder) == [".lock", "a0"])
        #expect(try names(inFolder: "\(folder)/a0") == (1...3).map { "\(id($0).text).csv" })
        #expect(mode(of: path(1)) == 0o600)
        #expect(mode(of: folder) == 0o700)
    }

    @Test func theFirstTwoDigitsAreTheSubfolder() throws {
        let run = try campaign.beginRun()
        let other = IdentityID(high: 0x0b00_0000_0000_4000, low: 1)
        try campaign.enrol([.identity(other, line: 2, columns: [])], columns: [])
        try campaign.record(.issued(.sample(1)), try campaign.claim(1, run), run)
        #expect(try write() == 1)
        #expect(text(ofFile: "\(folder)/0b/\(other.text).csv") != nil)
    }

    @Test func onlyNewOnesAreWritten() throws {
        let run = try campaign.beginRun()
        try campaign.issue(1...2, run: run)
        #expect(try write() == 2)
        let before = inode(of: path(1))
        try campaign.issue(3...5, run: run)
        #expect(try write() == 3)
        #expect(try write() == 0)
        #expect(inode(of: path(1)) == before)
    }

    @Test func whatIsMissingIsWrittenAgain() throws {
        try campaign.issue(1...3, run: try campaign.beginRun())
        #expect(try write() == 3)
        try FileManager.default.removeItem(atPath: path(2))
        #expect(try write() == 1)
        try FileManager.default.removeItem(atPath: folder)
        #expect(try write() == 3)
    }

    @Test func theFileOfAnEarlierInvitationIsWrittenAnew() throws {
        let run = try campaign.beginRun()
        try campaign.issue(1...2, run: run)
        #expect(try write() == 2)
        #expect(try campaign.ledger.reissue([id(1)]) == 1)
        try campaign.record(.issued(.sample(77)), try campaign.claim(1, run), run)
        #expect(try write() == 1)
        #expect(text(ofFile: path(1))?.contains(",000077,") == true)
        #expect(try write() == 0, "once")
    }

    @Test func optionsHoldForEveryFile() throws {
        let run = try campaign.beginRun()
        try campaign.enrol([.identity(id(1), line: 2, columns: ["=1"])])
        try campaign.record(.issued(.sample(1, link: "/r")), try campaign.claim(1, run), run)
        let base = try #require(LinkBase("https://b.example"))
        _ = try write(InvitationOptions(formulas: .escape, linkBase: base))
        let written = try #require(text(ofFile: path(1)))
        let row = try #require(readCSV(written).last)
        #expect((row[2], row[6]) == ("https://b.example/r", "'=1"))
    }

    @Test func aFolderOpenToOthersIsRefused() throws {
        try campaign.issue(1...1, run: try campaign.beginRun())
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        chmod(folder, 0o755)
        #expect(throws: FileError.self) { try write() }
        #expect(try names(inFolder: folder).isEmpty)
    }
}
