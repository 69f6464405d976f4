// What is known of whether the owner of an identity has taken the account over.

/// How far an identity has come since its invitation was issued.
///
/// The raw values are part of the ledger's and the reports' formats.
package enum ActivationState: String, Hashable, Sendable, CaseIterable {
    /// The identity is as it was when its invitation was issued.
    case unused
    /// Somebody came in by the code or the link, and has set no credential since.
    case redeemed
    /// A credential was created or changed after the invitation was issued.
    case activated
    /// The identity is switched off.
    case inactive
    /// The server has no such identity.
    case gone
    /// The server's answer does not tell.
    case unknown
}

/// What a server says of one identity with an invitation.
package struct Activation: Hashable, Sendable {
    package var state: ActivationState
    /// Of `activated` the kind of credential, such as `password`; of `redeemed` the method, such as
    /// `code_recovery`; nil otherwise.
    package var kind: String?
    /// When that happened, by the server's clock; nil otherwise.
    package var at: Timestamp?

    package init(_ state: ActivationState, kind: String? = nil, at time: Timestamp? = nil) {
        self.state = state
        self.kind = kind
        at = time
    }
}
