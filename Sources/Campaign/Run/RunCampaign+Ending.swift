// The end of a run: its last words to the ledger, its outputs, its exit status.

import Exports
import Ledger
import Files
import Pacing
import Model
import Work

extension RunCampaign {
    func finish(
        _ ledger: any Ledger,
        _ run: RunID,
        _ roster: RosterFile?,
        _ enrolment: Enrolment?,
        _ end: StageEnd,
        movedFrom: String?
    ) async throws -> RunResult {
        await ledgerWatch.end(isInDoubt: end.stop?.isLedgers == true)
        tellUnrecorded(end)
        events.emit(.step(.writingOutputs))
        let now = time.wallClock()
        var result = try await closing(end) { [self, request, ledgerWatch, statistics, gains] in
            // Damage may have been found after the last answer.
            let damage = ledgerWatch.damage
            let stop = try damage.map(StopReason.ledger) ?? Self.stop(of: end, ledger, request, now)
            statistics.end(stop: stop?.code)
            try ledger.finishRun(run, progress: end.progress, stoppedBecause: stop?.code, at: now)
            let hasMovedInVain =
                movedFrom != nil && damage == nil && stop?.isOfWrongServer == true && end.progress.issued == 0
            // Nothing has shown that it moved there: the URL may be mistyped.
            if hasMovedInVain, let movedFrom { try ledger.setServer(movedFrom) }
            if request.reissue != nil, stop == nil { try ledger.endReissue() }
            // The summary tells of these, too.
            var handedOver: HandOverResult?
            let unwritten =
                damage == nil
                ? [
                    handOver(ledger, &handedOver),
                    stop?.leavesTime == false ? nil : purgeExpired(ledger, at: now),
                ] : []
            let lock = try OutputsLock(folder: request.folder.path)
            var result = RunResult(try Summary(ledger, now: now, isRunning: false), stop: stop)
            result.handOver = handedOver
            result.hasMovedInVain = hasMovedInVain
            result.absent = try Self.absent(ledger, run, result.summary, roster, enrolment, request)
            result.gains = try gains.gains(of: run, end.progress, ledger)
            try settle(&result, ledger, run, roster, enrolment, end, isDamaged: damage != nil, at: now)
            result.unwritten += unwritten.compactMap(\.self)
            if result.outcome == .done, handedOver?.leavesOut == true { result.outcome = .withFailures }
            extendLifetime(lock)
            try ledger.close()
            return result
        }
        if let failure = statistics.recorder.failure { events.emit(.seriesIncomplete(failure)) }
        if let roster, roster.isEmpty, result.stop == nil, result.unwritten.isEmpty,
            end.progress.requests == 0, end.progress.failed == 0
        {
            result.emptyRoster = roster.path
        }
        return result
    }

    /// The exit status, and the outputs: of a damaged ledger none.
    private func settle(
        _ result: inout RunResult,
        _ ledger: any Ledger,
        _ run: RunID,
        _ roster: RosterFile?,
        _ enrolment: Enrolment?,
        _ end: StageEnd,
        isDamaged: Bool,
        at now: Timestamp
    ) throws {
        let summary = result.summary
        let hasUnreached =
            roster == nil
            ? try ledger.hasUnreached(inRoster: nil, at: now)
            : try enrolment.map { try ledger.hasUnreached(inRoster: $0.roster, at: now) } ?? true
        let outcome = RunOutcome(
            stop: result.stop,
            failed: end.progress.failed,
            rejected: enrolment?.counts.rejected ?? 0,
            givenUp: try ledger.givenUpCount(by: run),
            hasUnreached: hasUnreached
        )
        if !request.takesAbsent { result.leftOut = summary.absence }
        if isDamaged {
            result.unwritten.append(
                RunResult.Unwritten(
                    sentence: "nothing was written from the damaged ledger: all files are as they were",
                    files: [],
                    output: nil
                )
            )
        } else {
            result.news = try outcome.news(for: request) {
                try (enrolment?.roster ?? ledger.latestRoster()?.id).map {
                    try ledger.news(ofRoster: $0, run: run)
                }
            }
            writeOutputs(ledger, &result)
        }
        result.outcome = outcome.status(request.exitCodeOf, result.news)
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
        _ request: RunRequest
    ) throws -> RunResult.Absent? {
        guard roster.map({ !$0.isEmpty && enrolment != nil }) ?? true else { return nil }
        let before = try ledger.noteAbsent(summary.absent, run: run)
        guard !request.takesAbsent else { return nil }
        return RunResult.Absent(count: summary.absent, before: before)
    }

