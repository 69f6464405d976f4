// The ledger as one stage sees it.

package import Ledger
package import Model

/// Where a stage takes identities from, and where it leaves what became of them.
///
/// Calls are synchronous, may block on the disk, and come from one thread at a time. A call that returns is
/// durable; a call that throws has had no effect.
package protocol StageQueue<Value>: AnyObject, Sendable {
    associatedtype Value: Sendable

    /// Commits what became of claims, and claims up to `claiming` more identities, in one transaction.
    ///
    /// Fewer claims than that say that nothing more is due for now.
    ///
    /// - Throws: `LedgerError` with the code `fenced` where the run was declared lost: then the results go to
    ///   `takeLate`.
    func commit(
        _ results: [StageResult<Value>],
        progress: RunProgress,
        claiming: Int,
        at time: Timestamp
    ) throws -> Committed

    /// Takes the results of a run that was declared lost.
    ///
    /// - Returns: no claims; `surplus` are those of identities that had what they were for by then.
    func takeLate(_ results: [StageResult<Value>], at time: Timestamp) throws -> Committed

    /// How often the claims are to be renewed, where they have a lease; nil where they have none.
    var renewInterval: Duration? { get }

    /// Says that the run lives, also where it has had nothing to commit for a while.
    func renew(at time: Timestamp) throws

    /// Gives back claims for which nothing was sent since they were claimed.
    func release(_ claims: [Claim]) throws

    /// Makes everything that the server refused due again: the refusal turned out to be the same for all.
    func requeueRefused() throws

    /// The requests of all runs that ended, or may have ended, after `time`, by second.
    func requests(since time: Timestamp) throws -> [RequestsInSecond]

    /// The refusals so far when the server has answered nothing else in this campaign; nil otherwise.
    func refusalsOnly() throws -> [FailureRecord]?

    // MARK: Answers that cannot be committed

    /// Keeps what could not be committed in a safe place.
    ///
    /// - Parameters:
    ///   - results: all that could not be committed so far, always in the same order.
    ///   - unsent: claims for which nothing was sent, once they are known.
    func keep(
        _ results: [StageResult<Value>],
        unsent: [Claim],
        progress: RunProgress,
        at time: Timestamp
    ) throws

    /// How many of the results are kept there.
    var resultsKept: Int { get }

    /// Everything is in the ledger: nothing needs to be kept.
    func discardKept()

    /// What was kept stays, and nothing more comes.
    func closeKept()
}

/// Of a stage that can be repeated nothing needs to be given back or kept, and its claims need no lease.
extension StageQueue {
    package var renewInterval: Duration? { nil }
    package func renew(at time: Timestamp) throws {}
    package func takeLate(_ results: [StageResult<Value>], at time: Timestamp) throws -> Committed {
        Committed()
    }
    package func release(_ claims: [Claim]) throws {}
    package func requeueRefused() throws {}
    package func refusalsOnly() throws -> [FailureRecord]? { nil }
    package func keep(
        _ results: [StageResult<Value>],
        unsent: [Claim],
        progress: RunProgress,
        at time: Timestamp
    ) throws {}
    package var resultsKept: Int { 0 }
    package func discardKept() {}
    package func closeKept() {}
}

/// What became of one attempt, for all identities that it was for.
package struct StageResult<Value: Sendable>: Sendable {
    package let claims: [Claim]
    package var outcome: Outcome
    /// Whether the server may hold something that nobody has because of this attempt.
    package let isAmbiguous: Bool
    /// The ID of its request; empty where there is none.
    package let requestID: String

    package enum Outcome: Sendable {
        case done(Value)
        /// Not again in this run; by itself in the next run, unless the failure is permanent.
        case failed(FailureRecord)
        /// Stays claimed, to be tried again in this run.
        case tryingAgain(FailureRecord)
        /// Due again, in a later run.
        case dueAgain(FailureRecord?)
    }
}

/// One transaction's worth of work for the ledger.
struct StageCommit<Value: Sendable>: Sendable {
    var results: [StageResult<Value>]
    /// How much had been enrolled when it was made.
    var enrolments = 0
    var claiming: Int
    var progress: RunProgress
    /// How many claims end with it.
    var ending: Int
}
