// Where links of the self-service API lead.

import Foundation
package import Providers
package import Model

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

extension Secret<String> {
    /// The flow that a link belongs to; nil where it names none.
    ///
    /// The link may be relative.
    package var flowOfLink: String? { NextPlace(revealed)?.flow }

    /// Whether opening it asks this server and no other.
    package func isLink(to server: ServerURL) -> Bool {
        guard let own = Self.origin(of: server.requestBase) else { return false }
        return server.unixSocketPath == nil && Self.origin(of: revealed) == own
    }

    private static func origin(of url: String) -> String? {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
            let host = parts.host?.lowercased(), parts.user == nil, parts.password == nil
        else { return nil }
        return "\(scheme)://\(host):\(parts.port ?? (scheme == "https" ? 443 : 80))"
    }
}
