// The findings in words and as JSON.

import Foundation
import Testing
import Model

@testable import Doctor

@Suite struct DoctorReportTests {
    private let report = DoctorReport([
        .ok(.reach, "a \"quoted\" word\u{1f511}"),
        .warning(.alive, "odd", "look"),
        .problem(.adminAPI, "C:\\wrong/door", "turn\tround"),
        .skipped(.outputFolder, "later"),
    ])

    @Test func linesAreAligned() {
        #expect(report.findings[0].line() == "ok       reach          a \"quoted\" word\u{1f511}\n")
        #expect(report.findings[1].line() == "warning  alive          odd: look\n")
        #expect(report.findings[2].line() == "problem  admin_api      C:\\wrong/door: turn\tround\n")
        #expect(report.findings[3].line() == "skipped  output_folder  later\n")
        let starts = Check.allCases.flatMap { check in
            [Finding.ok(check, "x"), .skipped(check, "x")].map { $0.line().count }
        }
        #expect(Set(starts).count == 1)
    }

    @Test func theLastLineCounts() {
        #expect(report.lastLine == "1 problem, 1 warning\n")
        #expect(DoctorReport([]).lastLine == "no problems, no warnings\n")
        let many = DoctorReport([.problem(.tls, "", "x"), .problem(.reach, "", "x")])
        #expect(many.lastLine == "2 problems, no warnings\n")
    }

    @Test func jsonIsReadByAJSONLibrary() throws {
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(report.json().utf8)) as? [String: Any]
        )
        #expect(Set(object.keys) == ["checks", "problems", "warnings"])
        #expect(object["problems"] as? Int == 1 && object["warnings"] as? Int == 1)
        let checks = try #require(object["checks"] as? [[String: String]])
        #expect(checks.count == 4)
        #expect(
            checks[0] == [
                "name": "reach", "state": "ok", "message": "a \"quoted\" word\u{1f511}", "advice": "",
            ]
        )
        #expect(checks[2]["message"] == "C:\\wrong/door" && checks[2]["advice"] == "turn\tround")
    }

    /// They are part of a format.
    @Test func namesAreStable() {
        #expect(
            Check.allCases.map(\.rawValue) == [
                "reach", "tls", "alive", "ready", "version", "admin_api", "credential", "method", "limits",
                "clock",
                "recovery", "roster", "identities", "output_folder", "disk_space",
            ]
        )
        #expect(Finding.State.allCases.map(\.rawValue) == ["ok", "warning", "problem", "skipped"])
    }
}
