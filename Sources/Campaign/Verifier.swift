// Looks up everybody who is due before anything is issued: who is unknown or inactive costs no code.

package import Providers
package import Ledger
package import Pacing
package import Model
package import Work

/// How looking up ended.
package struct Verification: Sendable {
    /// Identities that were looked up.
    package var lookedUp = 0
    /// Of those that are due, those that the server does not have.
    package var unknown = 0
    /// Of those that are due, those that may not log in.
    package var inactive = 0
    /// Of those that are due, those that can be issued for.
    package var passed = 0
    /// Of those that are due, those that can be issued for, but that have no recovery address of their own.
    package var withoutAddress = 0
    package var requests = 0
    /// How many identities one request could name at most.
    package var batchSize = IdentityLookup.batchMax
    /// Nil when everybody was looked up.
    package var stop: StopReason?

    package init() {}
}

/// Looks a campaign's identities up, in batches that each end in the ledger.
package final class Verifier: Sendable {
    private let ledger: any CampaignStore & WorkQueue
    private let thread: SerialQueue
    private let columns: [LookedUpColumn]
    private let queue: LookupQueue
    private let runner: StageRunner

    /// - Parameters:
    ///   - thread: where the ledger is called.
    ///   - maxIdentities: stop looking up when so many can be issued for; nil for all.
    ///   - options: at which rates, and how often to try; one batch is claimed for each request that may be
    ///     in flight.
    ///   - renewInterval: how often to renew the run's lease; nil for never.
    /// - Throws: what the ledger throws.
    package init(
        ledger: any CampaignStore & WorkQueue,
        on thread: SerialQueue,
        run: RunID,
        columns: [LookedUpColumn],
        maxIdentities: Int?,
        options: StageOptions,
        lookingUp api: any IdentityLookingUp,
        stopSignal: any StopSignal,
        renewInterval: Duration? = nil,
        time: TimeSource,
        events: (@Sendable (StageEvent) -> Void)? = nil
    ) throws {
        self.ledger = ledger
        self.thread = thread
        self.columns = columns
        try ledger.declareColumns(columns)
        let queue = LookupQueue(
            ledger,
            run: run,
            columns: columns,
            maxIdentities: maxIdentities,
            renewInterval: renewInterval
        )
        self.queue = queue
        let stage = LookupStage(api) {
            try await thread.perform { try queue.noteRequest(at: time.wallClock()) }
        }
        var options = options
        options.claimsPerRequest = 1
        runner = try StageRunner(
            stage,
            queue: queue,
            on: thread,
            options: options,
            due: ledger.dueCount(of: run),
            stopSignal: stopSignal,
            time: time,
            events: events
        )
    }

    /// How far it is; from any thread.
    package var verification: Verification {
        var verification = queue.verification
        verification.requests = runner.progress.requests
        verification.batchSize = runner.batchSize
        return verification
    }

    /// Looks up everybody in the run's scope; columns that are missing of issued identities, which the export
    /// has, of everybody.
    ///
    /// - Throws: what the ledger throws.
    package func verify() async throws -> Verification {
        let end = await runner.run()
        if let failure = queue.failure { throw failure }
        var verification = verification
        verification.stop = end.stop
        if end.stop == nil { verification.stop = try await missingColumn(verification) }
        return verification
    }

    /// A column whose path is in no identity at all is a mistake, and better found before the mail is
    /// written.
    private func missingColumn(_ verification: Verification) async throws -> StopReason? {
        guard verification.lookedUp > verification.unknown else { return nil }
        let found = try await thread.perform { [ledger] in try ledger.foundColumns() }
        guard let missing = columns.first(where: { !found.contains($0.name) }) else { return nil }
        return .fatal(.missing(missing))
    }
}

extension FatalAnswer {
    /// A column whose path no identity has.
    package static func missing(_ column: LookedUpColumn) -> FatalAnswer {
        FatalAnswer(
            .columnMissing,
            "no identity has anything at \(column.path), which \(.columns) wants for the column "
                + "\(column.name): check the path against one identity's JSON (traits.email, "
                + "metadata_public.plan, …)"
        )
    }
}
