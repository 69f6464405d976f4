// Which rows an export has, and what becomes of their values.

import Exports
import Files
import Foundation
import Ledger
import TestSupport
import Testing
import Model

@Suite struct FormatRowTests {
    private let fixture: FormatFixture

    init() throws { fixture = try FormatFixture() }

    @Test func whoHasNoAddressIsLeftOutAndListed() throws {
        try fixture.issue(
            ["E-Mail", "name"],
            [["ann@example.org", "Ann"], ["", "Bob"], ["no address", "Cy"], [" dee@example.org ", "Dee"]]
        )
        let export = try fixture.export("listmonk")
        #expect(export.tally.rows == 2)
        #expect(export.tally.leftOut == [.noAddress: 1, .impossibleAddress: 1])
        let rows = readCSV(try #require(text(ofFile: export.paths[0])))
        #expect(rows.map(\.[0]) == ["email", "ann@example.org", "dee@example.org"])
        let manifest = try fixture.manifest("listmonk")
        #expect(
            manifest["listed"] as? [NSDictionary] == [
                [
                    "identity_id": id(2).text, "generation": 1, "reason": "no_address", "exported": false,
                ],
                [
                    "identity_id": id(3).text, "generation": 1, "reason": "impossible_address",
                    "exported": false,
                ],
            ]
        )
        #expect(manifest["rows"] as? Int == 2)
        #expect(manifest["left_out"] as? [String: Int] == ["no_address": 1, "impossible_address": 1])
        #expect(mode(of: export.manifestPath) == 0o600)
        #expect(mode(of: export.paths[0]) == 0o600)
    }

    @Test func mailchimpTakesASCIIAloneBeforeTheAt() throws {
        try fixture.issue(["email"], [["müller@example.org"], ["ann@bücher.example"]])
        #expect(try fixture.export("mailchimp").tally.leftOut == [.nonASCIIAddress: 1])
        #expect(try fixture.export("listmonk").tally.leftOut == [:])
    }

    @Test func oneAddressOfTwoIdentitiesIsAnErrorUnlessSaidOtherwise() throws {
        try fixture.issue(["email"], [["ann@example.org"], ["ANN@example.org"], ["bob@example.org"]])
        let problem = try fixture.problem("keila")
        #expect(problem.code == .duplicateAddresses)
        #expect("\(problem)".contains("\(id(2).text) (as \(id(1).text))"))
        #expect(!"\(problem)".contains("ann@"))
        #expect(try fixture.files == [], "nothing is written")

        let first = try fixture.export("keila") { $0.duplicates = .first }
        #expect(first.tally.rows == 2)
        #expect(first.tally.leftOut == [.duplicateAddress: 1])

        let all = try fixture.export("keila") { $0.duplicates = .list }
        #expect(all.tally.rows == 3)
        #expect(all.tally.leftOut == [:])
        #expect(all.tally.duplicatesKept == 1)
        let listed = try #require(try fixture.manifest("keila")["listed"] as? [NSDictionary])
        #expect(listed.map { $0["same_address_as"] as? String } == [id(1).text])
        #expect(listed.map { $0["exported"] as? Bool } == [true])
        // Nobody is known by an address there.
        #expect(try fixture.export("jsonl").tally.rows == 3)
    }

