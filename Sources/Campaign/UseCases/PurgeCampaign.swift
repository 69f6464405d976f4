// Codes and links out of a campaign's ledger, for good.

package import Files
package import Pacing
import Ledger
import Exports
import Model

/// The world outside of a purge.
package struct PurgeContext: Sendable {
    package var time: TimeSource
    /// Whose process this is, for people.
    package var process: String
    /// Does the waiting for a campaign in use, with signals caught meanwhile.
    package var control: RunControl
    /// Asks whether the codes of so many invitations are to be removed though they may be valid; throws
    /// where not.
    package var confirm: @Sendable (_ held: Int) throws -> Void
    package var events: RunEvents

    package init(
        time: TimeSource,
        process: String,
        control: RunControl,
        confirm: @escaping @Sendable (_ held: Int) throws -> Void,
        events: RunEvents
    ) {
        self.time = time
        self.process = process
        self.control = control
        self.confirm = confirm
        self.events = events
    }
}

/// One purge.
package struct PurgeCampaign: Sendable {
    /// What it came to.
    package struct Result: Sendable {
        /// Of how many invitations the codes were removed.
        package let removed: Int
        /// How many of them were earlier invitations of their identities.
        package let removedEarlier: Int
        /// How many of the current invitations have no code now.
        package let purged: Int
        package let issued: Int
        /// Rosters' columns with earlier codes that were removed, and the reports that were written anew
        /// without them.
        package let columns: [String]
        package let rewritten: [String]
        /// What holds codes beside the ledger.
        package let stillIn: [String]
    }

    private let folder: CampaignFolder
    private let isOfAll: Bool
    private let waitForLock: Duration?
    private let context: PurgeContext

    /// - Parameters:
    ///   - all: also codes that are still valid.
    ///   - waitForLock: how long to wait for a campaign in use; nil for not at all.
    package init(_ folder: CampaignFolder, all: Bool, waitForLock: Duration?, _ context: PurgeContext) {
        self.folder = folder
        isOfAll = all
        self.waitForLock = waitForLock
        self.context = context
    }

    /// Takes the campaign for this process.
    ///
    /// - Throws: `CommandFailure`.
    package func lock() async throws -> FolderLock {
        // What is no campaign is not waited for.
        _ = try CommandFailure.wrapping { try folder.openLedger() }
        let (time, events) = (context.time, context.events)
        let wait = LockWait(limit: waitForLock, time: time, control: context.control, events: events)
        return try await wait.lock(folder, for: context.process)
    }

    /// - Parameter lock: the campaign's.
    /// - Throws: `CommandFailure`.
    package func run(holding lock: borrowing FolderLock) throws -> Result {
        try CommandFailure.wrapping {
            let ledger = try folder.openSoundLedger()
            let now = context.time.wallClock()
            if isOfAll { try context.confirm(try ledger.counts(now: now).issued - ledger.purgedCount()) }
            // Answers that wait beside the ledger hold codes too.
            let taken = try folder.takeInSpill(into: ledger)
            if !taken.isEmpty { context.events.emit(.spillTaken(taken)) }
            let columns = try ledger.secretColumnNames()
            let outputs = CampaignOutputs(folder: folder, ledger: ledger)
            let lock = try OutputsLock(folder: folder.path)
            // First the reports: they are written anew without them as long as the ledger has them.
            let rewritten = try outputs.cleanReports().map(\.path)
            let before = try ledger.purgedCount()
            let removed = try ledger.purge(expiredBy: isOfAll ? nil : now, at: now)
            let purged = try ledger.purgedCount()
            let result = Result(
                removed: removed,
                removedEarlier: removed - (purged - before),
                purged: purged,
                issued: try ledger.counts(now: now).issued,
                columns: columns,
                rewritten: rewritten,
                stillIn: try outputs.codesBesideLedger()
            )
            extendLifetime(lock)
            try ledger.close()
            return result
        }
    }
}
