// A folder with a roster, a server in memory, and a use case run on them: everything of a run but the
// terminal.

import Campaign
import HTTPTransport
import Providers
import Exports
import Ledger
import Files
import Pacing
import Synchronization
import TestSupport
import Model

/// What a use case needs from outside, all of it the test's.
final class RunScene: Sendable {
    let folder: TemporaryFolder
    /// The clock of what is done beside runs.
    ///
    /// Each run has one of its own, as a clock that has stopped stays so.
    let clock = ManualClock()
    let server: ScriptedServer
    private let told = Mutex<[RunEvent]>([])
    private let signals = Mutex<AsyncStream<RunSignal>.Continuation?>(nil)
    private let exits = Mutex<[ExitStatus]>([])

    var campaign: CampaignFolder { CampaignFolder(outputFolder: folder("reports"), name: "people") }
    var events: [RunEvent] { told.withLock { $0 } }
    /// With what the process would have ended at once.
    var exited: [ExitStatus] { exits.withLock { $0 } }

    init(_ server: ScriptedServer = ScriptedServer()) throws {
        folder = try TemporaryFolder()
        self.server = server
    }

    var sink: RunEvents { RunEvents([{ [self] event in told.withLock { $0.append(event) } }]) }

    /// A signal as the terminal sends it; only while a run is on.
    func send(signal: String) { _ = signals.withLock { $0?.yield(.stop(signal)) } }

    func link(_ time: TimeSource? = nil) throws -> ServerLink {
        ServerLink(
            ServerConnection(
                provider: .kratos,
                server: try ServerURL("http://127.0.0.1:4434"),
                credential: Credential(nil),
                timeout: .seconds(30),
                transport: server,
                now: (time ?? clock.time).wallClock
            )
        )
    }

    private func context(_ time: TimeSource) -> RunContext {
        RunContext(
            time: time,
            process: "process 1 on test",
            version: "0",
            connect: { [self] _ in try link(time) },
            signals: { [self] in
                let (stream, continuation) = AsyncStream<RunSignal>.makeStream()
                signals.withLock { $0 = continuation }
                return stream
            },
            exitNow: { [self] status in exits.withLock { $0.append(status) } },
            random: { SeededGenerator(seed: 1) },
            events: sink
        )
    }

    /// A request for so many identities, whose roster is written.
    func request(identities count: Int, extra: String = "") throws -> RunRequest {
        let rows = (1...count).map { IdentityID.numbered($0).text }.joined(separator: "\n")
        let path = try folder.write("identity_id\n\(rows)\n\(extra)", to: "people.csv")
        return RunRequest(
            folder: campaign,
            roster: RosterRequest(path: path),
            server: "http://127.0.0.1:4434",
            issueRequest: IssueRequest(expiresIn: .seconds(3600)),
            pacing: PacingOptions(concurrency: .fixed(4)),
            export: ExportRequest(invitations: InvitationOptions())
        )
    }

    /// Runs it, while time passes whenever everybody waits for it.
    func run(_ request: RunRequest) async throws -> RunResult {
        let clock = ManualClock()
        let context = context(clock.time)
        return try await clock.passing(whenAsleep: 1) { () -> Result<RunResult, any Error> in
            do { return .success(try await RunCampaign(request, context).run()) } catch {
                return .failure(error)
            }
        }.get()
    }

    func text(_ name: String) -> String? { TestSupport.text(ofFile: "\(campaign.path)/\(name)") }
}
