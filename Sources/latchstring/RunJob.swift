// The steps of one run: roster, folder, ledger, enrolment, issuing, outputs.

import Campaign
import Foundation
import Glibc
import HTTPTransport
import IdentityAPI
import Invitations
import Ledger
import OutputFiles
import Outputs
import Pacing
import Reports
import Roster
import UnixSignals
import Vocabulary

/// What a run is given.
struct RunContext {
    let settings: RunSettings
    /// The command that goes on.
    let goOn: String
    var time = TimeSource(ContinuousClock(), wallClock: Timestamp.now)
}

extension Timestamp {
    /// The time of day.
    @Sendable static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

/// One run of `latchstring run`.
struct RunJob {
    private let context: RunContext
    private let settings: RunSettings
    private let console: Console
    private let queue = SerialQueue()
    private let stopSwitch = StopSwitch()
    private let ledgerWatch: LedgerWatch
    /// When the run is to stop; nil for never.
    private let deadline: Duration?

    init(_ context: RunContext) {
        self.context = context
        settings = context.settings
        ledgerWatch = LedgerWatch(ledgerPath: context.settings.folder.ledgerPath)
        deadline = context.settings.maxDuration.map { context.time.elapsed() + $0 }
        console = Console(isQuiet: context.settings.isQuiet)
    }

    /// What there is to say of a run that begins now.
    private var start: RunStart {
        RunStart(
            startedAt: context.time.wallClock(),
            process: CampaignFolder.thisProcess(),
            version: latchstringVersion,
            retryFailed: settings.issue.retryFailed
        )
    }

    /// Runs and returns the exit status.
    ///
    /// - Throws: `CommandFailure` for what ends a run before or beside its work.
    func run() async throws -> ExitStatus {
        if let warning = settings.issue.validityWarning { console.note(warning) }
        // What is wrong with the roster shows before anything is written.
        let roster = try await queue.perform { [settings] in
            try CommandFailure.wrapping {
                try RosterFile(settings.roster.path, options: settings.roster.options)
            }
        }
        let (connection, transport) = try await settings.server.connect(
            concurrency: settings.pacing.concurrency.max,
            now: context.time.wallClock
        )
        defer { transport.stop() }
        let lock = try prepareFolder()
        let signals = await UnixSignalsSequence(trapping: StopSwitch.signals)
        let watch = Task { [stopSwitch, console, context] in
            await stopSwitch.watch(signals, goOn: context.goOn, console: console)
        }
        defer { watch.cancel() }
        do {
            let status = try await work(roster, connection)
            extendLifetime(lock)
            return status
        } catch {
            let failure = CommandFailure(describing: error)
            guard failure.isResumable else { throw failure }
            throw CommandFailure(
                failure.status,
                "\(failure.sentence)\nWhen that is mended, to go on: \(context.goOn)"
            )
        }
    }

    private func prepareFolder() throws -> FolderLock {
        let folder = settings.folder
        if let kind = try CommandFailure.wrapping({ () -> String? in
            try folder.prepare()
            return FileSystemKind.networkFileSystem(ofFolder: folder.path)
        }) {
            console.note(
                "warning: \(folder.path) is on a network file system (\(kind)), where SQLite's locks cannot be relied "
                    + "on: put --output-dir on a local disk"
            )
        }
        return try folder.lock()
    }

    private func work(_ roster: RosterFile, _ connection: ServerConnection) async throws -> ExitStatus {
        let ledger = try await queue.perform { [settings] in try Self.openLedger(settings) }
        do {
            try await ledgerWatch.begin()
            let said = try await queue.perform { [settings] in try settings.folder.takeInSpill(into: ledger) }
            if let said { console.note(said) }
            let secrets = try await queue.perform { [settings, context] in
                let now = context.time.wallClock()
                return try CampaignSeal.secrets(ledger, settings.sealTo, settings.folder, at: now)
            }
            let run = try await queue.perform { try ledger.beginRun(start) }
            let (enrolment, end) =
                settings.issue.verifies
                ? try await enrolVerifyIssue(roster, ledger, run, connection, secrets)
                : try await enrolAndIssue(roster, ledger, run, connection, secrets)
            return try await finish(ledger, run, enrolment, end)
        } catch {
            await ledgerWatch.end()
            await rescue(ledger)
            // Folds the side files in where that still can be; the error counts.
            try? await queue.perform { try ledger.close() }
            throw error
        }
    }

