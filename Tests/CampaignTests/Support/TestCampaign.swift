// A campaign in a folder of its own, with so many identities enrolled.

import Campaign
import Providers
import Ledger
import Pacing
import SQLiteLedger
import TestSupport
import Testing
import Model
import Work

extension IdentityID {
    /// A version 4 UUID that is the number's own.
    static func numbered(_ number: Int) -> IdentityID {
        IdentityID(high: 0x4000, low: 0x8000_0000_0000_0000 | UInt64(number))
    }

    var number: Int { Int(low & 0xffff_ffff) }
}

struct TestCampaign {
    let folder: TemporaryFolder
    let ledger: any Ledger
    let roster: RosterID

    /// - Parameter identities: enrolled in this order.
    init(_ identities: [IdentityID]) throws {
        folder = try TemporaryFolder()
        ledger = try SQLiteLedger.openOrCreate(
            at: "\(folder.path)/ledger.sqlite",
            campaign: "test",
            server: "http://kratos.test"
        )
        roster = try ledger.beginRoster(name: "test", at: ManualClock.start)
        let entries = identities.enumerated().map { line, identity in
            RosterEntry.identity(identity, line: line + 1, columns: [])
        }
        _ = try ledger.enrol(entries, idColumn: "id", columnNames: [], into: roster)
        try ledger.finishRoster(roster, fingerprint: "test", size: 1)
    }

    /// - Parameter count: identities numbered from 1.
    init(count: Int) throws {
        try self.init((1...count).map(IdentityID.numbered))
    }

    func beginRun(retryFailed: Bool = false, key: RunKey = .random()) throws -> RunID {
        try ledger.beginRun(
            RunStart(
                startedAt: ManualClock.start,
                process: "test",
                version: "0",
                retryFailed: retryFailed,
                key: key
            )
        )
    }

    func issuer(
        _ issuing: any CodeIssuing,
        on watched: (any Ledger)? = nil,
        options: StageOptions = .forTests(),
        secrets: any SecretKeeping = PlainSecrets(),
        time: TimeSource,
        retryFailed: Bool = false,
        key: RunKey = .random(),
        spill: (any AnswerSpill)? = nil,
        control: RunControl? = nil,
        telling: @escaping @Sendable (StageEvent) -> Void = { _ in }
    ) throws -> StageRunner {
        let run = try beginRun(retryFailed: retryFailed, key: key)
        return try StageRunner(
            IssueStage(issuing, secrets: secrets, expiresIn: .seconds(3600), key: key, time: time),
            queue: IssueQueue(watched ?? ledger, run: run, spill: spill),
            on: SerialQueue(),
            options: options,
            stopSignal: control ?? RunControl(time: time),
            time: time,
            random: SeededGenerator(seed: 1),
            events: telling
        )
    }

    func counts() throws -> CampaignCounts { try ledger.counts(now: ManualClock.start) }

    /// Checks that identities = issued + failed + pending + in doubt, with nothing left claimed.
    func expect(
        issued: Int = 0,
        failed: [String: Int] = [:],
        pending: Int = 0,
        inDoubt: Int = 0,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let counts = try counts()
        #expect(counts.claimed == 0, "left behind", sourceLocation: sourceLocation)
        #expect(counts.issued == issued, "issued", sourceLocation: sourceLocation)
        #expect(counts.failures == failed, "failed", sourceLocation: sourceLocation)
        #expect(counts.pending == pending, "pending", sourceLocation: sourceLocation)
        #expect(counts.inDoubt == inDoubt, "in doubt", sourceLocation: sourceLocation)
        let sum = counts.issued + counts.failed + counts.pending + counts.inDoubt
        #expect(counts.identities == sum, "all", sourceLocation: sourceLocation)
    }

    /// The code of each issued identity.
    func codes() throws -> [IdentityID: String] {
        var codes: [IdentityID: String] = [:]
        try ledger.forEachInvitation { codes[$0.identityID] = $0.invitation.recoveryCode }
        return codes
    }
}

extension StageOptions {
    static func forTests(
        concurrency: Int = 4,
        attemptsMax: Int = 5,
        maxIdentities: Int? = nil,
        rates: [Rate] = [],
        giveUpAfter: Duration = .seconds(600),
        backoff: Backoff = Backoff()
    ) -> StageOptions {
        StageOptions(
            pacing: PacingOptions(rates: rates, concurrency: .fixed(concurrency), giveUpAfter: giveUpAfter),
            attemptsMax: attemptsMax,
            maxIdentities: maxIdentities,
            backoff: backoff
        )
    }
}
