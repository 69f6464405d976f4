import Exports
import Ledger
import Files
import TestSupport
import Testing
import Model

@Suite struct InvitationCSVTests {
    private let campaign: LedgerFixture

    init() throws {
        campaign = try LedgerFixture()
    }

    /// Writes the file, and reads it.
    private func export(
        _ options: InvitationOptions = InvitationOptions()
    ) throws -> (text: String, remarks: InvitationRemarks) {
        let path = campaign.folder("invitations.csv")
        var file = try AtomicFile(path)
        let remarks = try InvitationCSV.write(campaign.ledger, options: options, to: &file)
        _ = try file.commit()
        return (try #require(text(ofFile: path)), remarks)
    }

    /// Enrols rows and issues the given invitations to them, in order.
    private func issue(
        _ invitations: [IssuedInvitation],
        columns: [String] = [],
        values: (Int) -> [String] = { _ in [] }
    ) throws {
        try campaign.enrol(
            invitations.indices.map { .identity(id($0 + 1), line: $0 + 2, columns: values($0)) },
            columns: columns
        )
        let run = try campaign.beginRun()
        for (claim, invitation) in zip(try campaign.claim(invitations.count, run), invitations) {
            try campaign.record(.issued(invitation), [claim], run)
        }
    }

    @Test func anEmptyCampaignHasAHeader() throws {
        let (text, remarks) = try export()
        #expect(text == "identity_id,recovery_code,recovery_link,expires_at,issued_at,generation\n")
        #expect(remarks == InvitationRemarks())
    }

    @Test func theRostersColumnsFollowItsOwn() throws {
        try issue([.sample(7), .sample(123_456)], columns: ["name", "identity_id"]) {
            ["Zoë, \"Z\" \($0)", "x\($0)"]
        }
        let (expiry, issued) = ("2027-01-15T09:00:00Z", "2027-01-15T08:00:00Z")
        let link = IssuedInvitation.sample(1).recoveryLink
        let (text, remarks) = try export()
        #expect(
            text == """
                identity_id,recovery_code,recovery_link,expires_at,issued_at,generation,name,\
                roster_identity_id
                \(id(1).text),000007,\(link),\(expiry),\(issued),1,"Zoë, ""Z"" 0",x0
                \(id(2).text),123456,\(link),\(expiry),\(issued),1,"Zoë, ""Z"" 1",x1

                """
        )
        #expect(remarks.invitations == 2)
    }

    @Test func onlyTheIssuedAreInvited() throws {
        let run = try campaign.beginRun()
        try campaign.issue(1...2, run: run)
        try campaign.enrol(3...6)
        let claims = try campaign.claim(3, run)
        try campaign.record(.failed(.sample()), claims.prefix(1), run)
        #expect(readCSV(try export().text).dropFirst().map(\.[0]) == [id(1).text, id(2).text])
    }

