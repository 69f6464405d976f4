// Which connections have been told to take no further streams, and where the line is.

/// One TCP connection, by its own end.
struct CurlConnectionID: Hashable {
    let address: String
    let port: Int32
}

/// The last stream that each HTTP/2 connection was said to process, as far as a GOAWAY has come for it.
///
/// Streams above it were not processed, and may go out again on another connection (RFC 9113, 6.8). Of
/// several the lowest counts. It lives on the transport's thread.
final class CurlGoAways {
    private var lastStreams: [CurlConnectionID: UInt32] = [:]
    /// There are no more local ports; beyond it the rest is no longer of any use.
    private static let countMax = 1 << 16

    func note(_ lastStream: UInt32, on connection: CurlConnectionID) {
        if lastStreams.count >= Self.countMax { lastStreams.removeAll() }
        lastStreams[connection] = min(lastStream, lastStreams[connection] ?? .max)
    }

    /// A new connection has taken the place of another with the same end.
    func forget(_ connection: CurlConnectionID) {
        if !lastStreams.isEmpty { lastStreams[connection] = nil }
    }

    /// Whether the stream is one that the server has said it will not process.
    func excludes(_ stream: UInt32, on connection: CurlConnectionID) -> Bool {
        lastStreams[connection].map { stream > $0 } ?? false
    }
}
