// Files in parts, and calls of so many rows.

import Exports
import Files
import Foundation
import TestSupport
import Testing
import Model

@Suite struct FormatPartTests {
    private let fixture: FormatFixture

    init() throws {
        fixture = try FormatFixture()
        try fixture.issue(["email"], (1...7).map { ["user\($0)@example.org"] })
    }

    private func addresses(_ path: String) throws -> [String] {
        readCSV(try #require(text(ofFile: path))).dropFirst().map(\.[0])
    }

    @Test func partsHaveSoManyRowsAndAHeaderEach() throws {
        let export = try fixture.export("hubspot") { $0.rowsMax = 3 }
        #expect(
            try fixture.files == [
                "invitations.hubspot.0001.csv", "invitations.hubspot.0002.csv",
                "invitations.hubspot.0003.csv", "invitations.hubspot.manifest.json",
            ]
        )
        #expect(try export.paths.map { try addresses($0).count } == [3, 3, 1])
        #expect(try export.paths.flatMap(addresses) == (1...7).map { "user\($0)@example.org" })
        let files = try #require(try fixture.manifest("hubspot")["files"] as? [NSDictionary])
        #expect(files.map { $0["rows"] as? Int } == [3, 3, 1])
        #expect(files[2]["file"] as? String == "invitations.hubspot.0003.csv")
        #expect(files[0]["bytes"] as? Int == FileManager.default.contents(atPath: export.paths[0])?.count)
        // What is of no use any more goes.
        _ = try fixture.export("hubspot") { $0.rowsMax = 4 }
        #expect(try fixture.files.count == 3)
        _ = try fixture.export("hubspot")
        #expect(try fixture.files == ["invitations.hubspot.csv", "invitations.hubspot.manifest.json"])
    }

    @Test func partsHaveSoManyBytes() throws {
        let whole = try #require(text(ofFile: fixture.export("mautic").paths[0]))
        let header = whole.utf8.prefix { $0 != UInt8(ascii: "\n") }.count + 1
        let row = (whole.utf8.count - header) / 7
        let export = try fixture.export("mautic") { $0.bytesMax = header + 2 * row }
        #expect(try export.paths.map { try addresses($0).count } == [2, 2, 2, 1])
        let problem = try fixture.problem("mautic") { $0.bytesMax = header + row - 1 }
        #expect(problem.code == .rowTooLarge)
        #expect(try fixture.files.count == 5, "the files before are as they were")
    }

    @Test func whatAKilledExportLeftIsInNobodysWay() throws {
        let folder = fixture.campaign.folder(".invitations.keila.partial")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        try Data("x".utf8).write(to: URL(filePath: "\(folder)/1"))
        _ = try fixture.export("keila")
        #expect(try fixture.files == ["invitations.keila.csv", "invitations.keila.manifest.json"])
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        _ = try fixture.outputs.codesBesideLedger()
        #expect(!PrivateFolder.exists(folder))
    }

    @Test func nobodyIsAHeaderAlone() throws {
        let empty = try FormatFixture()
        try empty.issue(["email"], [[""]])
        #expect(try empty.text("listmonk") == "email,name,attributes\n")
        #expect(try empty.text("ses") == "")
    }
}
