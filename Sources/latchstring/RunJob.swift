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
import Work

/// What a run is given.
struct RunContext {
    let settings: RunSettings
    let goOn: GoOn
    var time = TimeSource(ContinuousClock(), wallClock: Timestamp.now)
}

extension Timestamp {
    /// The time of day.
    @Sendable static func now() -> Timestamp {
        Timestamp(milliseconds: WallClock.milliseconds())
    }
}

/// Why a run is to stop, from all who may say so.
struct RunStop: StopSignal {
    let stopSwitch: StopSwitch
    let ledgerWatch: LedgerWatch
    let deadline: Duration?
    let time: TimeSource

    var stop: StopReason? {
        if let damage = ledgerWatch.damage { return .ledger(damage) }
        if let signal = stopSwitch.signal { return .signal(signal) }
        return deadline.map { time.elapsed() >= $0 } == true ? .maxDuration : nil
    }
}

/// One run of `latchstring run`.
struct RunJob {
    let context: RunContext
    let settings: RunSettings
    let console: Console
    let queue = SerialQueue()
    let stopSwitch = StopSwitch()
    let progressOnRequest = ProgressOnRequest()
    let ledgerWatch: LedgerWatch
    /// When the run is to stop; nil for never.
    let deadline: Duration?

    /// What the steps of a run share once it has begun.
    struct Work {
        let ledger: any Ledger
        let run: RunID
        let start: RunStart
        let connection: ServerConnection
        let secrets: any SecretKeeping
    }

    var stopSignal: RunStop {
        RunStop(stopSwitch: stopSwitch, ledgerWatch: ledgerWatch, deadline: deadline, time: context.time)
    }

    init(_ context: RunContext) {
        self.context = context
        settings = context.settings
        ledgerWatch = LedgerWatch(context.settings.folder.ledger.check, time: context.time)
        deadline = context.settings.maxDuration.map { context.time.elapsed() + $0 }
        console = Console(isQuiet: context.settings.isQuiet)
    }

    /// What there is to say of a run that begins now.
    private func start() -> RunStart {
        RunStart(
            startedAt: context.time.wallClock(),
            process: CampaignFolder.thisProcess(),
            version: latchstringVersion,
            retryFailed: settings.issue.retryFailed,
            takesAbsent: settings.takesAbsent
        )
    }

    /// Runs and returns the exit status.
    ///
    /// - Throws: `CommandFailure` for what ends a run before or beside its work.
    func run() async throws -> ExitStatus {
        if let warning = settings.issue.validityWarning { console.note(warning) }
        try noteEncryption()
        // What is wrong with the roster shows before anything is written.
        let roster = try await queue.perform { [settings] in
            try CommandFailure.wrapping {
                let exists = try settings.folder.exists()
                guard let roster = settings.roster else {
                    // Without a roster there has to be a campaign; this says so.
                    if !exists { _ = try settings.folder.openLedger() }
                    return nil as RosterFile?
                }
                return try RosterFile(roster.path, options: roster.options, mayBeEmpty: exists)
            }
        }
        for note in try CommandFailure.wrapping({ try roster?.notes(settings.roster) ?? [] }) {
            console.note(note)
        }
        let (connection, transport) = try await settings.server.connect(
            concurrency: settings.pacing.concurrency.max,
            now: context.time.wallClock
        )
        defer { transport.stop() }
        try prepareFolder()
        let signals = await UnixSignalsSequence(trapping: StopSwitch.signals)
        let watch = Task { [stopSwitch, console, context] in
            await stopSwitch.watch(signals, goOn: context.goOn.again, console: console)
        }
        defer { watch.cancel() }
        let requests = await UnixSignalsSequence(trapping: .sigusr1)
        let answering = Task { [progressOnRequest] in await progressOnRequest.answer(requests) }
        defer { answering.cancel() }
        let lock = try await lock()
        do {
            let status = try await work(roster, connection)
            extendLifetime(lock)
            return status
        } catch {
            let failure = CommandFailure(describing: error)
            guard failure.isResumable else { throw failure }
            var lines = [failure.sentence, context.goOn.whenMended]
            if failure.leavesOutputs, let missing = RunReport.missing(allOf: settings) {
                lines.append(missing)
            }
            throw CommandFailure(failure.status, lines.joined(separator: "\n"))
        }
    }

    private func lock() async throws -> FolderLock {
        let wait = LockWait(limit: settings.waitForLock, time: context.time, console: console)
        let lock = try await wait.lock(settings.folder, stopSwitch: stopSwitch) {
            [progressOnRequest] holder in
            progressOnRequest.tell { "waiting for \(holder)" }
        }
        progressOnRequest.tell { "looking at the ledger" }
        stopSwitch.workBegins()
        return lock
    }

