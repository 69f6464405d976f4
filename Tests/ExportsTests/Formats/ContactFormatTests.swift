// The tables that mailing systems import: header lines and limits as the systems' own pages have them.

import Exports
import Foundation
import TestSupport
import Testing
import Model

@Suite struct ContactFormatTests {
    private let fixture: FormatFixture
    private let link = "https://app.example/r?flow=1&x=2"
    private let expiry = "2027-01-15T09:00:00Z"
    private static let labels =
        ",First Name,Last Name,Recovery Code,Recovery Link,Expires,Identity ID,Locale"
    private static let prefixed = "recovery_code,recovery_link,recovery_expires_at,identity_id,locale"

    init() throws {
        fixture = try FormatFixture()
        try fixture.issue(
            ["email", "first_name", "last_name", "locale"],
            [["ann@example.org", "Ann", "O, Neil", "de"], ["bob@example.org", "Bob", "Ray", "en"]]
        )
    }

    @Test(arguments: [
        ("mailchimp", "Email Address\(labels)"), ("hubspot", "Email\(labels)"),
        ("activecampaign", "Email\(labels)"),
        ("sendgrid-contacts", "email,first_name,last_name,\(prefixed)"),
        ("customerio", "email,first_name,last_name,\(prefixed)"),
        ("mautic", "email,firstname,lastname,\(prefixed)"),
    ])
    func aColumnForEachField(_ format: String, _ header: String) throws {
        let text = try fixture.text(format)
        #expect(
            text == """
                \(header)
                ann@example.org,Ann,"O, Neil",000001,\(link),\(expiry),\(id(1).text),de
                bob@example.org,Bob,Ray,000002,\(link),\(expiry),\(id(2).text),en

                """
        )
    }

    /// listmonk takes exactly these columns, and JSON with doubled quotes.
    @Test func listmonkHasItsDataInOneColumn() throws {
        let rows = readCSV(try fixture.text("listmonk"))
        #expect(rows[0] == ["email", "name", "attributes"])
        #expect(rows[1][0] == "ann@example.org")
        #expect(rows[1][1] == "Ann O, Neil")
        let json = try JSONSerialization.jsonObject(with: Data(rows[1][2].utf8)) as? [String: String]
        #expect(
            json == [
                "code": "000001", "link": link, "expires_at": expiry, "identity_id": id(1).text,
                "locale": "de",
            ]
        )
    }

    @Test func keilaHasNoFurtherColumns() throws {
        let rows = readCSV(try fixture.text("keila"))
        #expect(rows[0] == ["Email", "First name", "Last name", "Data", "External ID"])
        #expect(Array(rows[2][..<3]) == ["bob@example.org", "Bob", "Ray"])
        #expect(rows[2][3] == #"{"code":"000002","link":"\#(link)","expires_at":"\#(expiry)","locale":"en"}"#)
        #expect(rows[2][4] == id(2).text)
    }

    @Test func brevoHasSemicolonsAndNamesInUpperCase() throws {
        let lines = try fixture.text("brevo-contacts").split(separator: "\n")
        #expect(
            lines[0] == """
                EMAIL;FIRSTNAME;LASTNAME;RECOVERY_CODE;RECOVERY_LINK;RECOVERY_EXPIRES_AT;IDENTITY_ID;LOCALE
                """
        )
        #expect(lines[1] == "ann@example.org;Ann;O, Neil;000001;\(link);\(expiry);\(id(1).text);de")
    }

    @Test func phpListHasTabsAndItsForeignKey() throws {
        let lines = try fixture.text("phplist").split(separator: "\n")
        #expect(
            lines[0] == """
                email\tforeignkey\tfirst name\tlast name\trecovery code\trecovery link\texpires\tlocale
                """
        )
        #expect(lines[1].hasPrefix("ann@example.org\t\(id(1).text)\tAnn\tO, Neil\t000001\t"))
    }

    @Test func mailmergeHasTheColumnsOfInvitations() throws {
        let plain = try fixture.outputs.export(InvitationOptions(), perUser: false)
        let rows = readCSV(try #require(text(ofFile: plain.invitations.path)))
        #expect(readCSV(try fixture.text("mailmerge")) == rows)
    }

    @Test func aSpreadsheetKeepsCodes() throws {
        let path = try fixture.export("spreadsheet").paths[0]
        let bytes = try #require(FileManager.default.contents(atPath: path))
        #expect(bytes.starts(with: [0xef, 0xbb, 0xbf] + Array("identity_id,recovery_code,".utf8)))
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains("\r\n\(id(1).text),\"=\"\"000001\"\"\",\(link),\"=\"\"\(expiry)\"\"\","))
        #expect(text.hasSuffix("Ray,en\r\n"))
    }

    @Test func jsonLinesHaveTextsAlone() throws {
        let all = try fixture.documents("jsonl")
        #expect(all.count == 2)
        #expect(all[0]["recovery_code"] as? String == "000001")
        #expect(all[0]["generation"] as? String == "1")
        #expect(all[0]["last_name"] as? String == "O, Neil")
    }

    @Test func fieldsAreChosenAndRenamed() throws {
        let text = try fixture.text("customerio") {
            $0.fields = ["code", "identity_id"]
            $0.names = ["code": "PIN", "identity_id": "id"]
        }
        #expect(text.hasPrefix("email,PIN,id\nann@example.org,000001,\(id(1).text)\n"))
        let attributes = readCSV(try fixture.text("listmonk") { $0.fields = ["code", "last_name"] })[1][2]
        #expect(attributes == #"{"code":"000001","last_name":"O, Neil"}"#)
        let lines = try fixture.documents("jsonl") { $0.names = ["code": "PIN"] }
        #expect(lines[0]["PIN"] as? String == "000001")
    }

    @Test func whatIsNoFieldIsSaid() throws {
        #expect(try fixture.problem("mautic") { $0.fields = ["pin"] }.code == .unknownField)
        #expect(try fixture.problem("mautic") { $0.names = ["pin": "x"] }.code == .unknownField)
        #expect(try fixture.problem("listmonk") { $0.names = ["email": "x"] }.code == .unknownField)
        #expect(try fixture.problem("mautic") { $0.names = ["code": "locale"] }.code == .wrongFieldName)
        #expect(
            try fixture.problem("sendgrid-contacts") { $0.names = ["code": "my pin"] }.code == .wrongFieldName
        )
        #expect(try fixture.problem("mautic") { $0.addressColumn = "mail" }.code == .unknownColumn)
        #expect(try fixture.files == [])
    }

    /// mailmerge 2.3.0 guesses by the first 1,024 bytes what quotes are, and whether they are doubled.
    @Test func mailmergeGetsNoDoubledQuotes() throws {
        let fixture = try FormatFixture()
        try fixture.issue(["name", "email"], [["Ann \"A\", B", "ann@example.org"]])
        let export = try fixture.export("mailmerge")
        let written = text(ofFile: export.paths[0])
        #expect(written?.hasPrefix("\"identity_id\",\"recovery_code\",") == true)
        #expect(written?.contains(",\"Ann \u{201d}A\u{201d}, B\",\"ann@example.org\"\n") == true)
        #expect(export.tally.cleanedValues == 1)
    }

    @Test func moreColumnsThanTheSystemTakesAreSaid() throws {
        let fixture = try FormatFixture()
        let names = (1...100).map { "c\($0)" }
        try fixture.issue(["email"] + names, [["ann@example.org"] + names])
        #expect(try fixture.problem("customerio") { $0.fields = names }.code == .tooManyColumns)
        #expect(try fixture.export("customerio") { $0.fields = names.dropLast() }.tally.rows == 1)
    }

    @Test func everyFormatHasANameOfItsOwnAndItsPage() throws {
        let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: project.appending(path: "docs/formats.md"), encoding: .utf8)
        for name in ExportFormat.names { #expect(page.contains("\n### `\(name)`\n"), "\(name)") }
        // `csv`, which is none of them, has a section too.
        #expect(page.components(separatedBy: "\n### `").count == ExportFormat.names.count + 2)
        #expect(Set(ExportFormat.names).count == 22)
        #expect(ExportFormat.named("xls") == nil)
    }
}