    @Test func columnsOfSeveralRostersAreUnited() throws {
        let run = try campaign.beginRun()
        try campaign.enrol([.identity(id(1), line: 2, columns: ["Ann", "Bonn"])], columns: ["name", "city"])
        try campaign.enrol([.identity(id(2), line: 2, columns: ["Ulm", "m@x"])], columns: ["city", "mail"])
        try campaign.record(.issued(.sample(1)), try campaign.claim(2, run), run)
        let rows = readCSV(try export().text)
        #expect(
            rows.map { Array($0.dropFirst(6)) } == [
                ["name", "city", "mail"], ["Ann", "Bonn", ""], ["", "Ulm", "m@x"],
            ]
        )
    }

    @Test(
        arguments: [(nil, "/recovery?a", 1), ("https://b.example/x", "https://b.example/recovery?a", 0)]
            as [(String?, String, Int)]
    )
    func aRelativeLinkIsResolvedOrCounted(_ base: String?, _ link: String, _ relative: Int) throws {
        try issue([
            .sample(1, link: "/recovery?a"), .sample(2, link: "https://c.example/"), .sample(3, link: ""),
        ])
        let options = InvitationOptions(linkBase: base.flatMap(LinkBase.init))
        let (text, remarks) = try export(options)
        #expect(readCSV(text).dropFirst().map(\.[2]) == [link, "https://c.example/", ""])
        #expect(remarks.relativeLinks == relative)
        #expect(remarks.invitations == 3)
    }

    @Test(arguments: FormulaTreatment.allCases)
    func formulasAreCountedAndEscapedWhenAsked(_ treatment: FormulaTreatment) throws {
        try issue([.sample(1), .sample(2)], columns: ["=name", "b"]) {
            $0 == 0 ? ["=1+1", "x"] : ["y", "-5"]
        }
        let (text, remarks) = try export(InvitationOptions(formulas: treatment))
        let mark = treatment == .escape ? "'" : ""
        #expect(
            readCSV(text).map { Array($0.dropFirst(6)) }
                == [["\(mark)=name", "b"], ["\(mark)=1+1", "x"], ["y", "\(mark)-5"]]
        )
        #expect(remarks.formulaFields == 3)
    }

    @Test func thousandsOfRowsComeOutAsTheyWentIn() throws {
        var random = SeededGenerator(seed: 11)
        let pieces = ["a", "Zoë", "\"", ",", "\n", "\r\n", " ", "😀", "'", ";"]
        let values = (0..<5000).map { _ in
            (0..<3).map { _ in
                (0..<Int.random(in: 0...6, using: &random)).map { _ in pieces.randomElement(using: &random)! }
                    .joined()
            }
        }
        try campaign.enrol(
            values.enumerated().map { .identity(id($0), line: $0 + 2, columns: $1) },
            columns: ["a", "b,\"", "c"]
        )
        let run = try campaign.beginRun()
        let results = try campaign.claim(5000, run).map {
            AttemptResult(claim: $0, outcome: .issued(.sample(Int($0.sequence))), isAmbiguous: false)
        }
        _ = try campaign.ledger.commit(
            results,
            run: run,
            progress: RunProgress(),
            claiming: 0,
            at: LedgerFixture.now
        )
        let (text, remarks) = try export()
        let expected = values.enumerated().map { index, values in
            let invitation = IssuedInvitation.sample(index + 1)
            return [
                id(index).text, invitation.recoveryCode, invitation.recoveryLink, "2027-01-15T09:00:00Z",
                "2027-01-15T08:00:00Z", "1",
            ] + values
        }
        let rows = readCSV(text)
        #expect(
            rows.first == [
                "identity_id", "recovery_code", "recovery_link", "expires_at", "issued_at", "generation", "a",
                "b,\"", "c",
            ]
        )
        #expect(Array(rows.dropFirst()) == expected)
        #expect(remarks.invitations == 5000)
    }

    /// Looks the issued up and records these values, in their order.
    private func lookUp(_ names: [String], _ values: [[String?]]) throws {
        let columns = names.compactMap { LookedUpColumn(argument: "\($0)=traits.\($0)") }
        try campaign.ledger.declareColumns(columns)
        let issued = try campaign.ledger.lookupCandidates(
            .issuedWithoutColumns,
            of: nil,
            after: nil,
            limit: 100
        )
        try campaign.ledger.recordLookups(
            zip(issued, values).map { LookupResult(candidate: $0, outcome: .found($1)) },
            columns: columns,
            run: try campaign.beginRun(),
            failedInRun: 0
        )
    }

    @Test func lookedUpColumnsComeLast() throws {
        try issue([.sample(1), .sample(2)], columns: ["name"]) { ["user \($0)"] }
        try lookUp(["mail", "plan"], [["1@x", "=gold"], [nil, "a,b"]])
        let (text, remarks) = try export(InvitationOptions(formulas: .escape))
        #expect(
            readCSV(text).map { Array($0.dropFirst(6)) } == [
                ["name", "mail", "plan"], ["user 0", "1@x", "'=gold"], ["user 1", "", "a,b"],
            ]
        )
        #expect(remarks.formulaFields == 1)
    }

    /// The server's values are the later ones; the roster's of that name step aside.
    @Test func aRosterColumnOfTheSameNameIsMarked() throws {
        try issue([.sample(1), .sample(2)], columns: ["mail", "name", "roster_mail"]) {
            ["old\($0)@x", "user \($0)", "other \($0)"]
        }
        try lookUp(["mail"], [["1@x"], ["2@x"]])
        let rows = readCSV(try export().text)
        #expect(rows[0].dropFirst(6) == ["roster_roster_mail", "name", "roster_mail", "mail"])
        #expect(rows[1].dropFirst(6) == ["old0@x", "user 0", "other 0", "1@x"])
        #expect(rows[2].dropFirst(6) == ["old1@x", "user 1", "other 1", "2@x"])
        #expect(Set(rows[0]).count == rows[0].count)
    }

    @Test func rowsFromBeforeAColumnWasKnownAreFilledUp() throws {
        try issue([.sample(1), .sample(2), .sample(3)])
        try lookUp(["mail"], [["1@x"], ["2@x"]])
        try campaign.ledger.declareColumns([LookedUpColumn(name: "plan", path: "traits.plan")])
        let rows = readCSV(try export().text)
        #expect(
            rows.map { Array($0.dropFirst(6)) } == [["mail", "plan"], ["1@x", ""], ["2@x", ""], ["", ""]]
        )
    }

    @Test func timesAreAsTheOptionsSay() throws {
        try issue([.sample(1)])
        let zone = try #require(TimeFormat.zone(named: "Europe/Berlin"))
        let times = try #require(TimeFormat("%d.%m.%Y %H:%M", zone: zone))
        let row = readCSV(try export(InvitationOptions(times: times)).text)[1]
        #expect(row[3...4] == ["15.01.2027 10:00", "15.01.2027 09:00"])
    }

    @Test func theCurrentGenerationIsExportedAndTheFilterHolds() throws {
        let run = try campaign.beginRun()
        try campaign.issue(1...2, run: run)
        #expect(try campaign.ledger.reissue([id(1)]) == 1)
        try campaign.record(.issued(.sample(77)), try campaign.claim(1, run), run)
        let rows = readCSV(try export().text).dropFirst()
        #expect(rows.map { "\($0[1]) \($0[5])" } == ["000077 2", "000002 1"])
        let first = readCSV(try export(InvitationOptions(filter: InvitationFilter(generation: 2))).text)
        #expect(first.map(\.[1]) == ["recovery_code", "000077"])
    }
}
