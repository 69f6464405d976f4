// One exchange with a real Kratos, in the form that the tests compare.

/// A request to Kratos v26.2 and its answer, with names in braces for what differs each time.
package struct RecordedExchange: Sendable, CustomStringConvertible {
    package enum Port: Sendable { case admin, `public` }

    /// A way of recovering.
    package enum Method: String, Sendable { case code, link }

    package let name: String
    /// The method that was switched off on the server.
    package let disabled: Method?
    /// What the server was asked before, so that it had what it was asked for.
    package let earlier: [RecordedExchange]
    package let port: Port
    /// The method and the target of the request; `{identity}` in it is the identity that was created before.
    package let request: String
    /// Empty where the request had none.
    package let contentType: String
    package let sent: String?
    package let status: String
    /// Every header line in its order, but for `Date` and `Content-Length`, which always come last (the latter never with a 204).
    package let headers: [String]
    package let body: String

    package init(
        _ name: String,
        disabled: Method? = nil,
        after earlier: [RecordedExchange] = [],
        _ port: Port,
        _ request: String,
        contentType: String = "application/json",
        sent: String? = nil,
        _ status: String,
        _ headers: [String],
        _ body: String...
    ) {
        self.name = name
        self.disabled = disabled
        self.earlier = earlier
        self.port = port
        self.request = request
        self.contentType = contentType
        self.sent = sent
        self.status = status
        self.headers = headers
        self.body = body.joined()
    }

    static let json = ["Content-Type: application/json; charset=utf-8"]
    static let error = ["Content-Type: application/json", "Ory-Error-Id: "]
    static let plain = ["Content-Type: text/plain; charset=utf-8", "X-Content-Type-Options: nosniff"]

    package var description: String { name }

    /// The bytes to send.
    package var bytes: String {
        var text = "\(request) HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
        if !contentType.isEmpty { text += "Content-Type: \(contentType)\r\n" }
        if let sent { text += "Content-Length: \(sent.utf8.count)\r\n\r\n" + sent } else { text += "\r\n" }
        return text
    }

    package static let all = code + codeRefused + link + routes + identityReads + identityWrites
}
