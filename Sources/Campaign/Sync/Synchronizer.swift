// Asks a server about everybody with an invitation: first many at a time, then one by one where that is
// needed.

package import Providers
package import Ledger
package import Pacing
package import Model
package import Work

/// How a server is asked about invitations.
package struct SyncOptions: Sendable {
    /// The limits for lists, and for single identities.
    package var listRates: [Rate]
    package var singleRates: [Rate]
    /// The part of every window that is ours.
    package var share = 1.0
    package var attemptsMax = 5
    package var giveUpAfter: Duration?
    /// Whether sessions are looked through for redeemed invitations, too.
    package var readsSessions = false

    package init(listRates: [Rate] = [], singleRates: [Rate] = []) {
        self.listRates = listRates
        self.singleRates = singleRates
    }
}

/// Learns what became of a campaign's invitations; what it learns is in the ledger batch by batch.
///
/// A list of identities tells who was changed since; only those are asked for alone. Sessions are read in
/// pages, as long as there are fewer of them than identities to ask about.
package struct Synchronizer: Sendable {
    private let ledger: any LedgerReader & WorkQueue
    private let thread: SerialQueue
    private let lookup: any IdentityLookingUp
    private let reader: any IdentityReading
    private let options: SyncOptions
    private let control: any StopSignal
    private let time: TimeSource
    private let events: RunEvents

    /// How many single requests are in flight at most.
    static let concurrency = 8

    /// - Parameter thread: where the ledger is called.
    package init(
        ledger: any LedgerReader & WorkQueue,
        on thread: SerialQueue,
        lookingUp lookup: any IdentityLookingUp,
        reading reader: any IdentityReading,
        options: SyncOptions,
        control: any StopSignal,
        time: TimeSource,
        events: RunEvents
    ) {
        self.ledger = ledger
        self.thread = thread
        self.lookup = lookup
        self.reader = reader
        self.options = options
        self.control = control
        self.time = time
        self.events = events
    }

    /// - Parameter scope: about whom to ask.
    /// - Returns: what was found, and why it stopped early; nil where it did not.
    /// - Throws: what the ledger throws.
    package func run(
        _ scope: ActivationScope = .notActivated
    ) async throws -> (tally: SyncTally, stop: StopReason?) {
        var tally = SyncTally()
        var stop = try await askForAll(scope, &tally)
        if case .fatal(let answer) = stop, answer.code == .lookupUnsupported {
            tally.askedSingly = true
            stop = try await askSingly(scope, &tally, counting: true)
        } else if stop == nil {
            stop = try await askSingly(.changed, &tally, counting: false)
        }
        if stop == nil, options.readsSessions { stop = try await readSessions(&tally) }
        return (tally, stop)
    }

    // MARK: - The steps

    private func askForAll(_ scope: ActivationScope, _ tally: inout SyncTally) async throws -> StopReason? {
        let queue = SyncQueue<[ListedIdentity]>(ledger, scope) { found, candidates in
            let byID = Dictionary(found.map { ($0.id, $0) }) { first, _ in first }
            return candidates.map { $0.result(byID[$0.identityID]) }
        }
        return try await work(
            LookupStage(lookup, willSend: willSend),
            queue,
            options(rates: options.listRates, concurrency: 1),
            &tally
        )
    }

    /// - Parameter counting: whether these identities were not counted as asked about before.
    private func askSingly(
        _ scope: ActivationScope,
        _ tally: inout SyncTally,
        counting: Bool
    ) async throws -> StopReason? {
        let queue = SyncQueue<ShownIdentity?>(ledger, scope) { shown, candidates in
            candidates.map { $0.result(shown) }
        }
        let stage = ReadingStage<ShownIdentity?>(willSend: willSend) { [reader] in
            await reader.identity($0.identityID, onSend: $1)
        }
        let asked = tally.asked
        let options = options(rates: options.singleRates, concurrency: Self.concurrency)
        let stop = try await work(stage, queue, options, &tally)
        if !counting { tally.asked = asked }
        return stop
    }

    private func readSessions(_ tally: inout SyncTally) async throws -> StopReason? {
        let counts = try await thread.perform { [ledger] in try ledger.activationCounts() }
        guard counts[.unused] > 0, let since = counts.unusedSince else { return nil }
        let asked = tally.asked
        defer { tally.asked = asked }
        let pages = SessionQueue(ledger, since: since, pagesMax: counts[.unused])
        let stage = ReadingStage<SessionPage>(willSend: willSend) { [reader] in
            await reader.sessions(page: pages.token, onSend: $1)
        }
        let stop = try await work(stage, pages, options(rates: options.listRates, concurrency: 1), &tally)
        guard stop == nil, !pages.isComplete else { return stop }
        // There are more pages than identities.
        let queue = SyncQueue<[ShownSession]>(ledger, .unused) { sessions, candidates in
            candidates.compactMap { $0.result(sessions) }
        }
        let single = ReadingStage<[ShownSession]>(willSend: willSend) { [reader] in
            await reader.sessions(of: $0.identityID, onSend: $1)
        }
        return try await work(single, queue, options(rates: options.listRates, concurrency: 1), &tally)
    }

    // MARK: - One step

    private func options(rates: [Rate], concurrency: Int) -> StageOptions {
        StageOptions(
            pacing: PacingOptions(
                rates: rates,
                share: options.share,
                concurrency: .fixed(concurrency),
                giveUpAfter: options.giveUpAfter
            ),
            attemptsMax: options.attemptsMax,
            claimsPerRequest: 1
        )
    }

    private func work<Value, Queue: TallyingQueue<Value>>(
        _ stage: some Stage<Value>,
        _ queue: Queue,
        _ options: StageOptions,
        _ tally: inout SyncTally
    ) async throws -> StopReason? {
        let runner = try await thread.perform { [thread, control, time, events] in
            try StageRunner(
                stage,
                queue: queue,
                on: thread,
                options: options,
                stopSignal: control,
                time: time
            ) { events.emit(.stage($0)) }
        }
        let before = tally
        let telling = Task { await tell { before.adding(queue.tally) } }
        let end = await runner.run()
        telling.cancel()
        if let failure = queue.failure { throw failure }
        tally = before.adding(queue.tally)
        tally.requests += runner.progress.requests
        return end.stop
    }

    /// Tells how many identities were asked about, until the task is cancelled.
    private func tell(_ tally: @Sendable () -> SyncTally) async {
        while (try? await time.sleep(time.elapsed() + .milliseconds(250))) != nil {
            var looked = Verification()
            looked.lookedUp = tally().asked
            events.emit(.lookingUp(looked))
        }
    }

    /// Counts a request, which is about to be sent.
    private var willSend: @Sendable () async throws -> Void {
        { [thread, ledger, time] in
            try await thread.perform { try ledger.noteLookupRequest(at: time.wallClock()) }
        }
    }
}

/// A queue that counts what it finds.
protocol TallyingQueue<Value>: StageQueue {
    var tally: SyncTally { get }
    var failure: (any Error)? { get }
}

extension SyncQueue: TallyingQueue {}
extension SessionQueue: TallyingQueue {}

extension SyncTally {
    fileprivate func adding(_ other: SyncTally) -> SyncTally {
        var sum = self
        sum.asked += other.asked
        sum.activated += other.activated
        sum.redeemed += other.redeemed
        return sum
    }
}
