// What the use cases write of a campaign: itself, its rosters, and its runs from begin to end.

package import Model

/// The record of one campaign: its server, its seal, its rosters and its runs.
///
/// Calls are synchronous and may block on the disk; each either has happened durably when it returns, or
/// throws a `LedgerError` and has not happened at all, or only in files that are not the ledger's any more.
/// The writers of one process call from one thread at a time.
///
/// ## Topics
/// - Campaign: `setServer`, `setProvider`, `setLinkBase`, `seal`, `purge`, `purgeExpired`
/// - Rosters: `beginRoster`, `enrol`, `finishRoster`, `takeUp`
/// - Look-ups: `declareColumns`
/// - Runs: `recover`, `beginRun`, `attach`, `noteEnrolment`, `finishRun`, `noteAbsent`
/// - Outputs: `noteOutput`
/// - Batches: `HandOverStore`
/// - Invitations that are issued anew: `ReissueStore`
package protocol CampaignStore: HandOverStore, ReissueStore {
    /// Changes the server that the campaign belongs to, or tries to belong to; a normalised URL.
    ///
    /// The campaign is bound to it with the first answer that can be used: one that is committed as issued,
    /// or as a permanent failure other than a refusal, or a look-up.
    func setServer(_ server: String) throws

    /// Remembers which kind of server the campaign belongs to, by its name.
    func setProvider(_ provider: String) throws

    /// Sets what relative links are resolved against where nothing else is said; nil for nothing.
    func setLinkBase(_ base: String?) throws

    /// Seals the campaign to a public key, and keeps an encapsulated key for it: codes and links recorded
    /// with that seal can be read with the private key alone. An encapsulated key that is known already keeps
    /// its number.
    ///
    /// - Throws: `LedgerError` where the campaign is sealed to another key.
    func seal(to publicKey: [UInt8], encapsulatedKey: [UInt8], at time: Timestamp) throws -> SealID

    /// Removes codes and links for good, of the invitations that have expired by then, or of all where that
    /// is nil; who was invited when stays. Nothing of what was removed, now or before, is in the ledger's
    /// files afterwards.
    ///
    /// The columns of `secretColumnNames` are removed too, whatever has expired.
    ///
    /// - Returns: how many invitations have lost theirs.
    /// - Throws: `LedgerError`; where it was removed and could not be wiped out yet, another call completes
    ///   that.
    func purge(expiredBy expiry: Timestamp?, at time: Timestamp) throws -> Int

    /// Removes codes and links of the invitations that have expired by then, as `purge` does; where there are
    /// none, and no purge was cut short, nothing is done.
    ///
    /// Nobody can use what was removed, so exports that have it are out of date by that, and no more:
    /// `purgedRevision` stays.
    ///
    /// - Returns: how many invitations have lost theirs.
    func purgeExpired(by expiry: Timestamp, at time: Timestamp) throws -> Int

    /// Begins to enrol a roster; what an unfinished earlier one enrolled stays.
    func beginRoster(name: String, at time: Timestamp) throws -> RosterID

    /// Enrols rows and notes rejected ones, all in one transaction.
    ///
    /// A row whose ID this roster has had already is a duplicate; of an ID known from another roster the
    /// columns become this row's. `idColumn` is the column that duplicates are reported in; `columnNames` are
    /// the names of the further columns, which may have grown.
    func enrol(
        _ entries: [RosterEntry],
        idColumn: String,
        columnNames: [String],
        into roster: RosterID
    ) throws -> EnrolmentCounts

    /// Notes that the whole roster was enrolled.
    func finishRoster(_ roster: RosterID, fingerprint: String, size: Int64) throws

    /// Makes a roster that was enrolled before a run's own, as if it was read again: of a run that takes only
    /// the identities of its roster, what failed of it is due again, as `beginRun` has it.
    ///
    /// - Returns: how many identities are due by that, which were not in the run's scope before.
    func takeUp(_ roster: RosterID, run: RunID) throws -> Int

    /// Makes columns known whose values will be looked up; of one known by that name the path may change.
    func declareColumns(_ columns: [LookedUpColumn]) throws

    /// Takes in what an earlier run could not commit, in one transaction, before another run begins; a second
    /// time changes nothing.
    ///
    /// Codes and links are recorded of every identity that is not issued; failures where the identity still
    /// is as that run had claimed it, or the ledger is from before that run.
    ///
    /// - Throws: `LedgerError` where an identity is unknown, or the answers are another campaign's.
    func recover(_ answers: SpilledAnswers) throws -> RecoveryReport

    /// Begins a run: what failed is due again, transient failures always, permanent ones when asked.
    ///
    /// The runs that it declares lost are rescued in the same transaction, as `WorkQueue.rescueLostRuns` has
    /// it. Where the run takes only the identities of its roster, what failed is due again when that roster
    /// comes by it.
    func beginRun(_ run: RunStart) throws -> RunID

    /// From now on writes what the recorder has to tell together with the run's commits and renewals.
    func attach(_ recorder: RunRecorder, to run: RunID)

    /// Notes the roster that a run works on, and how many of its identities are new to the campaign.
    func noteEnrolment(_ roster: RosterID, enrolledNew: Int, run: RunID) throws

    /// Notes how a run ended.
    func finishRun(_ run: RunID, progress: RunProgress, stoppedBecause: String?, at time: Timestamp) throws

    /// Notes how many identities are absent as a run ends.
    ///
    /// - Returns: how many the run before had noted; nil where none has.
    func noteAbsent(_ count: Int, run: RunID) throws -> Int?

    /// Remembers that an output was written from the given revision.
    func noteOutput(_ output: OutputRecord) throws
}
