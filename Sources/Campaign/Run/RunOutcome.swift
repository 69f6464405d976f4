// From what became of a run to its exit code.

import Ledger
import Work

/// What decides about a run's exit code, as long as its outputs can be written.
struct RunOutcome {
    let stop: StopReason?
    /// Identities that the run ended as failed.
    let failed: Int
    /// Rows of the roster that are rejected.
    let rejected: Int
    /// Identities that the run has given up, so that nothing more is issued for them.
    let givenUp: Int
    /// Whether an identity of the roster has neither a valid invitation nor activated.
    let hasUnreached: Bool

    /// 0 and 3 speak of this roster, or of this run alone; of a canary, of the identities it was for.
    ///
    /// - Parameter news: nil only where `news(for:)` said that it is not needed.
    func status(_ scope: ExitCodeScope, _ news: RosterNews?) -> ExitStatus {
        switch (stop, scope) {
        case (.maxIdentities, .roster): failed + givenUp == 0 ? .done : .withFailures
        case (.maxIdentities, .run), (nil, .run):
            failed + givenUp > 0 || news?.hasNewRejects == true ? .withFailures : .done
        case (nil, .roster): rejected > 0 || hasUnreached ? .withFailures : .done
        case (.some(let stop), _): ExitStatus(stop)
        }
    }

    /// What is new, where that decides, or where it is all that is going to be said.
    func news(for request: RunRequest, _ read: () throws -> RosterNews?) rethrows -> RosterNews? {
        switch stop {
        case nil, .maxIdentities, .maxFailures: break
        default: return nil
        }
        let decides = request.exitCodeOf == .run && rejected > 0
        let isTold = request.isQuiet && (rejected > 0 || failed + givenUp > 0 || hasUnreached)
        return decides || isTold ? try read() : nil
    }
}
