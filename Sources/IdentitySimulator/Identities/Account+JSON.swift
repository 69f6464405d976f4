// An identity as Kratos shows it to an administrator, byte for byte.

import Model

/// What one answer shows of identities.
struct AccountWriter: Sendable {
    enum Credentials: Sendable {
        /// None, as in a list.
        case hidden
        /// Their kinds and identifiers.
        case shown
        /// The password's hash too.
        case declassified
        /// As just created: with times of zero, and without what is null among the metadata of
        /// administrators.
        case fresh
    }

    let hash: SeededHash
    let publicURL: String

    var schemaURL: String { "\(publicURL)/schemas/ZGVmYXVsdA" }

    func append(_ account: Account, _ credentials: Credentials, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: "{\"id\":\"\(account.identity.text)\"".utf8)
        if !account.externalID.isEmpty {
            bytes.append(contentsOf: ",\"external_id\":".utf8)
            JSONText.append(account.externalID, to: &bytes)
        }
        if let email = account.email { appendCredentials(account, email, credentials, to: &bytes) }
        let state = account.isActive ? "active" : "inactive"
        bytes.append(
            contentsOf: (#","schema_id":"default","schema_url":"\#(schemaURL)","#
                + #""state":"\#(state)","state_changed_at":"\#(account.stateChangedAt.rfc3339Nano)"#
                + #"","traits":"#)
                .utf8
        )
        account.traits.append(to: &bytes)
        appendAddresses(account, to: &bytes)
        bytes.append(contentsOf: ",\"metadata_public\":".utf8)
        account.metadataPublic.append(to: &bytes)
        if credentials != .fresh || account.metadataAdmin != .null {
            bytes.append(contentsOf: ",\"metadata_admin\":".utf8)
            account.metadataAdmin.append(to: &bytes)
        }
        let created = account.createdAt.wholeMicroseconds
        let updated = account.updatedAt.wholeMicroseconds
        bytes.append(
            contentsOf: #","created_at":"\#(created)","updated_at":"\#(updated)","organization_id":null}"#
                .utf8
        )
    }

    private func appendCredentials(
        _ account: Account,
        _ email: String,
        _ credentials: Credentials,
        to bytes: inout [UInt8]
    ) {
        guard credentials != .hidden else { return }
        bytes.append(contentsOf: #","credentials":{"password":{"type":"password","identifiers":["#.utf8)
        JSONText.append(email, to: &bytes)
        bytes.append(UInt8(ascii: "]"))
        if credentials == .declassified {
            bytes.append(contentsOf: ",\"config\":{".utf8)
            if let hashed = hashedPassword(account) {
                bytes.append(contentsOf: "\"hashed_password\":".utf8)
                JSONText.append(hashed, to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
        let isFresh = credentials == .fresh
        let unset = "0001-01-01T00:00:00Z"
        let created = isFresh ? unset : account.createdAt.wholeMicroseconds
        let set = isFresh ? unset : (account.passwordSetAt ?? account.createdAt).wholeMicroseconds
        bytes.append(contentsOf: #","version":0,"created_at":"\#(created)","updated_at":"\#(set)"}}"#.utf8)
    }

    private func appendAddresses(_ account: Account, to bytes: inout [UInt8]) {
        guard let email = account.email else { return }
        let time = account.createdAt.wholeMicroseconds
        let times = #""created_at":"\#(time)","updated_at":"\#(time)"}]"#
        bytes.append(contentsOf: #","verifiable_addresses":[{"id":"\#(addressID(account, 1))","value":"#.utf8)
        JSONText.append(email, to: &bytes)
        let status = account.isVerified ? "completed" : "pending"
        bytes.append(
            contentsOf: #","verified":\#(account.isVerified),"via":"email","status":"\#(status)",\#(times)"#
                .utf8
        )
        guard account.hasRecoveryAddress else { return }
        bytes.append(contentsOf: #","recovery_addresses":[{"id":"\#(addressID(account, 2))","value":"#.utf8)
        JSONText.append(email, to: &bytes)
        bytes.append(contentsOf: #","via":"email",\#(times)"#.utf8)
    }

    func addressID(_ account: Account, _ kind: UInt64) -> String {
        let identity = account.identity
        return IdentityID(
            version4: hash.word(.address, identity.high, identity.low, kind),
            hash.word(.address, identity.low, identity.high, kind)
        ).text
    }

    /// The hash that was imported, or something that looks like the bcrypt hash of the password.
    private func hashedPassword(_ account: Account) -> String? {
        guard account.hashedPassword == nil, account.password != nil else { return account.hashedPassword }
        let letters = Array("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".unicodeScalars)
        var text = "$2a$12$"
        for place in 0..<UInt64(53) {
            let word = hash.word(.address, account.identity.high, account.identity.low, place << 8)
            text.unicodeScalars.append(letters[Int(word & 63)])
        }
        return text
    }
}

extension GoTime {
    /// The text of a time that a database keeps: to the microsecond.
    var wholeMicroseconds: String {
        GoTime(nanoseconds: nanoseconds - nanoseconds % 1000).rfc3339Nano
    }
}

extension IdentityID {
    /// A version 4 UUID made of two hashes.
    init(version4 high: UInt64, _ low: UInt64) {
        self.init(
            high: high & 0xffff_ffff_ffff_0fff | 0x4000,
            low: low & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
        )
    }
}
