// A drill's report, as JSON and in words.

import Drill
import Foundation
import HTTPTransport
import Providers
import Testing
import Model

@Suite struct DrillReportTests {
    private func failed() throws -> DrillReport {
        let plan = DrillPlan(
            .api,
            identity: try #require(IdentityID("021d045c-26f8-4316-8389-fc0ac90734e1")),
            publicServer: try ServerURL("http://127.0.0.1:4433"),
            provider: .kratos
        )
        var machine = DrillMachine(plan, password: Secret("p"))
        _ = machine.start()
        let failure = Failure(
            kind: .serverError,
            httpStatus: 500,
            errorID: nil,
            reason: "a \"quoted\" \\ \n line"
        )
        _ = machine.received(
            .issued(
                IssueReply(outcome: .permanent(failure), requestID: "", wasSent: true, wasAnswered: true)
            ),
            after: .microseconds(12_345)
        )
        return machine.report
    }

    @Test func theDocumentHasItsMembersInTheirOrder() throws {
        let json = try failed().json()
        #expect(
            json.hasPrefix(
                #"{"ok":false,"identity":"021d045c-26f8-4316-8389-fc0ac90734e1","way":"api","#
                    + #""steps":[{"name":"issue","#
                    + #""ok":false,"seconds":0.012,"status":500,"#
                    + #""server_message":"a \"quoted\" \\ \n line"}],"#
                    + #""failed_step":"issue","likely_reason":"the server failed","advice":""#
            ),
            "\(json)"
        )
        let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
        #expect(
            object?.keys.sorted() == [
                "advice", "failed_step", "identity", "likely_reason", "ok", "steps", "way",
            ]
        )
    }

    @Test func aStepIsOneLine() throws {
        let report = try failed()
        #expect(
            report.steps.map(\.words).joined().hasPrefix(
                "issue           FAILED  12 ms     500  a \"quoted\""
            )
        )
        #expect(report.closingWords().hasPrefix("likely reason: the server failed\nadvice: "))
    }
}
