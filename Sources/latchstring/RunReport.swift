// What a run says at its end.

import Campaign
import IdentityAPI
import Invitations
import Ledger
import OutputFiles
import Outputs
import Reports
import Vocabulary
import Work

/// The outputs of a run, and how they are shown.
struct RunReport {
    /// Nil when none was wanted, or none could be written.
    var export: CampaignOutputs.Export?
    var reported: CampaignOutputs.Reported?
    /// The fingerprint of the key that codes are sealed to; then no export is written.
    var sealedTo: String?
    /// What could not be written.
    var unwritten: [Unwritten] = []
    /// What is wrong with the roster's rows, and what of that is new; nil where it was not asked for.
    var news: RosterNews?
    /// Who is in the campaign, and not in the scope of the run.
    var leftOut = AbsentCounts()
    /// Whether the campaign's server was said to have moved to where none was found.
    var hasMovedInVain = false
    let stop: StopReason?

    init(stop: StopReason?) {
        self.stop = stop
    }

    /// Files that could not be written.
    struct Unwritten {
        /// Why, in a sentence.
        let sentence: String
        /// Their names.
        let files: [String]
        /// The command that writes them; nil where the next run has to do that.
        let command: String?
    }
    /// Whether nothing stopped the run, and nothing went wrong with what it has written.
    var saysNothing: Bool { stop == nil && unwritten.isEmpty }

    /// The summary on stdout; warnings, and how to go on, on stderr.
    ///
    /// - Returns: the exit status, which is an error when something could not be written.
    /// - Throws: `CommandFailure` when stdout cannot be written.
    func show(
        _ summary: Summary,
        _ status: ExitStatus,
        settings: RunSettings,
        console: Console,
        goOn: GoOn
    ) throws -> ExitStatus {
        if let export { Self.warn(export, settings.export, console) }
        if let sealedTo {
            let export = CommandText.again([
                "latchstring", "export", "--campaign", settings.folder.name, "--output-dir",
                settings.folder.outputFolder, "--unseal-with", "NAME.key",
            ])
            console.note(
                "note: the codes are sealed to the key \(sealedTo), and no invitations are written. Where its private "
                    + "key is, on this folder or a copy: \(export)"
            )
        }
        // Where they cannot be shown, the rest is still said.
        let shown = Result {
            if settings.isJSON {
                try Console.data(summary.json)
            } else if !settings.isQuiet {
                try Console.data(([summary.words] + files).joined(separator: "\n") + "\n")
            }
        }
        switch stop {
        case .fatal(let answer): Console.error(answer.sentence)
        case .roster(let sentence), .ledger(let sentence), .maxFailures(let sentence), .outage(let sentence):
            Console.error(sentence)
        case .maxDuration: Console.error("the time of --max-duration is over")
        case .signal, .maxIdentities, nil: break
        }
        for unwritten in unwritten { Console.error(unwritten.sentence) }
        if status == .withFailures, settings.isQuiet, let news {
            let scope: ExitCodeScope = stop == .maxIdentities ? .run : settings.exitCodeOf
            Console.error("\(summary.campaign): \(news.words(scope)); see \(settings.folder.path)")
        }
        let next = next(summary, status, settings.exitCodeOf, goOn)
        switch stop {
        case .maxIdentities, nil: console.note(next)
        // Quiet is no reason to stop early without a word.
        case .some: Console.error(next)
        }
        if let missing { Console.error(missing) }
        try shown.get()
        return unwritten.isEmpty ? status : .error
    }

    /// What looking everybody up has shown.
    static func note(_ verification: Verification, _ console: Console) {
        var text =
            "Looked up \(verification.lookedUp) identities: \(verification.unknown) unknown, "
            + "\(verification.inactive) inactive"
        if verification.withoutAddress > 0 {
            text +=
                ", \(verification.withoutAddress) without a recovery address (their codes work all the same)"
        }
        if verification.batchSize < IdentityLookup.batchMax {
            text +=
                "; at most \(verification.batchSize) at a time, as something on the way takes no longer requests"
        }
        console.note(text)
    }

    static func warn(_ export: CampaignOutputs.Export, _ options: ExportSettings, _ console: Console) {
        if export.relativeLinks > 0 {
            console.note(
                "warning: \(count(export.relativeLinks, "link")) relative: give --link-base to make links whole"
            )
        }
        if export.withoutCode > 0 {
            let invitations = export.withoutCode == 1 ? "invitation is" : "invitations are"
            console.note(
                "note: \(export.withoutCode) \(invitations) left out: the ledger has no code for them any more"
            )
        }
        if export.formulaFields > 0 {
            let advice =
                options.invitations.formulas == .escape
                ? "escaped with a '" : "before a spreadsheet opens the file: --csv-formulas escape"
            console.note(
                "note: \(count(export.formulaFields, "field")) like a formula (= + - @ at the start); \(advice)"
            )
        }
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? " is" : "s are")"
    }

    private var files: [String] {
        var lines = ["Written:"]
        if let export {
            lines.append(Self.line(export.invitations, "invitation"))
            if let perUser = export.perUser {
                lines.append("  \(perUser.path)/  \(perUser.filesWritten) new files")
            }
        }
        if let reported {
            lines.append(Self.line(reported.failures, "failure"))
            lines.append(Self.line(reported.rejected, "rejected or doubled row"))
            lines.append("  \(reported.summary.path)")
        }
        return lines.count > 1 ? lines : []
    }

    static func line(_ file: CampaignOutputs.File, _ noun: String) -> String {
        "  \(file.path)  \(file.rows) \(noun)\(file.rows == 1 ? "" : "s")\(file.wasWritten ? "" : " (unchanged)")"
    }
}
