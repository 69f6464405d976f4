// One identity as servers show it alone: with the times of its credentials, and without their secrets.

import Foundation
package import Model

/// An identity with its credentials.
package struct ShownIdentity: Hashable, Sendable {
    package let listed: ListedIdentity
    /// Nil where the answer has none to read.
    package let credentials: [ShownCredential]?

    package init(_ listed: ListedIdentity, credentials: [ShownCredential]?) {
        self.listed = listed
        self.credentials = credentials
    }
}

/// When a credential was made and last changed.
package struct ShownCredential: Hashable, Sendable {
    /// Such as `password`.
    package let kind: String
    /// Nil where the answer has none, or none that can be read.
    package let createdAt: Timestamp?
    package let updatedAt: Timestamp?

    package init(kind: String, createdAt: Timestamp?, updatedAt: Timestamp?) {
        self.kind = kind
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

extension ShownIdentity {
    /// As many kinds are read, in the order of their names, and names of that length at most.
    private static let kindsMax = 64
    private static let kindLengthMax = 64

    /// Reads the answer for one identity; nil where it is none.
    package init?(body: [UInt8]) {
        guard let listed = ListedIdentity(body: body),
            let shown = try? JSONDecoder().decode(Shown.self, from: Data(body))
        else { return nil }
        let kinds = shown.credentials?.keys.sorted().filter { $0.utf8.count <= Self.kindLengthMax }
            .prefix(Self.kindsMax)
        self.init(
            listed,
            credentials: kinds?.map { kind in
                let times = shown.credentials?[kind]
                return ShownCredential(kind: kind, createdAt: times?.created, updatedAt: times?.updated)
            }
        )
    }
}

private struct Shown: Decodable {
    let credentials: [String: Times]?

    private enum Key: String, CodingKey { case credentials }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        credentials = (try? values.decodeIfPresent([String: Times].self, forKey: .credentials)) ?? nil
    }

    struct Times: Decodable {
        let created: Timestamp?
        let updated: Timestamp?

        private enum Key: String, CodingKey {
            case created = "created_at"
            case updated = "updated_at"
        }

        init(from decoder: any Decoder) throws {
            let values = try? decoder.container(keyedBy: Key.self)
            created = values?.time(.created)
            updated = values?.time(.updated)
        }
    }
}

extension KeyedDecodingContainer {
    /// A time as RFC 3339 has it; nil for anything else.
    func time(_ key: Key) -> Timestamp? {
        ((try? decodeIfPresent(String.self, forKey: key)) ?? nil).flatMap(Timestamp.init(rfc3339:))
    }
}
