// A run that first learns who has activated.

import Providers
import Ledger
import Model
import Work

extension RunCampaign {
    /// How everybody with an invitation is asked about.
    ///
    /// Nil where the run is not told to ask, or nobody has an invitation.
    func syncOptions(_ work: Work) async throws -> SyncOptions? {
        guard let options = request.sync else { return nil }
        let isNeeded = try await queue.perform { try work.ledger.activationCounts().invited > 0 }
        return isNeeded ? options : nil
    }

    /// Asks about those in scope.
    ///
    /// - Returns: why the run has to stop; nil where it goes on.
    func sync(_ work: Work, _ options: SyncOptions, _ scope: ActivationScope) async throws -> StopReason? {
        events.emit(.step(.lookingUp))
        let (tally, stop) = try await Synchronizer(
            ledger: work.ledger,
            on: queue,
            lookingUp: IdentityLookup(work.connection, columns: [], instead: "run without \(.sync)"),
            reading: IdentityReader(work.connection),
            options: options,
            control: control,
            time: time,
            events: events
        ).run(scope)
        events.emit(.synced(tally))
        return stop
    }
}
