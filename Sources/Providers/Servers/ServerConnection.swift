// One server and the way to speak with it: every request to it is made here.

package import HTTPTransport
package import Model
import Foundation

/// A server, what is sent along with each request, and what carries the requests there.
package struct ServerConnection: Sendable {
    package let provider: Provider
    package let server: ServerURL
    package let credential: Credential
    /// Headers of the operator's own.
    package let headers: [HTTPHeader]
    /// For one request, whole.
    package let timeout: Duration
    /// What stands between, as far as it is known here.
    package let proxy: ProxyInUse?
    package let now: @Sendable () -> Timestamp
    private let transport: any HTTPTransport

    package init(
        provider: Provider,
        server: ServerURL,
        credential: Credential,
        headers: [HTTPHeader] = [],
        timeout: Duration,
        proxy: ProxyInUse? = nil,
        transport: any HTTPTransport,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.provider = provider
        self.server = server
        self.credential = credential
        self.headers = headers
        self.timeout = timeout
        self.proxy = proxy
        self.transport = transport
        self.now = now
    }

    /// One request to a path below the server's base URL.
    ///
    /// The operator's headers come first; the bearer token is added unless one of them is an `Authorization`.
    package func request(
        _ method: HTTPRequest.Method,
        _ path: String,
        query: [(name: String, value: String)] = [],
        headers own: [HTTPHeader] = [],
        body: [UInt8] = [],
        token: BearerToken? = nil,
        onSend: (@Sendable () -> Void)? = nil
    ) -> HTTPRequest {
        var all = headers
        all.append(HTTPHeader(name: "Accept", value: "application/json"))
        all.append(contentsOf: own)
        if let token { all.append(token.header) }
        return HTTPRequest(
            method: method,
            url: server.requestBase + path + Self.text(of: query),
            headers: all,
            body: body,
            timeout: timeout,
            onSend: onSend
        )
    }

    package func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        try await transport.send(request)
    }

    /// Where tasks best run that send requests; see `HTTPTransport.executor`.
    package var executor: (any TaskExecutor)? { transport.executor }

    /// Whether a credential goes along with every request, as a token or in a header.
    package var sendsCredential: Bool { credential.token != nil || headers.contains(where: \.isCredential) }

    /// Texts without the secrets that were sent along.
    package var redaction: Redaction { Redaction(credential: credential, headers: headers) }

    /// `?name=value&…`, percent-encoded; empty where there is nothing.
    static func text(of query: [(name: String, value: String)]) -> String {
        guard !query.isEmpty else { return "" }
        let pairs = query.map { "\(encoded($0.name))=\(encoded($0.value))" }
        return "?" + pairs.joined(separator: "&")
    }

    /// RFC 3986, 2.3: all but unreserved characters.
    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
    )
}

/// Takes what was sent in confidence out of texts that a server sends, in case one echoes it.
package struct Redaction: Sendable {
    private let credential: Credential
    private let values: [String]

    /// Shorter values are no secrets, and would be found in every text.
    private static let lengthMin = 8
    /// The longest text that is kept, in Unicode scalars: a single character may have thousands of them.
    static let lengthMax = 500

    init(credential: Credential, headers: [HTTPHeader]) {
        self.credential = credential
        values = headers.flatMap { header in
            [header.value] + header.value.split(separator: " ").map(String.init)
        }.filter { $0.count >= Self.lengthMin }
    }

    /// One line of bounded length, in which no secret stands.
    package func bounded(_ text: String) -> String {
        redactor.bounded(text)
    }

    /// The same of what a server says of an error, in which no code stands either, and no link's secret.
    package func said(_ text: String) -> String { redactor.said(text) }

    private var redactor: Redactor {
        Redactor(
            hiding: (credential.known.map(\.secret) + values).map(Secret.init),
            lengthMax: Self.lengthMax
        )
    }
}
