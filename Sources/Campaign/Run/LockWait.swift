// A campaign is one process' at a time.

package import Files
package import Pacing
import Model
import Work

/// How long a command waits for a campaign that another process has.
package struct LockWait: Sendable {
    /// Nil: not at all.
    package let limit: Duration?
    private let time: TimeSource
    private let control: RunControl
    private let events: RunEvents

    private static let interval: Duration = .milliseconds(200)

    package init(limit: Duration?, time: TimeSource, control: RunControl, events: RunEvents) {
        self.limit = limit
        self.time = time
        self.control = control
        self.events = events
    }

    /// Takes the campaign for this process.
    ///
    /// - Parameter process: whose process this is, for people.
    /// - Throws: `CommandFailure`: `inUse` when another one has it for longer than that, or the signal's
    ///   status.
    package func lock(_ folder: CampaignFolder, for process: String) async throws -> FolderLock {
        let start = time.elapsed()
        let end = start + (limit ?? .zero)
        var told: String?
        while true {
            if let signal = control.signal { throw Self.interrupted(signal, folder) }
            let holder: String
            do {
                let lock = try FolderLock(folder: folder.path, holder: process)
                events.emit(.locked(after: time.elapsed() - start))
                return lock
            } catch let error as FolderLock.InUse {
                holder = error.holder
            } catch {
                throw CommandFailure(describing: error)
            }
            let left = end - time.elapsed()
            guard left > .zero else { throw inUse(folder, holder) }
            if holder != told {
                events.emit(.waitingForLock(holder: holder, limit: left))
                told = holder
            }
            let next = time.elapsed() + min(left, Self.interval)
            _ = try await control.cancelling { [time] in try await time.sleep(next) }
        }
    }

    private func inUse(_ folder: CampaignFolder, _ holder: String) -> CommandFailure {
        CommandFailure(
            .inUse,
            "the campaign \(folder.name) is in use by \(holder)",
            advice: limit.map { "it did not end within \($0.inWords) (\(.waitForLock))" }
                ?? "wait for it (\(.waitForLock, "1h")), or stop it",
            isResumable: false
        )
    }

    private static func interrupted(_ signal: String, _ folder: CampaignFolder) -> CommandFailure {
        CommandFailure(
            ExitStatus(.signal(signal)),
            "stopped while waiting for the campaign \(folder.name); nothing was done",
            isResumable: false
        )
    }
}
