// What can go wrong between a request and the end of its answer.

/// Why a request has no whole answer, and whether the server may have received it.
package struct TransportError: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// The name of the host, or of the proxy, has no address.
        case hostNotResolved, proxyNotResolved
        /// The same, but the name service does not work for now: it may have one later.
        case hostNotResolvedForNow, proxyNotResolvedForNow
        /// Refused, unreachable, or closed before the request could go out.
        case connectionFailed
        /// The proxy refuses to make a connection to the server, or to make any for us.
        ///
        /// `status` is what it answered when it was asked for a tunnel; nil where it is no HTTP proxy.
        case proxyRefused(status: Int?)
        /// No connection came about in time: nothing was sent.
        case connectTimeout
        /// The server's certificate is not to be trusted; the message says what is wrong with it.
        case certificate
        /// The client's own certificate or key cannot be used, or the server refuses it or misses one.
        case clientCertificate
        /// Any other failure of TLS.
        case tls
        /// The request was sent, and its answer not complete in time.
        case timeout
        /// The connection was closed or reset before the answer's status.
        case connectionClosed
        /// The connection was closed before any byte of the answer, and libcurl wanted to send the request
        /// again.
        case repeatRefused
        /// The request was sent, and the server has said that it did not process it: it may be sent again at
        /// once.
        ///
        /// HTTP/2 only: a stream above the last one of a GOAWAY, or one ended by REFUSED_STREAM (RFC 9113,
        /// 6.8, 8.7).
        case notProcessed
        /// The answer was cut short, after its status or within its header.
        case incompleteAnswer
        /// The answer is not readable as HTTP, or its header is beyond all measure.
        case protocolViolation
        /// A scheme other than `http` and `https`, or none.
        case unsupportedURL
        /// A url or header that cannot be sent.
        case invalidRequest
        /// The transport was stopped.
        case transportStopped
        /// Anything else, by libcurl's number.
        case other(code: Int)
    }

    package let kind: Kind
    /// Whether the server may have received the request, and, but for ``Kind/notProcessed``, acted on it.
    package let wasSent: Bool
    /// The final status of the answer (200 or above), where it had come.
    package let status: Int?
    /// A sentence for people, without secrets.
    package let message: String
    /// How far it got; where ``HTTPRequest/wantsConnectionFacts`` is set.
    package var connection: ConnectionFacts? {
        get { connections.first }
        set { connections = newValue.map { [$0] } ?? [] }
    }

    // In an array, so that all the results without it stay small.
    private var connections: [ConnectionFacts]

    package init(
        kind: Kind,
        wasSent: Bool,
        status: Int? = nil,
        message: String,
        connection: ConnectionFacts? = nil
    ) {
        self.kind = kind
        self.wasSent = wasSent
        self.status = status
        self.message = message
        connections = connection.map { [$0] } ?? []
    }
}

extension TransportError: CustomStringConvertible {
    package var description: String {
        let status = status.map { " after status \($0)" } ?? ""
        return "\(kind)\(status)\(wasSent ? ", request sent" : ", nothing sent"): \(message)"
    }
}

extension TransportError {
    /// The part of the way that a request did not get past.
    package enum Phase: Hashable, Sendable {
        case nameLookup, connection, tls
        /// The connection stood, and the request or its answer went wrong.
        case exchange
    }

    /// Where it failed; nil where it never set out.
    ///
    /// Of a connection that took too long only its facts tell which part of it did.
    package var phase: Phase? {
        switch kind {
        case .unsupportedURL, .invalidRequest: return nil
        case .hostNotResolved, .proxyNotResolved, .hostNotResolvedForNow, .proxyNotResolvedForNow:
            return .nameLookup
        case .proxyRefused: return .connection
        case .certificate, .clientCertificate, .tls: return .tls
        case _ where wasSent: return .exchange
        case .connectionFailed, .connectTimeout:
            guard let connection else { return .connection }
            if connection.nameLookup == nil { return .nameLookup }
            let hasTunnel = connection.proxyStatus.map { (200..<300).contains($0) } ?? true
            return connection.address != nil && hasTunnel ? .tls : .connection
        default: return nil
        }
    }
}
