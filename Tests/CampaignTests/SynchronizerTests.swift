// Who has activated, asked of a whole server in memory: every step between the ledger and the sockets.

import HTTPTransport
import IdentitySimulator
import Ledger
import Pacing
import Providers
import TestSupport
import Testing
import Model
import Work

@testable import Campaign

@Suite(.serialized) struct SynchronizerTests {
    /// Issues for everybody, then runs the body with the ledger and the server.
    private func issued(
        _ count: Int,
        configure: (inout SimulatorConfiguration) -> Void = { _ in },
        _ body: (TestCampaign, IdentitySimulator, ServerConnection, [IdentityID]) async throws -> Void
    ) async throws {
        let identities = Array(MadeUpIdentities(count: count, seed: 7))
        var configuration = SimulatorConfiguration()
        configuration.seed = 7
        configuration.identities = .madeUp(count: count)
        configure(&configuration)
        let simulator = try await IdentitySimulator.start(configuration)
        let transport = try CurlTransport(
            configuration: .init(userAgent: "latchstring/0.0.0-tests", maxConnections: 16, proxy: .none)
        )
        defer { transport.stop() }
        let time = TimeSource(ContinuousClock(), wallClock: { ManualClock.start })
        let connection = ServerConnection(
            provider: .kratos,
            server: try ServerURL(simulator.adminURL),
            credential: Credential(nil),
            timeout: .seconds(10),
            transport: transport,
            now: time.wallClock
        )
        let campaign = try TestCampaign(identities)
        let api = RecoveryAPI(connection, IssueRequest(expiresIn: .seconds(3600)))
        let issuer = try campaign.issuer(
            api,
            on: campaign.ledger,
            options: StageOptions.forTests(concurrency: 16, attemptsMax: 3),
            time: time
        )
        #expect(await issuer.run().progress.issued == count)
        try await body(campaign, simulator, connection, identities)
        try await simulator.stop()
    }

    private func sync(
        _ campaign: TestCampaign,
        _ connection: ServerConnection,
        sessions: Bool = false,
        control: any StopSignal = NeverStopped()
    ) async throws -> (tally: SyncTally, stop: StopReason?) {
        var options = SyncOptions()
        options.readsSessions = sessions
        return try await Synchronizer(
            ledger: campaign.ledger,
            on: SerialQueue(),
            lookingUp: IdentityLookup(connection, columns: []),
            reading: IdentityReader(connection),
            options: options,
            control: control,
            time: TimeSource(ContinuousClock(), wallClock: { ManualClock.start }),
            events: RunEvents()
        ).run()
    }

    private struct NeverStopped: StopSignal { var stop: StopReason? { nil } }
    private struct Stopped: StopSignal { var stop: StopReason? { .signal("sigint") } }

    @Test func onlyThoseWhoWereChangedAreAskedForAlone() async throws {
        try await issued(1200) { campaign, simulator, connection, identities in
            for identity in identities[0..<120] { simulator.setPassword(of: identity) }
            let before = simulator.statistics().identityReads
            let first = try await sync(campaign, connection)
            #expect(first.stop == nil)
            // One to see whether it can be asked like this, three for 500 each, and one for each change.
            #expect(first.tally.requests == 124)
            #expect(simulator.statistics().identityReads - before == 124)
            #expect((first.tally.asked, first.tally.activated) == (1200, 120))
            let counts = try campaign.ledger.activationCounts()
            #expect((counts[.activated], counts[.unused], counts.unasked) == (120, 1080, 0))
            #expect(counts.withoutServerTime == 0)
            let record = try #require(try campaign.ledger.activation(of: identities[0]))
            #expect(record.activation.kind == "password" && record.learntAt == ManualClock.start)

            // Who has activated is not asked about again.
            let second = try await sync(campaign, connection)
            #expect((second.tally.asked, second.tally.activated, second.tally.requests) == (1080, 0, 4))
        }
    }

