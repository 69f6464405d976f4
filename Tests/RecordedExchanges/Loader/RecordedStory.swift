// Exchanges with a real Kratos that depend on one another, in their order.

/// What a user did at Kratos v26.2, step by step, with names in braces for what differs each time.
///
/// A test replays the steps against the simulator, or takes a single answer as it was recorded:
/// `answer(named:)`.
package struct RecordedStory: Sendable, CustomStringConvertible {
    /// What an administrator did before the first step.
    package enum Opening: Sendable {
        case nothing
        case code(FlowType)
        /// A code that had expired before the first step.
        case expiredCode(FlowType)
        case link
        case expiredLink
    }

    package enum FlowType: String, Sendable { case api, browser }

    /// How the servers that were recorded differ.
    package enum Setup: String, Sendable {
        case sqlite
        /// Identities in PostgreSQL, no verification of addresses, and a schema with few titles.
        case postgres
    }

    /// What became of the identity between the opening and the first step.
    package enum Fate: String, Sendable { case none, inactive, deleted }

    /// The name of the file.
    package let name: String
    /// The server's `feature_flags.use_continue_with_transitions`.
    package let usesTransitions: Bool
    /// How the server was set up.
    package let setup: Setup
    /// What the simulator is to make its identities from, for them to come in the recorded order.
    package let seed: UInt64?
    /// What was switched off on the server after the opening: `code`, `link` or `recovery`.
    package let disabled: [String]
    /// The identity's address; nil where it has none.
    package let email: String?
    package let opening: Opening
    package let fate: Fate
    /// Flows that were begun before the first step, without a recording of it.
    package let starts: [String]
    /// What the names in braces stood for.
    package let values: [String: String]
    package let steps: [RecordedStep]

    package var description: String { name }

    package static var all: [RecordedStory] { Recordings.all.stories }

    /// An answer as it was recorded, but for times, of which a story keeps one only.
    ///
    /// - Parameter name: that of the step.
    package static func answer(named name: String) -> RecordedAnswer? {
        for story in all {
            guard let exchange = story.steps.first(where: { $0.exchange.name == name })?.exchange else {
                continue
            }
            return RecordedAnswer(
                status: Int(exchange.status.prefix(3)) ?? 0,
                headers: exchange.headers.map { line in
                    let colon = line.firstIndex(of: ":") ?? line.endIndex
                    let value = line[colon...].dropFirst(2)
                    return (String(line[..<colon]), RecordedExchange.filled(String(value), story.values))
                },
                body: RecordedExchange.filled(exchange.body, story.values)
            )
        }
        return nil
    }
}

/// An answer for a test that needs one.
package struct RecordedAnswer: Sendable {
    package let status: Int
    package let headers: [(String, String)]
    package let body: String
}

/// One exchange of a story.
package struct RecordedStep: Sendable {
    package let exchange: RecordedExchange
    /// How often the same was done.
    package let times: Int
    /// Whether the server mailed a code, which the next steps know as `{code}`.
    package let mails: Bool
}
