// A request as it arrived.

import NIOCore
import NIOHTTP1
package import Model

/// One HTTP request to the simulated server.
package struct SimulatedRequest: Sendable {
    /// The two endpoints of a Kratos.
    package enum Port: Sendable {
        case admin, `public`
    }

    package let port: Port
    /// Which connection it came on, counted from 1 over both ports.
    package let connection: Int
    package let method: String
    /// The path, and the query after a question mark.
    package let uri: String
    package internal(set) var path: Substring
    package let query: Substring
    /// The `X-Request-ID`; empty where there is none.
    package let requestID: String
    let fields: HTTPHeaders
    let payload: ByteBuffer
    /// Whether the body was longer than Kratos takes, and so was not kept.
    let isBodyTooLarge: Bool
    let wantsClose: Bool

    init(
        _ head: HTTPRequestHead,
        payload: ByteBuffer,
        isBodyTooLarge: Bool,
        port: Port,
        connection: Int
    ) {
        self.port = port
        self.connection = connection
        self.payload = payload
        self.isBodyTooLarge = isBodyTooLarge
        method = head.method.rawValue
        uri = head.uri
        fields = head.headers
        wantsClose = !head.isKeepAlive
        requestID = head.headers.first(name: "X-Request-ID") ?? ""
        // By bytes: the characters of a String are dear, and every request has a path.
        let bytes = head.uri.utf8
        let end = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.endIndex
        path = head.uri[..<end]
        query = end == bytes.endIndex ? "" : head.uri[bytes.index(after: end)...]
    }

    package var body: [UInt8] { Array(payload.readableBytesView) }

    /// The first value of a header; empty where it is missing.
    package func header(_ name: String) -> String { fields.first(name: name) ?? "" }

    /// The identity that the body names; nil where there is none to be read.
    package var identity: IdentityID? {
        payload.withUnsafeReadableBytes { bytes in
            guard let body = try? IssueBody(bytes, for: .code), body.identity != .null else { return nil }
            return body.identity
        }
    }
}
