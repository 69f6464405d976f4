// The settings of a `CurlTransport`, the same for all its requests.

extension CurlTransport {
    /// How requests travel, and what bounds them.
    package struct Configuration: Sendable {
        package enum Proxy: Hashable, Sendable {
            /// What `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` say, as curl reads them.
            case environment
            /// No proxy, whatever the environment says.
            case none
            /// This proxy, but for the hosts that `no_proxy` names.
            case url(String)
        }

        /// The `User-Agent` of every request: `latchstring/VERSION`.
        package var userAgent: String
        /// How many connections may be open at once.
        ///
        /// A request beyond them waits, and its timeout with it: let it be no less than the requests in
        /// flight.
        package var maxConnections: Int
        package var proxy: Proxy
        /// A Unix socket to connect to, in place of every url's host and port; no proxy then.
        package var unixSocketPath: String?
        /// How much of an answer's body is kept, counted after decoding, where its request does not say.
        package var bodyLimitBytes: Int
        /// How much of a header is read, interim answers included, and how many lines of it.
        package var headerLimitBytes: Int
        package var headerLimitLines: Int
        /// How long a connection may take to come about; a request's own timeout bounds it too.
        package var connectTimeout: Duration
        /// How long a connection may lie idle and still be used again.
        ///
        /// Shorter than what servers and load balancers grant (60 s and more), because a request sent while
        /// the server closes the connection is an ambiguous attempt.
        package var idleConnectionAge: Duration
        /// How long sent bytes may stay unacknowledged before the connection counts as dead.
        ///
        /// Without it an HTTP/2 connection that died silently would swallow every further request for
        /// minutes.
        package var unacknowledgedLimit: Duration
        /// A file, or a folder, of certificates to trust instead of the system's.
        package var caFile: String?
        package var caDirectory: String?
        /// The certificate, in PEM form, by which this client shows who it is, and the key to it.
        ///
        /// The key may stand in the certificate's file, and can have no passphrase.
        package var clientCertificateFile: String?
        package var clientKeyFile: String?
        /// Whether cookies that a server sets are kept in memory, and sent back to it, for as long as the
        /// transport lives.
        package var keepsCookies: Bool
        /// Asks the system for a name's address, after libcurl found none: `getaddrinfo`'s code; the system's
        /// own where it is nil.
        package var nameLookup: (@Sendable (_ name: String) -> Int32)?

        package init(
            userAgent: String,
            maxConnections: Int = 64,
            proxy: Proxy = .environment,
            bodyLimitBytes: Int = 1 << 20,
            connectTimeout: Duration = .seconds(10),
            caFile: String? = nil,
            caDirectory: String? = nil,
            clientCertificateFile: String? = nil,
            clientKeyFile: String? = nil,
            unixSocketPath: String? = nil,
            keepsCookies: Bool = false
        ) {
            self.userAgent = userAgent
            self.maxConnections = maxConnections
            self.proxy = proxy
            self.bodyLimitBytes = bodyLimitBytes
            headerLimitBytes = 64 << 10
            headerLimitLines = 200
            self.connectTimeout = connectTimeout
            idleConnectionAge = .seconds(30)
            unacknowledgedLimit = .seconds(20)
            self.caFile = caFile
            self.caDirectory = caDirectory
            self.clientCertificateFile = clientCertificateFile
            self.clientKeyFile = clientKeyFile
            self.unixSocketPath = unixSocketPath
            self.keepsCookies = keepsCookies
        }
    }
}

extension CurlTransport.Configuration {
    /// The longest path that the kernel takes for a socket, its closing zero left out.
    private static let socketPathBytesMax = 107

    /// Finds what libcurl would find out at the first request only, or never tell.
    func check() throws(TransportError) {
        try ClientCertificate(self)?.check()
        if let caFile { try AuthorityFile(path: caFile).check() }
        guard let path = unixSocketPath else { return }
        let length = path.utf8.count
        guard length <= Self.socketPathBytesMax else {
            throw Self.invalid(
                "the path of the Unix socket has \(length) bytes, and no more than "
                    + "\(Self.socketPathBytesMax) are possible: \(path)"
            )
        }
        guard length > 0, !path.utf8.contains(0) else {
            throw Self.invalid("the path of the Unix socket is empty, or holds a zero byte")
        }
    }

    private static func invalid(_ message: String) -> TransportError {
        TransportError(kind: .invalidRequest, wasSent: false, message: message)
    }
}

extension CurlTransport.Configuration.Proxy: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The proxy without its user and password.
    package var description: String {
        switch self {
        case .environment: "environment"
        case .none: "none"
        case .url(let url): HTTPRequest.withoutSecrets(url)
        }
    }

    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["proxy": description]) }
}

extension Duration {
    /// Whole milliseconds, at least 1 (libcurl reads 0 as "no limit") and at most a day.
    var curlMilliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds < 86_400 else { return 86_400_000 }
        return max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}