    @Test func everyStateIsToldApart() async throws {
        try await issued(20) { campaign, simulator, connection, identities in
            simulator.setPassword(of: identities[0])
            simulator.delete(identities[1])
            simulator.change(Account(identities[2], email: "c@example.test", isActive: false))
            simulator.logIn(identities[4], by: "code_recovery")
            simulator.logIn(identities[5], by: "password")
            _ = try await sync(campaign, connection)
            func state(_ index: Int) throws -> ActivationState? {
                try campaign.ledger.activation(of: identities[index])?.activation.state
            }
            #expect(try (0..<3).map(state) == [.activated, .gone, .inactive])
            #expect(try (4..<6).map(state) == [.unused, .unused])
            let withSessions = try await sync(campaign, connection, sessions: true)
            #expect(withSessions.tally.redeemed == 1)
            #expect(try (4..<6).map(state) == [.redeemed, .unused])
            // Who came in stays known, also where sessions are not read; and activates later.
            _ = try await sync(campaign, connection)
            #expect(try state(4) == .redeemed)
            simulator.setPassword(of: identities[4])
            simulator.change(Account(identities[1], email: "b@example.test"))
            let last = try await sync(campaign, connection)
            #expect(last.tally.activated == 2)
            #expect(try state(4) == .activated)
            // Who came back was made anew, with credentials that are later than the invitation.
            #expect(try state(1) == .activated)
        }
    }

    @Test func sessionsAreReadInPagesOrByIdentity() async throws {
        try await issued(4) { campaign, simulator, connection, identities in
            // More sessions than a page has, all after the invitations: two pages for four identities.
            simulator.logIn(identities[1], by: "link_recovery")
            for _ in 0..<600 { simulator.logIn(identities[0], by: "password") }
            let before = simulator.statistics().identityReads
            let paged = try await sync(campaign, connection, sessions: true)
            #expect(paged.tally.redeemed == 1)
            #expect(simulator.statistics().identityReads - before == 2 + 2)
        }
        try await issued(1) { campaign, simulator, connection, identities in
            simulator.logIn(identities[0], by: "code_recovery")
            for _ in 0..<600 { simulator.logIn(identities[0], by: "password") }
            // After one page the only identity is asked for alone, whose latest 500 sessions tell nothing.
            let single = try await sync(campaign, connection, sessions: true)
            #expect(single.tally.requests == 2 + 1 + 1)
        }
    }

    @Test func anOldServerIsAskedForEachAlone() async throws {
        try await issued(30, configure: { $0.ignoresIDs = true }) {
            campaign,
            simulator,
            connection,
            identities in
            simulator.setPassword(of: identities[3])
            simulator.delete(identities[4])
            let result = try await sync(campaign, connection)
            #expect(result.stop == nil && result.tally.askedSingly)
            #expect((result.tally.asked, result.tally.activated, result.tally.requests) == (30, 1, 31))
            let counts = try campaign.ledger.activationCounts()
            #expect((counts[.activated], counts[.gone], counts[.unused]) == (1, 1, 28))
        }
    }

    @Test func whatIsStoppedIsGoneOnWith() async throws {
        try await issued(3) { campaign, simulator, connection, identities in
            simulator.setPassword(of: identities[0])
            let stopped = try await sync(campaign, connection, control: Stopped())
            #expect(stopped.stop == .signal("sigint") && stopped.tally.asked == 0)
            #expect(try campaign.ledger.activationCounts().unasked == 3)
            // As left by a process that died between the list and the single requests.
            try campaign.ledger.recordActivations(
                [ActivationResult(sequence: 1, finding: .changed)],
                at: ManualClock.start
            )
            #expect(try await sync(campaign, connection).tally.activated == 1)
        }
    }

    /// The server's clock is a day ahead, and its times are compared with its own.
    @Test func differencesOfClocksDoNotMatter() async throws {
        for hours in [-30, 30] {
            try await issued(
                3,
                configure: { $0.clockOffset = GoDuration(nanoseconds: Int64(hours) * 3_600_000_000_000) }
            ) { campaign, simulator, connection, identities in
                simulator.setPassword(of: identities[0])
                _ = try await sync(campaign, connection)
                let counts = try campaign.ledger.activationCounts()
                #expect((counts[.activated], counts[.unused]) == (1, 2))
            }
        }
    }
}
