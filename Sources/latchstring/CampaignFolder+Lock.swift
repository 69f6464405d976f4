// A campaign is one process' at a time.

import Campaign
import Glibc
import OutputFiles
import Pacing
import Vocabulary
import Work

/// How long a command waits for a campaign that another process has.
struct LockWait: Sendable {
    /// Nil: not at all.
    let limit: Duration?
    let time: TimeSource
    let console: Console

    private static let interval: Duration = .milliseconds(200)

    init(_ settings: Settings, time: TimeSource, console: Console) throws {
        self.init(limit: try settings[\.lock.waitForLock], time: time, console: console)
    }

    init(limit: Duration?, time: TimeSource, console: Console) {
        self.limit = limit
        self.time = time
        self.console = console
    }

    /// Takes the campaign for this process.
    ///
    /// - Parameter onWaiting: called once for each process that has it.
    /// - Throws: `CommandFailure`: `inUse` when another one has it for longer than that, or the signal's status.
    func lock(
        _ folder: CampaignFolder,
        work: CampaignFolder.LockWork = .run,
        stopSwitch: StopSwitch,
        onWaiting: (_ holder: String) -> Void = { _ in }
    ) async throws -> FolderLock {
        let end = time.elapsed() + (limit ?? .zero)
        var told: String?
        while true {
            if let signal = stopSwitch.signal { throw Self.interrupted(signal, folder) }
            let holder: String
            do {
                return try FolderLock(folder: folder.path, holder: CampaignFolder.thisProcess(work))
            } catch let error as FolderLock.InUse {
                holder = error.holder
            } catch {
                throw CommandFailure(describing: error)
            }
            let left = end - time.elapsed()
            guard left > .zero else { throw inUse(folder, holder) }
            if holder != told {
                console.note(
                    "The campaign \(folder.name) is in use by \(holder): waiting for it, \(left.inWords) at most."
                )
                onWaiting(holder)
                told = holder
            }
            let next = time.elapsed() + min(left, Self.interval)
            _ = try await stopSwitch.cancelling { [time] in try await time.sleep(next) }
        }
    }

    private func inUse(_ folder: CampaignFolder, _ holder: String) -> CommandFailure {
        let advice =
            limit.map { "it did not end within \($0.inWords) (--wait-for-lock)" }
            ?? "wait for it (--wait-for-lock 1h), or stop it"
        return CommandFailure(
            .inUse,
            "the campaign \(folder.name) is in use by \(holder): \(advice)",
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

extension CampaignFolder {
    /// What a process has a campaign for.
    enum LockWork: String {
        case run = ""
        case purge = ", to purge it"
    }

    /// Whose process this is, for people.
    static func thisProcess(_ work: LockWork = .run) -> String {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        let host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return "process \(getpid()) on \(host), started \(Timestamp.now().rfc3339)\(work.rawValue)"
    }

    /// The process that works on the campaign now.
    struct Holder {
        /// In words, for people.
        let process: String
        /// Whether it is a run.
        let isRun: Bool
    }

    /// Who works on the campaign now; nil while nobody does.
    var holder: Holder? {
        FolderLock.holder(ofFolder: path).map {
            Holder(process: $0, isRun: !$0.hasSuffix(LockWork.purge.rawValue))
        }
    }
}
