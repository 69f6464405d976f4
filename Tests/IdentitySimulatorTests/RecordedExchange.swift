// One exchange with a real Kratos, in the form that the tests compare.

import IdentitySimulator
import Testing

/// A request to Kratos v26.2 and its answer, with names in braces for what differs each time.
struct RecordedExchange: Sendable, CustomTestStringConvertible {
    let name: String
    /// The method that was switched off on the server.
    let disabled: IssuingEndpoint?
    let port: SimulatedRequest.Port
    /// The method and the target of the request.
    let request: String
    /// Empty where the request had none.
    let contentType: String
    let sent: String?
    let status: String
    /// Every header line in its order, but for `Date` and `Content-Length`, which always come last.
    let headers: [String]
    let body: String

    init(
        _ name: String,
        disabled: IssuingEndpoint? = nil,
        _ port: SimulatedRequest.Port,
        _ request: String,
        contentType: String = "application/json",
        sent: String? = nil,
        _ status: String,
        _ headers: [String],
        _ body: String...
    ) {
        self.name = name
        self.disabled = disabled
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

    var testDescription: String { name }

    /// The bytes to send.
    var bytes: String {
        var text = "\(request) HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
        if !contentType.isEmpty { text += "Content-Type: \(contentType)\r\n" }
        if let sent { text += "Content-Length: \(sent.utf8.count)\r\n\r\n" + sent } else { text += "\r\n" }
        return text
    }

    static let all = code + codeRefused + link + routes
}