    /// A ledger whose file was deleted or replaced is still whole for this process: saves it under another name.
    private func rescue(_ ledger: SQLiteLedger) async {
        let path = settings.folder.rescuedLedgerPath
        guard (try? await queue.perform({ try ledger.rescue(to: path) })) == true else { return }
        Console.error(
            "what the ledger held is saved as \(path): to go on with it, remove ledger.sqlite-wal and "
                + "ledger.sqlite-shm, and rename it to ledger.sqlite"
        )
    }

    private static func openLedger(_ settings: RunSettings) throws -> SQLiteLedger {
        let ledger = try settings.folder.openOrCreateLedger(server: settings.server.server.text)
        let known = try ledger.campaign().server
        let server = settings.server.server.text
        guard known == server || settings.serverMoved else {
            throw CommandFailure(
                .error,
                "the campaign \(settings.folder.name) belongs to \(known), not to \(server): use another "
                    + "--campaign, or --server-moved when it is the same server at a new URL"
            )
        }
        if known != server { try ledger.setServer(server) }
        try ledger.setLinkBase(settings.server.provider.resolvesRelativeLinks ? server : nil)
        return ledger
    }

    /// Issues while the roster is still being enrolled.
    private func enrolAndIssue(
        _ roster: RosterFile,
        _ ledger: any Ledger,
        _ run: RunID,
        _ connection: ServerConnection,
        _ secrets: any SecretKeeping
    ) async throws -> (Enrolment?, IssuingEnd) {
        let issuer = try await issuer(
            ledger,
            run,
            connection,
            secrets,
            after: RunProgress(),
            isEnrolling: true
        )
        stopSwitch.onStop { issuer.requestStop(.signal($0)) }
        async let enrolling = enrol(roster, ledger, run, for: issuer)
        let end = await issue(issuer)
        do {
            return (try await enrolling, end)
        } catch {
            tellUnrecorded(end)
            throw error
        }
    }

    /// Enrols for an issuer, which is stopped where the roster or the ledger breaks.
    private func enrol(
        _ roster: RosterFile,
        _ ledger: any Ledger,
        _ run: RunID,
        for issuer: Issuer
    ) async throws -> Enrolment? {
        defer { issuer.enrolmentEnded() }
        var enrolled = 0
        do {
            return try await enrol(roster, ledger, run, shouldStop: { issuer.isStopping }) { counts in
                issuer.enrolled(counts.enrolledNew - enrolled)
                enrolled = counts.enrolledNew
            }
        } catch let error as RosterError {
            issuer.requestStop(.roster("\(error)"))
            return nil
        } catch {
            issuer.requestStop(.ledger("\(error)"))
            throw error
        }
    }

    /// One after the other: nothing is issued before everybody is looked up.
    private func enrolVerifyIssue(
        _ roster: RosterFile,
        _ ledger: any Ledger,
        _ run: RunID,
        _ connection: ServerConnection,
        _ secrets: any SecretKeeping
    ) async throws -> (Enrolment?, IssuingEnd) {
        var display = StepDisplay(console: console, time: context.time)
        let enrolment: Enrolment?
        do {
            defer { display.clear() }
            enrolment = try await enrol(roster, ledger, run, shouldStop: { shouldStop() != nil }) {
                counts in
                display.show("\(counts.rowsRead) rows read, \(counts.enrolledNew) identities new")
            }
        } catch let error as RosterError {
            return (nil, IssuingEnd(stop: .roster("\(error)")))
        }
        if let reason = shouldStop() { return (enrolment, IssuingEnd(stop: reason)) }
        let verified = try await verify(ledger, run, connection)
        guard verified.stop == nil else { return (enrolment, verified) }
        let issuer = try await issuer(
            ledger,
            run,
            connection,
            secrets,
            after: verified.progress,
            isEnrolling: false
        )
        stopSwitch.onStop { issuer.requestStop(.signal($0)) }
        return (enrolment, await issue(issuer))
    }

