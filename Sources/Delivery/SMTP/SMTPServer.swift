// Where a relay is, by its URL.

import Model

/// A relay's address: `smtp://host[:587]` for STARTTLS, `smtps://host[:465]` for TLS from the start.
package struct SMTPServer: Hashable, Sendable, CustomStringConvertible {
    /// A name, an IPv4 address, or an IPv6 address in brackets.
    package let host: String
    package let port: Int
    package let isTLSFromTheStart: Bool

    /// - Throws: a `MailSettingError`, for a URL with anything besides scheme, host and port.
    package init(_ url: String) throws(MailSettingError) {
        let text = url.hasSuffix("/") ? url.dropLast() : url[...]
        guard let mark = text.firstRange(of: "://") else {
            throw Self.refusal("has no scheme", url)
        }
        switch text[..<mark.lowerBound].lowercased() {
        case "smtp": isTLSFromTheStart = false
        case "smtps": isTLSFromTheStart = true
        default: throw Self.refusal("does not begin with smtp:// or smtps://", url)
        }
        let authority = text[mark.upperBound...]
        guard !authority.contains("@") else {
            throw Self.refusal(
                "has a user or a password in it, which are given by settings of their own",
                url
            )
        }
        guard !authority.contains(where: { "/?#\\".contains($0) }) else {
            throw Self.refusal("has something behind its host and port", url)
        }
        guard let (host, rest) = Self.host(authority), Self.isHost(host) else {
            throw Self.refusal("has no host, or one that cannot be", url)
        }
        self.host = host
        guard !rest.isEmpty else {
            port = isTLSFromTheStart ? 465 : 587
            return
        }
        let digits = rest.dropFirst()
        guard rest.first == ":", 1...5 ~= digits.utf8.count, digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }),
            let port = Int(digits), 1...65535 ~= port
        else { throw Self.refusal("has a port that does not exist", url) }
        self.port = port
    }

    package var description: String { "\(isTLSFromTheStart ? "smtps" : "smtp")://\(host):\(port)" }

    /// Whether it is this machine: RFC 6761, 6.3, and the addresses of RFC 1122 and RFC 4291.
    package var isLoopback: Bool {
        if host == "localhost" || host.hasSuffix(".localhost") || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// The host, and what comes after it.
    private static func host(_ authority: Substring) -> (String, Substring)? {
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            let rest = authority[authority.index(after: end)...]
            return (authority[...end].lowercased(), rest)
        }
        let host = authority.prefix { $0 != ":" }
        return (host.lowercased(), authority[host.endIndex...])
    }

    private static func isHost(_ host: String) -> Bool {
        if host.hasPrefix("[") {
            let address = host.dropFirst().dropLast()
            return address.contains(":") && address.utf8.count <= 64
                && address.utf8.allSatisfy { "0123456789abcdef:.".utf8.contains($0) }
        }
        return !host.isEmpty && host.utf8.count <= 253 && !host.hasPrefix(".") && !host.hasPrefix("-")
            && host.utf8.allSatisfy { byte in
                0x30...0x39 ~= byte || 0x61...0x7a ~= byte || byte >= 0x80 || "-._".utf8.contains(byte)
            }
    }

    private static func refusal(_ reason: String, _ url: String) -> MailSettingError {
        // What stands before an @ may be a password.
        let shown = url.lastIndex(of: "@").map { "…\(url[$0...])" } ?? url
        return MailSettingError(
            .relayURL,
            "the relay's URL \(shown.prefix(80)) \(reason)",
            advice: "write it as in smtp://relay.example.com:587 or smtps://relay.example.com:465"
        )
    }
}
