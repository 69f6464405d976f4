// The base URL of a server: checked once, written in one way.

import Foundation

/// The base URL of a server, normalised so that two spellings of one server compare equal.
///
/// Scheme and host are lower case, the scheme's own port and a trailing slash are left out. A path prefix stays.
package struct ServerURL: Hashable, Sendable, CustomStringConvertible {
    /// `http://host:port/prefix`, without a trailing slash.
    package let text: String

    package var description: String { text }

    /// Why a text is no base URL; a sentence.
    package struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// Reads a base URL.
    ///
    /// - Throws: `Refusal` when it has no `http` or `https`, no host, a user name or password, a query or a fragment.
    package init(_ argument: String) throws(Refusal) {
        guard let parts = URLComponents(string: argument), let scheme = parts.scheme?.lowercased() else {
            throw Refusal(
                description: "the server's URL cannot be read; it looks like https://kratos.example.com:4434"
            )
        }
        guard scheme == "http" || scheme == "https" else {
            throw Refusal(
                description: "the server's URL begins with \(scheme):, but only http and https are spoken"
            )
        }
        guard parts.user == nil, parts.password == nil else {
            throw Refusal(
                description: "the server's URL has a user name or password in it, where others can see them; "
                    + "a credential comes from --api-key-file or LATCHSTRING_API_KEY"
            )
        }
        guard parts.query == nil, parts.fragment == nil else {
            throw Refusal(description: "the server's URL has a query or a fragment; give the base URL alone")
        }
        guard let host = parts.percentEncodedHost?.lowercased(), !host.isEmpty else {
            throw Refusal(
                description: "the server's URL has no host; it looks like https://kratos.example.com:4434"
            )
        }
        // Of a port beyond every integer Foundation says that there is none.
        if parts.port == nil, let port = parts.rangeOfPort, !port.isEmpty {
            throw Refusal(
                description: "the server's URL has the port \(argument[port]), which does not exist"
            )
        }
        var text = "\(scheme)://\(host)"
        if let port = parts.port, port != (scheme == "http" ? 80 : 443) {
            guard (1...65535).contains(port) else {
                throw Refusal(description: "the server's URL has the port \(port), which does not exist")
            }
            text += ":\(port)"
        }
        var path = parts.percentEncodedPath
        while path.hasSuffix("/") { path.removeLast() }
        self.text = text + path
    }
}
