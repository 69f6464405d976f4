// What the server sends back, or does instead of answering.

/// An HTTP answer: status, header lines and body.
///
/// `Date` and `Content-Length` are added when it is sent.
package struct Answer: Sendable {
    package var status: Int
    /// The words of the status line.
    package var reason: String
    /// Header lines as they are sent, each ended by CR LF.
    var headerLines: String
    package var body: [UInt8]
    /// Whether to add `Date` and `Content-Length`, which no answer of Kratos lacks.
    var isFramed = true
    /// Whether the body is sent in chunks, as Go does with one over 2,048 bytes that it doesn't know the
    /// length of.
    var isChunked = false

    init(_ status: Int, headerLines: String, body: [UInt8]) {
        self.status = status
        self.headerLines = headerLines
        self.body = body
        reason = Self.reason(of: status)
    }

    /// An answer made up by a test, sent as given.
    ///
    /// `Date` and `Content-Length` are added where `headers` names no `Content-Length` and no
    /// `Transfer-Encoding`.
    package init(
        status: Int,
        reason: String? = nil,
        headers: [(String, String)] = [],
        body: [UInt8] = []
    ) {
        self.init(status, headerLines: headers.map { "\($0): \($1)\r\n" }.joined(), body: body)
        self.reason = reason ?? self.reason
        isFramed = !headers.contains { ["content-length", "transfer-encoding"].contains($0.0.lowercased()) }
    }

    /// An answer with a JSON body made up by a test.
    package static func json(_ status: Int, _ body: String, headers: [(String, String)] = []) -> Answer {
        Answer(
            status: status,
            headers: [("Content-Type", "application/json; charset=utf-8")] + headers,
            body: Array(body.utf8)
        )
    }

    static func reason(of status: Int) -> String {
        switch status {
        case 200: "OK"
        case 201: "Created"
        case 204: "No Content"
        case 303: "See Other"
        case 307: "Temporary Redirect"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 409: "Conflict"
        case 410: "Gone"
        case 414: "Request-URI Too Large"
        case 422: "Unprocessable Entity"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        default: "status code \(status)"
        }
    }
}

/// What becomes of a request: an answer, or one of the ways in which a connection goes wrong.
package indirect enum Delivery: Sendable {
    case answer(Answer)
    /// The answer with only half of its body, then the end of the connection.
    case half(Answer)
    /// Bytes as they are, in place of an answer.
    case raw([UInt8], thenClose: Bool)
    /// The end of the connection in place of an answer.
    case close
    /// The end of the connection by a TCP reset.
    case reset
    /// Nothing yet, then something else.
    case hold(Hold, then: Delivery)

    /// How long something is held back.
    package enum Hold: Sendable {
        case time(Duration)
        case gate(Gate)
        /// Until the client goes away or the server is stopped.
        case forever
    }
}

extension Answer {
    /// Go sends a body in chunks that is longer than the buffer in which it would find out its length.
    static let bufferBytes = 2048

    func framed(for request: SimulatedRequest) -> Answer {
        var answer = self
        answer.isChunked = body.count > Self.bufferBytes && request.method != "HEAD"
        return answer
    }
}
