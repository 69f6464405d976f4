// All findings, in words and as JSON.

package import Model

/// What all checks found.
package struct DoctorReport: Hashable, Sendable {
    package let findings: [Finding]

    package init(_ findings: [Finding]) {
        self.findings = findings
    }

    package var problems: Int { findings.count { $0.state == .problem } }
    package var warnings: Int { findings.count { $0.state == .warning } }

    /// One JSON object, with a line break at its end; its fields always in the same order.
    ///
    /// - Parameter spell: makes a text of a wording, its settings spelled as the reader gives them.
    package func json(_ spell: (Wording) -> String = \.description) -> String {
        let checks: [JSONMembers] = findings.map { finding in
            [
                ("name", .text(finding.check.rawValue)), ("state", .text(finding.state.rawValue)),
                ("message", .text(spell(finding.message))), ("advice", .text(spell(finding.advice))),
            ]
        }
        return JSONWriter.document([
            ("checks", .objects(checks)), ("problems", .number(problems)), ("warnings", .number(warnings)),
        ])
    }

    /// The line that sums up, with a line break at its end.
    package var lastLine: String {
        "\(Self.count(problems, "problem")), \(Self.count(warnings, "warning"))\n"
    }

    private static func count(_ count: Int, _ what: String) -> String {
        switch count {
        case 0: "no \(what)s"
        case 1: "1 \(what)"
        default: "\(count) \(what)s"
        }
    }
}

extension Finding {
    private static let stateWidth = 9
    private static let nameWidth = 15

    /// The finding in one line, its columns aligned with those of all others, with a line break at its end.
    package func line(_ spell: (Wording) -> String = \.description) -> String {
        let text = spell(advice.isEmpty ? message : message + ": " + advice)
        return Self.padded(state.rawValue, Self.stateWidth) + Self.padded(check.rawValue, Self.nameWidth)
            + text + "\n"
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.utf8.count))
    }
}
