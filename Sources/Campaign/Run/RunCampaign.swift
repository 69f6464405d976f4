// One run on a campaign: roster, folder, ledger, enrolment, issuing, outputs.

import Providers
import Ledger
import Files
import Pacing
import Model
import Work

/// One run, from its request to its result.
package struct RunCampaign: Sendable {
    let request: RunRequest
    let context: RunContext
    let control: RunControl
    let queue = SerialQueue()
    let meter = CurrentMeter()
    let ledgerWatch: LedgerWatch
    let statistics: RunStatistics
    let gains = RunGainsBook()
    let formats: RunFormats

    var events: RunEvents { context.events }
    var time: TimeSource { context.time }

    /// What the steps of a run share once it has begun.
    struct Work {
        let ledger: any Ledger
        let run: RunID
        let start: RunStart
        let connection: ServerConnection
        let secrets: any SecretKeeping
    }

    /// The time that the run may take counts from here.
    package init(_ request: RunRequest, _ context: RunContext) {
        self.request = request
        formats = RunFormats(request.format)
        let statistics = RunStatistics(time: context.time)
        self.statistics = statistics
        var context = context
        let gains = gains
        context.events = context.events.adding { statistics.hear($0) }.adding { gains.hear($0) }
        self.context = context
        control = RunControl(time: context.time, durationMax: request.maxDuration)
        ledgerWatch = LedgerWatch(
            request.folder.ledger.check,
            time: context.time,
            control: control
        )
    }

    /// Runs to the end, or to what stops it.
    ///
    /// - Throws: `CommandFailure` for what ends a run before or beside its work.
    package func run() async throws -> RunResult {
        do {
            let result = try await steps()
            events.emit(.ended(RunConclusion(result)))
            return result
        } catch {
            let failure = CommandFailure(describing: error)
            events.emit(.failed(failure.status, failure.problem))
            throw failure
        }
    }

    private func steps() async throws -> RunResult {
        events.emit(.step(.readingRoster))
        // What is wrong with the roster shows before anything is written.
        let roster = try await openRoster()
        let notes = try CommandFailure.wrapping {
            try roster?.notes(mustHaveColumns: request.roster?.mustHaveColumns == true) ?? []
        }
        for note in notes { events.emit(.rosterNote(note)) }
        let list = try await openReissueList()
        let link = try await context.connect(request.pacing.concurrency.max)
        defer { link.close() }
        try prepareFolder()
        let signals = await context.signals()
        let watching = Task { await watch(signals) }
        defer { watching.cancel() }
        let wait = LockWait(limit: request.waitForLock, time: time, control: control, events: events)
        let lock = try await wait.lock(request.folder, for: context.process)
        events.emit(.step(.openingLedger))
        control.workBegins()
        let keeping = Task { await control.keepDeadline() }
        defer { keeping.cancel() }
        do {
            let result = try await work(roster, list, link.connection)
            extendLifetime(lock)
            return result
        } catch {
            var failure = CommandFailure(describing: error)
            failure.hasBegun = true
            throw failure
        }
    }

    private func openRoster() async throws -> RosterFile? {
        try await queue.perform { [request] in
            try CommandFailure.wrapping {
                let exists = try request.folder.exists()
                guard let roster = request.roster else {
                    // Without a roster there has to be a campaign; this says so.
                    if !exists { _ = try request.folder.openLedger() }
                    return nil
                }
                return try RosterFile(roster.path, options: roster.options, mayBeEmpty: exists)
            }
        }
    }

    private func prepareFolder() throws {
        let folder = request.folder
        let kind = try CommandFailure.wrapping {
            try folder.prepare()
            return FileSystemKind.networkFileSystem(ofFolder: folder.path)
        }
        if let kind { events.emit(.onNetworkFileSystem(folder: folder.path, kind: kind)) }
    }

    /// Stops the run with the first signal and the process with the second, and tells how far it is.
    private func watch(_ signals: AsyncStream<RunSignal>) async {
        for await signal in signals {
            guard case .stop(let signal) = signal else {
                if let figures = meter.figures() { events.emit(.progress(figures)) }
                events.emit(.progressAsked)
                continue
            }
            if control.requestStop(bySignal: signal) {
                if control.isWorking { events.emit(.stopping(signal: signal)) }
            } else {
                // Only the ledger matters, and it is safe at every moment.
                events.emit(.stoppedAtOnce(signal: signal))
                context.exitNow(ExitStatus(.signal(signal)))
            }
        }
    }
}

