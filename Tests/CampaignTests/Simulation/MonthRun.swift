// One command of a night, and the moment at which its process dies.

import Exports
import Files
import Foundation
import Pacing
import Providers
import Synchronization
import TestSupport
import Model
import Work

@testable import Campaign

/// When a process dies, counted from its beginning.
struct MonthDeath {
    enum Moment: Hashable {
        /// Before that many requests are answered.
        case request(Int)
        /// When that many things have happened.
        case event(Int)
        /// After that step of handing over.
        case batch(BatchOutputs.Step)
    }

    let moment: Moment

    init(_ random: inout SeededGenerator) {
        moment =
            switch Int.random(in: 0..<3, using: &random) {
            case 0: .request(Int.random(in: 1...40, using: &random))
            case 1: .event(Int.random(in: 1...60, using: &random))
            default: .batch(BatchOutputs.Step.allCases.randomElement(using: &random) ?? .begun)
            }
    }
}

/// A process that runs the night's command.
final class MonthRun: Sendable {
    struct End {
        let result: RunResult?
        let error: (any Error)?
        let hasDied: Bool
        let began: Timestamp
        let ended: Timestamp
    }

    private struct SimulatedDeath: Error {}

    private struct State {
        var requests = 0
        var events = 0
        var hasDied = false
        var signals: AsyncStream<RunSignal>.Continuation?
    }

    private let campaign: CampaignFolder
    private let roster: String
    private let takesAbsent: Bool
    private let begins: Timestamp
    private let server: MonthServer
    private let clock = ManualClock()
    private let state = Mutex(State())

    init(campaign: CampaignFolder, roster: String, takesAbsent: Bool, begins: Timestamp, server: MonthServer) {
        self.campaign = campaign
        self.roster = roster
        self.takesAbsent = takesAbsent
        self.begins = begins
        self.server = server
    }

    /// Runs until it ends or dies.
    ///
    /// - Parameter copy: where a process that dies leaves its folder as it was then.
    func run(_ weather: MonthServer.Weather, dyingAt death: MonthDeath?, copyTo copy: String) async -> End {
        let die: @Sendable () -> Void = { [self] in
            guard state.withLock({ state in
                defer { state.hasDied = true }
                return !state.hasDied
            }) else { return }
            server.die()
            Self.copy(campaign.outputFolder, to: copy)
            state.withLock(\.signals)?.yield(.stop("sigterm"))
        }
        server.set(begins)
        server.begin(weather) { [self] in
            server.set(wallClock)
            let count = state.withLock { state in
                state.requests += 1
                return state.requests
            }
            if death?.moment == .request(count) { die() }
        }
        let context = context(
            onEvent: { [self] event in
                if case .progress = event { return }
                let count = state.withLock { state in
                    state.events += 1
                    return state.events
                }
                if death?.moment == .event(count) { die() }
            },
            afterBatchStep: { step in
                guard death?.moment == .batch(step) else { return }
                die()
                throw SimulatedDeath()
            }
        )
        let request = request
        let result = await clock.passing(whenAsleep: 1) { () -> Result<RunResult, any Error> in
            do { return .success(try await RunCampaign(request, context).run()) } catch {
                return .failure(error)
            }
        }
        var (end, failure): (RunResult?, (any Error)?) = (nil, nil)
        switch result {
        case .success(let ended): end = ended
        case .failure(let error): failure = error
        }
        return End(
            result: end,
            error: failure,
            hasDied: state.withLock(\.hasDied),
            began: begins,
            ended: wallClock
        )
    }

    /// The time of day; a run takes ten minutes at most.
    ///
    /// Its clock goes on while it waits for the disk as well, which would make days of a night.
    private var wallClock: Timestamp { begins.advanced(by: min(clock.elapsed, .seconds(600))) }

    private var request: RunRequest {
        var pacing = PacingOptions(concurrency: .fixed(4))
        pacing.giveUpAfter = .seconds(120)
        var request = RunRequest(
            folder: campaign,
            roster: RosterRequest(path: roster),
            server: "http://127.0.0.1:4434",
            issueRequest: IssueRequest(expiresIn: MonthSimulation.validity),
            pacing: pacing,
            export: ExportRequest(invitations: InvitationOptions())
        )
        var sync = SyncOptions()
        sync.giveUpAfter = pacing.giveUpAfter
        request.sync = sync
        var reissue = ReissueRequest(.expiring(within: .zero), sync: sync)
        reissue.timesMax = MonthSimulation.reissueMax
        request.reissue = reissue
        request.handOver = BatchOptions(invitations: InvitationOptions())
        request.wantsAbsent = takesAbsent
        return request
    }

    private func context(
        onEvent: @escaping RunEvents.Subscriber,
        afterBatchStep: @escaping @Sendable (BatchOutputs.Step) throws -> Void
    ) -> RunContext {
        let time = TimeSource(clock, wallClock: { [self] in wallClock })
        var context = RunContext(
            time: time,
            process: "process \(begins.milliseconds) on test",
            version: "0",
            connect: { [server] _ in
                ServerLink(
                    ServerConnection(
                        provider: .kratos,
                        server: try ServerURL("http://127.0.0.1:4434"),
                        credential: Credential(nil),
                        timeout: .seconds(30),
                        transport: server,
                        now: time.wallClock
                    )
                )
            },
            signals: { [self] in
                let (stream, continuation) = AsyncStream<RunSignal>.makeStream()
                state.withLock { state in
                    state.signals = continuation
                    if state.hasDied { continuation.yield(.stop("sigterm")) }
                }
                return stream
            },
            exitNow: { _ in },
            random: { SeededGenerator(seed: 1) },
            events: RunEvents([onEvent])
        )
        context.afterBatchStep = afterBatchStep
        return context
    }

    /// Copies what a process leaves that dies now: all but the memory that SQLite's processes share.
    private static func copy(_ folder: String, to copy: String) {
        let files = FileManager.default
        try? files.removeItem(atPath: copy)
        guard let names = files.enumerator(atPath: folder)?.compactMap({ $0 as? String }) else { return }
        // Folders come before what is in them.
        for name in [""] + names where !name.hasSuffix("-shm") {
            let (from, to) = ("\(folder)/\(name)", "\(copy)/\(name)")
            var isFolder: ObjCBool = false
            guard files.fileExists(atPath: from, isDirectory: &isFolder) else { continue }
            if isFolder.boolValue {
                try? files.createDirectory(
                    atPath: to,
                    withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700]
                )
            } else if let bytes = files.contents(atPath: from) {
                _ = files.createFile(atPath: to, contents: bytes, attributes: [.posixPermissions: 0o600])
            }
        }
    }
}
