import Ledger
import Files
import Exports
import TestSupport
import Testing
import Model

@Suite struct RejectedCSVTests {
    private let campaign: LedgerFixture

    init() throws {
        campaign = try LedgerFixture()
    }

    private func report(_ formulas: FormulaTreatment = .keep) throws -> (text: String, count: Int) {
        let path = campaign.folder("rejected.csv")
        var file = try AtomicFile(path)
        let count = try RejectedCSV.write(campaign.ledger, formulas: formulas, to: &file)
        _ = try file.commit()
        return (try #require(text(ofFile: path)), count)
    }

    @Test func withoutARosterThereIsAHeader() throws {
        let (text, count) = try report()
        #expect(text == "line,column,reason,value,first_line\n")
        #expect(count == 0)
    }

    @Test func rejectedAndDoubledRowsOfTheLatestRosterAreThere() throws {
        try campaign.enrol([.rejected(RejectedRow(line: 9, column: nil, reason: "old", value: "old"))])
        try campaign.enrol([
            .identity(id(1), line: 2, columns: ["a"]),
            .rejected(
                RejectedRow(line: 3, column: "identity_id", reason: "not_a_uuid", value: "a,\"b\"\nc")
            ),
            .rejected(
                RejectedRow(line: 5, column: nil, reason: "wrong_field_count", value: "3 instead of 2")
            ),
            .identity(id(1), line: 6, columns: ["b"]),
        ])
        let (text, count) = try report()
        #expect(
            text == """
                line,column,reason,value,first_line
                3,identity_id,not_a_uuid,"a,""b""
                c",
                5,,wrong_field_count,3 instead of 2,
                6,identity_id,duplicate,\(id(1).text),2

                """
        )
        #expect(count == 3)
    }

    @Test(arguments: [(FormulaTreatment.keep, "=1"), (.escape, "'=1")])
    func formulasAreTreatedAsAsked(_ formulas: FormulaTreatment, _ field: String) throws {
        try campaign.enrol([
            .rejected(RejectedRow(line: 2, column: "=1", reason: "not_a_uuid", value: "=1"))
        ])
        let row = try #require(readCSV(try report(formulas).text).last)
        #expect(row == ["2", field, "not_a_uuid", field, ""])
    }
}
