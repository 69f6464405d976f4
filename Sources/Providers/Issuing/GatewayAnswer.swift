// What something on the way to a server says in its place: pages, plain words, and JSON of other makers.

import Foundation
import HTTPTransport
import Model

/// A refusal that is no error of Kratos' or Connhex'.
struct GatewayAnswer {
    private let response: HTTPResponse
    /// The beginning of the body.
    private let text: String

    /// As much of a body is looked at, in bytes.
    private static let lengthMax = 64 << 10
    /// The longest title, in Unicode scalars.
    private static let titleLengthMax = 100

    init(_ response: HTTPResponse) {
        self.response = response
        text = String(decoding: response.body.prefix(Self.lengthMax), as: UTF8.self)
    }

    /// `text/html`; nil where the answer does not say.
    var type: String? { response.headers["content-type"].map { String($0.prefix { $0 != ";" }) } }

    /// What it is, and its title: `a page titled "403 Forbidden"`.
    ///
    /// - Parameter redacted: takes secrets out of what it says.
    func words(_ redacted: (String) -> String) -> String {
        let what = isPage ? "a page" : "an answer"
        guard let title, !title.isEmpty else {
            return response.body.isEmpty ? "an empty answer" : "\(what) without words"
        }
        let shown = redacted(title).line(lengthMax: Self.titleLengthMax)
        return "\(what) \(isPage ? "titled" : "that says") \"\(shown)\""
    }

    private var isPage: Bool {
        type?.lowercased().contains("html") == true
            || text.drop(while: \.isWhitespace).lowercased().hasPrefix("<")
    }

    /// The title of a page, the message in JSON, or the first line of anything else.
    private var title: String? {
        if isPage { return element("title") ?? element("h1") }
        if !response.isBodyTruncated,
            let object = try? JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any]
        {
            return Self.message(object)
        }
        let lines = text.split(whereSeparator: \.isNewline).lazy.map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        return lines.first { !$0.isEmpty }
    }

    /// What stands in an element, on one line and without further elements.
    private func element(_ name: String) -> String? {
        let options: String.CompareOptions = [.caseInsensitive]
        guard let start = text.range(of: "<\(name)", options: options),
            let open = text.range(of: ">", range: start.upperBound..<text.endIndex),
            let end = text.range(of: "</\(name)", options: options, range: open.upperBound..<text.endIndex)
        else { return nil }
        var content = String(text[open.upperBound..<end.lowerBound])
        content = content.replacingOccurrences(of: "<[^>]*>", with: " ", options: .regularExpression)
        for (entity, character) in [
            ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "'"), ("&#39;", "'"), ("&amp;", "&"),
        ] {
            content = content.replacingOccurrences(of: entity, with: character)
        }
        let words = content.split(whereSeparator: \.isWhitespace)
        return words.isEmpty ? nil : words.joined(separator: " ")
    }

    /// AWS' `message`, Tyk's `error`, Apigee's `fault`, RFC 9457's `detail` and `title`.
    private static func message(_ object: [String: Any]) -> String? {
        for name in ["message", "Message", "detail", "title", "error_description", "faultstring"] {
            if let text = object[name] as? String, !text.isEmpty { return text }
        }
        for name in ["error", "fault", "errors"] {
            if let text = object[name] as? String, !text.isEmpty { return text }
            if let inner = object[name] as? [String: Any], let text = message(inner) { return text }
            if let first = (object[name] as? [Any])?.first {
                if let text = first as? String { return text }
                if let inner = first as? [String: Any], let text = message(inner) { return text }
            }
        }
        return nil
    }
}

// MARK: - What a page gives away

extension GatewayAnswer {
    /// Whether the port speaks TLS, and got HTTP without it.
    ///
    /// The words of nginx and what is made of it (AWS' load balancers among them), Go's `net/http` (Traefik,
    /// Caddy, Kubernetes), Apache httpd, Tomcat, and Cheroot.
    var isOfTLSPort: Bool {
        let words = text.lowercased()
        return [
            "plain http request was sent to https port", "http request to an https server",
            "plain http to an ssl-enabled", "host and port requires tls", "only speaks https",
        ].contains { words.contains($0) }
    }

    /// Whether the request came without the client certificate that is wanted, or with another: nginx' words.
    var isOfClientCertificate: Bool {
        let words = text.lowercased()
        return ["no required ssl certificate was sent", "the ssl certificate error"].contains {
            words.contains($0)
        }
    }
}
