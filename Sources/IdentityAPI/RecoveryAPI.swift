// One request for one recovery code.

import Foundation
package import HTTPTransport
package import Vocabulary

/// What servers are asked for; the campaign's side of the network.
package protocol CodeIssuing: Sendable {
    /// Asks once for one identity's code and awaits the answer, also when the task is cancelled: it may hold a code.
    ///
    /// `onSend` is called at most once, when the request goes out.
    func issueCode(for identity: IdentityID, onSend: (@Sendable () -> Void)?) async -> IssueReply
}

/// Asks a server of the Kratos family for recovery codes.
package struct RecoveryAPI: CodeIssuing {
    private let transport: any HTTPTransport
    private let reading: AnswerReading
    private let url: String
    private let headers: [HTTPHeader]
    private let bodyEnd: String
    private let timeout: Duration
    private let now: @Sendable () -> Timestamp

    /// - Parameters:
    ///   - expiresIn: the validity to ask for, in whole seconds.
    ///   - timeout: for one request, whole.
    package init(
        transport: any HTTPTransport,
        provider: Provider,
        server: ServerURL,
        token: BearerToken?,
        expiresIn: Duration,
        timeout: Duration,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.transport = transport
        reading = AnswerReading(provider: provider, server: server, token: token)
        url = server.text + provider.recoveryCodePath
        var headers = [
            HTTPHeader(name: "Content-Type", value: "application/json"),
            HTTPHeader(name: "Accept", value: "application/json"),
        ]
        if let token { headers.append(HTTPHeader(name: "Authorization", value: "Bearer \(token.secret)")) }
        self.headers = headers
        bodyEnd = "\",\"expires_in\":\"\(Self.goDuration(expiresIn))\"}"
        self.timeout = timeout
        self.now = now
    }

    package func issueCode(for identity: IdentityID, onSend: (@Sendable () -> Void)?) async
        -> IssueReply
    {
        let requestID = UUID().uuidString.lowercased()
        let request = HTTPRequest(
            method: .post,
            url: url,
            headers: headers + [HTTPHeader(name: "X-Request-ID", value: requestID)],
            body: Array("{\"identity_id\":\"\(identity.text)\(bodyEnd)".utf8),
            timeout: timeout,
            onSend: onSend
        )
        do {
            let response = try await transport.send(request)
            let outcome = reading.outcome(of: response, now: now())
            return IssueReply(outcome: outcome, requestID: requestID, wasSent: true, wasAnswered: true)
        } catch {
            let outcome = reading.outcome(of: error)
            return IssueReply(
                outcome: outcome,
                requestID: requestID,
                wasSent: error.wasSent,
                wasAnswered: false
            )
        }
    }

    /// A duration as every version of Kratos takes it: one whole number with one unit, of `h`, `m` and `s` the
    /// largest that it is a multiple of (`72h`; the pattern of old versions is `^[0-9]+(ns|us|ms|s|m|h)$`).
    static func goDuration(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        if seconds % 3600 == 0 { return "\(seconds / 3600)h" }
        if seconds % 60 == 0 { return "\(seconds / 60)m" }
        return "\(seconds)s"
    }
}
