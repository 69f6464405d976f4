// What can be read of a campaign.

package import Model

/// What can be read from a campaign's record at any time.
///
/// The streams call back once a row, in roster order (order of enrolment), within one snapshot.
package protocol LedgerReader: AnyObject, Sendable {
    func campaign() throws -> CampaignRecord
    /// Every encapsulated key that codes and links are sealed under.
    func seals() throws -> [SealRecord]
    /// How many invitations have lost their code and link to a purge.
    func purgedCount() throws -> Int
    func latestRoster() throws -> RosterRecord?
    /// What the campaign's rosters were called, the latest first, each name once.
    func rosterNames() throws -> [String]
    func latestRun() throws -> RunRecord?
    /// The counts of the whole campaign; `now` decides what has expired.
    func counts(now: Timestamp) throws -> CampaignCounts
    /// How many identities a run that begins now would find due: all but issued ones, and permanent failures
    /// only where they are retried.
    func dueCount(retryingFailed: Bool) throws -> Int
    /// Up to `limit` of the identities that `dueCount(retryingFailed:)` counts whose sequence is higher, in
    /// roster order.
    func dueIdentities(retryingFailed: Bool, after sequence: Int64, limit: Int) throws -> [LookupCandidate]
    /// The attempts of an identity that did not succeed, the earliest first: the latest of them, as many as
    /// are kept.
    func attempts(of identity: IdentityID) throws -> [AttemptRecord]
    /// The attempt that did not succeed with that request; also of a request that is in doubt, of which
    /// nothing was stored.
    func attempt(withRequestID requestID: String) throws -> AttemptRecord?
    /// All invitations of an identity, by generation; the last is the current one.
    func invitations(of identity: IdentityID) throws -> [GenerationRecord]
    /// What is known of whether an identity has activated; nil where the server was never asked.
    func activation(of identity: IdentityID) throws -> ActivationRecord?
    /// How the identities with an invitation stand, as far as the server was asked.
    func activationCounts() throws -> ActivationCounts
    /// How far the invitations have come; `now` decides what has expired.
    func funnel(now: Timestamp) throws -> Funnel
    /// How many identities have their current invitation from that run, and had one before.
    func reissuedCount(by run: RunID) throws -> Int
    /// How a run went on, in the order of time.
    func series(of run: RunID) throws -> [RunBucket]
    /// What happened in a run, in the order of time.
    func events(of run: RunID) throws -> [NotableEvent]
    /// How those of the identities stand that belong to the campaign.
    func memberships(of identities: [IdentityID]) throws -> [IdentityID: CampaignMembership]
    /// Whether an identity has no invitation that is valid at that time, and is not known to have activated.
    ///
    /// - Parameter roster: whose identities are meant; nil for everybody.
    func hasUnreached(inRoster roster: RosterID?, at time: Timestamp) throws -> Bool
    /// How the campaign's mails stand.
    func deliveryCounts() throws -> DeliveryCounts
    /// Changes with everything that a table of the mails could show.
    func deliveriesMark() throws -> String
    /// How many identities the run has given up, so that nothing more is issued for them.
    func givenUpCount(by run: RunID) throws -> Int
    /// What is wrong with a roster's rows and identities, and what of that is new with the run.
    func news(ofRoster roster: RosterID, run: RunID) throws -> RosterNews
    /// The names of the columns of which a value was ever found.
    func foundColumns() throws -> Set<String>
    /// The names of all columns that were looked up, in the order of first asking.
    func lookedUpColumnNames() throws -> [String]
    func output(named name: String) throws -> OutputRecord?
    /// The names of rosters' columns with codes and links of earlier campaigns, which an earlier version
    /// enrolled.
    ///
    /// Nothing else here yields their names or values, nor a rejected row that may have them.
    func secretColumnNames() throws -> [String]
    /// The names of the further columns, of all rosters that identities have their columns from.
    func columnNames() throws -> [RosterID: [String]]

    /// The current invitations that are as the filter says.
    func forEachInvitation(_ filter: InvitationFilter, _ body: (InvitationRow) throws -> Void) throws
    /// Every identity that has failed, and those that were given up: these as `not_activated`, a failure that
    /// may pass.
    func forEachFailure(_ body: (FailureRow) throws -> Void) throws
    /// The mail of each invitation that one was tried for: the latest of an identity.
    func forEachDelivery(_ body: (DeliveryRow) throws -> Void) throws
    func forEachRejectedRow(ofRoster roster: RosterID, _ body: (RejectedRow) throws -> Void) throws
}
