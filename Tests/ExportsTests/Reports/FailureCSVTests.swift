import Ledger
import Files
import Exports
import TestSupport
import Testing
import Model

@Suite struct FailureCSVTests {
    private let campaign: LedgerFixture

    init() throws {
        campaign = try LedgerFixture()
    }

    private func report(_ formulas: FormulaTreatment = .keep) throws -> (text: String, count: Int) {
        let path = campaign.folder("failures.csv")
        var file = try AtomicFile(path)
        let count = try FailureCSV.write(campaign.ledger, formulas: formulas, to: &file)
        _ = try file.commit()
        return (try #require(text(ofFile: path)), count)
    }

    @Test func withoutFailuresThereIsAHeader() throws {
        let (text, count) = try report()
        #expect(
            text
                == "identity_id,kind,http_status,error_id,reason,attempts,ambiguous_attempts,"
                + "last_attempt_at,request_id\n"
        )
        #expect(count == 0)
    }

    @Test func everyFailedIdentityIsARow() throws {
        try campaign.enrol(
            (1...4).map { .identity(id($0), line: $0 + 1, columns: ["Zoë, \($0)", "x"]) },
            columns: ["name", "kind"]
        )
        let run = try campaign.beginRun()
        let claims = try campaign.claim(3, run)
        try campaign.record(.tryingAgain(.sample("timeout")), claims[0...0], run, isAmbiguous: true)
        let gone = FailureRecord.sample(
            "gone",
            isPermanent: true,
            httpStatus: 404,
            errorID: "e1",
            reason: "no \"such\" user"
        )
        try campaign.record(.failed(gone), claims[0...0], run)
        try campaign.record(.issued(.sample(2)), claims[1...1], run)
        try campaign.record(
            .failed(.sample("connection", httpStatus: nil, reason: "refused")),
            claims[2...2],
            run
        )
        let (text, count) = try report()
        let time = LedgerFixture.now.rfc3339
        #expect(
            text == """
                identity_id,kind,http_status,error_id,reason,attempts,ambiguous_attempts,last_attempt_at,\
                request_id,name,roster_kind
                \(id(1).text),gone,404,e1,"no ""such"" user",2,1,\(time),request-f,"Zoë, 1",x
                \(id(3).text),connection,,,refused,1,0,\(time),request-f,"Zoë, 3",x

                """
        )
        #expect(count == 2)
    }

    @Test(arguments: [(FormulaTreatment.keep, "=1"), (.escape, "'=1")])
    func formulasAreTreatedAsAsked(_ formulas: FormulaTreatment, _ field: String) throws {
        try campaign.enrol([.identity(id(1), line: 2, columns: ["=1"])])
        let run = try campaign.beginRun()
        try campaign.record(.failed(.sample(reason: "=1")), try campaign.claim(1, run), run)
        let row = try #require(readCSV(try report(formulas).text).last)
        #expect((row[4], row[9]) == (field, field))
    }
}