// MARK: - The ledger

extension RunCampaign {
    private func work(_ roster: RosterFile?, _ list: RosterFile?, _ connection: ServerConnection)
        async throws -> RunResult
    {
        let ledger = try await queue.perform { [request] in
            try request.folder.openOrCreateLedger(server: request.server)
        }
        do {
            try await ledgerWatch.begin()
            let movedFrom = try await prepare(ledger, roster)
            try await queue.perform { completeBatch(of: ledger) }
            let secrets = try await queue.perform { [request, time] in
                try CampaignSeal.secrets(ledger, request.sealTo, request.folder, at: time.wallClock())
            }
            let start = RunStart(
                startedAt: time.wallClock(),
                process: context.process,
                version: context.version,
                retryFailed: request.retryFailed,
                takesAbsent: request.takesAbsent
            )
            let run = try await queue.perform { [statistics] in
                let run = try ledger.beginRun(start)
                ledger.attach(statistics.recorder, to: run)
                // Whoever was to get another invitation may have activated since.
                try ledger.withdrawReissues(by: run)
                return run
            }
            events.emit(.began(start, server: request.server))
            let work = Work(ledger: ledger, run: run, start: start, connection: connection, secrets: secrets)
            return try await leavingOutputs {
                let sync = try await syncOptions(work)
                let (enrolment, end) =
                    sync == nil && request.lookup == nil && request.reissue == nil
                    ? try await enrolAndIssue(roster, work)
                    : try await enrolThenIssue(roster, list, work, sync: sync)
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

    /// What is settled with the ledger before the run begins.
    ///
    /// - Returns: the server that the campaign belonged to, where it has moved.
    private func prepare(_ ledger: any Ledger, _ roster: RosterFile?) async throws -> String? {
        try await queue.perform { [request, events] in
            if request.isNamedByRoster, let roster {
                do {
                    try request.folder.check(rosterFile: roster.path, against: ledger)
                } catch let error as CampaignError {
                    throw CommandFailure(.error, error.problem, isResumable: false)
                }
            }
            // Answers of an earlier run may bind the campaign to that run's server.
            let taken = try request.folder.takeInSpill(into: ledger)
            if !taken.isEmpty { events.emit(.spillTaken(taken)) }
            let columns = try ledger.secretColumnNames()
            if !columns.isEmpty { events.emit(.secretColumns(columns)) }
            return try Self.settleServer(of: ledger, request)
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

    /// A ledger whose file was deleted or replaced is still whole for this process: saves it under another
    /// name.
    private func rescue(_ ledger: any Ledger) async {
        guard let ledger = ledger as? any FileLedger, ledger.isLost else { return }
        let path = CampaignFolder.Leftover.rescuedLedger.freePath(in: request.folder)
        do {
            try await queue.perform { try ledger.rescue(to: path) }
            events.emit(.ledgerRescued(path: path))
        } catch {
            events.emit(.ledgerNotRescued("\(error)"))
        }
    }

    /// Holds the campaign's server against the one that is given.
    ///
    /// - Returns: the server that the campaign belonged to, where it has moved.
    /// - Throws: `CommandFailure` where they differ and that was not said to be right.
    private static func settleServer(of ledger: any CampaignStore, _ request: RunRequest) throws -> String? {
        let campaign = try ledger.campaign()
        let known = campaign.server
        let server = request.server
        // Before the first answer that can be used, the server was only tried.
        guard known == server || request.serverMoved || !campaign.isServerBound else {
            throw CommandFailure.final(
                "the campaign \(request.folder.name) belongs to \(known), not to \(server)",
                advice: "use another \(.campaign), or \(.serverMoved) when it is the same server at a new "
                    + "URL"
            )
        }
        if known != server { try ledger.setServer(server) }
        if let provider = request.provider { try ledger.setProvider(provider) }
        try ledger.setLinkBase(request.resolvesRelativeLinks ? server : nil)
        return known != server && campaign.isServerBound ? known : nil
    }
}
