// What a user would type to log in, as far as an identity shows it.

import Foundation
import Providers
package import HTTPTransport
package import Model

/// Whose account it is, and what its user logs in by.
///
/// Facts: Ory Kratos v26.2, recorded: administrators see `credentials.password.identifiers` of an identity
/// that has a password; users see traits and addresses only, of which the schema, unseen here, makes one the
/// identifier.
package struct AccountFacts: Sendable {
    package let identity: IdentityID?
    package let isActive: Bool
    /// The login identifier; personal, so not to be printed; nil where nothing looks like one.
    package let identifier: Secret<String>?

    /// Where most schemas have it, in this order.
    private static let usualTraits = ["email", "username", "user_name", "login", "phone", "phone_number"]
}

extension AccountFacts: Decodable {
    private struct Credential: Decodable {
        let identifiers: [String]
    }

    private struct Address: Decodable {
        let value: String
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: AnyKey.self)
        identity = IdentityID(try values.decode(String.self, forKey: AnyKey("id")))
        isActive = (try? values.decode(String.self, forKey: AnyKey("state"))) != "inactive"
        // One at a time: of credentials of other kinds only the name is certain.
        let credentials = try? values.nestedContainer(keyedBy: AnyKey.self, forKey: AnyKey("credentials"))
        let password = try? credentials?.decode(Credential.self, forKey: AnyKey("password"))
        let traits = try? values.nestedContainer(keyedBy: AnyKey.self, forKey: AnyKey("traits"))
        let usual = Self.usualTraits.lazy.compactMap { name in
            try? traits?.decode(String.self, forKey: AnyKey(name))
        }
        let addresses = ["recovery_addresses", "verifiable_addresses"].lazy.compactMap { name in
            (try? values.decode([Address].self, forKey: AnyKey(name)))?.first?.value
        }
        let first = [password?.identifiers.first].compactMap { $0 }
        let candidates = [first, Array(usual), Array(addresses)].joined()
        identifier = candidates.first { !$0.isEmpty }.map(Secret.init)
    }

    /// Reads `GET {admin}/admin/identities/{id}`; nil where it is no identity.
    package init?(_ response: HTTPResponse) {
        guard response.status == 200, !response.isBodyTruncated,
            let facts = try? JSONDecoder().decode(AccountFacts.self, from: Data(response.body))
        else { return nil }
        self = facts
    }
}

extension ServerConnection {
    /// One identity as administrators see it.
    package func identityRequest(_ identity: IdentityID) -> HTTPRequest {
        request(.get, "\(provider.identitiesPath)/\(identity.text)", token: credential.token)
    }
}
