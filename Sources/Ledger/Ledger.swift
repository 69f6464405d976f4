// The durable record of a campaign, as the rest of the program sees it.

package import Vocabulary

/// The durable record of one campaign: its identities and their states, invitations, runs and rosters.
///
/// Calls are synchronous and may block on the disk; each either has happened durably when it returns, or throws a
/// `LedgerError` and has not happened at all, or only in files that are not the ledger's any more. Writers call from one
/// thread at a time; `CampaignReading` may be used from any, also by other processes, while a run is on.
///
/// ## States of an identity
/// pending → claimed → issued | failed | pending again; claimed → in doubt when its run dies; in doubt → claimed.
///
/// ## Topics
/// - Campaign: `campaign`, `setServer`, `setLinkBase`, `seal`, `seals`, `purge`, `purgedCount`
/// - Rosters: `latestRoster`, `rosterNames`, `beginRoster`, `enrol`, `finishRoster`, `takeUp`
/// - Look-ups: `declareColumns`, `lookupCandidates`, `recordLookups`, `noteLookupRequest`
/// - Runs: `takeIn`, `beginRun`, `noteEnrolment`, `commit`, `release`, `requeueRefused`, `finishRun`
package protocol Ledger: CampaignReading {
    /// Changes the server that the campaign belongs to, or tries to belong to; a normalised URL.
    ///
    /// The campaign is bound to it with the first answer that can be used: one that is committed as issued, or as a
    /// permanent failure other than a refusal, or a look-up.
    func setServer(_ server: String) throws

    /// Sets what relative links are resolved against where nothing else is said; nil for nothing.
    func setLinkBase(_ base: String?) throws

    /// Seals the campaign to a public key, and keeps an encapsulated key for it: codes and links recorded with that
    /// seal can be read with the private key alone. An encapsulated key that is known already keeps its number.
    ///
    /// - Throws: `LedgerError` where the campaign is sealed to another key.
    func seal(to publicKey: [UInt8], encapsulatedKey: [UInt8], at time: Timestamp) throws -> SealID

    /// Removes codes and links for good, of the invitations that have expired by then, or of all where that is nil;
    /// who was invited when stays. Nothing of what was removed, now or before, is in the ledger's files afterwards.
    ///
    /// The columns of `secretColumnNames` are removed too, whatever has expired.
    ///
    /// - Returns: how many invitations have lost theirs.
    /// - Throws: `LedgerError`; where it was removed and could not be wiped out yet, another call completes that.
    func purge(expiredBy expiry: Timestamp?, at time: Timestamp) throws -> Int

    /// Begins to enrol a roster; what an unfinished earlier one enrolled stays.
    func beginRoster(name: String, at time: Timestamp) throws -> RosterID

    /// Enrols rows and notes rejected ones, all in one transaction.
    ///
    /// A row whose ID this roster has had already is a duplicate; of an ID known from another roster the columns
    /// become this row's. `idColumn` is the column that duplicates are reported in; `columnNames` are the names of
    /// the further columns, which may have grown.
    func enrol(
        _ entries: [RosterEntry],
        idColumn: String,
        columnNames: [String],
        into roster: RosterID
    ) throws -> EnrolmentCounts

    /// Notes that the whole roster was enrolled.
    func finishRoster(_ roster: RosterID, fingerprint: String, size: Int64) throws

    /// Makes a roster that was enrolled before a run's own, as if it was read again: of a run that takes only the
    /// identities of its roster, what failed of it is due again, as `beginRun` has it.
    ///
    /// - Returns: how many identities are due by that, which were not in the run's scope before.
    func takeUp(_ roster: RosterID, run: RunID) throws -> Int

    /// Makes columns known whose values will be looked up; of one known by that name the path may change.
    func declareColumns(_ columns: [LookedUpColumnRecord]) throws

    /// Keeps what look-ups came to, in one transaction: values, and failures of identities that are still due.
    ///
    /// `failedInRun` is how many have failed in the run by then.
    func recordLookups(
        _ results: [LookupResult],
        columns: [LookedUpColumnRecord],
        run: RunID,
        failedInRun: Int
    ) throws

    /// Counts a request for a look-up, which is about to be sent.
    func noteLookupRequest(at time: Timestamp) throws

    /// Takes in what an earlier run could not commit, in one transaction, before another run begins; a second time
    /// changes nothing.
    ///
    /// Codes and links are recorded of every identity that is not issued; failures where the identity still is as that
    /// run had claimed it, or the ledger is from before that run.
    ///
    /// - Throws: `LedgerError` where an identity is unknown, or the answers are another campaign's.
    func takeIn(_ answers: SpilledAnswers) throws -> TakenIn

    /// Begins a run: what a dead run had claimed is in doubt from now on (and counts as an ambiguous attempt), and
    /// what failed is due again: transient failures always, permanent ones when asked.
    ///
    /// Where the run takes only the identities of its roster, what failed is due again when that roster comes by it.
    func beginRun(_ run: RunStart) throws -> RunID

    /// Notes the roster that a run works on, and how many of its identities are new to the campaign.
    func noteEnrolment(_ roster: RosterID, enrolledNew: Int, run: RunID) throws

    /// Commits what became of claims, and claims up to `claiming` more identities that are due, in one transaction.
    ///
    /// A run that takes only the identities of its roster claims those that this roster has named by then.
    /// `time` is when, for the requests that `progress` counts more of than the last time.
    func commit(
        _ results: [AttemptResult],
        run: RunID,
        progress: RunProgress,
        claiming: Int,
        at time: Timestamp
    ) throws -> [Claim]

    /// Gives back claims for which nothing was sent since they were claimed.
    func release(_ claims: [Claim]) throws

    /// Makes everything that the server refused (`rejected_by_server`) due again; for when it turns out that the
    /// refusal is the same for every row.
    func requeueRefused() throws

    /// Notes how a run ended.
    func finishRun(_ run: RunID, progress: RunProgress, stoppedBecause: String?, at time: Timestamp) throws

    /// Notes how many identities are absent as a run ends.
    ///
    /// - Returns: how many the run before had noted; nil where none has.
    func noteAbsent(_ count: Int, run: RunID) throws -> Int?

    /// Remembers that an output was written from the given revision.
    func noteOutput(_ output: OutputRecord) throws

    /// Folds what is only in side files into the main one, for whoever copies or looks at it.
    func close() throws
}

