// What is wrong with a campaign's folder.

package import Model

/// A campaign that is not there, or not the one that is meant.
package struct CampaignError: ProblemError, Hashable {
    package enum Code: String, Hashable, Sendable, CaseIterable {
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

    package let code: Code
    private let message: Wording
    private let advice: Wording

    init(_ code: Code, _ message: Wording, advice: Wording = "") {
        self.code = code
        self.message = message
        self.advice = advice
    }

    package var problem: Problem { Problem(code.rawValue, message, advice: advice) }
}
