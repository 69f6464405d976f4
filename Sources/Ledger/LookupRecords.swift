// What is kept of looking identities up on the server.

package import Model

/// An identity to be looked up.
package struct LookupCandidate: Hashable, Sendable {
    /// Its place in the order of enrolment.
    package let sequence: Int64
    /// The latest roster that names it.
    package let roster: RosterID
    package let identityID: IdentityID
    /// Whether it is to be issued for; else it is issued already, and only columns of it are missing.
    package let isDue: Bool

    package init(sequence: Int64, roster: RosterID, identityID: IdentityID, isDue: Bool) {
        self.sequence = sequence
        self.roster = roster
        self.identityID = identityID
        self.isDue = isDue
    }
}

/// Which identities a walk over a campaign is to come by.
package enum LookupScope: CaseIterable, Sendable {
    /// What a run that died may have asked for.
    case inDoubt
    case pending
    /// Issued, without a value of every column known so far.
    case issuedWithoutColumns
}

/// What looking one identity up came to.
package struct LookupResult: Hashable, Sendable {
    package let candidate: LookupCandidate
    package let outcome: Outcome

    package enum Outcome: Hashable, Sendable {
        /// It is there; the values of the columns asked for, nil where it has nothing at that path.
        case found([String?])
        /// It is there and no code would help; also its values.
        case failed(FailureRecord, [String?])
    }

    package init(candidate: LookupCandidate, outcome: Outcome) {
        self.candidate = candidate
        self.outcome = outcome
    }
}
