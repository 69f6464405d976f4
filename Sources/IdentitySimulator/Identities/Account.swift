// What the simulated server knows of one identity beside its ID.

package import Model

/// One identity of the simulated server.
package struct Account: Sendable {
    package let identity: IdentityID
    /// The e-mail address that its traits name, in lower case: what its credentials are found by.
    package var email: String?
    package var isActive = true
    /// Empty where it has none.
    package var externalID = ""
    /// The password that it was imported with in plain text; nil for none.
    package var password: String?
    /// The hash that it was imported with; nil for none.
    package var hashedPassword: String?
    package var hasRecoveryAddress = true
    var isVerified = false
    var traits: JSONTree
    var metadataPublic = JSONTree.null
    var metadataAdmin = JSONTree.null
    var createdAt: GoTime
    var updatedAt: GoTime
    var stateChangedAt: GoTime
    /// When its password was last set; nil where it is as it was at the creation.
    var passwordSetAt: GoTime?

    /// An account whose e-mail address is all of its traits.
    package init(_ identity: IdentityID, email: String?, isActive: Bool = true) {
        self.init(identity, email: email, at: SimulatorCore.wallTime())
        self.isActive = isActive
    }

    init(_ identity: IdentityID, email: String?, at time: GoTime) {
        self.identity = identity
        self.email = email?.trimmedIdentifier
        traits = .object(email.map { [JSONTree.Member(name: "email", value: .string($0))] } ?? [])
        (createdAt, updatedAt, stateChangedAt) = (time, time, time)
    }
}

extension SimulatorCore.State {
    /// The identity with this ID; nil where the server has none.
    func account(_ identity: IdentityID) -> Account? {
        if let account = overlay.account(identity) { return withProfile(account) }
        guard directory.has(identity), !overlay.isDeleted(identity) else { return nil }
        return withProfile(derivation.account(identity))
    }

    /// The account with what its user changed, unless an administrator did later.
    private func withProfile(_ account: Account) -> Account {
        guard let profile = selfService.profiles[account.identity], let changedAt = profile.changedAt,
            changedAt.nanoseconds > account.passwordSetAt?.nanoseconds ?? account.createdAt.nanoseconds
        else { return account }
        var account = account
        (account.password, account.hashedPassword) = (profile.password, nil)
        account.passwordSetAt = changedAt
        if changedAt.nanoseconds > account.updatedAt.nanoseconds { account.updatedAt = changedAt }
        return account
    }

    /// The identity whose credentials have this identifier, in whatever case; nil where there is none.
    func account(email: String) -> Account? {
        let identifier = email.trimmedIdentifier
        if let identity = overlay.identity(withEmail: identifier) { return account(identity) }
        // An account that was changed answers to what it is called now.
        guard let identity = derivation.identity(withEmail: identifier), overlay.account(identity) == nil
        else { return nil }
        return account(identity)
    }

    /// Whether the server has the identity, given what it was started with.
    func exists(_ identity: IdentityID, inDirectory: Bool) -> Bool {
        if overlay.isUntouched { return inDirectory }
        return overlay.account(identity) != nil || inDirectory && !overlay.isDeleted(identity)
    }
}

extension String {
    /// An identifier as Kratos looks for it: without blanks around, in lower case.
    var trimmedIdentifier: String { self[...].trimmingBlanks().lowercased() }
}
