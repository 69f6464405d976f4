// What a server says, made fit to be shown.

import Foundation

/// Texts of a server's without what opens an account.
struct SaidText: Sendable {
    private let secrets: [String]

    /// The longest text that is shown, in Unicode scalars.
    static let lengthMax = 300

    /// - Parameter secrets: what was sent, or came, in confidence so far; the longest are looked for first.
    init(hiding secrets: [SecretText]) {
        self.secrets = secrets.map(\.secret).filter { !$0.isEmpty }.sorted { $0.count > $1.count }
    }

    /// One line of bounded length, in which no secret and of no URL a query stands.
    func clean(_ text: String) -> String {
        var text = text
        for secret in secrets { text = text.replacingOccurrences(of: secret, with: "[redacted]") }
        text = text.replacing(#/(https?:\/\/[^\s?#]*)[?#]\S*/#) { $0.output.1 }
        return text.line(lengthMax: Self.lengthMax)
    }
}

/// Where a server sends a browser: a page, and the flow that it is to show.
struct NextPlace {
    /// Without query and fragment.
    let page: String
    /// Nil where the URL names none, or one that no server makes.
    let flow: String?

    private static let flowLengthMax = 64

    init?(_ url: String) {
        guard let parts = URLComponents(string: url) else { return nil }
        page = String(url.prefix { $0 != "?" && $0 != "#" })
        let item = parts.queryItems?.first { $0.name == "flow" || $0.name == "id" }
        flow = item?.value.flatMap { value in
            let isPlain = value.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
            return isPlain && (1...Self.flowLengthMax).contains(value.utf8.count) ? value : nil
        }
    }
}

extension SecretText {
    /// The flow that a link belongs to; nil where it names none.
    ///
    /// The link may be relative.
    package var flowOfLink: String? { NextPlace(secret)?.flow }

    /// Whether opening it asks this server and no other.
    package func isLink(to server: ServerURL) -> Bool {
        guard let own = Self.origin(of: server.requestBase) else { return false }
        return server.unixSocketPath == nil && Self.origin(of: secret) == own
    }

    private static func origin(of url: String) -> String? {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
            let host = parts.host?.lowercased(), parts.user == nil, parts.password == nil
        else { return nil }
        return "\(scheme)://\(host):\(parts.port ?? (scheme == "https" ? 443 : 80))"
    }
}
