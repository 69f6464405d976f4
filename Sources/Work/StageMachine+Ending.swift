// The last word of a run: what it gives back to the ledger, and what it says of itself.

package import Ledger
import Model

extension StageMachine {
    /// What is left to do in the ledger, once nothing is under way any more.
    struct Conclusion {
        /// Claims that were not sent, to be given back.
        var release: [Claim]
        /// Whether everything that the server refused is due again.
        var requeuesRefused: Bool
        /// How it ended, when that is done.
        var end: StageEnd
    }

    mutating func conclude() -> Conclusion {
        notePacing()
        var conclusion = Conclusion(release: unsent, requeuesRefused: isSameRefusal, end: end(because: stop))
        // As the ledger has it then: nobody failed for that.
        if isSameRefusal { conclusion.end.progress.failed -= refusals.refusals }
        return conclusion
    }

    /// How it ended, with the reason for an early end where there is one.
    func end(because reason: StopReason?) -> StageEnd {
        StageEnd(
            stop: reason ?? (claims.hasReachedMax ? .maxIdentities : nil),
            progress: progress,
            unrecordedAnswers: claims.unrecorded.count
        )
    }

    /// What is claimed and not under way.
    var unsent: [Claim] { claims.unsent(pool.works) }

    private var isSameRefusal: Bool {
        if case .fatal(let answer) = stop { answer.code == .sameRefusal } else { false }
    }
}

/// How a stage of a run ended.
package struct StageEnd: Sendable {
    /// Nil when everything that was due has been tried.
    package let stop: StopReason?
    package internal(set) var progress: RunProgress
    /// Answers that could not be kept because the ledger failed; their identities are in doubt.
    package internal(set) var unrecordedAnswers: Int
    /// Answers that the ledger did not take, and that wait beside it.
    package internal(set) var spilledAnswers = 0
    /// Why not everything could be kept there; a sentence.
    package internal(set) var spillFailure: String?

    package init(stop: StopReason?, progress: RunProgress = RunProgress(), unrecordedAnswers: Int = 0) {
        self.stop = stop
        self.progress = progress
        self.unrecordedAnswers = unrecordedAnswers
    }
}
