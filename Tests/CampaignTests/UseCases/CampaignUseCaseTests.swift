// What is done with a campaign after its run: looked at, exported, reported, purged, planned.

import Campaign
import Glibc
import Exports
import Ledger
import Files
import Pacing
import Synchronization
import TestSupport
import Testing
import Model

@Suite struct CampaignUseCaseTests {
    private let scene: RunScene

    /// A campaign of four, of whom one is unknown to the server.
    init() async throws {
        scene = try RunScene(
            ScriptedServer { identity, _ in
                identity == IdentityID.numbered(2).text ? .unknownIdentity() : .issued
            }
        )
        _ = try await scene.run(try scene.request(identities: 4))
    }

    private var look: LookContext { LookContext(now: scene.clock.time.wallClock, events: scene.sink) }

    @Test func statusTellsTheCountsAndWhoIsAtWork() throws {
        let idle = try CampaignStatus(scene.campaign, look)
        #expect(idle.holder == nil && idle.done == 4 && idle.percentDone == 100)
        let lock = try LockHolder(scene.campaign.path)
        #expect(try CampaignStatus(scene.campaign, look).holder?.isRun == true)
        lock.release()
    }

    @Test func anExportIsWrittenAgain() async throws {
        let request = ExportRequest(invitations: InvitationOptions())
        let export = ExportCampaign(scene.campaign, request, ExportContext(events: scene.sink))
        #expect(try await export.run().export.invitations.wasWritten == false, "nothing has changed")
        unlink("\(scene.campaign.path)/invitations.csv")
        let result = try await export.run()
        #expect(result.export.invitations.rows == 3 && result.plainBeside.isEmpty)
    }

    @Test func aReportIsWrittenAgain() throws {
        unlink("\(scene.campaign.path)/failures.csv")
        let result = try ReportCampaign(scene.campaign, formulas: .keep, look).run()
        #expect(result.reported.failures.wasWritten && result.reported.failures.rows == 1)
        #expect(result.summary.failed == 1)
    }

    /// What is read under the lock is not replaced by what another process has read earlier.
    @Test func aReportReadsTheLedgerWhileNobodyElseWrites() throws {
        let isAlone = Mutex(false)
        let look = LookContext(
            now: { [scene] in
                isAlone.withLock { $0 = OutputsLock.isHeld(ofFolder: scene.campaign.path) }
                return scene.clock.time.wallClock()
            },
            events: scene.sink
        )
        _ = try ReportCampaign(scene.campaign, formulas: .keep, look).run()
        let wasAlone = isAlone.withLock { $0 }
        #expect(wasAlone)
        #expect(!OutputsLock.isHeld(ofFolder: scene.campaign.path))
    }

    @Test func aListHasEveryCampaign() throws {
        let listed = try ListedCampaign.all(in: scene.folder("reports"), isNamed: true)
        #expect(listed.map(\.name) == ["people"])
        #expect(try listed.first?.found.get().counts.issued == 3)
        #expect(try ListedCampaign.all(in: scene.folder("nowhere"), isNamed: false).isEmpty)
        #expect(throws: CommandFailure.self) {
            try ListedCampaign.all(in: scene.folder("nowhere"), isNamed: true)
        }
    }

    private func purge(all: Bool, confirm: @escaping @Sendable (Int) throws -> Void = { _ in })
        async throws -> PurgeCampaign.Result
    {
        let context = PurgeContext(
            time: scene.clock.time,
            process: "process 1 on test",
            control: RunControl(time: scene.clock.time),
            confirm: confirm,
            events: scene.sink
        )
        let purge = PurgeCampaign(scene.campaign, all: all, waitForLock: nil, context)
        let lock = try await purge.lock()
        return try purge.run(holding: lock)
    }

    @Test func aPurgeOfAllIsConfirmedFirst() async throws {
        await #expect(throws: CommandFailure.self) {
            try await purge(all: true) { held in
                #expect(held == 3)
                throw CommandFailure(.usage, "no")
            }
        }
        #expect(try CampaignStatus(scene.campaign, look).summary.purged == 0)
        let result = try await purge(all: true)
        #expect(result.removed == 3 && result.purged == 3 && result.issued == 3)
        #expect(result.stillIn.contains { $0.hasSuffix("invitations.csv") })
        #expect(try await purge(all: false).removed == 0)
    }

    @Test func aPurgeWaitsForNobodyUnlessToldTo() async throws {
        let lock = try LockHolder(scene.campaign.path)
        let failure = await #expect(throws: CommandFailure.self) { try await purge(all: false) }
        #expect(failure?.status == .inUse)
        lock.release()
    }

    @Test func aPlanWritesAndSendsNothing() async throws {
        let path = try scene.folder.write(
            "identity_id\n" + (3...7).map { IdentityID.numbered($0).text }.joined(separator: "\n"),
            to: "more.csv"
        )
        let sent = scene.server.requests.count
        let plan = try await PlanCampaign(
            PlanRequest(folder: scene.campaign, roster: RosterRequest(path: path)),
            PlanContext(time: scene.clock.time, connect: { try scene.link() }, events: scene.sink)
        ).run()
        #expect(plan.enrolled == 5 && plan.alreadyIssued == 2 && plan.requests == 3)
        #expect(scene.server.requests.count == sent)
        #expect(try CampaignStatus(scene.campaign, look).summary.identities == 4)
    }
}
