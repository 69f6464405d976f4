// From what `--server` says to a base URL, by the provider's rules.

import Foundation
import Model

extension Provider {
    /// Reads `--server`.
    ///
    /// A URL or `unix:/path` for every provider; for Ory Network also a project's slug
    /// (`focused-bohr-a1b2c3`) or a domain (`auth.example.com`).
    ///
    /// - Throws: `ServerURL.Refusal`, a sentence.
    package func serverURL(_ argument: String) throws(ServerURL.Refusal) -> ServerURL {
        guard serverForm == .oryProject, !argument.contains("://"), !argument.hasPrefix("unix:") else {
            return try ServerURL(argument)
        }
        let name = argument.lowercased()
        guard !name.contains("/") else {
            throw ServerURL.Refusal(
                description:
                    "\"\(ServerURL.shown(argument))\" is neither a URL nor a project's slug: a slug, such as "
                    + "focused-bohr-a1b2c3, has no slash, and a URL begins with https://"
            )
        }
        if UUID(uuidString: name) != nil {
            throw ServerURL.Refusal(
                description: "\"\(name)\" is a project's ID; its slug, such as focused-bohr-a1b2c3, is wanted"
            )
        }
        if name.contains(".") || name.contains(":") { return try ServerURL("https://\(argument)") }
        guard Self.isSlug(name) else {
            throw ServerURL.Refusal(
                description:
                    "\"\(ServerURL.shown(argument))\" is neither a URL nor a project's slug: a slug, such as "
                    + "focused-bohr-a1b2c3, has letters, digits and dashes"
            )
        }
        return try ServerURL("https://\(name).projects.oryapis.com")
    }

    private static func isSlug(_ text: String) -> Bool {
        (1...63).contains(text.utf8.count) && !text.hasPrefix("-") && !text.hasSuffix("-")
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    /// Why a key cannot do the work, as far as its looks tell; nil when nothing speaks against it.
    package func refusal(of key: BearerToken) -> String? {
        rejectedKeyPrefixes.first { key.secret.hasPrefix($0.prefix) }?.reason
    }
}
