// What a drill came to: its steps, and why it ended.

package import Model

/// One step that was tried.
package struct StepReport: Hashable, Sendable {
    package let step: DrillStep
    package let isOK: Bool
    /// What the server took, all requests of the step together.
    package let seconds: Double
    /// The HTTP status; nil where no answer came.
    package let status: Int?
    /// What the server said, without secrets.
    package let serverMessage: String
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
        return "\(name)  \(isOK ? "ok    " : "FAILED")  \(time)  \(status.padded(to: 3))  \(serverMessage)\n"
    }
}

extension DrillReport {
    /// What is left to say when the steps have been shown.
    ///
    /// - Parameter spell: makes a text of a wording, its settings spelled as the reader gives them.
    package func closingWords(_ spell: (Wording) -> String = \.description) -> String {
        var lines: [String] = []
        if isOK {
            lines.append("The whole way works: from the server's answer to a login with a new password.")
        }
        if let diagnosis {
            lines.append("likely reason: \(spell(diagnosis.reason))")
            lines.append("advice: \(spell(diagnosis.advice))")
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
    package func json(_ spell: (Wording) -> String = \.description) -> String {
        JSONWriter.line(
            .object([
                ("ok", .flag(isOK)), ("identity", .optional(identity?.text)), ("way", .text(way.rawValue)),
                ("steps", .objects(steps.map(\.members))),
                ("failed_step", .optional(failedStep?.rawValue)),
                ("likely_reason", .optional(diagnosis.map { spell($0.reason) })),
                ("advice", .optional(diagnosis.map { spell($0.advice) })),
            ])
        ) + "\n"
    }
}

extension StepReport {
    fileprivate var members: JSONMembers {
        [
            ("name", .text(step.rawValue)), ("ok", .flag(isOK)), ("seconds", .decimal(seconds)),
            ("status", .optional(status)), ("server_message", .text(serverMessage)),
        ]
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
