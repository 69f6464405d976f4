// What is wrong with a campaign's folder.

package import Model

/// A campaign that is not there, or not the one that is meant.
package typealias CampaignError = CodedError<CampaignErrorCode>

package enum CampaignErrorCode: String, Hashable, Sendable, CaseIterable {
    case missing = "no_campaign"
    /// Earlier work has left traces, and its ledger is gone.
    case lostLedger = "ledger_lost"
    /// A run has saved its ledger under another name.
    case rescuedLedger = "ledger_rescued"
    /// The ledger is another campaign's.
    case foreignLedger = "ledger_of_another_campaign"
    /// The campaign was made from rosters of other names.
    case foreignRoster = "roster_of_another_campaign"
}