    private func enrol(
        _ roster: RosterFile,
        _ ledger: any Ledger,
        _ run: RunID,
        shouldStop: () -> Bool,
        onProgress: (EnrolmentCounts) -> Void
    ) async throws -> Enrolment? {
        try await Enroller(ledger: ledger, queue: queue, options: settings.roster.options, time: context.time)
            .enrol(
                roster.reader,
                name: roster.path,
                size: roster.size,
                fileFingerprint: roster.fingerprint,
                run: run,
                shouldStop: shouldStop,
                onProgress: onProgress
            )
    }

    /// Why the steps before issuing are to stop.
    private var shouldStop: @Sendable () -> StopReason? {
        { [stopSwitch, ledgerWatch, deadline, time = context.time] in
            if let damage = ledgerWatch.damage { return .ledger(damage) }
            if let signal = stopSwitch.signal { return .signal(signal) }
            return deadline.map { time.elapsed() >= $0 } == true ? .maxDuration : nil
        }
    }

    /// Looks everybody up who is due.
    private func verify(
        _ ledger: any Ledger,
        _ run: RunID,
        _ connection: ServerConnection
    ) async throws -> IssuingEnd {
        let verifier = try await queue.perform { [queue, settings, context, shouldStop] in
            try Verifier(
                ledger: ledger,
                queue: queue,
                run: run,
                columns: settings.issue.columns,
                maxIdentities: settings.issue.maxIdentities,
                rates: settings.issue.readRates,
                share: settings.issue.share,
                attemptsMax: settings.attemptsMax,
                lookingUp: IdentityLookup(connection, columns: settings.issue.columns),
                time: context.time,
                shouldStop: shouldStop
            )
        }
        let verification = try await stopSwitch.cancelling { [console, context] in
            var verifier = verifier
            var display = StepDisplay(console: console, time: context.time)
            defer { display.clear() }
            return try await verifier.verify { display.show("\($0.lookedUp) identities looked up") }
        }
        var progress = RunProgress()
        // Nil: the wait for its turn was cut short.
        progress.failed = try await queue.perform { try ledger.latestRun()?.progress.failed ?? 0 }
        guard let verification else {
            return IssuingEnd(stop: stopSwitch.signal.map(StopReason.signal), progress: progress)
        }
        RunReport.note(verification, console)
        let passed = verification.lookedUp - progress.failed
        if let bound = settings.maxFailures, verification.stop == nil,
            bound.isExceeded(failed: progress.failed, issued: passed)
        {
            return IssuingEnd(
                stop: .exceeded(bound, failed: progress.failed, issued: passed),
                progress: progress
            )
        }
        return IssuingEnd(stop: verification.stop, progress: progress)
    }

