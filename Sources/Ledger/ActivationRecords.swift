// What is kept of who has activated, and who is to be asked about.

package import Model

/// An identity with an invitation, about which the server is to be asked.
package struct ActivationCandidate: Hashable, Sendable {
    /// Its place in the order of enrolment.
    package let sequence: Int64
    package let identityID: IdentityID
    /// When its first invitation was issued, by the server's clock where that is known: whoever has activated
    /// with an earlier one has not to do so again.
    package let issuedAt: Timestamp
    /// Whether that time is the server's own; otherwise it is that of the machine that issued.
    package let isServerTime: Bool
    /// What was learnt of it last; nil where nothing was.
    package let known: Activation?

    package init(
        sequence: Int64,
        identityID: IdentityID,
        issuedAt: Timestamp,
        isServerTime: Bool,
        known: Activation?
    ) {
        self.sequence = sequence
        self.identityID = identityID
        self.issuedAt = issuedAt
        self.isServerTime = isServerTime
        self.known = known
    }
}

/// About whom a walk over a campaign is to ask.
package enum ActivationScope: Hashable, Sendable {
    /// Everybody with an invitation who is not known to have activated.
    case notActivated
    /// Of those, whose invitation is to be issued anew, and who was not asked about since that time,
    /// nor, by a clock that has been set back, after the scope's.
    case reissue(ReissueScope, notSince: Timestamp)
    /// Of all of them, who was changed on the server since, and was not asked for alone yet.
    case changed
    /// Of all of them, who is as when the invitation was issued.
    case unused
}

/// What asking about one identity came to.
package struct ActivationResult: Hashable, Sendable {
    package let sequence: Int64
    package let finding: Finding

    package enum Finding: Hashable, Sendable {
        case known(Activation)
        /// It was changed on the server since: unknown until it is asked for alone.
        case changed
    }

    package init(sequence: Int64, finding: Finding) {
        self.sequence = sequence
        self.finding = finding
    }
}

/// What is known of one identity, and since when.
package struct ActivationRecord: Hashable, Sendable {
    package let activation: Activation
    /// When the server was asked, by our clock.
    package let learntAt: Timestamp

    package init(_ activation: Activation, learntAt: Timestamp) {
        self.activation = activation
        self.learntAt = learntAt
    }
}

/// How the identities with an invitation stand.
package struct ActivationCounts: Hashable, Sendable {
    /// Identities with an invitation.
    package var invited = 0
    /// Of those about whom the server was ever asked.
    package var states: [ActivationState: Int] = [:]
    /// Of those who are not known to have activated, those whose time of issue is only known by our clock.
    package var withoutServerTime = 0
    /// When the first invitation was issued of those that are unused; nil where none is.
    package var unusedSince: Timestamp?

    package init() {}

    package subscript(state: ActivationState) -> Int { states[state] ?? 0 }

    /// About whom the server was never asked.
    package var unasked: Int { invited - states.values.reduce(0, +) }
}