    @Test func namesLoseLineBreaksAndTags() throws {
        try fixture.issue(
            ["email", "name", "city"],
            [
                ["ann@example.org", "Ann\r\nBcc: x@example.org", "Ulm"],
                ["bob@example.org", "{{code}}", "Bonn"], ["cy@example.org", "Cy", "{{ link }}"],
            ]
        )
        let export = try fixture.export("customerio") { $0.fields = ["name", "city"] }
        #expect(
            text(ofFile: export.paths[0]) == """
                email,name,city
                ann@example.org,Ann Bcc: x@example.org,Ulm
                bob@example.org,{ {code}},Bonn

                """
        )
        #expect(export.tally.cleanedValues == 1)
        #expect(export.tally.escapedNames == 1)
        #expect(export.tally.leftOut == [.templateTag: 1])
        // There they stay text.
        #expect(try fixture.export("listmonk") { $0.fields = ["city"] }.tally.rows == 3)
    }

    @Test func severalColumnsOfAddressesAreAQuestion() throws {
        try fixture.issue(["email", "traits.email"], [["a@example.org", "b@example.org"]])
        let problem = try fixture.problem("hubspot")
        #expect(problem.code == .severalColumns)
        #expect("\(problem)".contains("email, traits.email; choose one by email-column"))
        let text = try fixture.text("hubspot") { $0.addressColumn = "Traits.Email" }
        #expect(text.contains("\nb@example.org,"))
    }

    @Test(arguments: [("Traits.E-Mail", true), ("user.email", true), ("manager.email", false)])
    func somebodyElsesAddressIsNotTheUsers(_ column: String, _ isTaken: Bool) throws {
        try fixture.issue([column], [["ann@example.org"]])
        if isTaken {
            #expect(try fixture.export("keila").tally.rows == 1)
        } else {
            #expect(try fixture.problem("keila").code == .noAddressColumn)
            #expect(try fixture.export("keila") { $0.addressColumn = column }.tally.rows == 1)
        }
    }

    @Test func aFormatForMailsNeedsAColumnOfAddresses() throws {
        try fixture.issue(["city"], [["Ulm"]])
        #expect(try fixture.problem("mailmerge").code == .noAddressColumn)
        #expect(try fixture.export("spreadsheet").tally.rows == 1)
    }

    @Test func aLinkThatIsTooLongIsAnErrorAndNeverCut() throws {
        let link = "https://app.example/" + String(repeating: "x", count: 236)
        try fixture.issue(["email"], [["ann@example.org"]], link: link)
        let problem = try fixture.problem("mailchimp")
        #expect(problem.code == .unfitValue)
        #expect("\(problem)".contains("Recovery Link of \(id(1).text) (256 of 255 bytes)"))
        #expect(!"\(problem)".contains("app.example"))
        let text = try fixture.text("mailchimp") { $0.fields = ["code"] }
        #expect(text == "Email Address,Recovery Code\nann@example.org,000001\n")
    }

    @Test func filesAreLeftAloneUntilSomethingChanges() throws {
        try fixture.issue(["email"], [["ann@example.org"], ["wrong"]])
        #expect(try fixture.export("mautic").wasWritten)
        let again = try fixture.export("mautic")
        #expect(!again.wasWritten)
        #expect(again.tally.leftOut == [.impossibleAddress: 1])
        #expect(try fixture.export("mautic") { $0.fields = ["code"] }.wasWritten)
        #expect(try !fixture.export("mautic") { $0.fields = ["code"] }.wasWritten)
        try FileManager.default.removeItem(atPath: again.paths[0])
        #expect(try fixture.export("mautic") { $0.fields = ["code"] }.wasWritten)
        #expect(try fixture.files == ["invitations.mautic.csv", "invitations.mautic.manifest.json"])
    }

    @Test func afterAPurgeFilesWithCodesAreLeftAlone() throws {
        try fixture.issue(["email"], [["ann@example.org"]])
        let export = try fixture.export("listmonk")
        let before = text(ofFile: export.paths[0])
        _ = try fixture.campaign.ledger.purge(expiredBy: nil, at: LedgerFixture.now)
        #expect(try fixture.outputs.codesBesideLedger() == export.paths)
        let holding = #expect(throws: StillHoldsCodes.self) { try fixture.export("listmonk") }
        #expect(holding?.reason == .purged(1))
        #expect(text(ofFile: export.paths[0]) == before)
        #expect(try fixture.export("listmonk", replacing: true).tally.leftOut == [.noCode: 1])
    }
}