/// What can be read from a campaign's record at any time.
///
/// The streams call back once a row, in roster order (order of enrolment), within one snapshot.
package protocol CampaignReading: AnyObject, Sendable {
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
    /// How many identities a run that begins now would find due: all but issued ones, and permanent failures only
    /// where they are retried.
    func dueCount(retryingFailed: Bool) throws -> Int
    /// How many identities are pending or in doubt in the scope of a run that has begun.
    func dueCount(of run: RunID) throws -> Int
    /// Up to `limit` of the identities that `dueCount(retryingFailed:)` counts whose sequence is higher, in roster order.
    func dueIdentities(retryingFailed: Bool, after sequence: Int64, limit: Int) throws -> [LookupCandidate]
    /// How those of the identities stand that belong to the campaign.
    func standings(of identities: [IdentityID]) throws -> [IdentityID: Standing]
    /// Whether an identity of the roster has failed or is not yet issued.
    func hasUnissued(inRoster roster: RosterID) throws -> Bool
    /// What is wrong with a roster's rows and identities, and what of that is new with the run.
    func news(ofRoster roster: RosterID, run: RunID) throws -> RosterNews
    /// The refusals so far when the server has answered nothing else in this campaign; nil otherwise.
    func refusalsOnly() throws -> [FailureRecord]?
    /// The requests of all runs that ended, or may have ended, after `time`, by second.
    func requests(since time: Timestamp) throws -> [RequestsInSecond]
    /// The look-ups of all runs that were sent after `time`, by second.
    func lookupRequests(since time: Timestamp) throws -> [RequestsInSecond]
    /// Up to `limit` identities in scope behind a candidate (nil for the first), those of older rosters first, in roster
    /// order.
    ///
    /// - Parameter run: leaves out what is due but not in that run's scope; nil for everybody.
    func lookupCandidates(
        _ scope: LookupScope,
        of run: RunID?,
        after candidate: LookupCandidate?,
        limit: Int
    ) throws -> [LookupCandidate]
    /// The names of the columns of which a value was ever found.
    func foundColumns() throws -> Set<String>
    /// The names of all columns that were looked up, in the order of first asking.
    func lookedUpColumnNames() throws -> [String]
    func output(named name: String) throws -> OutputRecord?
    /// The names of rosters' columns with codes and links of earlier campaigns, which an earlier version enrolled.
    ///
    /// Nothing else here yields their names or values, nor a rejected row that may have them.
    func secretColumnNames() throws -> [String]
    /// The names of the further columns, of all rosters that identities have their columns from.
    func columnNames() throws -> [RosterID: [String]]

    func forEachInvitation(_ body: (InvitationRow) throws -> Void) throws
    func forEachFailure(_ body: (FailureRow) throws -> Void) throws
    func forEachRejectedRow(ofRoster roster: RosterID, _ body: (RejectedRowRecord) throws -> Void) throws
}
