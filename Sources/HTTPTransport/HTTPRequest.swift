// One request, as the modules above put it together, and what may be said of it aloud.

/// A field of a request or of an answer.
///
/// Its description leaves the value out: it may be a credential.
package struct HTTPHeader: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// One HTTP request and how long its answer may take.
///
/// - ``method``, ``url``: the url is absolute, `http` or `https`, and sent as it stands.
/// - ``headers``, ``body``: a `Content-Type` is sent only where the headers hold one.
/// - ``timeout``: bounds the whole of it, from ``HTTPTransport/send(_:)`` to the last byte of the answer.
/// - ``onSend``: tells when it goes out.
/// - ``answerBytesMax``, ``wantsConnectionFacts``: how much is kept of the answer, and what is told besides.
package struct HTTPRequest: Sendable {
    package enum Method: String, Hashable, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    package var method: Method
    package var url: String
    package var headers: [HTTPHeader]
    package var body: [UInt8]
    package var timeout: Duration

    /// Called at most once, when the request is about to be written to an established connection.
    ///
    /// It counts requests and notes when they were sent. It runs on the transport's own thread, where every
    /// other request waits for it: it must be cheap, and may not stop the transport.
    package var onSend: (@Sendable () -> Void)?

    /// How much of the answer's body is kept, counted after decoding; nil: what the transport keeps of any.
    package var answerBytesMax: Int?

    /// Whether the answer, or the error, shall tell about the connection: for a diagnosis.
    ///
    /// Such a request goes over a connection of its own. Where the server's certificate is refused, a second
    /// one is made to look at it, over which nothing is sent.
    package var wantsConnectionFacts: Bool

    package init(
        method: Method = .get,
        url: String,
        headers: [HTTPHeader] = [],
        body: [UInt8] = [],
        timeout: Duration,
        onSend: (@Sendable () -> Void)? = nil,
        answerBytesMax: Int? = nil,
        wantsConnectionFacts: Bool = false
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.onSend = onSend
        self.answerBytesMax = answerBytesMax
        self.wantsConnectionFacts = wantsConnectionFacts
    }
}

extension HTTPHeader: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "\(name): (\(value.utf8.count) bytes)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}

extension HTTPRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The request without its secrets: no header values, no body, and of the url neither user nor query.
    package var description: String {
        "\(method.rawValue) \(Self.withoutSecrets(url)) (\(headers.count) headers, \(body.count) bytes)"
    }

    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["request": description]) }

    /// A url without the parts that can hold a secret: user and password, query, and fragment.
    ///
    /// A url that is none, because its password holds a `/`, `?` or `#`, shows nothing but its scheme.
    static func withoutSecrets(_ url: String) -> String {
        let start = url.firstRange(of: "://")?.upperBound ?? url.startIndex
        let scheme = url[..<start]
        let authority = url[start...].prefix { !"/\\?#".contains($0) }
        let rest = url[authority.endIndex...]
        if let at = authority.lastIndex(of: "@") {
            return "\(scheme)\(authority[authority.index(after: at)...])\(pathOnly(rest))"
        }
        let port = authority.hasSuffix("]") ? "" : authority.split(separator: ":").dropFirst().last ?? ""
        let isReadable = !rest.contains("@") || port.allSatisfy { $0.isASCII && $0.isNumber }
        return isReadable ? "\(scheme)\(authority)\(pathOnly(rest))" : "\(scheme)…"
    }

    private static func pathOnly(_ text: Substring) -> Substring {
        text.prefix { $0 != "?" && $0 != "#" }
    }
}
