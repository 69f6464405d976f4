// The recorded exchanges as answers to read.

import HTTPTransport
import RecordedExchanges

extension RecordedExchange {
    /// The answer, with something of its kind where the recording has a name in braces.
    var response: HTTPResponse {
        let values = [
            "public": "http://127.0.0.1:4433", "flow": "5fc1fbf0-3a9a-4c5a-a4cd-5967e83e0b5e",
            "code": "050091",
            "token": "wingsQFnhyESMuHc2KMslmPIIUB5vnR9", "time": "2026-11-21T00:46:57.284692879Z",
            "email": "someone@example.test", "address": "0d2b5d6f-7c3e-4a51-8a3e-5e0b6f0c8a11",
            "identity": "021d045c-26f8-4316-8389-fc0ac90734e1", "admin": "http://127.0.0.1:4434",
        ]
        let filled = { (text: String) in
            values.reduce(text) { $0.replacing("{\($1.key)}", with: $1.value) }
        }
        let fields = headers.compactMap { line -> HTTPHeader? in
            let parts = line.split(separator: ":", maxSplits: 1)
            guard let name = parts.first else { return nil }
            return HTTPHeader(name: String(name), value: parts.count > 1 ? filled(String(parts[1])) : "")
        }
        return HTTPResponse(
            status: status.split(separator: " ").first.flatMap { Int($0) } ?? 0,
            headers: HTTPHeaders(fields),
            body: Array(filled(body).utf8)
        )
    }

    /// The way of recovering that was asked for; nil where none was.
    var method: Method? {
        if request.contains("/recovery/code") { return .code }
        return request.contains("/recovery/link") ? .link : nil
    }
}
