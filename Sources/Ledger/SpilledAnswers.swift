// What a run leaves beside a ledger that could not take it.

package import Model

/// Whose answers a spill file holds.
package struct SpillOrigin: Hashable, Codable, Sendable {
    /// The campaign's name.
    package let campaign: String
    /// Whose process the run was, for people.
    package let process: String
    package let version: String
    /// When the run began, as its ledger has it; that tells it from others.
    package let startedAtMilliseconds: Int64
    /// Tells it from all others; nil of a version that had none.
    package let key: String?

    package init(campaign: String, run: RunStart) {
        self.campaign = campaign
        process = run.process
        version = run.version
        startedAtMilliseconds = run.startedAt.milliseconds
        key = run.key.description
    }
}

/// Answers that came and are in no ledger yet, and what else a run could not note at its end.
package struct SpilledAnswers: Sendable {
    package let origin: SpillOrigin
    /// In the order in which they came; more than one of an identity that was tried again.
    package var results: [AttemptResult] = []
    /// Claims for which nothing was sent.
    package var unsent: [Claim] = []
    /// The seals that the results' secrets are sealed under.
    package var seals: [SealRecord] = []
    /// What the run had done when it spilled last; nil where it died while it spilled.
    package var progress: RunProgress?
    /// When that was.
    package var at: Timestamp

    /// Whether there is nothing in it to take in.
    package var isEmpty: Bool { results.isEmpty && unsent.isEmpty && progress == nil }

    package init(origin: SpillOrigin) {
        self.origin = origin
        at = Timestamp(milliseconds: origin.startedAtMilliseconds)
    }
}

/// What came of taking spilled answers into the ledger.
package struct RecoveryReport: Hashable, Sendable {
    /// Answers that are in the ledger now.
    package var recorded = 0
    /// Those of them that came with a code or a link.
    package var issued = 0
    /// Answers of identities that the ledger had something newer or better of already.
    package var known = 0
    /// Codes and links of identities that had one already: the server holds more of them than anybody has.
    package var ambiguous = 0
    /// Claims whose codes, links and final failures are not in the ledger, for it had something newer.
    package var surplus: [Claim] = []
    /// Whether the ledger knew the run; it does not where it was restored from before.
    package var isRunKnown = true
    /// Codes and links that the run had recorded, and the ledger has not.
    package var missing = 0

    package init() {}
}
