// What a run says at its end.

import Campaign
import Providers
import Exports
import Ledger
import Files
import Model
import Work

/// The end of a run, and how it is shown.
struct RunReport {
    let result: RunResult
    let settings: RunSettings

    /// The summary on stdout; warnings, and how to go on, on stderr.
    ///
    /// - Returns: the exit status, which is an error when something could not be written.
    /// - Throws: `CommandFailure` when stdout cannot be written.
    func show(_ console: Console, _ goOn: GoOn) throws -> ExitStatus {
        let summary = result.summary
        if let roster = result.emptyRoster {
            console.note(AbsentNote.emptyRoster(roster, summary))
            handOver?.warn(settings.export.invitations, console)
            tellNews(console)
            let batches = Self.written(batches)
            if settings.isJSON {
                try console.data(summary.json)
            } else if !settings.isQuiet, !batches.isEmpty {
                try console.data(batches.joined(separator: "\n") + "\n")
            }
            return result.status
        }
        if let absent = result.absent {
            AbsentNote(count: absent.count, before: absent.before, campaign: summary.campaign).show(console)
        }
        if let export = result.export {
            var remarks = export.remarks
            // Said once, and not every night.
            if result.knowsWithoutCode { remarks.withoutCode = 0 }
            Self.warn(remarks, settings.export.invitations, console)
        }
        handOver?.warn(settings.export.invitations, console)
        if let sealedTo = result.sealedTo { note(sealedTo: sealedTo, console) }
        // Where they cannot be shown, the rest is still said.
        let shown = Result {
            if settings.isJSON {
                try console.data(summary.json)
            } else if !settings.isQuiet {
                try console.data(([summary.words] + files).joined(separator: "\n") + "\n")
            }
        }
        if let sentence = Self.sentence(result.stop) { console.error(sentence) }
        for unwritten in result.unwritten { console.error(unwritten.sentence.inOptions) }
        tellNews(console)
        let next = next(goOn)
        switch result.stop {
        case .maxIdentities, nil: console.note(next)
        // Quiet is no reason to stop early without a word.
        case .some: console.error(next)
        }
        if let missing = Self.missing(result.unwritten, settings) { console.error(missing) }
        try shown.get()
        return result.status
    }

    /// The one line that a quiet run prints of what is new, and of what is behind exit code 3.
    private func tellNews(_ console: Console) {
        guard settings.isQuiet else { return }
        var parts: [String] = []
        let wrong = result.outcome == .withFailures ? result.news : nil
        if settings.isOfANight, let gains = result.gains.words(tellingFailed: wrong == nil) {
            parts.append(gains)
        }
        if let wrong {
            let scope: ExitCodeScope = result.stop == .maxIdentities ? .run : settings.exitCodeOf
            parts.append(wrong.words(scope, expired: result.summary.funnel.expired))
        }
        if let leftOut = handOver?.formatted.compactMap(\.leftOut).first {
            parts.append("left out: \(leftOut)")
        }
        guard !parts.isEmpty else { return }
        let news = parts.joined(separator: "; ")
        console.error("\(result.summary.campaign): \(news); see \(settings.folder.path)")
    }

    /// Why the run stopped, where that has to be said.
    static func sentence(_ stop: StopReason?) -> String? {
        switch stop {
        case .fatal(let answer): answer.sentence
        case .maxDuration: "the time of --max-duration is over"
        default: stop?.sentence?.inOptions
        }
    }

    private func note(sealedTo key: String, _ console: Console) {
        let export = CommandText.again(
            [
                "latchstring", "export", "--campaign", settings.folder.name, "--output-dir",
                settings.folder.outputFolder, "--unseal-with", "NAME.key",
            ] + (settings.handOver == nil ? [] : ["--new"])
        )
        console.note(
            "note: the codes are sealed to the key \(key), and no invitations are written. Where its "
                + "private key is, "
                + "on this folder or a copy: \(export)"
        )
    }

    private var handOver: HandOverReport? {
        result.handOver.map(HandOverReport.init)
    }

    static func warn(_ export: InvitationRemarks, _ options: InvitationOptions, _ console: Console) {
        if export.relativeLinks > 0 {
            console.note(
                "warning: \(count(export.relativeLinks, "link")) relative: give --link-base to make links "
                    + "whole"
            )
        }
        if export.withoutCode > 0 {
            let invitations = export.withoutCode == 1 ? "invitation is" : "invitations are"
            console.note(
                "note: \(export.withoutCode) \(invitations) left out: the ledger has no code for them any "
                    + "more"
            )
        }
        if export.formulaFields > 0 {
            let advice =
                options.formulas == .escape
                ? "escaped with a '" : "before a spreadsheet opens the file: --csv-formulas escape"
            console.note(
                "note: \(count(export.formulaFields, "field")) like a formula (= + - @ at the start); "
                    + "\(advice)"
            )
        }
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? " is" : "s are")"
    }

    private var files: [String] {
        var lines: [String] = []
        if let export = result.export {
            lines.append(Self.line(export.invitations, "invitation"))
            if let perUser = export.perUser {
                lines.append("  \(perUser.path)/  \(perUser.filesWritten) new files")
            }
        }
        lines += batches
        if let reported = result.reported {
            lines.append(Self.line(reported.failures, "failure"))
            lines.append(Self.line(reported.rejected, "rejected or doubled row"))
            lines.append("  \(reported.summary.path)")
        }
        return Self.written(lines)
    }

    private var batches: [String] {
        (result.handOver?.written ?? []).flatMap(BatchEntry.lines)
            + (handOver?.formatted ?? []).flatMap(\.lines)
    }

    private static func written(_ lines: [String]) -> [String] { lines.isEmpty ? [] : ["Written:"] + lines }

    static func line(_ file: CampaignOutputs.File, _ noun: String) -> String {
        "  \(file.path)  \(file.rows) "
            + "\(noun)\(file.rows == 1 ? "" : "s")\(file.wasWritten ? "" : " (unchanged)")"
    }
}
