// How far the invitations of a campaign have come.

/// The way from an invitation to an account that its owner has taken over, in numbers of identities.
///
/// invited = valid + expired + activated. An identity that is asked for anew is among them with the
/// invitation that it has.
package struct Funnel: Hashable, Sendable {
    /// Identities with an invitation.
    package var invited = 0
    /// Those with a valid code who have not activated.
    package var valid = 0
    /// Those with an expired code who have not activated.
    package var expired = 0
    package var activated = 0
    /// Of the valid and the expired: whoever came in by the code, and has set no credential since.
    package var redeemed = 0
    /// Of the valid and the expired: whoever has got as many invitations as one may get.
    package var givenUp = 0
    /// Those whose current invitation was handed over.
    package var handedOver = 0
    /// Those whose current invitation is not their first one.
    package var reissued = 0
    /// From the issue of the first invitation to the activation; nil while nobody has activated.
    package var activationTime: ActivationTime?

    package init() {}
}

/// How long activations took, by the server's clock where it is known.
package struct ActivationTime: Hashable, Sendable {
    /// Half of them took no longer.
    package var median: Duration
    /// Nine in ten of them took no longer.
    package var ninetyPercent: Duration

    package init(median: Duration, ninetyPercent: Duration) {
        self.median = median
        self.ninetyPercent = ninetyPercent
    }
}
