// Workbooks as files; what is in them is read by openpyxl and LibreOffice elsewhere.

import Foundation
import TestSupport
import Testing
import Files
import Model

@testable import Exports

@Suite struct WorkbookTests {
    private let fixture: FormatFixture

    init() throws { fixture = try FormatFixture() }

    private func bytes(_ path: String) throws -> Data {
        try #require(FileManager.default.contents(atPath: path))
    }

    @Test func aWorkbookIsAPrivateFileAndTheSameBytesEachTime() throws {
        try fixture.issue(["email", "name"], [["ann@example.org", "Ann"], ["", "Bob"]])
        let export = try fixture.export("xlsx")
        #expect(try fixture.files == ["invitations.xlsx.manifest.json", "invitations.xlsx.xlsx"])
        #expect(export.tally.rows == 2 && export.tally.leftOut == [:])
        #expect(mode(of: export.paths[0]) == 0o600)
        let first = try bytes(export.paths[0])
        #expect(first.starts(with: Data("PK".utf8)))
        let manifest = try fixture.manifest("xlsx")
        let file = (manifest["files"] as? [NSDictionary])?.first
        #expect(file?["rows"] as? Int == 2 && file?["bytes"] as? Int == first.count)

        #expect(try !fixture.export("xlsx").wasWritten)
        try FileManager.default.removeItem(atPath: export.paths[0])
        #expect(try fixture.export("xlsx").wasWritten)
        #expect(try bytes(export.paths[0]) == first)
    }

    @Test func partsHaveSoManyRows() throws {
        try fixture.issue(["name"], (1...5).map { ["user \($0)"] })
        let export = try fixture.export("xlsx") { $0.rowsMax = 2 }
        #expect(export.paths.map { String($0.suffix(9)) } == ["0001.xlsx", "0002.xlsx", "0003.xlsx"])
        let files = try fixture.manifest("xlsx")["files"] as? [NSDictionary]
        #expect(files?.map { $0["rows"] as? Int } == [2, 2, 1])
    }

    @Test func nobodyIsAHeaderAlone() throws {
        let export = try fixture.export("xlsx")
        #expect(export.tally.rows == 0)
        #expect(try bytes(export.paths[0]).starts(with: Data("PK".utf8)))
    }

    @Test func aTextThatNoCellHoldsIsAnErrorThatNamesItsRow() throws {
        try fixture.issue(["name"], [[String(repeating: "x", count: 32_767)]])
        #expect(try fixture.export("xlsx").tally.rows == 1)
        try fixture.issue(["name"], [[String(repeating: "🔑", count: 16_384)]])
        let problem = try fixture.problem("xlsx")
        #expect(problem.code == .unfitValue)
        #expect("\(problem)".contains("name of \(id(2).text) (32768 of 32767 characters)"))
    }

    @Test func whatXMLCannotHoldIsDroppedAndCounted() throws {
        try fixture.issue(["name"], [["Ann\u{1}\r\nLee"], ["two\nlines"]])
        #expect(try fixture.export("xlsx").tally.cleanedValues == 1)
    }

    @Test(arguments: [
        ("a\u{0}b\u{1f}c", "abc"), ("a\r\nb\rc\nd\te", "a\nb\nc\nd\te"), ("\u{fffe}x\u{ffff}", "x"),
        ("Zoë 李", "Zoë 李"), ("ﬁn", "ﬁn"),
    ])
    func textsAreCleaned(_ text: String, _ cleaned: String) {
        #expect(WorkbookText.cleaned(text) == cleaned)
        #expect(WorkbookText.isClean(cleaned))
        #expect(WorkbookText.isClean(text) == (text == cleaned))
    }

    /// Spreadsheets read `_x0041_` as `A`.
    @Test(arguments: [
        ("_x0041_", "_x005F_x0041_"), ("a_x00e4_b_x", "a_x005F_x00e4_b_x"), ("_x004_", "_x004_"),
        ("first_name", "first_name"), ("__x0041__", "__x005F_x0041__"),
    ])
    func escapesOfSpreadsheetsAreEscaped(_ text: String, _ escaped: String) {
        #expect(WorkbookText.escaped(text) == escaped)
    }
}
