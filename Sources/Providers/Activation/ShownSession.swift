// Sessions as servers list them: whose they are, and how they began.

import Foundation
package import Model

/// One session of one identity.
package struct ShownSession: Hashable, Sendable {
    /// Nil where the list does not say.
    package let identity: IdentityID?
    package let authenticatedAt: Timestamp?
    package let methods: [Method]

    /// One step of logging in.
    package struct Method: Hashable, Sendable {
        /// Such as `code_recovery` or `password`.
        package let name: String
        /// When it succeeded; the session's time where it has none of its own.
        package let completedAt: Timestamp?

        package init(name: String, completedAt: Timestamp?) {
            self.name = name
            self.completedAt = completedAt
        }
    }

    package init(identity: IdentityID?, authenticatedAt: Timestamp?, methods: [Method]) {
        self.identity = identity
        self.authenticatedAt = authenticatedAt
        self.methods = methods
    }
}

/// Sessions of all identities, the latest first.
package struct SessionPage: Sendable {
    package let sessions: [ShownSession]
    /// What asks for the page that follows; nil for the last one.
    package let next: String?

    package init(sessions: [ShownSession], next: String?) {
        self.sessions = sessions
        self.next = next
    }
}

extension ShownSession {
    /// Reads a server's list; nil where the body is none.
    package static func list(in body: [UInt8]) -> [ShownSession]? {
        guard let listed = try? JSONDecoder().decode([Listed].self, from: Data(body)) else { return nil }
        return listed.map(\.session)
    }
}

private struct Listed: Decodable {
    let session: ShownSession

    private enum Key: String, CodingKey {
        case id, identity
        case authenticatedAt = "authenticated_at"
        case methods = "authentication_methods"
    }

    private struct Owner: Decodable { let id: String }

    private struct Step: Decodable {
        let method: String
        let completedAt: Timestamp?

        private enum Key: String, CodingKey {
            case method
            case completedAt = "completed_at"
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: Key.self)
            method = try values.decode(String.self, forKey: .method)
            completedAt = values.time(.completedAt)
        }
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        // What is no session has no ID.
        _ = try values.decode(String.self, forKey: .id)
        let owner = try? values.decodeIfPresent(Owner.self, forKey: .identity)
        let steps = (try? values.decodeIfPresent([Step].self, forKey: .methods)) ?? []
        let time = values.time(.authenticatedAt)
        session = ShownSession(
            identity: owner.flatMap { IdentityID($0.id) },
            authenticatedAt: time,
            methods: steps.map {
                ShownSession.Method(name: $0.method, completedAt: $0.completedAt ?? time)
            }
        )
    }
}
