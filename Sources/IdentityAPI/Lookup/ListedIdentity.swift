// One identity as the servers list them.

package import Vocabulary

/// What a look-up tells of one identity.
package struct ListedIdentity: Hashable, Sendable {
    package let id: IdentityID
    /// Whether it may log in; a code for one that may not opens nothing.
    package let isActive: Bool
    /// Whether the server could send it a code itself.
    package let hasRecoveryAddress: Bool
    /// For each column asked for, its value as text: of what is neither text nor number its JSON, of null an empty
    /// text; nil where the identity has nothing at that path.
    package let columns: [String?]

    package init(id: IdentityID, isActive: Bool, hasRecoveryAddress: Bool, columns: [String?]) {
        self.id = id
        self.isActive = isActive
        self.hasRecoveryAddress = hasRecoveryAddress
        self.columns = columns
    }
}

extension CodingUserInfoKey {
    /// The paths, `[ColumnPath]`, whose values are wanted.
    static let columnPaths = CodingUserInfoKey(rawValue: "columnPaths")
        .unsafelyUnwrapped  // Any text makes a key.
}

extension ListedIdentity: Decodable {
    private struct Address: Decodable {}

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: AnyKey.self)
        let text = try values.decode(String.self, forKey: AnyKey("id"))
        guard let id = IdentityID(text) else {
            throw DecodingError.dataCorruptedError(
                forKey: AnyKey("id"),
                in: values,
                debugDescription: "no UUID"
            )
        }
        self.id = id
        // Servers older than v0.10 have no state: then it is active.
        isActive = (try? values.decodeIfPresent(String.self, forKey: AnyKey("state"))) != "inactive"
        let addresses = try? values.decodeIfPresent([Address].self, forKey: AnyKey("recovery_addresses"))
        hasRecoveryAddress = addresses?.isEmpty == false
        let paths = decoder.userInfo[.columnPaths] as? [ColumnPath] ?? []
        columns = paths.map { JSONText.text(at: $0.steps[...], in: .keyed(values)) }
    }
}

/// A key of any object.
struct AnyKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(_ text: String) {
        stringValue = text
        intValue = nil
    }

    init(stringValue: String) { self.init(stringValue) }

    init?(intValue: Int) { nil }
}
