// What Kratos v26.2 makes of the identity that a body describes, before it is kept.

import Model

/// Judges identities by the schema `default`: an object whose `email`, if any, is an e-mail address.
struct IdentityRules: Sendable {
    /// A 400, in the words of its reason.
    struct Refusal: Error, Hashable {
        let reason: String

        static let message = "The request was malformed or contained invalid parameters"

        static let invalidState = Refusal(reason: "identity state is not valid")

        static func unknownSchema(_ name: String) -> Refusal {
            Refusal(reason: "Unable to find JSON Schema ID: \(name)")
        }
    }

    /// The account that a body describes.
    func account(_ body: IdentityBody, _ identity: IdentityID, at time: GoTime) throws(Refusal) -> Account {
        guard body.hasValidState else { throw .invalidState }
        guard body.schemaID.isEmpty || body.schemaID == "default" else {
            throw .unknownSchema(body.schemaID)
        }
        var account = Account(identity, email: "", at: time)
        account.isActive = body.state != "inactive"
        account.externalID = body.externalID
        account.metadataPublic = body.metadataPublic
        account.metadataAdmin = body.metadataAdmin
        account.password = body.password
        account.hashedPassword = body.hashedPassword
        try setTraits(body.traits, of: &account)
        account.isVerified = account.email.map(body.verified.contains) ?? false
        return account
    }

    /// Gives an account its traits, and the address in them its part.
    func setTraits(_ traits: JSONTree, of account: inout Account) throws(Refusal) {
        switch traits {
        case .object, .null: break
        default:
            throw Refusal(
                reason: "I[#/traits] S[#/properties/traits/type] expected object, but got \(traits.goName)"
            )
        }
        account.traits = traits == .null ? .object([]) : traits
        switch traits["email"] {
        case nil: account.email = nil
        case .string(let email):
            guard Self.isAddress(email) else { throw Refusal(reason: Self.complaint(about: email)) }
            account.email = email.trimmedIdentifier
        case let other?:
            throw Refusal(
                reason: "I[#/traits/email] S[#/properties/traits/properties/email/type] "
                    + "expected string, but got \(other.goName)"
            )
        }
        account.hasRecoveryAddress = account.email != nil
    }

    /// The schema names the format twice, for the password and for the address, so the complaint comes twice.
    private static func complaint(about email: String) -> String {
        let path = "I[#/traits/email] S[#/properties/traits/properties/email"
        let line = "\n  \(path)/format] \(JSONText.quoted(email)) is not valid \"email\""
        return "\(path)] validation failed\(line)\(line)"
    }

    private static func isAddress(_ text: String) -> Bool {
        guard text.utf8.count <= 254, let at = text.lastIndex(of: "@") else { return false }
        let local = text[..<at]
        let labels = text[text.index(after: at)...].split(separator: ".", omittingEmptySubsequences: false)
        let isNamed = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                && label.utf8.allSatisfy(Self.isHostByte)
        }
        return (1...64).contains(local.utf8.count) && isNamed
            && local.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "@") }
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
