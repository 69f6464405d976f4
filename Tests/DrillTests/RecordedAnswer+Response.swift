// What a real server answered its users, as the transport hands it over.

import HTTPTransport
import RecordedExchanges
import Testing

extension HTTPResponse {
    /// The answer of a recording.
    static func recorded(
        _ name: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> HTTPResponse {
        let answer = try #require(
            RecordedStory.answer(named: name),
            "\(name)",
            sourceLocation: sourceLocation
        )
        return HTTPResponse(
            status: answer.status,
            headers: HTTPHeaders(answer.headers.map { HTTPHeader(name: $0.0, value: $0.1) }),
            body: Array(answer.body.utf8)
        )
    }
}
