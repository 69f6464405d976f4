// What of an account an administrator may change, and how a changed document becomes an account again.

extension Account {
    /// What of it a patch may change.
    var patchable: JSONTree {
        .object([
            JSONTree.Member(name: "schema_id", value: .string("default")),
            JSONTree.Member(name: "state", value: .string(isActive ? "active" : "inactive")),
            JSONTree.Member(name: "external_id", value: .string(externalID)),
            JSONTree.Member(name: "traits", value: traits),
            JSONTree.Member(name: "metadata_public", value: metadataPublic),
            JSONTree.Member(name: "metadata_admin", value: metadataAdmin),
        ])
    }

    /// The same as a body describes it.
    func patchable(by body: IdentityBody) -> JSONTree {
        let state = body.state.isEmpty ? (isActive ? "active" : "inactive") : body.state
        return .object([
            JSONTree.Member(
                name: "schema_id",
                value: .string(body.schemaID.isEmpty ? "default" : body.schemaID)
            ),
            JSONTree.Member(name: "state", value: .string(state)),
            JSONTree.Member(name: "external_id", value: .string(body.externalID)),
            JSONTree.Member(name: "traits", value: body.traits),
            JSONTree.Member(name: "metadata_public", value: body.metadataPublic),
            JSONTree.Member(name: "metadata_admin", value: body.metadataAdmin),
        ])
    }

    /// The account as a changed document describes it.
    func patched(with document: JSONTree, at time: GoTime) throws(IdentityPatch.Failure) -> Account {
        var account = self
        account.updatedAt = time
        let state = document["state"]?.string ?? ""
        guard state == "active" || state == "inactive" else {
            throw IdentityPatch.Failure(
                text: "identity state is not valid",
                reason: "The supplied state ('\(state)') was not valid. "
                    + "Valid states are ('active', 'inactive')."
            )
        }
        if (state == "active") != isActive {
            account.isActive.toggle()
            account.stateChangedAt = time
        }
        account.externalID = document["external_id"]?.string ?? ""
        account.metadataPublic = document["metadata_public"] ?? .null
        account.metadataAdmin = document["metadata_admin"] ?? .null
        do throws(IdentityRules.Refusal) {
            let schema = document["schema_id"]?.string ?? ""
            guard schema == "default" else { throw .unknownSchema(schema) }
            let traits = document["traits"] ?? .null
            if traits != self.traits { try IdentityRules().setTraits(traits, of: &account) }
        } catch {
            throw IdentityPatch.Failure(text: IdentityRules.Refusal.message, reason: error.reason)
        }
        if account.email == email {
            account.hasRecoveryAddress = hasRecoveryAddress
        } else {
            account.isVerified = false
        }
        return account
    }
}