    private func issuer(
        _ ledger: any Ledger,
        _ run: RunID,
        _ connection: ServerConnection,
        _ secrets: any SecretKeeping,
        after progress: RunProgress,
        isEnrolling: Bool
    ) async throws -> Issuer {
        let time = context.time
        let options = IssuingOptions(
            pacing: settings.pacing,
            attemptsMax: settings.attemptsMax,
            maxIdentities: settings.issue.maxIdentities,
            maxFailures: settings.maxFailures,
            deadline: deadline,
            expiresIn: settings.issue.wish.expiresIn
        )
        return try await queue.perform { [queue, settings, console, start] in
            var start = start
            if let begun = try ledger.latestRun() { start.startedAt = begun.startedAt }
            return try Issuer(
                ledger: ledger,
                queue: queue,
                run: run,
                options: options,
                progress: progress,
                due: ledger.dueCount(retryingFailed: false),
                isEnrolling: isEnrolling,
                spill: settings.folder.reserveSpill(
                    for: start,
                    claimsMax: min(options.claimedMax, options.maxIdentities ?? .max)
                ),
                issuing: RecoveryAPI(connection, settings.issue.wish),
                secrets: secrets,
                time: time,
                onRemark: { console.note("warning: \($0)") }
            )
        }
    }

    private func issue(_ issuer: Issuer) async -> IssuingEnd {
        ledgerWatch.onDamage { issuer.requestStop(.ledger($0)) }
        let display = ProgressDisplay(
            console: console,
            time: context.time,
            identitiesMax: settings.issue.maxIdentities ?? .max
        )
        let shown = Task { await display.run(issuer) }
        let end = await issuer.issue()
        shown.cancel()
        await shown.value
        return end
    }
}

// MARK: - The end of a run

extension RunJob {
    private func finish(
        _ ledger: any Ledger,
        _ run: RunID,
        _ enrolment: Enrolment?,
        _ end: IssuingEnd
    ) async throws -> ExitStatus {
        await ledgerWatch.end()
        tellUnrecorded(end)
        let now = context.time.wallClock()
        let (summary, report, hasUnissued) = try await closing(end) { [settings, ledgerWatch] in
            let hasUnissued = try enrolment.map { try ledger.hasUnissued(inRoster: $0.roster) } ?? true
            // Damage may have been found after the last answer.
            let stop = try ledgerWatch.damage.map(StopReason.ledger) ?? Self.stop(of: end, ledger, now)
            try ledger.finishRun(run, progress: end.progress, stoppedBecause: stop?.code, at: now)
            let summary = try Summary(ledger, now: now, isRunning: false)
            let report = Self.writeOutputs(ledger, summary, settings, stop)
            try ledger.close()
            return (summary, report, hasUnissued)
        }
        let status = Self.status(report.stop, end, rejected: enrolment?.counts.rejected ?? 0, hasUnissued)
        return try report.show(summary, status, settings: settings, console: console, goOn: context.goOn)
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

    private func tellUnrecorded(_ end: IssuingEnd) {
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
    private static func stop(of end: IssuingEnd, _ ledger: any Ledger, _ now: Timestamp) throws -> StopReason?
    {
        guard end.stop == .maxIdentities else { return end.stop }
        let counts = try ledger.counts(now: now)
        return counts.pending + counts.inDoubt == 0 ? nil : .maxIdentities
    }

    /// Writes what comes out; what goes wrong with it is told after the summary.
    private static func writeOutputs(
        _ ledger: any Ledger,
        _ summary: Summary,
        _ settings: RunSettings,
        _ stop: StopReason?
    ) -> RunReport {
        let outputs = CampaignOutputs(folder: settings.folder, ledger: ledger)
        let options = settings.export
        var report = RunReport(stop: stop)
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
            report.failures.append("\(error)")
        }
        do {
            report.reported = try outputs.report(summary, formulas: options.invitations.formulas)
        } catch {
            report.failures.append("\(error)")
        }
        return report
    }

    /// 0 and 3 speak of this roster; of a canary, of the identities it was for.
    private static func status(
        _ stop: StopReason?,
        _ end: IssuingEnd,
        rejected: Int,
        _ hasUnissued: Bool
    ) -> ExitStatus {
        switch stop {
        case .maxIdentities: end.progress.failed == 0 ? .done : .withFailures
        case .some(let stop): ExitStatus(stop)
        case nil: rejected > 0 || hasUnissued ? .withFailures : .done
        }
    }
}
