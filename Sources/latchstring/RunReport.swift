// What a run says at its end.

import Campaign
import IdentityAPI
import Ledger
import OutputFiles
import Outputs
import Reports

/// The outputs of a run, and how they are shown.
struct RunReport {
    let export: CampaignOutputs.Export?
    let reported: CampaignOutputs.Reported
    let stop: StopReason?

    /// The summary on stdout; warnings, and how to go on, on stderr.
    func show(
        _ summary: Summary,
        _ status: ExitStatus,
        _ end: IssuingEnd,
        settings: RunSettings,
        console: Console,
        goOn: String
    ) {
        if let export { Self.warn(export, console) }
        if end.unrecordedAnswers > 0 {
            Console.error(
                "\(end.unrecordedAnswers) answers could not be recorded; their identities are in doubt"
            )
        }
        if settings.isJSON {
            Console.data(summary.json)
        } else if !settings.isQuiet {
            Console.data(([summary.words] + files).joined(separator: "\n") + "\n")
        }
        switch stop {
        case .fatal(let answer): Console.error(answer.sentence)
        case .ledger(let sentence): Console.error(sentence)
        case .signal, .maxIdentities, nil: break
        }
        let next = next(summary, status, settings, goOn)
        if stop != nil, settings.isQuiet || settings.isJSON {
            // Quiet is no reason to stop early without a word.
            if case .maxIdentities = stop { return }
            Console.error(next)
        } else {
            console.note(next)
        }
    }

    static func warn(_ export: CampaignOutputs.Export, _ console: Console) {
        if export.relativeLinks > 0 {
            console.note(
                "warning: \(export.relativeLinks) links are relative, and stay so: give --link-base to make them whole"
            )
        }
        if export.formulaFields > 0 {
            console.note(
                "note: \(export.formulaFields) fields begin like a formula (= + - @); "
                    + "before opening the file in a spreadsheet: --csv-formulas escape"
            )
        }
    }

    private var files: [String] {
        var lines = ["Written:"]
        if let export {
            lines.append(Self.line(export.invitations, "invitation"))
            if let perUser = export.perUser {
                lines.append("  \(perUser.path)/  \(perUser.filesWritten) new files")
            }
        }
        lines.append(Self.line(reported.failures, "failure"))
        lines.append(Self.line(reported.rejected, "rejected or doubled row"))
        lines.append("  \(reported.summary.path)")
        return lines
    }

    static func line(_ file: CampaignOutputs.File, _ noun: String) -> String {
        "  \(file.path)  \(file.rows) \(noun)\(file.rows == 1 ? "" : "s")\(file.wasWritten ? "" : " (unchanged)")"
    }

    /// What to do next, in a sentence.
    private func next(_ summary: Summary, _ status: ExitStatus, _ settings: RunSettings, _ goOn: String)
        -> String
    {
        switch stop {
        case .maxIdentities:
            return
                "Issued for as many as asked; \(summary.pending) are pending. To go on: the same without --max-identities."
        case .some:
            return "Stopped early; \(summary.pending + summary.inDoubt) are still to do. To go on: \(goOn)"
        case nil:
            break
        }
        if status == .done { return "Every enrolled identity is issued." }
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
