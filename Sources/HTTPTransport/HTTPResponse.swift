// One answer, whole or cut at the limit, and what may be said of it aloud.

/// The answer to one request: a final status (200 or above), its header and its body.
package struct HTTPResponse: Sendable {
    package enum Version: String, Hashable, Sendable {
        case http1_0 = "HTTP/1.0"
        case http1_1 = "HTTP/1.1"
        case http2 = "HTTP/2"
        case http3 = "HTTP/3"
    }

    package var status: Int
    package var headers: HTTPHeaders
    /// The body, decoded where the server had compressed it.
    package var body: [UInt8]
    /// Whether the body was longer than the limit for it: ``body`` then holds its beginning.
    package var isBodyTruncated: Bool
    package var httpVersion: Version
    /// How it came; where ``HTTPRequest/wantsConnectionFacts`` is set.
    package var connection: ConnectionFacts? {
        get { connections.first }
        set { connections = newValue.map { [$0] } ?? [] }
    }

    // In an array, so that all the answers without it stay small.
    private var connections: [ConnectionFacts]

    package init(
        status: Int,
        headers: HTTPHeaders = [],
        body: [UInt8] = [],
        isBodyTruncated: Bool = false,
        httpVersion: Version = .http1_1,
        connection: ConnectionFacts? = nil
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.isBodyTruncated = isBodyTruncated
        self.httpVersion = httpVersion
        connections = connection.map { [$0] } ?? []
    }
}

extension HTTPResponse: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The answer without its secrets: a body or a `Location` may hold a code.
    package var description: String {
        "\(httpVersion.rawValue) \(status) (\(body.count) bytes\(isBodyTruncated ? ", truncated" : ""))"
    }

    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["response": description]) }
}
