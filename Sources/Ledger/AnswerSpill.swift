// Room for answers that the ledger does not take.

package import Model

/// Room beside the ledger, made before a run's first request, for answers that the ledger refuses.
///
/// What was written is durable and stays as it is; `recover` of a later run takes it in.
package protocol AnswerSpill: AnyObject, Sendable {
    /// Writes what is not in it yet, durably.
    ///
    /// - Parameters:
    ///   - results: all that could not be committed so far, always in the same order.
    ///   - unsent: claims for which nothing was sent, once they are known.
    ///   - seals: those that the results' secrets may be sealed under.
    /// - Throws: `LedgerError`; what was written before still is.
    func write(
        _ results: [AttemptResult],
        unsent: [Claim],
        seals: [SealRecord],
        progress: RunProgress,
        at time: Timestamp
    ) throws

    /// How many of the results are in it.
    var resultsWritten: Int { get }

    /// Gives the room back that was not needed; what was written stays.
    func keepWritten()

    /// Gives the room back: everything is in the ledger.
    func remove()
}