    /// The last calls on the ledger; where they fail too, what stopped the run is told first.
    private func closing<T: Sendable>(
        _ end: StageEnd,
        _ body: @escaping @Sendable () throws -> T
    ) async throws -> T {
        do {
            return try await queue.perform(body)
        } catch {
            if case .ledger(let sentence) = end.stop, sentence != Wording("\(error)") {
                events.emit(.stopUntold(sentence))
            }
            throw error
        }
    }

    func tellUnrecorded(_ end: StageEnd) {
        if end.spilledAnswers > 0 {
            events.emit(.unrecorded(.spilled(end.spilledAnswers, path: request.folder.spillPath)))
        }
        if let failure = end.spillFailure { events.emit(.unrecorded(.spillFailed(failure))) }
        if end.unrecordedAnswers > 0 { events.emit(.unrecorded(.lost(end.unrecordedAnswers))) }
    }

    /// Why the run stopped early; told to stop after so many, when there were no more, it is simply done.
    private static func stop(
        of end: StageEnd,
        _ ledger: any Ledger,
        _ request: RunRequest,
        _ now: Timestamp
    ) throws -> StopReason? {
        guard end.stop == .maxIdentities else { return end.stop }
        let counts = try ledger.counts(now: now)
        let leftOut = request.takesAbsent ? 0 : counts.absent.pending + counts.absent.inDoubt
        return counts.pending + counts.inDoubt == leftOut ? nil : .maxIdentities
    }

    /// Writes what comes out; what goes wrong with it is told after the summary.
    private func writeOutputs(_ ledger: any Ledger, _ result: inout RunResult) {
        let outputs = CampaignOutputs(folder: request.folder, ledger: ledger)
        let options = request.export
        do {
            if !request.skipsExport, result.sealedTo == nil {
                let before = try outputs.withoutCodeBefore()
                if !options.replaces, let path = try outputs.keepPurged() {
                    events.emit(.invitationsKept(path: path))
                }
                result.export = try outputs.export(
                    options.invitations,
                    perUser: options.perUser,
                    replacing: options.replaces
                )
                result.knowsWithoutCode = result.export?.withoutCode == before
            }
        } catch {
            result.unwritten.append(Self.unwritten(.export, error, request))
        }
        do {
            result.reported = try outputs.report(result.summary, formulas: options.invitations.formulas)
        } catch {
            result.unwritten.append(Self.unwritten(.report, error, request))
        }
    }

    private static func unwritten(
        _ output: RunOutput,
        _ error: any Error,
        _ request: RunRequest
    ) -> RunResult.Unwritten {
        let files = (error as? ReportsUnwritten)?.names ?? request.files(of: output)
        return RunResult.Unwritten(sentence: "\(error)", files: files, output: output)
    }
}

extension StopReason {
    /// Whether there is time for what can also be done another time.
    fileprivate var leavesTime: Bool {
        switch self {
        case .signal, .fenced, .ledger: false
        case .fatal, .maxIdentities, .maxDuration, .maxFailures, .outage, .roster: true
        }
    }
}

extension RunConclusion {
    init(_ result: RunResult) {
        let summary = result.summary
        status = result.status
        stop = result.stop?.code
        progress = summary.run
        counts = Counts(
            identities: summary.identities,
            issued: summary.issued,
            failed: summary.failed,
            pending: summary.pending,
            inDoubt: summary.inDoubt,
            rejected: summary.enrolment.rejected
        )
    }
}
