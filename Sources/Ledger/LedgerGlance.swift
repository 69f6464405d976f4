// One look at a ledger, for lists.

package import Model

/// A campaign's name, its server, its counts and its latest run.
///
/// Ledgers of older versions are read as they are; nothing is migrated.
package struct LedgerGlance: Sendable {
    package let campaign: String
    /// Nil where the campaign has none.
    package let server: String?
    /// `expired`, `ambiguousAttempts` and `failures` are not looked for.
    package let counts: CampaignCounts
    /// When the latest run began; nil before one.
    package let startedAt: Timestamp?
    package let finishedAt: Timestamp?
    package let stoppedBecause: String?

    package init(
        campaign: String,
        server: String?,
        counts: CampaignCounts,
        startedAt: Timestamp?,
        finishedAt: Timestamp?,
        stoppedBecause: String?
    ) {
        self.campaign = campaign
        self.server = server
        self.counts = counts
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.stoppedBecause = stoppedBecause
    }
}
