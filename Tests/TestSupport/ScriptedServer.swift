// A Kratos in a closure: it issues codes without a network.

package import HTTPTransport
import Synchronization

/// Answers requests from memory, and remembers them.
package final class ScriptedServer: HTTPTransport {
    /// What a request for a code comes to.
    package enum Answer: Sendable {
        case issued
        case status(Int, body: String = "{}")
        case lost

        /// The server does not have that identity.
        package static func unknownIdentity(_ identity: String = "") -> Answer {
            .status(
                404,
                body: """
                    {"error":{"code":404,"status":"Not Found","reason":"could not find identity",\
                    "message":"there is no \(identity)"}}
                    """
            )
        }
    }

    private let sent = Mutex<[HTTPRequest]>([])
    private let answer: @Sendable (_ identity: String, _ timesBefore: Int) async -> Answer
    private let asked = Mutex<[String: Int]>([:])

    /// - Parameter answer: for an identity, and how often it was asked for before.
    package init(
        _ answer: @escaping @Sendable (_ identity: String, _ timesBefore: Int) async -> Answer = { _, _ in
            .issued
        }
    ) {
        self.answer = answer
    }

    package var requests: [HTTPRequest] { sent.withLock { $0 } }

    package func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        sent.withLock { $0.append(request) }
        request.onSend?()
        let body = String(decoding: request.body, as: UTF8.self)
        // {"identity_id":"…"
        let identity = body.split(separator: "\"", omittingEmptySubsequences: false).dropFirst(3).first ?? ""
        let timesBefore = asked.withLock { asked in
            defer { asked[String(identity), default: 0] += 1 }
            return asked[String(identity)] ?? 0
        }
        switch await answer(String(identity), timesBefore) {
        case .issued:
            let answer = """
                {"recovery_code":"123456","recovery_link":"https://id.example.org/recovery?flow=1",\
                "expires_at":"2030-01-01T00:00:00Z"}
                """
            return HTTPResponse(status: 201, headers: Self.headers, body: Array(answer.utf8))
        case .status(let status, let body):
            return HTTPResponse(status: status, headers: Self.headers, body: Array(body.utf8))
        case .lost:
            throw TransportError(
                kind: .connectionClosed,
                wasSent: true,
                message: "the connection "
                    + "was closed"
            )
        }
    }

    private static let headers: HTTPHeaders = [HTTPHeader(name: "Content-Type", value: "application/json")]
}
