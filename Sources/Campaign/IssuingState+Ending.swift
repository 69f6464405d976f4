// The last word of a run: what it gives back to the ledger, and what it says of itself.

import IdentityAPI
import Ledger

extension IssuingState {
    /// Leaves nothing claimed that was not sent, once nothing is under way any more.
    ///
    /// - Throws: what the ledger throws.
    mutating func conclude(in ledger: any WorkQueue, run: RunID) throws -> IssuingEnd {
        notePacing()
        try ledger.release(unsent, run: run)
        guard isSameRefusal else { return end(because: stop) }
        try ledger.requeueRefused()
        var progress = progress
        // As the ledger has it: nobody failed for that.
        progress.failed -= refused
        return IssuingEnd(stop: stop, progress: progress, unrecordedAnswers: unrecorded.count)
    }

    /// How it ended, with the reason for an early end where there is one.
    func end(because reason: StopReason?) -> IssuingEnd {
        IssuingEnd(
            stop: reason ?? (reachedMaxIdentities ? .maxIdentities : nil),
            progress: progress,
            unrecordedAnswers: unrecorded.count
        )
    }

    private var isSameRefusal: Bool {
        if case .fatal(let answer) = stop { answer.code == .sameRefusal } else { false }
    }
}
