// What a run has come to, for whoever is to say it.

package import Ledger
package import Exports
package import Model
package import Work

/// The end of a run: its figures, its outputs, its exit status.
package struct RunResult: Sendable {
    /// What became of the identities, whether or not everything could be written.
    package internal(set) var outcome = ExitStatus.done
    /// The exit status: an error where something could not be written.
    package var status: ExitStatus { unwritten.isEmpty ? outcome : .error }
    package let summary: Summary
    /// Nil where the run came to its end.
    package let stop: StopReason?
    /// Nil when none was wanted, or none could be written.
    package internal(set) var export: CampaignOutputs.Export?
    package internal(set) var reported: CampaignOutputs.Reported?
    /// What was handed over; nil when that was not wanted, or could not be done.
    package internal(set) var handOver: HandOverResult?
    /// What could not be written.
    package internal(set) var unwritten: [Unwritten] = []
    /// What is wrong with the roster's rows, and what of that is new; nil where it was not asked for.
    package internal(set) var news: RosterNews?
    /// How the campaign's invitations stand.
    package internal(set) var standing = InvitationStanding()
    /// Who is in the campaign, and not in the scope of the run.
    package internal(set) var leftOut = AbsentCounts()
    /// What there is to say of those who are left out; nil where that is nothing.
    package internal(set) var absent: Absent?
    /// Whether the campaign's server was said to have moved to where none was found.
    package internal(set) var hasMovedInVain = false
    /// The roster's path, where it had no row, nothing was sent and nothing went wrong.
    package internal(set) var emptyRoster: String?

    init(_ summary: Summary, stop: StopReason?) {
        self.summary = summary
        self.stop = stop
    }

    /// The fingerprint of the key that codes are sealed to; then no export is written.
    package var sealedTo: String? { summary.sealedTo }

    /// Files that could not be written.
    package struct Unwritten: Sendable {
        /// Why, in a sentence.
        package let sentence: Wording
        /// Their names.
        package let files: [String]
        /// What writes them; nil where the next run has to do that.
        package let output: RunOutput?

        package init(sentence: Wording, files: [String], output: RunOutput?) {
            self.sentence = sentence
            self.files = files
            self.output = output
        }
    }

    /// Identities of the campaign that the run left out.
    package struct Absent: Sendable {
        package let count: Int
        /// How many the run before had left out, as far as is known.
        package let before: Int?
    }
}
