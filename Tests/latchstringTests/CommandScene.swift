// A command with everything around it in memory: terminal, server, clock, environment.

import ArgumentParser
import Campaign
import HTTPTransport
import Providers
import Files
import Pacing
import Synchronization
import TestSupport
import Model

@testable import latchstring

/// What a command writes, and what somebody would type.
final class FakeTerminal: Sendable {
    private struct State {
        var output = ""
        var error = ""
        var lines: [String] = []
    }

    private let state = Mutex(State())

    var output: String { state.withLock(\.output) }
    var error: String { state.withLock(\.error) }

    func type(_ line: String) { state.withLock { $0.lines.append(line) } }

    func streams(hasTerminal: Bool = false, columns: Int = 80) -> Console.Streams {
        Console.Streams(
            output: { [self] text in
                state.withLock { $0.output += text }
                return nil
            },
            error: { [self] text in state.withLock { $0.error += text } },
            line: { [self] in state.withLock { $0.lines.isEmpty ? nil : $0.lines.removeFirst() } },
            canAsk: true,
            hasTerminal: hasTerminal,
            isInForeground: { true },
            columns: { columns }
        )
    }
}

/// A folder with a roster, and commands that are run there.
final class CommandScene: Sendable {
    let folder: TemporaryFolder
    let terminal = FakeTerminal()
    /// The clock of what is done beside runs.
    ///
    /// Each run has one of its own, as a clock that has stopped stays so.
    let clock = ManualClock()
    let server: ScriptedServer

    var reports: String { folder("reports") }
    var campaign: CampaignFolder { CampaignFolder(outputFolder: reports, name: "people") }
    var roster: String { folder("people.csv") }

    /// 2026-11-20T23:46:57Z.
    static let start = Timestamp(milliseconds: 1_795_218_417_000)

    init(identities count: Int = 3, _ server: ScriptedServer = ScriptedServer()) throws {
        folder = try TemporaryFolder()
        self.server = server
        let rows = (1...count).map { Self.identity($0) }.joined(separator: "\n")
        _ = try folder.write("identity_id\n\(rows)\n", to: "people.csv")
    }

    static func identity(_ number: Int) -> String {
        IdentityID(high: 0x4000, low: 0x8000_0000_0000_0000 | UInt64(number)).text
    }

    var time: TimeSource {
        TimeSource(clock, wallClock: { [clock] in Self.start.advanced(by: clock.elapsed) })
    }

    var context: CommandContext { context(time) }

    private func context(_ time: TimeSource) -> CommandContext {
        CommandContext(
            console: Console(streams: terminal.streams()),
            time: time,
            environment: [:],
            arguments: ["latchstring", "run"],
            signals: { AsyncStream { $0.finish() } },
            connect: { [server] settings, _, time in
                ServerLink(
                    ServerConnection(
                        provider: settings.provider,
                        server: settings.server,
                        credential: Credential(nil),
                        timeout: settings.timeout,
                        transport: server,
                        now: time.wallClock
                    )
                )
            },
            exitNow: { _ in }
        )
    }

    /// `latchstring run` on the roster, with further arguments.
    ///
    /// - Parameter later: how long after the scene's start it begins; a run may take days of its clock.
    @discardableResult
    func run(_ arguments: [String] = [], later: Duration = .zero) async throws -> ExitStatus {
        let all = [roster, "--server", "http://127.0.0.1:4434", "--output-dir", reports] + arguments
        let clock = ManualClock()
        let start = Self.start.advanced(by: later)
        let context = context(TimeSource(clock, wallClock: { start.advanced(by: clock.elapsed) }))
        return try await clock.passing(whenAsleep: 1) { () -> Result<ExitStatus, any Error> in
            do { return .success(try await RunCommand.parse(all).run(context)) } catch {
                return .failure(error)
            }
        }.get()
    }

    /// The arguments that name the campaign.
    func named(_ arguments: [String] = []) -> [String] {
        ["--campaign", "people", "--output-dir", reports] + arguments
    }

    /// The lines of the campaign's log.
    var log: [String] {
        (text(ofFile: campaign.logPath) ?? "").split(separator: "\n").map(String.init)
    }
}
