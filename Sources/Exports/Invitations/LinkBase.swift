// Relative links, and what they are relative to.

import Foundation

/// What a relative link is resolved against (RFC 3986, 5).
package struct LinkBase: Hashable, Sendable {
    /// The absolute http(s) URL.
    package let text: String
    private let url: URL

    /// Nil unless it is an absolute http or https URL with a host.
    package init?(_ argument: String) {
        guard let url = URL(string: argument), let scheme = url.scheme?.lowercased(),
            scheme == "http" || scheme == "https", url.host?.isEmpty == false
        else { return nil }
        text = argument
        self.url = url
    }

    /// The absolute form of a link; itself where it is absolute already or cannot be read.
    package func resolve(_ link: String) -> String {
        guard Self.isRelative(link) else { return link }
        return URL(string: link, relativeTo: url)?.absoluteString ?? link
    }

    /// Whether a link names no scheme; no link at all is not relative.
    package static func isRelative(_ link: String) -> Bool {
        guard !link.isEmpty else { return false }
        let scheme = link.utf8.prefix { !":/?#".utf8.contains($0) }
        return scheme.count == link.utf8.count || link.utf8[scheme.endIndex] != UInt8(ascii: ":")
    }
}
