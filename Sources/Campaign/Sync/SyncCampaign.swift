// Who has activated: one use case, from its request to its result.

package import Providers
package import Ledger
package import Files
import Pacing
package import Model
package import Work

/// Which campaign is asked about, and how.
package struct SyncRequest: Sendable {
    package var folder: CampaignFolder
    package var provider: Provider
    /// The server's base URL.
    package var server: String
    package var options: SyncOptions
    package var maxDuration: Duration?
    /// How long to wait for a campaign in use; nil for not at all.
    package var waitForLock: Duration?

    package init(folder: CampaignFolder, provider: Provider, server: String, options: SyncOptions) {
        self.folder = folder
        self.provider = provider
        self.server = server
        self.options = options
    }
}

/// What asking came to.
package struct SyncResult: Sendable {
    package let campaign: String
    package let server: String
    package let tally: SyncTally
    /// How the campaign's invitations stand by now.
    package let counts: ActivationCounts
    /// Nil where everybody was asked about.
    package let stop: StopReason?
    package let finishedAt: Timestamp

    package var status: ExitStatus { stop.map(ExitStatus.init) ?? .done }
}

/// What a campaign remembers of its server.
package struct RememberedServer: Hashable, Sendable {
    package let server: String
    /// Nil where it was not noted.
    package let provider: String?

    /// The server that the campaign is bound to; nil where it is bound to none.
    ///
    /// - Throws: `CommandFailure` where there is no such campaign.
    package static func of(_ folder: CampaignFolder) throws -> RememberedServer? {
        try CommandFailure.wrapping {
            let ledger = try folder.openLedger()
            let campaign = try ledger.campaign()
            try ledger.close()
            guard campaign.isServerBound else { return nil }
            return RememberedServer(server: campaign.server, provider: campaign.provider)
        }
    }
}

/// Asks the server what became of a campaign's invitations, and keeps what it says.
package struct SyncCampaign: Sendable {
    private let request: SyncRequest
    private let context: RunContext
    private let control: RunControl
    private let queue = SerialQueue()

    /// The time that it may take counts from here.
    package init(_ request: SyncRequest, _ context: RunContext) {
        self.request = request
        self.context = context
        control = RunControl(time: context.time, durationMax: request.maxDuration)
    }

    /// - Throws: `CommandFailure` for what ends it before its work, or beside it.
    package func run() async throws -> SyncResult {
        do { return try await steps() } catch { throw CommandFailure(describing: error) }
    }

    private func steps() async throws -> SyncResult {
        try Self.check(request.provider)
        // What is no campaign is not waited for.
        try CommandFailure.wrapping { try request.folder.openLedger().close() }
        let link = try await context.connect(Synchronizer.concurrency)
        defer { link.close() }
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
        control.workBegins()
        let keeping = Task { await control.keepDeadline() }
        defer { keeping.cancel() }
        let result = try await work(link.connection)
        extendLifetime(lock)
        return result
    }

    /// - Parameter setting: what does without asking; nil for nothing.
    /// - Throws: `CommandFailure` where that kind of server does not tell.
    package static func check(_ provider: Provider, otherwise setting: SettingName? = nil) throws {
        guard !provider.tellsActivations else { return }
        let advice: Wording = setting.map { "\($0) does without asking" } ?? ""
        throw CommandFailure.final(
            "\(provider.title) cannot be asked who has activated: its API is not known to tell when "
                + "credentials were set; nothing was done",
            advice: advice
        )
    }

    private func work(_ connection: ServerConnection) async throws -> SyncResult {
        let ledger = try await queue.perform { [request, events = context.events] in
            let ledger = try request.folder.openSoundLedger()
            // Answers that wait beside the ledger are invitations, too.
            let taken = try request.folder.takeInSpill(into: ledger)
            if !taken.isEmpty { events.emit(.spillTaken(taken)) }
            let campaign = try ledger.campaign()
            guard !campaign.isServerBound || campaign.server == request.server else {
                throw CommandFailure.final(
                    "the campaign \(request.folder.name) belongs to \(campaign.server), not to "
                        + "\(request.server): leave out \(.server), or run with \(.serverMoved) when it is "
                        + "the same server at a new URL"
                )
            }
            return ledger
        }
        var (tally, stop) = (SyncTally(), StopReason?.none)
        if try await queue.perform({ try ledger.activationCounts().invited }) > 0 {
            context.events.emit(.step(.lookingUp))
            (tally, stop) = try await Synchronizer(
                ledger: ledger,
                on: queue,
                lookingUp: IdentityLookup(
                    connection,
                    columns: [],
                    instead: "look at what stands between here and the server"
                ),
                reading: IdentityReader(connection),
                options: request.options,
                control: control,
                time: context.time,
                events: context.events
            ).run()
        }
        let (found, ending) = (tally, stop)
        return try await queue.perform { [request, time = context.time] in
            defer { try? ledger.close() }
            return SyncResult(
                campaign: request.folder.name,
                server: request.server,
                tally: found,
                counts: try ledger.activationCounts(),
                stop: ending,
                finishedAt: time.wallClock()
            )
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
                context.exitNow(ExitStatus(.signal(signal)))
            }
        }
    }
}
