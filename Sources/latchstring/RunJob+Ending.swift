// The end of a run: its last words to the ledger, its outputs, its exit status.

import Campaign
import Invitations
import Ledger
import OutputFiles
import Outputs
import Pacing
import Reports
import Vocabulary

extension RunJob {
    func finish(
        _ ledger: any Ledger,
        _ run: RunID,
        _ roster: RosterFile?,
        _ enrolment: Enrolment?,
        _ end: IssuingEnd,
        movedFrom: String?
    ) async throws -> ExitStatus {
        await ledgerWatch.end(isInDoubt: end.stop?.isLedgers == true)
        tellUnrecorded(end)
        progressOnRequest.tell { "writing the outputs" }
        let now = context.time.wallClock()
        let (report, summary, status, absent) = try await closing(end) { [settings, ledgerWatch] in
            var hasUnissued = try enrolment.map { try ledger.hasUnissued(inRoster: $0.roster) } ?? true
            // Damage may have been found after the last answer.
            let damage = ledgerWatch.damage
            let stop = try damage.map(StopReason.ledger) ?? Self.stop(of: end, ledger, settings, now)
            try ledger.finishRun(run, progress: end.progress, stoppedBecause: stop?.code, at: now)
            var report = RunReport(stop: stop)
            if let movedFrom, damage == nil, stop?.isOfWrongServer == true, end.progress.issued == 0 {
                // Nothing has shown that it moved there: the URL may be mistyped.
                try ledger.setServer(movedFrom)
                report.hasMovedInVain = true
            }
            let summary = try Summary(ledger, now: now, isRunning: false)
            if roster == nil { hasUnissued = summary.identities > summary.issued }
            let absent = try Self.absent(ledger, run, summary, roster, enrolment, settings)
            let outcome = RunOutcome(
                stop: stop,
                failed: end.progress.failed,
                rejected: enrolment?.counts.rejected ?? 0,
                hasUnissued: hasUnissued
            )
            if !settings.takesAbsent { report.leftOut = summary.absence }
            if damage == nil {
                report.news = try outcome.news(for: settings) {
                    try (enrolment?.roster ?? ledger.latestRoster()?.id).map {
                        try ledger.news(ofRoster: $0, run: run)
                    }
                }
                Self.writeOutputs(ledger, summary, settings, &report)
            } else {
                report.unwritten.append(
                    RunReport.Unwritten(
                        sentence: "nothing was written from the damaged ledger: all files are as they were",
                        files: [],
                        command: nil
                    )
                )
            }
            try ledger.close()
            return (report, summary, outcome.status(settings.exitCodeOf, report.news), absent)
        }
        if let roster, roster.isEmpty, report.saysNothing, end.progress.requests == 0,
            end.progress.failed == 0
        {
            console.note(AbsentNote.emptyRoster(roster.path, summary))
            if settings.isJSON { try Console.data(summary.json) }
            return status
        }
        absent?.show(console)
        return try report.show(summary, status, settings: settings, console: console, goOn: context.goOn)
    }

    /// What there is to say of those who are left out, once the roster has been read to its end.
    ///
    /// A roster of nobody is told of in its own way, and is no news of the others.
    private static func absent(
        _ ledger: any Ledger,
        _ run: RunID,
        _ summary: Summary,
        _ roster: RosterFile?,
        _ enrolment: Enrolment?,
        _ settings: RunSettings
    ) throws -> AbsentNote? {
        guard roster.map({ !$0.isEmpty && enrolment != nil }) ?? true else { return nil }
        let before = try ledger.noteAbsent(summary.absent, run: run)
        guard !settings.takesAbsent else { return nil }
        return AbsentNote(count: summary.absent, before: before, campaign: summary.campaign)
    }

    /// The last calls on the ledger; where they fail too, what stopped the run is told first.
    private func closing<T: Sendable>(
        _ end: IssuingEnd,
        _ body: @escaping @Sendable () throws -> T
    ) async throws -> T {
        do {
            return try await queue.perform(body)
        } catch {
            if case .ledger(let sentence) = end.stop, sentence != "\(error)" { Console.error(sentence) }
            throw error
        }
    }

    func tellUnrecorded(_ end: IssuingEnd) {
        if end.spilledAnswers > 0 {
            Console.error(
                "\(end.spilledAnswers) answers could not be recorded and wait in \(settings.folder.spillPath): the next "
                    + "run takes them in, when what is wrong with the ledger is mended"
            )
        }
        if let failure = end.spillFailure { Console.error(failure) }
        if end.unrecordedAnswers > 0 {
            Console.error(
                "\(end.unrecordedAnswers) answers could not be recorded; their identities are in doubt"
            )
        }
    }

    /// Why the run stopped early; told to stop after so many, when there were no more, it is simply done.
    private static func stop(
        of end: IssuingEnd,
        _ ledger: any Ledger,
        _ settings: RunSettings,
        _ now: Timestamp
    ) throws -> StopReason? {
        guard end.stop == .maxIdentities else { return end.stop }
        let counts = try ledger.counts(now: now)
        let leftOut = settings.takesAbsent ? 0 : counts.absent.pending + counts.absent.inDoubt
        return counts.pending + counts.inDoubt == leftOut ? nil : .maxIdentities
    }

    /// Writes what comes out; what goes wrong with it is told after the summary.
    private static func writeOutputs(
        _ ledger: any Ledger,
        _ summary: Summary,
        _ settings: RunSettings,
        _ report: inout RunReport
    ) {
        let outputs = CampaignOutputs(folder: settings.folder, ledger: ledger)
        let options = settings.export
        do {
            report.sealedTo = summary.sealedTo
            if !settings.skipsExport, summary.sealedTo == nil {
                report.export = try outputs.export(
                    options.invitations,
                    perUser: options.perUser,
                    replacing: options.replaces
                )
            }
        } catch {
            report.unwritten.append(unwritten(.export, error, settings))
        }
        do {
            report.reported = try outputs.report(summary, formulas: options.invitations.formulas)
        } catch {
            report.unwritten.append(unwritten(.report, error, settings))
        }
    }

    private static func unwritten(
        _ command: RunSettings.OutputCommand,
        _ error: any Error,
        _ settings: RunSettings
    ) -> RunReport.Unwritten {
        let files = (error as? ReportsUnwritten)?.names ?? settings.files(of: command)
        return RunReport.Unwritten(
            sentence: "\(error)",
            files: files,
            command: settings.command(command)
        )
    }
}
