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
        /// Whatever it is at, so long after as many things have happened; not the same for a seed each time.
        case anywhere(event: Int, microseconds: Int)
    }

    let moment: Moment

    init(_ random: inout SeededGenerator) {
        moment =
            switch Int.random(in: 0..<4, using: &random) {
            case 0: .request(Int.random(in: 1...40, using: &random))
            case 1: .event(Int.random(in: 1...60, using: &random))
            case 2: .batch(BatchOutputs.Step.allCases.randomElement(using: &random) ?? .begun)
            default:
                .anywhere(
                    event: Int.random(in: 1...30, using: &random),
                    microseconds: Int.random(in: 0...60_000, using: &random)
                )
            }
    }
}

/// A process that runs the night's command.
final class MonthRun: Sendable {
    struct End {
        let result: Result<RunResult, any Error>
        let hasDied: Bool
        let began: Timestamp
        let ended: Timestamp
    }

    private struct SimulatedDeath: Error {}

    private struct State {
        var requests = 0
        var events = 0
        var signals: AsyncStream<RunSignal>.Continuation?
    }

    /// How it ends; locked while it is dying.
    private enum Fate {
        case running
        case ended
        case died
        /// What it has left cannot be told.
        case failed(any Error)

        var isDead: Bool { if case .died = self { true } else { false } }
    }

    private let campaign: CampaignFolder
    private let roster: String
    private let takesAbsent: Bool
    private let begins: Timestamp
    private let server: MonthServer
    private let clock = ManualClock()
    private let state = Mutex(State())
    private let fate = Mutex(Fate.running)

    init(campaign: CampaignFolder, roster: String, takesAbsent: Bool, begins: Timestamp, server: MonthServer)
    {
        self.campaign = campaign
        self.roster = roster
        self.takesAbsent = takesAbsent
        self.begins = begins
        self.server = server
    }

    /// Runs until it ends or dies.
    ///
    /// - Parameter copy: where a process that dies leaves its folder as it was then.
    /// - Throws: what copying it throws.
    func run(
        _ weather: MonthServer.Weather,
        dyingAt death: MonthDeath?,
        copyTo copy: String
    ) async throws -> End {
        let die: @Sendable () -> Void = { [self] in self.die(copyTo: copy) }
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
                switch death?.moment {
                case .event(count): die()
                case .anywhere(event: count, let microseconds):
                    let moment = DispatchTime.now() + .microseconds(microseconds)
                    DispatchQueue.global().asyncAfter(deadline: moment, execute: die)
                default: break
                }
            },
            afterBatchStep: { step in
                guard death?.moment == .batch(step) else { return }
                die()
                throw SimulatedDeath()
            }
        )
        let command = RunCampaign(request, context)
        // Time stands still while the ledger is read and written.
        let result = await clock.passing(whenAsleep: 1) {
            _ = await command.queue.result {}
        } _: { () -> Result<RunResult, any Error> in
            do { return .success(try await command.run()) } catch { return .failure(error) }
        }
        let fate = fate.withLock { fate in
            if case .running = fate { fate = .ended }
            return fate
        }
        if case .failed(let error) = fate { throw error }
        return End(result: result, hasDied: fate.isDead, began: begins, ended: wallClock)
    }

    /// Ends the process here and now, unless it has ended.
    private func die(copyTo copy: String) {
        fate.withLock { fate in
            guard case .running = fate else { return }
            do {
                try server.die { () throws(SimulationFailure) in
                    try DeadProcess.copy(campaign.outputFolder, to: copy)
                }
                fate = .died
            } catch {
                fate = .failed(error)
            }
        }
        state.withLock(\.signals)?.yield(.stop("sigterm"))
    }

    /// The time of day; a run takes ten minutes at most.
    ///
    /// Its clock goes on while it waits for anything but the ledger's thread, which would make days of a
    /// night.
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
                state.withLock { $0.signals = continuation }
                if fate.withLock(\.isDead) { continuation.yield(.stop("sigterm")) }
                return stream
            },
            exitNow: { _ in },
            random: { SeededGenerator(seed: 1) },
            events: RunEvents([onEvent])
        )
        context.afterBatchStep = afterBatchStep
        return context
    }
}
