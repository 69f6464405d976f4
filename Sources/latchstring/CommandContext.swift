// Everything that a command takes from outside.

import Campaign
import Delivery
import Foundation
import Glibc
import Files
import Pacing
import UnixSignals
import Model

/// The world outside of a command: terminal, clock, environment, arguments, signals.
struct CommandContext: Sendable {
    var console: Console
    var time: TimeSource
    var environment: [String: String]
    /// The command line, the program's own name first.
    var arguments: [String]
    /// From now on signals are caught: those that ask to stop, and SIGUSR1, which asks how far a run is.
    var signals: @Sendable () async -> AsyncStream<RunSignal>
    /// Connects to the server of these settings, for so many requests at a time.
    var connect: @Sendable (ServerSettings, _ concurrency: Int, TimeSource) async throws -> ServerLink
    /// What sends mails.
    var relay: @Sendable (SMTPConfiguration) async throws -> any MailRelay = { SMTPRelay($0) }
    /// Ends the process.
    var exitNow: @Sendable (ExitStatus) -> Void

    /// This process'.
    static var process: CommandContext {
        CommandContext(
            console: Console(),
            time: TimeSource(ContinuousClock(), wallClock: Timestamp.now),
            environment: ProcessInfo.processInfo.environment,
            arguments: CommandLine.arguments,
            signals: { await ProcessSignals.stream(of: ProcessSignals.stopping + [.sigusr1]) },
            connect: { try await $0.link($1, $2) },
            exitNow: { _exit($0.rawValue) }
        )
    }

    /// Whose process this is, for people.
    func processName(_ work: CampaignFolder.LockWork = .run) -> String {
        CampaignFolder.thisProcess(work, now: time.wallClock())
    }

    /// The same where nothing is said unless it has to be.
    func quiet(_ isQuiet: Bool) -> CommandContext {
        var context = self
        context.console.isQuiet = isQuiet
        return context
    }
}

extension Timestamp {
    /// The time of day.
    @Sendable static func now() -> Timestamp {
        Timestamp(milliseconds: WallClock.milliseconds())
    }
}
