// What a run says at its end.

import Campaign
import IdentityAPI
import Invitations
import Ledger
import OutputFiles
import Outputs
import Reports

/// The outputs of a run, and how they are shown.
struct RunReport {
    /// Nil when none was wanted, or none could be written.
    var export: CampaignOutputs.Export?
    var reported: CampaignOutputs.Reported?
    /// The fingerprint of the key that codes are sealed to; then no export is written.
    var sealedTo: String?
    /// Why not all could be written; sentences.
    var failures: [String] = []
    /// Who is in the campaign, and not in the scope of the run.
    var leftOut = AbsentCounts()
    let stop: StopReason?

    init(stop: StopReason?) {
        self.stop = stop
    }

    /// Whether nothing stopped the run, and nothing went wrong with what it has written.
    var saysNothing: Bool { stop == nil && failures.isEmpty }

    /// The summary on stdout; warnings, and how to go on, on stderr.
    ///
    /// - Returns: the exit status, which is an error when something could not be written.
    /// - Throws: `CommandFailure` when stdout cannot be written.
    func show(
        _ summary: Summary,
        _ status: ExitStatus,
        settings: RunSettings,
        console: Console,
        goOn: String
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
        if settings.isJSON {
            try Console.data(summary.json)
        } else if !settings.isQuiet {
            try Console.data(([summary.words] + files).joined(separator: "\n") + "\n")
        }
        switch stop {
        case .fatal(let answer): Console.error(answer.sentence)
        case .roster(let sentence), .ledger(let sentence), .maxFailures(let sentence), .outage(let sentence):
            Console.error(sentence)
        case .maxDuration: Console.error("the time of --max-duration is over")
        case .signal, .maxIdentities, nil: break
        }
        for failure in failures { Console.error(failure) }
        let next = next(summary, status, goOn)
        switch stop {
        case .maxIdentities, nil: console.note(next)
        // Quiet is no reason to stop early without a word.
        case .some: Console.error(next)
        }
        return failures.isEmpty ? status : .error
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

    /// What to do next, in a sentence.
    private func next(_ summary: Summary, _ status: ExitStatus, _ goOn: String) -> String {
        switch stop {
        case .maxIdentities:
            let went = status == .done ? "all went well" : "not all went well, see failures.csv"
            return
                "As many as asked were tried, and \(went); \(summary.pending - leftOut.pending) are pending. "
                + "To go on: the same without --max-identities."
        case .some:
            let left = summary.pending + summary.inDoubt - leftOut.due
            let goOn = Self.correctingServer(stop, summary) ?? goOn
            return "Stopped early; \(left) are still to do. To go on: \(goOn)"
        case nil:
            break
        }
        if status == .done {
            let others = summary.failed + summary.pending + summary.inDoubt
            return others == 0
                ? "Every enrolled identity is issued."
                : "Every identity of this roster is issued; of earlier ones \(others) are not\(summary.failed > 0 ? ": see failures.csv" : "")."
        }
        var advice: [String] = []
        if summary.failed > 0 {
            advice.append(
                "see failures.csv; what may pass is tried again by the same command, the rest with --retry-failed"
            )
        }
        if summary.enrolment.rejected > 0 { advice.append("see rejected.csv, mend those rows and run again") }
        return "Finished, but not for everybody: \(advice.joined(separator: "; "))."
    }
}
