// One exchange with a real Kratos, in the form that the tests compare.

/// A request to Kratos v26.2 and its answer, with names in braces for what differs each time.
package struct RecordedExchange: Sendable, CustomStringConvertible {
    package enum Port: String, Sendable { case admin, `public` }

    /// A way of recovering.
    package enum Method: String, Sendable { case code, link }

    /// The name of the file; that of the step where the exchange belongs to a story.
    package let name: String
    /// The method that was switched off on the server.
    package let disabled: Method?
    /// What the server was asked before, so that it had what it was asked for.
    package let earlier: [RecordedExchange]
    package let port: Port
    /// The method and the target of the request; `{identity}` in it is the identity that was created before.
    package let request: String
    /// The header lines of the request, without `Host` and `Content-Length`.
    package let requestHeaders: [String]
    package let sent: String?
    package let status: String
    /// Every header line of the answer in its order.
    ///
    /// A single exchange leaves out `Date` and `Content-Length`, which always come last (the latter never
    /// with a 204). A step of a story leaves out `Cache-Control` and what frames the body.
    package let headers: [String]
    package let body: String

    package var description: String { name }

    package static var all: [RecordedExchange] { Recordings.all.exchanges }

    /// The text with values for the names in braces.
    package static func filled(_ text: String, _ values: [String: String]) -> String {
        text.replacing(#/\{([a-z][a-z0-9_]*)\}/#) { match in
            values[String(match.output.1)] ?? String(match.output.0)
        }
    }

    /// The bytes to send.
    package func bytes(_ values: [String: String] = [:]) -> String {
        var text = "\(Self.filled(request, values)) HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        for header in requestHeaders { text += Self.filled(header, values) + "\r\n" }
        guard let sent else { return text + "\r\n" }
        let body = Self.filled(sent, values)
        return text + "Content-Length: \(body.utf8.count)\r\n\r\n" + body
    }
}
