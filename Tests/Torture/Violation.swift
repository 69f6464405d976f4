// Something that must not be.

/// A promise that was broken.
package struct Violation: Hashable, Sendable, CustomStringConvertible {
    /// Which promise.
    package enum Rule: String, CaseIterable, Sendable {
        /// Every row is accounted for.
        case accounting
        /// A committed code is still there, as it was.
        case committedCodeLost = "committed_code_lost"
        /// An exported line is what the server issued.
        case exportUnlikeLog = "export_unlike_log"
        /// Nobody is asked for again after the commit.
        case requestedAfterCommit = "requested_after_commit"
        /// Codes that nobody holds are no more than the ambiguous attempts and the claims of killed runs.
        case doubledCodes = "doubled_codes"
        /// A killed run leaves no more in doubt than it may claim.
        case claims
        /// No window of a limit holds more than the limit.
        case limit
        /// The requests counted are those that arrived.
        case requests
        /// Nobody who has activated is issued another code.
        case issuedAfterActivation = "issued_after_activation"
        /// Generations follow one another, one for each reissue, as often as is allowed.
        case generations
        /// A batch that is recorded as written has its file and its manifest.
        case batchUnlikeRecord = "batch_unlike_record"
        /// Nobody is in two batches of a generation.
        case handedOverTwice = "handed_over_twice"
        /// Everybody with a valid invitation is handed over.
        case handedOverNever = "handed_over_never"
        /// Nobody is handed over who has activated or has expired, as far as is known.
        case handedOverInVain = "handed_over_in_vain"
        /// What was purged is in no file of the ledger.
        case secretLeft = "secret_left"
        /// An output file is whole or absent.
        case fileNotWhole = "file_not_whole"
        /// A process ends with the exit code, and the words, that it should.
        case exit
        /// One run at a time.
        case twoRuns = "two_runs"
        /// It comes to its end, with nobody left out.
        case unfinished
    }

    package let rule: Rule
    package let detail: String

    package init(_ rule: Rule, _ detail: String) {
        self.rule = rule
        self.detail = detail
    }

    package var description: String { "\(rule.rawValue): \(detail)" }
}
