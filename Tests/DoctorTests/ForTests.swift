// Connections, answers and findings with what the tests don't care about filled in.

import Foundation
import HTTPTransport
import Providers
import Synchronization
import TestSupport
import Testing
import Model

@testable import Doctor

/// A transport that answers from memory and remembers what was sent.
final class StubTransport: HTTPTransport {
    private let sent = Mutex<[HTTPRequest]>([])
    private let answer: @Sendable (HTTPRequest) -> Result<HTTPResponse, TransportError>

    init(
        _ answer: @escaping @Sendable (HTTPRequest) -> Result<HTTPResponse, TransportError> = { _ in
            .failure(TransportError(kind: .transportStopped, wasSent: false, message: "nothing is sent"))
        }
    ) {
        self.answer = answer
    }

    var requests: [HTTPRequest] { sent.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        sent.withLock { $0.append(request) }
        return try answer(request).get()
    }
}

/// 2026-11-20T23:46:57Z.
let recordedTime = Timestamp(milliseconds: 1_795_218_417_000)

extension ServerConnection {
    static func forTests(
        _ server: String = "http://127.0.0.1:4434",
        provider: Provider = .kratos,
        token: String? = nil,
        headers: [HTTPHeader] = [],
        transport: any HTTPTransport = StubTransport(),
        now: Timestamp = recordedTime
    ) throws -> ServerConnection {
        ServerConnection(
            provider: provider,
            server: try ServerURL(server),
            credential: Credential(token.flatMap(BearerToken.init)),
            headers: headers,
            timeout: .seconds(20),
            transport: transport,
            now: { now }
        )
    }
}

extension HTTPResponse {
    static func json(_ status: Int, _ body: String, headers: [HTTPHeader] = []) -> HTTPResponse {
        HTTPResponse(
            status: status,
            headers: HTTPHeaders([HTTPHeader(name: "Content-Type", value: "application/json")] + headers),
            body: Array(body.utf8)
        )
    }

    static func plain(_ status: Int, _ body: String, headers: [HTTPHeader] = []) -> HTTPResponse {
        HTTPResponse(
            status: status,
            headers: HTTPHeaders([HTTPHeader(name: "Content-Type", value: "text/plain")] + headers),
            body: Array(body.utf8)
        )
    }
}

extension TransportError {
    static func failing(
        _ kind: Kind,
        sent wasSent: Bool = false,
        _ connection: ConnectionFacts? = nil
    ) -> TransportError {
        TransportError(kind: kind, wasSent: wasSent, message: "curl's words", connection: connection)
    }
}

extension Finding {
    /// Checks what every finding has to be, and its state and words.
    func expect(
        _ state: State,
        _ check: Check,
        says words: String...,
        advises: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(self.state == state, "\(self)", sourceLocation: sourceLocation)
        #expect(self.check == check, "\(self)", sourceLocation: sourceLocation)
        for word in words {
            #expect(message.description.contains(word), "\(self)", sourceLocation: sourceLocation)
        }
        #expect(
            advises.isEmpty || advice.description.contains(advises),
            "\(self)",
            sourceLocation: sourceLocation
        )
        let wantsAdvice = state == .warning || state == .problem
        #expect(advice.isEmpty != wantsAdvice, "\(self)", sourceLocation: sourceLocation)
        #expect(!line().dropLast().contains("\n"), "\(self)", sourceLocation: sourceLocation)
    }
}

/// Answers of a real Kratos v26.2.
enum Recorded {
    static let unknownCode = HTTPResponse.json(
        404,
        #"{"error":{"code":404,"status":"Not Found","reason":"could not find identity","#
            + #""message":"Unable to locate the resource"}}"#
    )
    static let unknownLink = HTTPResponse.json(
        400,
        #"{"error":{"code":400,"status":"Bad Request","reason":"The requested identity id does not exist.","#
            + #""message":"The request was malformed or contained invalid parameters"}}"#
    )
    static let disabled = HTTPResponse.json(
        404,
        #"{"error":{"code":404,"status":"Not Found","reason":"This endpoint was disabled by "#
            + #"system administrator. "#
            + #"Please check your url or contact the system administrator to enable it.","#
            + #""message":"The requested resource could not be found"}}"#
    )
    static let forgery = HTTPResponse.json(
        403,
        #"{"error":{"id":"security_csrf_violation","code":403,"status":"Forbidden","#
            + #""reason":"Please retry the flow","#
            + #""message":"the request was rejected to protect you from Cross-Site-Request-Forgery"}}"#
    )
    static let page = HTTPResponse.plain(404, "404 page not found\n")
    static let databaseDown = HTTPResponse.json(
        503,
        #"{"error":{"code":500,"status":"Internal Server Error","message":"failed to connect to "#
            + #"`user=kratos "#
            + #"database=kratos`: 127.0.0.1:54329: connect: connection refused"}}"#
    )
    static let recoveryOff = HTTPResponse.json(
        400,
        #"{"error":{"code":400,"status":"Bad Request","reason":"Recovery is not allowed because "#
            + #"it was disabled.","#
            + #""message":"The request was malformed or contained invalid parameters"}}"#
    )
    static func flow(_ kind: String) -> String {
        #"{"id":"7166bdaa-6254-487a-b1ac-6da93c2fcaf9","type":"api","active":"\#(kind)","ui":{"nodes":[]},"#
            + #""state":"choose_method"}"#
    }
}
