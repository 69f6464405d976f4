// Invitations to their users by mail: one use case, from its request to its result.

import Delivery
import Exports
import Files
import Ledger
import Model
import Pacing
import Synchronization
import Work

/// Mails each invitation of a campaign once.
///
/// The campaign is this process' own meanwhile. What the relay puts off is tried again in rounds, as long as
/// the request wants to wait for it; the next run goes on from there.
package struct DeliverCampaign: Sendable {
    private let request: DeliverRequest
    private let context: DeliverContext
    private let control: RunControl
    private let queue = SerialQueue()

    /// What the ledger gives before the first mail.
    private struct Opened: Sendable {
        let ledger: any Ledger
        let columns: [String]
        let count: DeliverableCount
    }

    /// What the rounds came to.
    private struct Work: Sendable {
        var progress = RunProgress()
        var tally = DeliverTally()
        var stop: StopReason?
    }

    /// The time that it may take counts from here.
    package init(_ request: DeliverRequest, _ context: DeliverContext) {
        self.request = request
        self.context = context
        control = RunControl(time: context.time, durationMax: request.maxDuration)
    }

    /// - Throws: `CommandFailure` for what ends it before its first mail, or beside it.
    package func run() async throws -> DeliverResult {
        do { return try await steps() } catch {
            let failure = CommandFailure(describing: error)
            context.events.emit(.failed(failure.status, failure.problem))
            throw failure
        }
    }

    private func steps() async throws -> DeliverResult {
        // What is no campaign is not waited for.
        try CommandFailure.wrapping { try request.folder.openLedger().close() }
        let signals = await context.signals()
        let watching = Task { await watch(signals) }
        defer { watching.cancel() }
        let wait = LockWait(
            limit: request.waitForLock,
            time: context.time,
            control: control,
            events: context.events
        )
        let lock = try await wait.lock(request.folder, for: context.process)
        let opened = try await queue.perform { [self] in try open() }
        let writer = try context.writer(opened.columns)
        if opened.count.all > 0 { try context.confirm(opened.count) }
        let keeping = Task { await control.keepDeadline() }
        defer { keeping.cancel() }
        let result = try await deliver(opened, writer)
        extendLifetime(lock)
        return result
    }

    private func open() throws -> Opened {
        let ledger = try request.folder.openSoundLedger()
        // Answers that wait beside the ledger are invitations, too.
        let taken = try request.folder.takeInSpill(into: ledger)
        if !taken.isEmpty { context.events.emit(.spillTaken(taken)) }
        let columns = try request.sources(ledger).columns
        return Opened(
            ledger: ledger,
            columns: columns.names,
            count: try ledger.deliverableCount(request.scope, at: context.time.wallClock())
        )
    }

    // MARK: - Mailing

    private func deliver(_ opened: Opened, _ writer: any LetterWriting) async throws -> DeliverResult {
        let ledger = opened.ledger
        guard opened.count.all > 0 else {
            var work = Work()
            work.tally.passedBy = opened.count.leftOut
            return try await result(of: work, ledger)
        }
        let relay = try await context.relay()
        control.workBegins()
        let start = DeliveryStart(
            startedAt: context.time.wallClock(),
            process: context.process,
            version: context.version,
            relay: request.relay
        )
        let begun = try await queue.perform { try ledger.beginDeliveries(start) }
        context.events.emit(.deliveryBegan(relay: request.relay, inDoubt: begun.inDoubt))
        context.events.emit(.step(.delivering))
        let letters = LetterBook()
        let deliveries = try await queue.perform { [self] in
            let (table, columns) = try request.sources(ledger)
            return DeliverQueue(
                ledger,
                run: begun.run,
                request.scope,
                request.putOff,
                desk: LetterDesk(
                    table,
                    columns,
                    needs: writer.needs,
                    isSuppressed: context.isSuppressed
                ),
                letters: letters,
                renewInterval: start.lease / 3
            ) { context.events.emit(.mailPutOff($0, $1, due: $2)) }
        }
        let stage = DeliverStage(
            relay,
            letters,
            writer,
            key: begun.key,
            resendsInDoubt: request.scope.resendsInDoubt,
            time: context.time
        )
        let telling = Task { await tell(deliveries) }
        let work = await Result { try await rounds(stage, deliveries, ledger, due: opened.count.all) }
        telling.cancel()
        await relay.close()
        let done = try work.get()
        try await queue.perform { [time = context.time] in
            try ledger.finishDeliveries(
                begun.run,
                mails: done.progress.requests,
                stoppedBecause: done.stop?.code,
                at: time.wallClock()
            )
        }
        return try await result(of: done, ledger)
    }

    /// Works until nothing is due, nor will be as soon as the request wants to wait.
    private func rounds(
        _ stage: DeliverStage,
        _ deliveries: DeliverQueue,
        _ ledger: any Ledger,
        due: Int
    ) async throws -> Work {
        var work = Work()
        var due = due
        while true {
            let (progress, count) = (work.progress, due)
            let options = options(after: deliveries.tally)
            let runner = try await queue.perform { [queue, control, context] in
                try StageRunner(
                    stage,
                    queue: deliveries,
                    on: queue,
                    options: options,
                    progress: progress,
                    due: count,
                    stopSignal: control,
                    time: context.time,
                    random: context.random()
                ) { context.events.emit(.stage($0)) }
            }
            let end = await runner.run()
            work.progress = end.progress
            work.tally = deliveries.tally
            work.stop = end.stop
            guard end.stop == nil, let next = try await nextDue(ledger) else { return work }
            context.events.emit(.waitingForMails(until: next))
            let wait = max(.zero, context.time.wallClock().duration(to: next))
            let until = context.time.elapsed() + wait
            _ = try await control.cancelling { [time = context.time] in try await time.sleep(until) }
            if let stop = control.stop {
                work.stop = stop
                return work
            }
            due = try await queue.perform {
                let counts = try ledger.deliveryCounts()
                return counts.later + counts.inDoubt
            }
        }
    }

    /// When the next mail is due that was put off, where that is soon enough.
    private func nextDue(_ ledger: any Ledger) async throws -> Timestamp? {
        try await queue.perform { [request, context] in
            guard let next = try ledger.nextDeliveryDue(request.scope),
                context.time.wallClock().duration(to: next) <= request.waitForPutOff
            else { return nil }
            return next
        }
    }

    private func options(after tally: DeliverTally) -> StageOptions {
        let done = tally.sent + tally.failed + tally.putOff + tally.inDoubt
        return StageOptions(
            pacing: PacingOptions(
                rates: request.rates,
                concurrency: .fixed(request.connections),
                giveUpAfter: request.giveUpAfter
            ),
            attemptsMax: request.attemptsMax,
            maxIdentities: request.maxMails.map { max(1, $0 - done) },
            maxFailures: request.maxFailures
        )
    }

    /// Tells how much is mailed, until the task is cancelled.
    private func tell(_ deliveries: DeliverQueue) async {
        let time = context.time
        while (try? await time.sleep(time.elapsed() + .milliseconds(250))) != nil {
            context.events.emit(.delivering(deliveries.tally))
        }
    }

    // MARK: - The end

    private func result(of work: Work, _ ledger: any Ledger) async throws -> DeliverResult {
        context.events.emit(.step(.writingOutputs))
        return try await queue.perform { [self] in
            defer { try? ledger.close() }
            var (deliveries, summary): (CampaignOutputs.File?, CampaignOutputs.File?)
            var unwritten: Problem?
            do {
                let lock = try OutputsLock(folder: request.folder.path)
                let reported = try CampaignOutputs(folder: request.folder, ledger: ledger).report(
                    Summary(ledger, now: context.time.wallClock(), isRunning: false),
                    formulas: request.formulas
                )
                (deliveries, summary) = (reported.deliveries, reported.summary)
                extendLifetime(lock)
            } catch {
                unwritten = CommandFailure(describing: error).problem
            }
            let result = DeliverResult(
                campaign: request.folder.name,
                relay: request.relay,
                tally: work.tally,
                requests: work.progress.requests,
                counts: try ledger.deliveryCounts(),
                stop: work.stop,
                deliveries: deliveries,
                summary: summary,
                unwritten: unwritten,
                resendsInDoubt: request.scope.resendsInDoubt,
                finishedAt: context.time.wallClock()
            )
            context.events.emit(.delivered(result.tally, result.status, stop: result.stop?.code))
            return result
        }
    }

    /// Stops with the first signal, and ends the process with the second.
    private func watch(_ signals: AsyncStream<RunSignal>) async {
        for await signal in signals {
            guard case .stop(let signal) = signal else {
                context.events.emit(.progressAsked)
                continue
            }
            if control.requestStop(bySignal: signal) {
                if control.isWorking { context.events.emit(.stopping(signal: signal)) }
            } else {
                context.events.emit(.stoppedAtOnce(signal: signal))
                context.exitNow(ExitStatus(.signal(signal)))
            }
        }
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
