// What is wrong with a roster's rows and identities, and what of that is new.

/// The rejected rows and the failed identities of a roster, and those that no earlier run has told of.
package struct RosterNews: Hashable, Sendable {
    /// The roster's identities that are failed, by kind.
    package var failures: [String: Int] = [:]
    /// Those of them that the run ended as failed, by kind.
    package var newFailures: [String: Int] = [:]
    /// The identities that the run ended as failed, of whichever roster, by kind.
    package var failuresInRun: [String: Int] = [:]
    /// The roster's rejected rows without duplicates, by reason.
    package var rejects: [String: Int] = [:]
    /// Those of them that the run before had not rejected, by reason.
    package var newRejects: [String: Int] = [:]

    package init() {}

    package var hasNewRejects: Bool { !newRejects.isEmpty }
}
