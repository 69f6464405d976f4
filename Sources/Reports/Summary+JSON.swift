// The summary as JSON, its fields always in the same order.

import Ledger
import Vocabulary

extension Summary {
    /// One JSON object, over several lines, with a line break at its end.
    package var json: String { json(adding: []) }

    /// The same, with further fields at its end.
    package func json(adding further: [(name: String, value: JSONText.Value)]) -> String {
        JSONText.object(fields + further)
    }

    private var fields: [(name: String, value: JSONText.Value)] {
        [
            ("campaign", .text(campaign)),
            ("roster", .optional(roster)),
            ("server", .optional(isServerBound ? server : nil)),
            ("rows_read", .number(enrolment.rowsRead)),
            ("enrolled", .number(enrolment.enrolled)),
            ("enrolled_new", .number(enrolledNew)),
            ("duplicates", .number(enrolment.duplicates)),
            ("rejected", .number(enrolment.rejected)),
            ("identities", .number(identities)),
            ("issued", .number(issued)),
            ("failed", .number(failed)),
            ("pending", .number(pending)),
            ("in_doubt", .number(inDoubt)),
            ("absent", .number(absent)),
            ("expired", .number(expired)),
            ("purged", .number(purged)),
            ("sealed_to", .optional(sealedTo)),
            ("requests", .number(run.requests)),
            ("retries", .number(run.retries)),
            ("ambiguous_attempts", .number(ambiguousAttempts)),
            ("rate_limited_answers", .number(run.rateLimitedAnswers)),
            ("limit_in_force", .optional(run.limitInForce)),
            ("limited_by", .optional(run.limitedBy)),
            ("started_at", .optional(startedAt?.rfc3339)),
            ("finished_at", .optional(finishedAt?.rfc3339)),
            ("elapsed_seconds", .decimal(elapsedSeconds)),
            ("issued_per_second", .decimal(issuedPerSecond)),
            ("stopped_because", .optional(stoppedBecause)),
            ("failures", .counts(failures)),
        ]
    }
}

/// JSON objects with their fields in the order in which they were given.
package enum JSONText {
    package enum Value {
        case text(String)
        case optional(String?)
        case number(Int)
        /// Rounded to thousandths.
        case decimal(Double)
        case flag(Bool)
        case counts([String: Int])
        case list([String])
        /// A list of objects, each on a line of its own.
        case objects([[(name: String, value: Value)]])
    }

    package static func object(_ fields: [(name: String, value: Value)]) -> String {
        let lines = fields.map { "  \(quoted($0.name)): \(text(of: $0.value))" }
        return "{\n\(lines.joined(separator: ",\n"))\n}\n"
    }

    private static func text(of value: Value) -> String {
        switch value {
        case .text(let text): quoted(text)
        case .optional(let text): text.map(quoted) ?? "null"
        case .number(let number): String(number)
        case .decimal(let number): String((number * 1000).rounded() / 1000)
        case .flag(let flag): flag ? "true" : "false"
        case .list(let texts): "[\(texts.map(quoted).joined(separator: ", "))]"
        case .objects(let objects):
            "[\(objects.map { "\n    \(line($0))" }.joined(separator: ","))\(objects.isEmpty ? "" : "\n  ")]"
        case .counts(let counts):
            "{\(counts.sorted { $0.key < $1.key }.map { "\(quoted($0.key)): \($0.value)" }.joined(separator: ", "))}"
        }
    }

    private static func line(_ fields: [(name: String, value: Value)]) -> String {
        "{\(fields.map { "\(quoted($0.name)): \(text(of: $0.value))" }.joined(separator: ", "))}"
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case _ where scalar.value < 0x20:
                quoted += "\\u" + String(scalar.value + 0x10000, radix: 16).dropFirst()
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
