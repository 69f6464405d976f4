// A whole campaign in one process: every module between the roster and the sockets, and every fault at once.

import Campaign
import HTTPTransport
import Providers
import IdentitySimulator
import Ledger
import Pacing
import TestSupport
import Testing
import Model
import Work

@Suite(.serialized) struct WholeCampaignTests {
    /// What takes long, and what makes the pace slow.
    private static let rare: Set<FaultKind> = [.stall, .huge, .tooManyRequests]

    /// Every kind of fault; a 429 asks for no wait, so that the test takes none.
    private static func faults(_ share: Double) throws -> FaultPlan {
        try FaultPlan(
            FaultKind.allCases.map { kind in
                Fault(
                    kind,
                    share: Self.rare.contains(kind) ? share / 4 : share,
                    retryAfterSeconds: kind == .tooManyRequests ? 0 : nil
                )
            }
        )
    }

    private func run(
        _ campaign: TestCampaign,
        on simulator: IdentitySimulator,
        ledger: any Ledger,
        options: StageOptions
    ) async throws -> StageEnd {
        let transport = try CurlTransport(
            configuration: .init(
                userAgent: "latchstring/0.0.0-tests",
                maxConnections: options.pacing.concurrency.max,
                proxy: .none
            )
        )
        defer { transport.stop() }
        let time = TimeSource(ContinuousClock(), wallClock: { ManualClock.start })
        let connection = ServerConnection(
            provider: .kratos,
            server: try ServerURL(simulator.adminURL),
            credential: Credential(nil),
            timeout: .seconds(2),
            transport: transport,
            now: time.wallClock
        )
        let api = RecoveryAPI(connection, IssueRequest(expiresIn: .seconds(3600)))
        let issuer = try campaign.issuer(api, on: ledger, options: options, time: time)
        return await issuer.run()
    }

    @Test func withEveryFaultAtOnceEveryRowIsAccountedFor() async throws {
        let identities = MadeUpIdentities(count: 2000, seed: 42)
        var configuration = SimulatorConfiguration()
        configuration.seed = 42
        configuration.identities = .madeUp(count: 2000)
        configuration.unknownShare = 0.02
        configuration.faults = try Self.faults(0.02)
        let simulator = try await IdentitySimulator.start(configuration)
        let campaign = try TestCampaign(Array(identities))
        let ledger = WatchedLedger(campaign.ledger)
        let options = StageOptions.forTests(
            concurrency: 16,
            attemptsMax: 3,
            backoff: Backoff(base: .milliseconds(2), ceiling: .milliseconds(20))
        )
        let first = try await run(campaign, on: simulator, ledger: ledger, options: options)
        #expect(first.stop == nil && first.unrecordedAnswers == 0)
        #expect(first.progress.requests == simulator.statistics().requestsReceived)
        #expect(first.progress.retries > 100 && first.progress.ambiguousAttempts > 50)
        #expect(ledger.claimedMax <= 64)
        let counts = try campaign.counts()
        let unknown = try #require(counts.failures["unknown_identity"])
        #expect((20...60).contains(unknown))
        #expect(counts.claimed == 0 && counts.pending == 0 && counts.inDoubt == 0)
        #expect(counts.issued + counts.failed == 2000)
        #expect(counts.issued == first.progress.issued)
        #expect(counts.failed == first.progress.failed)
        #expect(counts.ambiguousAttempts == first.progress.ambiguousAttempts)
        #expect(Set(simulator.statistics().byFault.keys) == Set(FaultKind.allCases.map(\.rawValue)))

        // What failed for a time is taken up again, until only the unknown are left.
        var requests = first.progress.requests
        for _ in 0..<5 where try campaign.counts().failed > unknown {
            requests += try await run(campaign, on: simulator, ledger: ledger, options: options).progress
                .requests
        }
        #expect(requests == simulator.statistics().requestsReceived)
        try campaign.expect(issued: 2000 - unknown, failed: ["unknown_identity": unknown])
        try expectTheServersCodes(campaign, simulator)
        try await simulator.stop()
    }

    /// Each code in the ledger is one that the server gave out for that identity, and of those the last.
    private func expectTheServersCodes(_ campaign: TestCampaign, _ simulator: IdentitySimulator) throws {
        let issued = Dictionary(grouping: simulator.issued(), by: \.identity)
        var rows = 0
        try campaign.ledger.forEachInvitation { row in
            rows += 1
            let records = issued[row.identityID] ?? []
            let last = try #require(records.last)
            #expect(row.invitation.recoveryCode == last.recoveryCode)
            #expect(row.invitation.recoveryLink == last.recoveryLink)
            #expect(row.invitation.expiresAtText == last.expiresAt)
            #expect(row.invitation.requestID == last.requestID)
            #expect(records.dropLast().allSatisfy { $0.fault != nil }, "asked again without need")
        }
        #expect(rows == issued.count)
    }

    @Test func aLimitOfTheServersIsNeverRunInto() async throws {
        var configuration = SimulatorConfiguration()
        configuration.rateLimits = [try .init("60/s")]
        let simulator = try await IdentitySimulator.start(configuration)
        let campaign = try TestCampaign(count: 100)
        let end = try await run(
            campaign,
            on: simulator,
            ledger: campaign.ledger,
            options: .forTests(concurrency: 16, rates: [Rate(count: 60, window: .seconds(1))])
        )
        #expect(end.progress.rateLimitedAnswers == 0)
        #expect(simulator.statistics().rateLimited == 0)
        #expect(simulator.statistics().peakInSecond <= 60)
        try campaign.expect(issued: 100)
        try await simulator.stop()
    }
}
