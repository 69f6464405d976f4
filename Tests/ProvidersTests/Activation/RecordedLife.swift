// One user's life as a real Kratos showed it, for tests that read it.

import HTTPTransport
import RecordedExchanges
import Testing
import Model

@testable import Providers

/// The recordings 20 to 28: imported, issued for, redeemed, activated, logged in.
enum RecordedLife {
    /// The header `Date` of the answers that brought the codes.
    static let issuedDate = "Fri, 27 Nov 2026 11:28:48 GMT"
    static let ingrid = "53e71c4c-5b57-4b9e-a5f0-6d78ab2a5b16"
    static let tomas = "e1683e5f-201b-44f6-91a4-77c89498b3c2"
    static let zofia = "5756ab75-822c-4394-aeb8-8433843a3493"

    static func response(_ name: String, date: String? = nil) throws -> HTTPResponse {
        let answer = try #require(RecordedStory.answer(named: name))
        var fields = answer.headers.map { HTTPHeader(name: $0.0, value: $0.1) }
        if let date { fields.append(HTTPHeader(name: "Date", value: date)) }
        return HTTPResponse(
            status: answer.status,
            headers: HTTPHeaders(fields),
            body: Array(answer.body.utf8)
        )
    }

    static func shown(_ name: String) throws -> ShownIdentity {
        try #require(ShownIdentity(body: try response(name).body))
    }

    static func sessions(_ name: String) throws -> [ShownSession] {
        try #require(ShownSession.list(in: try response(name).body))
    }

    static func time(_ text: String) throws -> Timestamp { try #require(Timestamp(rfc3339: text)) }

    /// When an invitation was issued, as a run reads it.
    static func issuedAt(_ code: String) throws -> Timestamp {
        let answer = try response(code, date: issuedDate)
        let recovery = try #require(RecoveryAnswer(body: answer.body, method: .code)).recovery
        return try #require(
            IssueTime.read(
                answer.headers,
                expiresAt: recovery.expiresAt,
                expiresIn: .seconds(24 * 3600),
                now: Timestamp(milliseconds: 1_795_778_928_000)
            )
        )
    }
}
