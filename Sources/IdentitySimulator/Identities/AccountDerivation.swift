// What follows from an identity ID and the seed, so that a million identities take no memory.

import Model

/// Makes up the account of any identity that the server was started with, the same one each time.
struct AccountDerivation: Sendable {
    private let hash: SeededHash
    private let madeUp: MadeUpIdentities
    private let inactiveShare: Double
    private let withoutAddressShare: Double

    init(_ configuration: SimulatorConfiguration) {
        hash = SeededHash(seed: configuration.seed)
        var count = 0
        if case .madeUp(let number) = configuration.identities.source { count = number }
        madeUp = MadeUpIdentities(count: count, seed: configuration.seed)
        inactiveShare = configuration.inactiveShare
        withoutAddressShare = configuration.withoutAddressShare
    }

    func account(_ identity: IdentityID) -> Account {
        var account = Account(identity, email: email(of: identity), at: creation(of: identity))
        account.isActive =
            inactiveShare == 0 || hash.fraction(.inactive, identity.high, identity.low) >= inactiveShare
        account.hasRecoveryAddress =
            withoutAddressShare == 0
            || hash.fraction(.withoutAddress, identity.high, identity.low) >= withoutAddressShare
        return account
    }

    /// The identity to which an address was given, if it is one that is given.
    func identity(withEmail email: String) -> IdentityID? {
        guard email.hasSuffix(Self.domain) else { return nil }
        let name = email.dropLast(Self.domain.utf8.count)
        if name.hasPrefix("user"), let index = Int(name.dropFirst(4)), madeUp.indices.contains(index) {
            let identity = madeUp[index]
            return self.email(of: identity) == email ? identity : nil
        }
        guard let identity = IdentityID(name), self.email(of: identity) == email else { return nil }
        return identity
    }

    /// `user7@example.test` for the eighth made-up identity, the ID at that domain for all others.
    private func email(of identity: IdentityID) -> String {
        if let index = madeUp.index(of: identity) { return "user\(index)\(Self.domain)" }
        return identity.text + Self.domain
    }

    /// Some time on the first of January 2026.
    private func creation(of identity: IdentityID) -> GoTime {
        let inDay = hash.word(.creation, identity.high, identity.low) % 86_400_000_000_000
        return GoTime(nanoseconds: 1_767_225_600_000_000_000 + Int64(inDay))
    }

    private static let domain = "@example.test"
}
