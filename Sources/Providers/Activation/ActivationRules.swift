// From what a server shows of an identity to what has become of its invitation: pure decisions.

package import Model

/// Tells whether an identity was activated after its invitation was issued.
///
/// Facts: Ory Kratos v26.2, recordings 20 to 28. Redeeming a code changes no identity, setting a password
/// changes its `updated_at` and the credential's. An imported password is there from the beginning, so that a
/// credential says nothing and its times do. Whoever issues is compared by the server's own clock.
package enum ActivationRules {
    /// What a list of identities tells.
    package enum Listing: Hashable, Sendable {
        case known(Activation)
        /// The identity was changed since: only its credentials tell what that was.
        case changed
    }

    /// Kinds that the server makes of traits, or of recoveries; nobody sets them.
    private static let derivedKinds: Set = ["code", "code_recovery", "link_recovery", "profile"]
    /// The methods by which a session says that its user was invited.
    private static let recoveries: Set = ["code_recovery", "link_recovery"]

    /// - Parameters:
    ///   - identity: nil where the server has none.
    ///   - issuedAt: of the invitation; a change has to be later.
    package static func read(_ identity: ListedIdentity?, issuedAt: Timestamp) -> Listing {
        guard let identity else { return .known(Activation(.gone)) }
        guard identity.isActive else { return .known(Activation(.inactive)) }
        guard let updatedAt = identity.updatedAt else { return .known(Activation(.unknown)) }
        return updatedAt > issuedAt ? .changed : .known(Activation(.unused))
    }

    /// The same of an identity that was asked for alone.
    package static func read(_ identity: ShownIdentity?, issuedAt: Timestamp) -> Activation {
        switch read(identity?.listed, issuedAt: issuedAt) {
        case .known(let activation): return activation
        case .changed: break
        }
        guard let credentials = identity?.credentials else { return Activation(.unknown) }
        var first: Activation?
        var isUnreadable = false
        for credential in credentials where !derivedKinds.contains(credential.kind) {
            guard let createdAt = credential.createdAt, let updatedAt = credential.updatedAt else {
                isUnreadable = true
                continue
            }
            guard let time = [createdAt, updatedAt].filter({ $0 > issuedAt }).min() else { continue }
            if first?.at.map({ time < $0 }) ?? true {
                first = Activation(.activated, kind: credential.kind, at: time)
            }
        }
        return first ?? Activation(isUnreadable ? .unknown : .unused)
    }

    /// The earliest session that began with the invitation; nil where there is none.
    package static func redemption(_ sessions: [ShownSession], issuedAt: Timestamp) -> Activation? {
        var first: Activation?
        for session in sessions {
            for method in session.methods where recoveries.contains(method.name) {
                guard let time = method.completedAt, time > issuedAt else { continue }
                if first?.at.map({ time < $0 }) ?? true {
                    first = Activation(.redeemed, kind: method.name, at: time)
                }
            }
        }
        return first
    }
}
