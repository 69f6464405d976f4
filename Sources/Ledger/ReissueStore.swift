// Invitations that are issued anew: whose, and what the ledger keeps of it.

package import Model

/// What a campaign keeps of reissuing.
///
/// An identity is prepared for its next invitation, and is due from then on like any other; a run's commits
/// record the answers. The invitation that it has stays the current one until the next one is recorded, in
/// the same transaction. Calls are as those of `CampaignStore`.
package protocol ReissueStore: AnyObject, Sendable {
    /// Notes that a reissue begins, and forgets the marks of an earlier one.
    ///
    /// - Parameter what: whose invitations are issued anew, in words that tell it from others.
    /// - Returns: the time at which it began. That is an earlier time where one in the same words has not
    ///   ended, and so is gone on with.
    func beginReissue(_ what: String, at time: Timestamp) throws -> Timestamp

    /// Notes that the reissue is done, and forgets its marks.
    func endReissue() throws

    /// Marks identities for the reissue; one that is marked already stays so.
    ///
    /// - Returns: how many of the IDs belong to the campaign.
    func markForReissue(_ identities: [IdentityID]) throws -> Int

    /// Up to `limit` identities in scope whose sequence is higher, in the order of enrolment: those that are
    /// issued and not known to have activated.
    func reissueCandidates(_ scope: ReissueScope, after sequence: Int64, limit: Int) throws
        -> [ReissueCandidate]

    /// Makes candidates due for their next invitation; one that is not as it was read is left as it is.
    ///
    /// The ambiguous attempts so far stay with the invitation that they have.
    ///
    /// - Returns: how many are due by that.
    func reissue(_ candidates: [ReissueCandidate]) throws -> Int

    /// Notes that nothing more is issued for candidates, until they are due again by `reissue`.
    ///
    /// Whoever turns out to have activated is taken off.
    ///
    /// - Returns: how many were not given up before with the invitation that they have.
    func giveUp(_ candidates: [ReissueCandidate], run: RunID, at time: Timestamp) throws -> Int

    /// Gives up next invitations that were prepared and are not recorded: these identities are issued again,
    /// by the invitation that they have.
    ///
    /// What failed for good stays failed, unless the run takes such failures up again. Only a run that has
    /// the campaign to itself may do this.
    ///
    /// - Returns: how many are issued by that.
    @discardableResult
    func withdrawReissues(by run: RunID) throws -> Int
}

/// Whose invitations are issued anew.
package struct ReissueScope: Hashable, Sendable {
    package enum Whose: Hashable, Sendable {
        /// Those that expire at this time at the latest.
        case expiring(by: Timestamp)
        case everybody
        /// Those that `markForReissue` has marked.
        case marked
    }

    package var whose: Whose
    /// Leaves out those of the roster's campaign that this roster has not named; nil for nobody.
    package var roster: RosterID?
    /// Leaves out valid invitations that were issued at this time or later; nil for none.
    package var issuedBefore: Timestamp?
    /// What decides whether an invitation is valid.
    package var now: Timestamp

    package init(
        _ whose: Whose,
        roster: RosterID? = nil,
        issuedBefore: Timestamp? = nil,
        now: Timestamp
    ) {
        self.whose = whose
        self.roster = roster
        self.issuedBefore = issuedBefore
        self.now = now
    }
}

/// An identity whose invitation may be issued anew.
package struct ReissueCandidate: Hashable, Sendable {
    /// Its place in the order of enrolment.
    package let sequence: Int64
    package let identityID: IdentityID
    /// Of the invitation that it has: 1 for the first.
    package let generation: Int
    /// What is known of whether it has activated; nil where the server was never asked.
    package let activation: ActivationRecord?

    package init(
        sequence: Int64,
        identityID: IdentityID,
        generation: Int,
        activation: ActivationRecord?
    ) {
        self.sequence = sequence
        self.identityID = identityID
        self.generation = generation
        self.activation = activation
    }
}
