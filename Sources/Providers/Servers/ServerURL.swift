// The base URL of a server: checked once, written in one way.

import Foundation
package import Model

/// The base URL of a server, normalised so that two spellings of one server compare equal.
///
/// Scheme and host are lower case, the scheme's own port and a trailing slash are left out. A path prefix
/// stays. A server on a Unix socket is written `unix:/path/of/socket`.
package struct ServerURL: Hashable, Sendable, CustomStringConvertible {
    /// `http://host:port/prefix`, without a trailing slash, or `unix:/path`.
    package let text: String
    /// What the URLs of requests begin with.
    package let requestBase: String
    /// The socket to connect to instead of a host and port.
    package let unixSocketPath: String?
    /// Whether what is sent stays on this machine.
    package let isLoopback: Bool

    package var description: String { text }

    /// Whether nobody on the way can read what is sent.
    package var isConfidential: Bool { isLoopback || requestBase.hasPrefix("https:") }

    /// Why a text is no base URL; a sentence.
    package struct Refusal: ProblemError, Hashable {
        package enum Code: String, Sendable, CaseIterable {
            case noServer = "server_url"
        }

        package let problem: Problem

        init(description: Wording) {
            problem = Problem(Code.noServer.rawValue, description)
        }
    }

    private static let example = "it looks like https://kratos.example.com:4434"
    /// The longest path that a socket's address can hold.
    private static let socketPathLengthMax = 107

    /// Reads a base URL.
    ///
    /// - Throws: `Refusal` when it has no `http` or `https`, no host, a user name or password, a query or a
    /// fragment.
    package init(_ argument: String) throws(Refusal) {
        if argument.hasPrefix("unix:") {
            try self.init(socket: argument)
        } else {
            try self.init(url: argument)
        }
    }

    private init(socket argument: String) throws(Refusal) {
        var path = argument.dropFirst("unix:".count)
        while path.hasPrefix("//") { path.removeFirst() }
        guard path.hasPrefix("/"), path.count > 1, !path.hasSuffix("/") else {
            throw Refusal(description: "a Unix socket is written unix:/path/of/socket, with its whole path")
        }
        guard path.utf8.count <= Self.socketPathLengthMax else {
            throw Refusal(
                description:
                    "the path of the Unix socket is longer than \(Self.socketPathLengthMax) bytes, the most "
                    + "that a socket's address can hold"
            )
        }
        text = "unix:\(path)"
        requestBase = "http://localhost"
        unixSocketPath = String(path)
        isLoopback = true
    }

    private init(url argument: String) throws(Refusal) {
        guard let parts = URLComponents(string: argument), let scheme = parts.scheme?.lowercased() else {
            throw Refusal(description: "the server's URL cannot be read; \(Self.example)")
        }
        guard scheme == "http" || scheme == "https" else {
            throw Refusal(
                description: "the server's URL begins with \(scheme):, but only http and https are spoken"
            )
        }
        guard parts.user == nil, parts.password == nil else {
            throw Refusal(
                description: "the server's URL has a user name or password in it, where others can see them; "
                    + "a credential comes from \(.apiKeyFile) or \(variable: .apiKey)"
            )
        }
        guard parts.query == nil, parts.fragment == nil else {
            throw Refusal(description: "the server's URL has a query or a fragment; give the base URL alone")
        }
        guard let host = parts.percentEncodedHost?.lowercased(), !host.isEmpty else {
            throw Refusal(description: "the server's URL has no host; \(Self.example)")
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
        requestBase = self.text
        unixSocketPath = nil
        isLoopback = Self.isLoopback(host: host)
    }

    /// RFC 6761, 6.3: `localhost` and what is below it; and the addresses of RFC 1122 and RFC 4291.
    private static func isLoopback(host: String) -> Bool {
        if host == "localhost" || host.hasSuffix(".localhost") || host == "[::1]" || host == "::1" {
            return true
        }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { $0.utf8.allSatisfy({ (0x30...0x39).contains($0) }) && UInt8($0) != nil }
    }

    /// A text for an error message: bounded, and without what might be a password.
    static func shown(_ argument: String) -> String {
        let withoutUser = argument.lastIndex(of: "@").map { "…\(argument[$0...])" } ?? argument
        return String(withoutUser.prefix(80))
    }
}
