// The durable record of a campaign, for whoever opens it.

/// Everything that a back end of a ledger is asked for.
///
/// Callers take the narrowest of the protocols that they need.
///
/// ## States of an identity
/// - pending → claimed → issued | failed | pending again
/// - claimed → in doubt when its run is lost; in doubt → claimed
/// - issued → pending for its next invitation
///
/// ## Topics
/// - `WorkQueue`: claims and what became of them
/// - `CampaignStore`: the campaign, its rosters and its runs
/// - `DeliveryStore`: mails, and what became of them
/// - `LedgerReader`: what outputs and reports read
package protocol Ledger: CampaignStore, DeliveryStore, WorkQueue {
    /// Folds what is only in side files into the main one, for whoever copies or looks at it.
    func close() throws
}
