// Mails to users: who gets one, and what became of it.

package import Model

/// The record of invitations that go out by mail, each once in its generation.
///
/// An invitation is claimed, durably, before its mail is begun, and by that is handed over: no batch takes it
/// any more, and none that is in a batch is claimed. Where its mail comes to nothing for good, it is new
/// again. Calls are as those of `WorkQueue`.
///
/// ## States of an invitation's mail
/// - none → claimed → sent | later | failed | left out | none again
/// - claimed → in doubt when its run is lost, or its reply is; in doubt, later → claimed
package protocol DeliveryStore: AnyObject, Sendable {
    /// Begins a process' deliveries: what lost ones have left claimed is in doubt from now on.
    ///
    /// What is put off of invitations that are not current any more has failed.
    func beginDeliveries(_ start: DeliveryStart) throws -> DeliveryBeginning

    /// Commits what became of claims, and renews the run's lease, in one transaction.
    ///
    /// - Parameter mails: how many mails the run has begun so far, for the limits.
    /// - Throws: `LedgerError`; `fenced` where the run was declared lost.
    func recordDeliveries(
        _ results: [DeliveryResult],
        run: DeliveryRunID,
        mails: Int,
        at time: Timestamp
    ) throws

    /// The same, and claims up to `claiming` invitations in the same transaction: first those in doubt, then
    /// those that were put off and are due, then new ones, in the order of enrolment.
    ///
    /// It looks at a bounded number of new invitations: fewer claims do not say that there are no more.
    ///
    /// - Parameter last: the new invitation that was looked at last.
    /// - Throws: `LedgerError`; `fenced` where the run was declared lost.
    func recordDeliveries(
        _ results: [DeliveryResult],
        run: DeliveryRunID,
        mails: Int,
        claiming: Int,
        _ scope: DeliveryScope,
        after last: Int64,
        at time: Timestamp
    ) throws -> DeliveryClaims

    /// Takes the results of a run that was declared lost: what was sent is in doubt no more, unless somebody
    /// else has claimed it by then.
    func takeLateDeliveries(_ results: [DeliveryResult], run: DeliveryRunID, at time: Timestamp) throws

    /// Says that the run lives.
    ///
    /// - Throws: `LedgerError`; `fenced` where it was declared lost.
    func renewDeliveries(_ run: DeliveryRunID, at time: Timestamp) throws

    /// Gives back claims of which no mail was begun since they were claimed.
    func releaseDeliveries(_ claims: [Claim], run: DeliveryRunID) throws

    /// Makes everything that the relay refused due again; for when it turns out that the refusal is the same
    /// for everybody.
    func requeueRefusedDeliveries() throws

    /// Notes how a run ended.
    func finishDeliveries(
        _ run: DeliveryRunID,
        mails: Int,
        stoppedBecause: String?,
        at time: Timestamp
    ) throws

    /// The mails of all runs that were begun, or may have been, after `time`, by second.
    func deliveryRequests(since time: Timestamp) throws -> [RequestsInSecond]
    /// The refusals so far where the relay has answered nothing else in this campaign; nil otherwise.
    func deliveryRefusalsOnly() throws -> [FailureRecord]?
    /// When the next mail is due of those that were put off or are in doubt; nil where none is.
    func nextDeliveryDue(_ scope: DeliveryScope) throws -> Timestamp?
    /// How many invitations a run would claim from then on, as far as the ledger tells: without a look at
    /// addresses.
    func deliverableCount(_ scope: DeliveryScope, at time: Timestamp) throws -> DeliverableCount
}

/// Whom a run would write to.
package struct DeliverableCount: Hashable, Sendable {
    /// New invitations.
    package var new = 0
    /// Mails that were put off or are in doubt, whenever they are due.
    package var again = 0
    /// New invitations that are passed by, and why.
    package var leftOut: [LeftOutReason: Int] = [:]

    package init() {}

    package var all: Int { new + again }
}
