// Exchanges with a real Kratos that depend on one another, in their order.

/// What a user did at Kratos v26.2, step by step, with names in braces for what differs each time.
///
/// A test replays the steps against the simulator, or takes a single answer as it was recorded: `answer(named:)`.
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

    /// What became of the identity between the opening and the first step.
    package enum Fate: Sendable { case none, inactive, deleted }

    package let name: String
    /// The server's `feature_flags.use_continue_with_transitions`.
    package let usesTransitions: Bool
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

    init(
        _ name: String,
        usesTransitions: Bool = false,
        disabled: [String] = [],
        email: String?,
        _ opening: Opening,
        fate: Fate = .none,
        starts: [String] = [],
        values: [String: String],
        _ steps: [RecordedStep]
    ) {
        self.name = name
        self.usesTransitions = usesTransitions
        self.disabled = disabled
        self.email = email
        self.opening = opening
        self.fate = fate
        self.starts = starts
        let doors = ["public": "http://127.0.0.1:4433", "admin": "http://127.0.0.1:4434"]
        self.values = values.merging(doors) { value, _ in value }
        self.steps = steps
    }

    package var description: String { name }

    package static let all =
        toLogin + cookie + api + refused + forms + formsTransitions + links + off + selfStarted

    /// An answer as it was recorded, but for times, of which a story keeps one only.
    ///
    /// - Parameter name: that of the recording.
    package static func answer(named name: String) -> RecordedAnswer? {
        for story in all {
            guard let step = story.steps.first(where: { $0.name == name }) else { continue }
            return RecordedAnswer(
                status: Int(step.status.prefix(3)) ?? 0,
                headers: step.answerHeaders.map { line in
                    let colon = line.firstIndex(of: ":") ?? line.endIndex
                    let value = line[colon...].dropFirst(2)
                    return (String(line[..<colon]), RecordedStep.filled(String(value), story.values))
                },
                body: RecordedStep.filled(step.body, story.values)
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
    /// The name of the recording.
    package let name: String
    package let port: RecordedExchange.Port
    /// The method and the target.
    package let request: String
    package let headers: [String]
    package let sent: String?
    /// How often the same was done.
    package let times: Int
    /// Whether the server mailed a code, which the next steps know as `{code}`.
    package let mails: Bool
    package let status: String
    /// Every header line in its order, but for `Cache-Control` and what frames the body.
    package let answerHeaders: [String]
    package let body: String

    init(
        _ name: String,
        _ port: RecordedExchange.Port,
        _ request: String,
        headers: [String]? = nil,
        sent: String? = nil,
        times: Int = 1,
        mails: Bool = false,
        _ status: String,
        _ answerHeaders: [String],
        _ body: String...
    ) {
        self.name = name
        self.port = port
        self.request = request
        let type = sent == nil ? [] : ["Content-Type: application/json"]
        self.headers = headers ?? type + ["Accept: application/json"]
        self.sent = sent
        self.times = times
        self.mails = mails
        self.status = status
        self.answerHeaders = answerHeaders
        self.body = body.joined()
    }

    static let json = ["Content-Type: application/json; charset=utf-8", "Vary: Cookie"]
    static let error = ["Content-Type: application/json", "Ory-Error-Id: ", "Vary: Cookie"]

    /// The text with values for the names in braces.
    package static func filled(_ text: String, _ values: [String: String]) -> String {
        text.replacing(#/\{([a-z][a-z0-9_]*)\}/#) { match in
            values[String(match.output.1)] ?? String(match.output.0)
        }
    }

    /// The bytes to send.
    package func bytes(_ values: [String: String]) -> String {
        var text = "\(Self.filled(request, values)) HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        for header in headers { text += Self.filled(header, values) + "\r\n" }
        guard let sent else { return text + "\r\n" }
        let body = Self.filled(sent, values)
        return text + "Content-Length: \(body.utf8.count)\r\n\r\n" + body
    }
}
