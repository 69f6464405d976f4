// What a drill came to: its steps, and why it ended.

package import Vocabulary

/// One step that was tried.
package struct StepReport: Hashable, Sendable {
    package let step: DrillStep
    package let isOK: Bool
    /// What the server took, all requests of the step together.
    package let seconds: Double
    /// The HTTP status; nil where no answer came.
    package let status: Int?
    /// What the server said, without secrets.
    package let said: String
}

/// What became of the account's password.
package enum PasswordChange: Sendable {
    case none, made
    /// The request was sent, and nobody knows whether the server did as asked.
    case unsure
}

/// A drill, finished or on its way.
package struct DrillReport: Sendable {
    package let way: DrillWay
    package internal(set) var identity: IdentityID?
    package internal(set) var steps: [StepReport] = []
    package internal(set) var isOK = false
    /// Why it failed; nil while it has not.
    package internal(set) var diagnosis: Diagnosis?
    package internal(set) var passwordChange: PasswordChange = .none

    package var failedStep: DrillStep? { steps.last.flatMap { $0.isOK ? nil : $0.step } }
}

// MARK: - Words

extension StepReport {
    private static let nameWidth = DrillStep.allCases.map(\.rawValue.count).max() ?? 0

    /// One line.
    package var words: String {
        let name = step.rawValue.padded(to: Self.nameWidth)
        let status = status.map(String.init) ?? "-"
        let time = "\(Int((seconds * 1000).rounded())) ms".padded(to: 8)
        return "\(name)  \(isOK ? "ok    " : "FAILED")  \(time)  \(status.padded(to: 3))  \(said)\n"
    }
}

extension DrillReport {
    /// What is left to say when the steps have been shown.
    package var closingWords: String {
        var lines: [String] = []
        if isOK {
            lines.append("The whole way works: from the server's answer to a login with a new password.")
        }
        if let diagnosis {
            lines.append("likely reason: \(diagnosis.reason)")
            lines.append("advice: \(diagnosis.advice)")
        }
        if let passwordWords { lines.append(passwordWords) }
        return lines.map { $0 + "\n" }.joined()
    }

    /// What whoever owns the account has to know; nil where it is as it was.
    package var passwordWords: String? {
        switch passwordChange {
        case .none: nil
        case .made: "The account now has a random password that nobody knows."
        case .unsure: "The account may now have a random password that nobody knows."
        }
    }

    /// One document, its names in the documented order.
    package var json: String {
        let steps = steps.map { step in
            JSONObject([
                ("name", .text(step.step.rawValue)), ("ok", .flag(step.isOK)),
                ("seconds", .seconds(step.seconds)), ("status", .number(step.status)),
                ("said", .text(step.said)),
            ]).text
        }
        return JSONObject([
            ("ok", .flag(isOK)), ("identity", .text(identity?.text)), ("way", .text(way.rawValue)),
            ("steps", .raw("[\(steps.joined(separator: ","))]")),
            ("failed_step", .text(failedStep?.rawValue)),
            ("likely_reason", .text(diagnosis?.reason)), ("advice", .text(diagnosis?.advice)),
        ]).text + "\n"
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}

/// A JSON object with its members in the order given.
private struct JSONObject {
    enum Value {
        case text(String?)
        case number(Int?)
        /// Rounded to thousandths.
        case seconds(Double)
        case flag(Bool)
        case raw(String)
    }

    let text: String

    init(_ members: [(name: String, value: Value)]) {
        text = "{" + members.map { "\"\($0.name)\":\(Self.text(of: $0.value))" }.joined(separator: ",") + "}"
    }

    private static func text(of value: Value) -> String {
        switch value {
        case .text(let text): text.map(quoted) ?? "null"
        case .number(let number): number.map(String.init) ?? "null"
        case .seconds(let seconds): String((seconds * 1000).rounded() / 1000)
        case .flag(let flag): String(flag)
        case .raw(let text): text
        }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case _ where scalar.value < 0x20:
                quoted += "\\u" + String(scalar.value + 0x10000, radix: 16).dropFirst()
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