    /// Says who encrypts the invitations, where a run does not write them plain.
    private func noteEncryption() throws {
        guard !settings.exportRecipients.isEmpty else { return }
        let folder = settings.folder
        let export = CommandText.again(
            ["latchstring", "export", "--campaign", folder.name, "--output-dir", folder.outputFolder]
                + settings.exportRecipients.flatMap { ["--encrypt-to", $0] }
        )
        console.note(
            "encrypt-to is set, so the run writes no plain invitations. To write them encrypted: \(export)"
        )
        let plain = try CommandFailure.wrapping { try CampaignOutputs.plainExports(in: folder) }
        for line in PlainExportWarning.lines(plain, beside: nil) { console.note(line) }
    }

    private func prepareFolder() throws {
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
    }

    private func work(_ roster: RosterFile?, _ connection: ServerConnection) async throws -> ExitStatus {
        let ledger = try await queue.perform { [settings] in
            try settings.folder.openOrCreateLedger(server: settings.server.server.text)
        }
        do {
            try await ledgerWatch.begin()
            try await queue.perform { [settings] in
                guard settings.isNamedByRoster, let roster else { return }
                do {
                    try settings.folder.check(rosterFile: roster.path, against: ledger)
                } catch let error as FileError {
                    throw CommandFailure.final("\(error)")
                }
            }
            // Answers of an earlier run may bind the campaign to that run's server.
            let said = try await queue.perform { [settings] in try settings.folder.takeInSpill(into: ledger) }
            for note in said.notes { console.note(note) }
            for warning in said.warnings { Console.error(warning) }
            try await queue.perform { [console, settings] in
                try console.noteSecretColumns(of: ledger, in: settings.folder)
            }
            let movedFrom = try await queue.perform { [settings] in
                try Self.settleServer(of: ledger, settings)
            }
            let secrets = try await queue.perform { [settings, context] in
                let now = context.time.wallClock()
                return try CampaignSeal.secrets(ledger, settings.sealTo, settings.folder, at: now)
            }
            let start = start()
            let run = try await queue.perform { try ledger.beginRun(start) }
            let work = Work(ledger: ledger, run: run, start: start, connection: connection, secrets: secrets)
            return try await leavingOutputs {
                let (enrolment, end) =
                    settings.issue.verifies
                    ? try await enrolVerifyIssue(roster, work) : try await enrolAndIssue(roster, work)
                return try await finish(ledger, run, roster, enrolment, end, movedFrom: movedFrom)
            }
        } catch {
            await ledgerWatch.cancel()
            await rescue(ledger)
            // Folds the side files in where that still can be; the error counts.
            try? await queue.perform { try ledger.close() }
            throw error
        }
    }

    /// Notes of what goes wrong that no outputs were written.
    private func leavingOutputs<T>(_ body: () async throws -> T) async throws -> T {
        do { return try await body() } catch {
            var failure = CommandFailure(describing: error)
            failure.leavesOutputs = true
            throw failure
        }
    }

    /// A ledger whose file was deleted or replaced is still whole for this process: saves it under another name.
    private func rescue(_ ledger: any Ledger) async {
        guard let ledger = ledger as? any FileLedger, ledger.isLost else { return }
        let path = CampaignFolder.Leftover.rescuedLedger.freePath(in: settings.folder)
        do {
            try await queue.perform { try ledger.rescue(to: path) }
            Console.error(
                "what the ledger held is saved as \(path): to go on with it, remove ledger.sqlite-wal and "
                    + "ledger.sqlite-shm, and rename it to ledger.sqlite; or put the ledger back, and move it away"
            )
        } catch {
            Console.error("what the ledger held could not be saved: \(error)")
        }
    }

    /// Holds the campaign's server against the one that is given.
    ///
    /// - Returns: the server that the campaign belonged to, where it has moved.
    /// - Throws: `CommandFailure` where they differ and that was not said to be right.
    private static func settleServer(of ledger: any CampaignStore, _ settings: RunSettings) throws -> String?
    {
        let campaign = try ledger.campaign()
        let known = campaign.server
        let server = settings.server.server.text
        // Before the first answer that can be used, the server was only tried.
        guard known == server || settings.serverMoved || !campaign.isServerBound else {
            throw CommandFailure.final(
                "the campaign \(settings.folder.name) belongs to \(known), not to \(server): use another "
                    + "--campaign, or --server-moved when it is the same server at a new URL"
            )
        }
        if known != server { try ledger.setServer(server) }
        try ledger.setLinkBase(settings.server.provider.resolvesRelativeLinks ? server : nil)
        return known != server && campaign.isServerBound ? known : nil
    }
}
