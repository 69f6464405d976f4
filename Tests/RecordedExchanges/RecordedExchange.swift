// What a real Ory Kratos v26.2 was asked and answered: the measure for the simulator and for how answers are read.

/// One request to a real server, and its answer.
///
/// Each is kept where its subject is, `RecordedExchange+Codes.swift` and so on, shortened to what the contract rests
/// on; codes, tokens and passwords in them belonged to a throw-away server.
package struct RecordedExchange: Sendable, CustomStringConvertible {
    package enum Port: Sendable { case admin, `public` }

    package struct Header: Sendable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// What the server was set to where that decides the answer.
    package enum Setting: Sendable {
        /// As self-hosted servers are by default.
        case standard
        /// `feature_flags.use_continue_with_transitions: true`.
        case transitions
        /// Recovery, or one of its methods, switched off.
        case recoveryOff, codeOff, linkOff
    }

    /// What was tried, in a few words: the test's name for it.
    package let name: String
    package var setting = Setting.standard
    package let port: Port
    package let method: String
    /// Path and query.
    package let target: String
    package var requestHeaders: [Header] = []
    package var requestBody: String?

    package let status: Int
    package var headers: [Header] = []
    package var body = ""

    package var description: String { name }

    package init(
        _ name: String,
        setting: Setting = .standard,
        _ port: Port,
        _ method: String,
        _ target: String,
        requestHeaders: [Header] = [],
        requestBody: String? = nil,
        answers status: Int,
        headers: [Header] = [],
        body: String = ""
    ) {
        self.name = name
        self.setting = setting
        self.port = port
        self.method = method
        self.target = target
        self.requestHeaders = requestHeaders
        self.requestBody = requestBody
        self.status = status
        self.headers = headers
        self.body = body
    }
}
