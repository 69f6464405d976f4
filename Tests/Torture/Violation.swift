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
