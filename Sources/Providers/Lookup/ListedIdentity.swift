// One identity as the servers list them.

import Foundation
package import Model

/// What a look-up tells of one identity.
package struct ListedIdentity: Hashable, Sendable {
    package let id: IdentityID
    /// Whether it may log in; a code for one that may not opens nothing.
    package let isActive: Bool
    /// Whether the server could send it a code itself.
    package let hasRecoveryAddress: Bool
    /// For each column asked for, its value as text: a number as the server spells it, of a list or an object
    /// its JSON, of null an empty text; nil where the identity has nothing at that path.
    package let columns: [String?]
    /// When the identity was last changed, by the server's clock; nil where that cannot be read.
    package let updatedAt: Timestamp?

    package init(
        id: IdentityID,
        isActive: Bool,
        hasRecoveryAddress: Bool,
        columns: [String?],
        updatedAt: Timestamp? = nil
    ) {
        self.updatedAt = updatedAt
        self.id = id
        self.isActive = isActive
        self.hasRecoveryAddress = hasRecoveryAddress
        self.columns = columns
    }
}

extension ListedIdentity {
    /// Reads a server's list; nil where the body is none.
    package static func list(in body: [UInt8], columns paths: [ColumnPath]) -> [ListedIdentity]? {
        // Decoders take UTF-16 and UTF-32 as well, which is no JSON between servers (RFC 8259, 8.1).
        guard !body.prefix(4).contains(0), ![[0xff, 0xfe], [0xfe, 0xff]].contains(body.prefix(2)),
            let listed = try? JSONDecoder().decode([Listed].self, from: Data(body))
        else { return nil }
        let columns = paths.isEmpty ? nil : ColumnPath.texts(ofEachIn: body, at: paths)
        return listed.enumerated().map { index, identity in
            ListedIdentity(
                id: identity.id,
                isActive: identity.isActive,
                hasRecoveryAddress: identity.hasRecoveryAddress,
                columns: columns.map { index < $0.count ? $0[index] : paths.map { _ in nil } } ?? [],
                updatedAt: identity.updatedAt
            )
        }
    }

    /// Reads one identity alone; nil where the body is none.
    package init?(body: [UInt8]) {
        guard let alone = Self.list(in: [UInt8(ascii: "[")] + body + [UInt8(ascii: "]")], columns: []),
            alone.count == 1
        else { return nil }
        self = alone[0]
    }
}

/// The parts of an identity that every server has.
private struct Listed: Decodable {
    let id: IdentityID
    let isActive: Bool
    let hasRecoveryAddress: Bool
    let updatedAt: Timestamp?

    private struct Address: Decodable {}

    private enum Key: String, CodingKey {
        case id, state
        case recoveryAddresses = "recovery_addresses"
        case updatedAt = "updated_at"
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        guard let id = IdentityID(try values.decode(String.self, forKey: .id)) else {
            throw DecodingError.dataCorruptedError(forKey: .id, in: values, debugDescription: "no UUID")
        }
        self.id = id
        // Servers older than v0.10 have no state: then it is active.
        isActive = (try? values.decodeIfPresent(String.self, forKey: .state)) != "inactive"
        let addresses = try? values.decodeIfPresent([Address].self, forKey: .recoveryAddresses)
        hasRecoveryAddress = addresses?.isEmpty == false
        updatedAt = values.time(.updatedAt)
    }
}
