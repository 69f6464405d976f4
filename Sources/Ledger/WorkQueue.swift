// The work that a campaign's runs share: claims, what became of them, and what lost runs held.

package import Model

/// The identities that are due, as the runs of a campaign take them and give them back.
///
/// A claim belongs to the run that made it, until it ends: by a result, by `release`, or because the run is
/// lost. A run's lease says how long the others must not take it for lost; each `commit` and each `renew`
/// begins it anew. A run that was declared lost is *fenced*: its `commit` and `renew` throw
/// `LedgerError.Code.fenced` and change nothing, what it still holds goes to `takeLate`, and it stops.
///
/// Calls are synchronous and may block on the disk. A call that returns is durable; a call that throws has
/// had no effect. The runs of several processes may call at the same time; one run calls from one thread at a
/// time.
package protocol WorkQueue: AnyObject, Sendable {
    // MARK: Claims

    /// Commits what became of claims, renews the run's lease, and claims up to `claiming` more identities
    /// that are due, in one transaction.
    ///
    /// A run that takes only the identities of its roster claims those that this roster has named by then.
    ///
    /// - Parameter time: when, for the lease, and for the requests that `progress` counts more of than the
    ///   last time.
    /// - Throws: `LedgerError`; `fenced` where the run was declared lost.
    func commit(
        _ results: [AttemptResult],
        run: RunID,
        progress: RunProgress,
        claiming: Int,
        at time: Timestamp
    ) throws -> Committed

    /// Says that the run lives, where it has nothing to commit for a while; a third of the lease is soon
    /// enough.
    ///
    /// - Throws: `LedgerError`; `fenced` where the run was declared lost.
    func renew(_ run: RunID, at time: Timestamp) throws

    /// Gives back claims for which nothing was sent since they were claimed; those that the run does not hold
    /// any more are left as they are.
    func release(_ claims: [Claim], run: RunID) throws

    /// Makes everything that the server refused (`rejected_by_server`) due again; for when it turns out that
    /// the refusal is the same for every row.
    func requeueRefused() throws

    // MARK: Lost runs

    /// Declares runs lost that have not ended: what they hold is in doubt and due from now on, and counts as
    /// an ambiguous attempt. What a run has left claimed at its end is in doubt as well.
    ///
    /// - Parameter run: the run that asks; it is never lost by that.
    /// - Returns: how many identities are in doubt by this.
    @discardableResult
    func rescueLostRuns(_ lost: LostRuns, by run: RunID, at time: Timestamp) throws -> Int

    /// Keeps the answers of a run that was declared lost, in one transaction; a second time changes nothing.
    ///
    /// A code is recorded where the identity has none of its generation, whoever has claimed it since;
    /// otherwise it counts as an ambiguous attempt. A failure is recorded where the identity is still in
    /// doubt by that run.
    func takeLate(_ results: [AttemptResult], run: RunID, at time: Timestamp) throws -> RecoveryReport

    // MARK: Look-ups

    /// Up to `limit` identities in scope behind a candidate (nil for the first), those of older rosters
    /// first, in roster order.
    ///
    /// - Parameter run: leaves out what is due but not in that run's scope; nil for everybody.
    func lookupCandidates(
        _ scope: LookupScope,
        of run: RunID?,
        after candidate: LookupCandidate?,
        limit: Int
    ) throws -> [LookupCandidate]

    /// Keeps what look-ups came to, in one transaction: values, and failures of identities that are still
    /// due.
    ///
    /// `failedInRun` is how many have failed in the run by then.
    func recordLookups(
        _ results: [LookupResult],
        columns: [LookedUpColumn],
        run: RunID,
        failedInRun: Int
    ) throws

    /// Counts a request for a look-up, which is about to be sent.
    func noteLookupRequest(at time: Timestamp) throws

    // MARK: Activations

    /// Up to `limit` identities in scope whose sequence is higher, in the order of enrolment.
    ///
    /// Asking about identities claims none: issuing goes on beside it, and what was not recorded when a
    /// process dies is asked again.
    func activationCandidates(
        _ scope: ActivationScope,
        after sequence: Int64,
        limit: Int
    ) throws -> [ActivationCandidate]

    /// Those of the identities that have an invitation.
    func activationCandidates(_ identities: [IdentityID]) throws -> [ActivationCandidate]

    /// Keeps what was learnt at that time, in one transaction; whoever is known to have activated stays so.
    func recordActivations(_ results: [ActivationResult], at time: Timestamp) throws

    // MARK: What a run starts from

    /// How many identities are pending or in doubt in the scope of a run that has begun.
    func dueCount(of run: RunID) throws -> Int
    /// The refusals so far when the server has answered nothing else in this campaign; nil otherwise.
    func refusalsOnly() throws -> [FailureRecord]?
    /// The requests of all runs that ended, or may have ended, after `time`, by second.
    func requests(since time: Timestamp) throws -> [RequestsInSecond]
    /// The look-ups of all runs that were sent after `time`, by second.
    func lookupRequests(since time: Timestamp) throws -> [RequestsInSecond]
}

/// What a commit has come to.
package struct Committed: Sendable {
    /// The identities that the run has claimed with it.
    package var claims: [Claim]
    /// Claims of the results that had ended already: a late answer of a lost run had brought the code.
    ///
    /// Their own codes count as ambiguous attempts, and nothing more is to be sent for them.
    package var surplus: [Claim]
    /// Identities that have failed by what an answer for many said of them.
    package var failures: [(identity: IdentityID, failure: FailureRecord)]

    package init(
        claims: [Claim] = [],
        surplus: [Claim] = [],
        failures: [(identity: IdentityID, failure: FailureRecord)] = []
    ) {
        self.claims = claims
        self.surplus = surplus
        self.failures = failures
    }
}

/// Which runs are declared lost.
package enum LostRuns: Hashable, Sendable {
    /// All others: whoever asks has the campaign to itself, as the lock of its folder tells.
    case allOthers
    /// Those whose lease is over.
    case leaseOver
    /// This one, by an explicit declaration.
    case only(RunID)
}
