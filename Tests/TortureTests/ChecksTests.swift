// The checks of every moment can fail.

import Testing
import Model

@testable import Torture

private let identity = "0f0e0d0c-0b0a-4908-8706-050403020100"
private let header = "identity_id,recovery_code,recovery_link,expires_at,email,generation\n"

@Suite struct ChecksTests {
    private let line = InvitationLine(
        identity: identity,
        code: "012345",
        link: "link",
        expiresAt: "time",
        email: "user0@example.org"
    )

    // MARK: files

    /// A folder after a run that has issued one, failed one and rejected two rows.
    private func folder() -> OutputFolder {
        var figures = #"{"rows_read":5,"enrolled":3,"duplicates":1,"rejected":1,"identities":3,"issued":1,"#
        figures += #""valid":1,"#
        figures += #""failed":1,"pending":1,"in_doubt":0,"requests":2,"retries":0,"ambiguous_attempts":0,"#
        figures += #""expired":0,"activated":0,"reissued":0,"purged":0,"given_up":0,"#
        figures += #""started_at":null,"finished_at":null,"stopped_because":null}"# + "\n"
        return OutputFolder(
            texts: [
                "invitations.csv": header + "\(identity),012345,link,time,\"a,\nb\",1\n",
                "failures.csv": "identity_id,kind\n\(identity),timeout\n",
                "rejected.csv": "line,reason\n2,not_a_uuid\n3,duplicate\n",
                "summary.json": figures,
            ],
            names: [".lock", "ledger.sqlite", "invitations.csv"]
        )
    }

    @Test func wholeFilesAreWhole() {
        #expect(folder().violations() == [])
        #expect(folder().violationsAtRest() == [])
        #expect(OutputFolder(texts: [:], names: []).violations() == [])
    }

    @Test(arguments: ["invitations.csv", "failures.csv", "rejected.csv", "summary.json"], [1, 3, 7])
    func aCutFileIsFound(_ name: String, by length: Int) {
        var folder = folder()
        folder.texts[name]?.removeLast(length)
        #expect(folder.violations() == [Violation(.fileNotWhole, name)])
    }

    @Test func anEmptyFileIsNotWhole() {
        var folder = folder()
        folder.texts["invitations.csv"] = ""
        #expect(folder.violations() == [Violation(.fileNotWhole, "invitations.csv")])
    }

    @Test(arguments: ["invitations.csv", "failures.csv", "rejected.csv", "summary.json"])
    func aMissingFileIsFound(_ name: String) {
        var folder = folder()
        folder.texts[name] = nil
        #expect(folder.violations() == [])
        #expect(folder.violationsAtRest().map(\.rule) == [.fileNotWhole])
    }

    @Test(arguments: ["invitations.csv", "failures.csv", "rejected.csv"])
    func aFileWithARowTooManyIsFound(_ name: String) throws {
        var folder = folder()
        let row = try #require(folder.texts[name]?.split(separator: "\n").last)
        if name == "invitations.csv" {
            folder.texts[name]? += "\(identity),1,l,t,e,1\n"
        } else {
            folder.texts[name]? += "\(row)\n"
        }
        #expect(folder.violations() == [])
        #expect(folder.violationsAtRest().map(\.rule) == [.fileNotWhole])
    }

    /// Half a file, and answers that no ledger has.
    @Test(arguments: [".invitations.csv.partial", "ledger.spill", "ledger.spill.damaged"])
    func whatIsLeftIsFoundAtRest(_ name: String) {
        var folder = folder()
        folder.names.append(name)
        #expect(folder.violations() == [])
        #expect(folder.violationsAtRest() == [Violation(.fileNotWhole, "\(name) is left")])
    }

    @Test func aSummaryThatDoesNotAddUpIsFound() {
        var folder = folder()
        folder.texts["summary.json"] = folder.texts["summary.json"]?.replacing(
            "\"pending\":1",
            with: "\"pending\":2"
        )
        #expect(folder.violationsAtRest().map(\.rule) == [.accounting])
    }

    // MARK: exports

    @Test func whatWasExportedIsThereStill() {
        #expect([line].violations(since: [:]) == [])
        #expect([line].violations(since: [identity: line]) == [])
        #expect([InvitationLine]().violations(since: [identity: line]).map(\.rule) == [.committedCodeLost])
        var other = line
        other.code = "543210"
        #expect([other].violations(since: [identity: line]).map(\.rule) == [.committedCodeLost])
    }

    @Test func aLineOfNobodyIsFound() {
        #expect([line].violations(against: []) { _ in nil }.map(\.rule) == [.exportUnlikeLog])
        #expect([line].violations(against: []) { _ in "user0@example.org" }.map(\.rule) == [.exportUnlikeLog])
    }

    // MARK: ends

    @Test(
        arguments: [
            (0, [], false, ""), (3, [], false, ""), (0, [15], false, ""), (-9, [9], false, ""),
            (-15, [15], false, ""), (130, [2], false, "To go on: latchstring run"),
            (143, [15], false, "To go on: latchstring run"), (5, [], true, "To go on: latchstring run"),
            (
                130, [2, 2], false,
                "stopped at once; what was on its way is in doubt. To go on: latchstring run"
            ),
        ] as [(Int, [Int32], Bool, String)]
    )
    func anEndAsItShouldBe(_ status: Int, _ signals: [Int32], _ brokeDown: Bool, _ words: String) {
        let expected = ExpectedExit(signals: signals, serverBrokeDown: brokeDown)
        #expect(expected.violations(status: status, words: words) == [])
    }

    @Test(
        arguments: [
            (1, [], false, "an error"), (-9, [], false, ""), (-11, [9], false, ""), (-6, [], true, ""),
            (5, [], false, "To go on: latchstring run"), (130, [15], false, "To go on: latchstring run"),
            (143, [2], false, "To go on: latchstring run"), (143, [15], false, "no word of it"),
            (11, [], false, ""),
            (64, [], false, ""), (5, [], true, ""),
        ] as [(Int, [Int32], Bool, String)]
    )
    func anEndAsItShouldNotBe(_ status: Int, _ signals: [Int32], _ brokeDown: Bool, _ words: String) {
        let expected = ExpectedExit(signals: signals, serverBrokeDown: brokeDown)
        #expect(expected.violations(status: status, words: words).map(\.rule) == [.exit])
    }

    @Test func batchesInUseAreNoErrorOfARun() {
        let words = "error: no batch was written: they are in use by PID 7"
        let expected = ExpectedExit(signals: [], serverBrokeDown: false, batchesWereInUse: true)
        #expect(expected.violations(status: 1, words: words) == [])
        #expect(expected.violations(status: 1, words: "another error").map(\.rule) == [.exit])
        let alone = ExpectedExit(signals: [], serverBrokeDown: false)
        #expect(alone.violations(status: 1, words: words).map(\.rule) == [.exit])
    }

    @Test func aDrainedRunIsNotKilled() {
        #expect(!ExpectedExit.isKilled(status: 130, words: "Stopping: … To go on: …"))
        #expect(ExpectedExit.isKilled(status: 130, words: "stopped at once; what was on its way is in doubt"))
        #expect(ExpectedExit.isKilled(status: -9, words: ""))
    }
}
