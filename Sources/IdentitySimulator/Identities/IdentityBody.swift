// The body of a request that creates identities, decoded into the struct that Kratos has for it.

import Model

/// What one identity is to be: `CreateIdentityBody` of `identity/handler.go`.
struct IdentityBody: Sendable {
    var schemaID = ""
    var state = ""
    var externalID = ""
    var traits = JSONTree.null
    var metadataPublic = JSONTree.null
    var metadataAdmin = JSONTree.null
    var password: String?
    var hashedPassword: String?
    /// The addresses that are imported as verified, in lower case.
    var verified: Set<String> = []

    var hasValidState: Bool { ["", "active", "inactive"].contains(state) }

    private static let name = "CreateIdentityBody"

    /// - Throws: what Go's strict decoder says of it.
    init(_ tree: JSONTree) throws(GoJSONError) {
        for member in try Self.members(tree, "identity.\(Self.name)") {
            switch member.name {
            case "schema_id": schemaID = try Self.string(member, Self.name)
            case "state": state = try Self.string(member, Self.name)
            case "external_id": externalID = try Self.string(member, Self.name)
            case "traits": traits = member.value
            case "metadata_public": metadataPublic = member.value
            case "metadata_admin": metadataAdmin = member.value
            case "credentials": try readCredentials(member.value)
            case "verifiable_addresses": try readAddresses(member, keepsVerified: true)
            case "recovery_addresses": try readAddresses(member, keepsVerified: false)
            case "organization_id": break
            default: throw GoJSONError(text: "json: unknown field \(JSONText.quoted(member.name))")
            }
        }
    }

    private mutating func readCredentials(_ tree: JSONTree) throws(GoJSONError) {
        for member in try Self.members(tree, "identity.IdentityWithCredentials") {
            switch member.name {
            case "password": try readPassword(member.value)
            case "oidc", "saml": break
            default: throw GoJSONError(text: "json: unknown field \(JSONText.quoted(member.name))")
            }
        }
    }

    private mutating func readPassword(_ tree: JSONTree) throws(GoJSONError) {
        let type = "AdminIdentityImportCredentialsPassword"
        for member in try Self.members(tree, "identity.\(type)") {
            guard member.name == "config" else {
                throw GoJSONError(text: "json: unknown field \(JSONText.quoted(member.name))")
            }
            for setting in try Self.members(member.value, "identity.\(type)Config") {
                switch setting.name {
                case "password": password = Self.filled(try Self.string(setting, "\(type)Config"))
                case "hashed_password":
                    hashedPassword = Self.filled(try Self.string(setting, "\(type)Config"))
                case "use_password_migration_hook": break
                default: throw GoJSONError(text: "json: unknown field \(JSONText.quoted(setting.name))")
                }
            }
        }
    }

    private mutating func readAddresses(
        _ member: JSONTree.Member,
        keepsVerified: Bool
    ) throws(GoJSONError) {
        let type = keepsVerified ? "VerifiableAddress" : "RecoveryAddress"
        let addresses: [JSONTree]
        switch member.value {
        case .array(let values): addresses = values
        case .null: return
        case let other: throw Self.mismatch(other, "\(Self.name).\(member.name)", "[]identity.\(type)")
        }
        for address in addresses {
            var value = ""
            for part in try Self.members(address, "identity.\(type)") where part.name == "value" {
                value = try Self.string(part, type)
            }
            if keepsVerified, address["verified"] == .bool(true) { verified.insert(value.lowercased()) }
        }
    }

    private static func members(_ tree: JSONTree, _ type: String) throws(GoJSONError) -> [JSONTree.Member] {
        switch tree {
        case .object(let members): return members
        case .null: return []
        default:
            throw GoJSONError(text: "json: cannot unmarshal \(tree.goName) into Go value of type \(type)")
        }
    }

    private static func string(_ member: JSONTree.Member, _ type: String) throws(GoJSONError) -> String {
        switch member.value {
        case .string(let text): return text
        case .null: return ""
        default: throw mismatch(member.value, "\(type).\(member.name)", "string")
        }
    }

    private static func mismatch(_ value: JSONTree, _ field: String, _ type: String) -> GoJSONError {
        GoJSONError(
            text: "json: cannot unmarshal \(value.goName) into Go struct field \(field) of type \(type)"
        )
    }

    private static func filled(_ text: String) -> String? { text.isEmpty ? nil : text }
}

/// One of the many of `PATCH /admin/identities`.
struct IdentityBatch: Sendable {
    struct Item: Sendable {
        /// Nil where nothing is to be created: Kratos answers null for it.
        var body: IdentityBody?
        var patchID: IdentityID?
    }

    var items: [Item] = []

    init(_ tree: JSONTree) throws(GoJSONError) {
        guard case .object(let members) = tree else {
            throw GoJSONError(
                text: "json: cannot unmarshal \(tree.goName) into Go value of type "
                    + "identity.BatchPatchIdentitiesBody"
            )
        }
        for member in members {
            guard member.name == "identities" else {
                throw GoJSONError(text: "json: unknown field \(JSONText.quoted(member.name))")
            }
            guard case .array(let values) = member.value else { continue }
            for value in values { items.append(try Self.item(value)) }
        }
    }

    private static func item(_ tree: JSONTree) throws(GoJSONError) -> Item {
        guard case .object(let members) = tree else {
            throw GoJSONError(
                text: "json: cannot unmarshal \(tree.goName) into Go struct field "
                    + "BatchPatchIdentitiesBody.identities of type identity.BatchIdentityPatch"
            )
        }
        var item = Item()
        for member in members {
            switch (member.name, member.value) {
            case (_, .null): break
            case ("create", let value): item.body = try IdentityBody(value)
            case ("patch_id", .string(let text)): item.patchID = try IssueBody.identity(text)
            case ("patch_id", let other):
                throw GoJSONError(
                    text: "json: cannot unmarshal \(other.goName) into Go struct field "
                        + "BatchIdentityPatch.identities.patch_id of type uuid.UUID"
                )
            default: throw GoJSONError(text: "json: unknown field \(JSONText.quoted(member.name))")
            }
        }
        return item
    }
}
