// A whole run without a terminal, a network and a process.

import Campaign
import Providers
import Ledger
import Files
import Pacing
import Exports
import Synchronization
import TestSupport
import Testing
import Model
import Work

@Suite struct RunCampaignTests {
    @Test func everybodyIsIssuedAndTheFilesAreWritten() async throws {
        let scene = try RunScene()
        let result = try await scene.run(try scene.request(identities: 30))
        #expect(result.status == .done && result.stop == nil)
        #expect(result.summary.issued == 30)
        #expect(scene.server.requests.count == 30)
        #expect(scene.text("invitations.csv")?.split(separator: "\n").count == 31)
        #expect(scene.text("summary.json") != nil && scene.text("failures.csv") != nil)
    }

    @Test func theNextRunAsksNobodyTwice() async throws {
        let scene = try RunScene()
        _ = try await scene.run(try scene.request(identities: 10))
        let result = try await scene.run(try scene.request(identities: 10))
        #expect(result.status == .done && scene.server.requests.count == 10)
    }

    @Test func whatHappensIsToldInItsOrder() async throws {
        let scene = try RunScene()
        _ = try await scene.run(try scene.request(identities: 3))
        let names = scene.events.map { "\($0)".prefix { $0.isLetter } }
        let told = ["locked", "began", "enrolled", "ended"].map { name in
            names.firstIndex { $0 == name } ?? -1
        }
        #expect(told == told.sorted() && told.first != -1, "\(names)")
        guard case .ended(let conclusion) = scene.events.last else {
            Issue.record("the end is not the last: \(names)")
            return
        }
        #expect(conclusion.status == .done && conclusion.counts.issued == 3)
    }

    @Test func aRosterThatBreaksStopsTheRun() async throws {
        let scene = try RunScene()
        let result = try await scene.run(try scene.request(identities: 5, extra: "\"unclosed"))
        #expect(result.stop?.code == "roster_unreadable" || result.summary.enrolment.rejected > 0)
        #expect(result.status != .done)
    }

    /// The next night's roster may hold only who is new then.
    @Test func aRunThatCannotAskWhoHasActivatedHasEnrolledItsRoster() async throws {
        let scene = try RunScene(
            ScriptedServer { identity, _ in identity.isEmpty ? .status(503) : .issued }
        )
        _ = try await scene.run(try scene.request(identities: 3))
        var request = try scene.request(identities: 5)
        var sync = SyncOptions()
        sync.giveUpAfter = .seconds(60)
        request.sync = sync
        let result = try await scene.run(request)
        #expect(result.stop?.code == "outage" && result.status != .done)
        #expect(result.summary.identities == 5 && result.summary.pending == 2)
    }

    @Test func aFirstSignalDrainsAndASecondOneEndsTheProcess() async throws {
        let scene = Mutex<RunScene?>(nil)
        let isFirst = Mutex(true)
        let server = ScriptedServer { _, _ in
            // Both come before the first answer does; others may be on their way by then.
            if isFirst.withLock({ first in
                defer { first = false }; return first
            }) {
                scene.withLock { $0 }?.send(signal: "sigint")
                scene.withLock { $0 }?.send(signal: "sigterm")
            }
            while scene.withLock({ $0 })?.exited.isEmpty == true { await Task.yield() }
            return .issued
        }
        let run = try RunScene(server)
        scene.withLock { $0 = run }
        defer { scene.withLock { $0 = nil } }
        let result = try await run.run(try run.request(identities: 20))
        #expect(result.stop == .signal("sigint") && result.status == .interrupted)
        #expect(run.exited == [.terminated])
        #expect(result.summary.issued == run.server.requests.count, "what is on its way is recorded")
        let told = run.events.map { "\($0)".prefix { $0.isLetter } }
        #expect(told.contains("stopping") && told.contains("stoppedAtOnce"))
    }

    @Test func aRefusedCredentialIsItsOwnStatus() async throws {
        let scene = try RunScene(ScriptedServer { _, _ in .status(401) })
        let result = try await scene.run(try scene.request(identities: 4))
        #expect(result.status == .credentialRefused)
        #expect(result.summary.pending == 4)
        #expect(
            scene.events.contains { if case .stage(.attempted(_, .some)) = $0 { true } else { false } }
        )
    }

    @Test func aRunWaitsForTheCampaignAsLongAsItMay() async throws {
        let scene = try RunScene()
        _ = try await scene.run(try scene.request(identities: 1))
        let lock = try LockHolder(scene.campaign.path)
        var request = try scene.request(identities: 1)
        request.waitForLock = .seconds(30)
        let failure = await #expect(throws: CommandFailure.self) { try await scene.run(request) }
        #expect(failure?.status == .inUse && failure?.hasBegun == false)
        let waits = scene.events.count { if case .waitingForLock = $0 { true } else { false } }
        #expect(waits == 1, "told once")
        lock.release()
        #expect(try await scene.run(request).status == .done)
    }

    @Test func anotherServerIsRefusedBeforeAnythingIsSent() async throws {
        let scene = try RunScene()
        _ = try await scene.run(try scene.request(identities: 1))
        var request = try scene.request(identities: 2)
        request.server = "http://127.0.0.1:9999"
        let failure = await #expect(throws: CommandFailure.self) { try await scene.run(request) }
        #expect(failure?.hasBegun == true && failure?.isResumable == false)
        #expect(scene.server.requests.count == 1)
    }

    /// Also where the process dies before the run's end.
    @Test func theTimeSeriesIsInTheLedgerWhileTheRunGoesOn() async throws {
        let early = Mutex<[RunBucket]?>(nil)
        let scene = Mutex<RunScene?>(nil)
        let asked = Atomic(0)
        let server = ScriptedServer { _, _ in
            if asked.add(1, ordering: .relaxed).newValue == 55 {
                early.withLock { early in
                    early = try? scene.withLock { try $0.map { try Self.series($0).buckets } }
                }
            }
            return .issued
        }
        let run = try RunScene(server)
        scene.withLock { $0 = run }
        defer { scene.withLock { $0 = nil } }
        var request = try run.request(identities: 60)
        request.pacing.rates = [Rate(count: 1, window: .seconds(1))]
        #expect(try await run.run(request).status == .done)
        let (buckets, events) = try Self.series(run)
        #expect(buckets.count >= 6 && buckets.allSatisfy { $0.requests <= 20 })
        #expect(buckets.reduce(0) { $0 + $1.requests } == 60)
        #expect(buckets.reduce(0) { $0 + $1.issued } == 60)
        #expect(buckets.reduce(0) { $0 + $1.latency.count } == 60)
        #expect(buckets.allSatisfy { $0.limitInForce == "1/s" && $0.inFlight <= 4 })
        #expect(events.map(\.kind) == [.lock, .concurrencyLevel])
        let before = early.withLock(\.self) ?? []
        #expect(before.reduce(0) { $0 + $1.requests } >= 20, "but for the last bucket")
    }

    @Test func whyARunStoppedIsInItsTimeSeries() async throws {
        let scene = try RunScene(ScriptedServer { _, _ in .status(401) })
        _ = try await scene.run(try scene.request(identities: 4))
        let (buckets, events) = try Self.series(scene)
        #expect(buckets.map(\.requests) == [1] && buckets.map(\.failures) == [["credential_refused": 1]])
        #expect(events.last?.kind == .stop && events.last?.details == ["reason": "credential_refused"])
    }

    private static func series(_ scene: RunScene) throws -> (buckets: [RunBucket], events: [NotableEvent]) {
        let ledger = try scene.campaign.openLedger()
        let run = try #require(try ledger.latestRun()?.id)
        return (try ledger.series(of: run), try ledger.events(of: run))
    }

    /// As another process does that has the same folder, without the lock.
    @Test func aRunThatIsTakenForLostStopsWithAStatusOfItsOwn() async throws {
        let scene = Mutex<RunScene?>(nil)
        let asked = Atomic(0)
        let isLost = Atomic(false)
        let server = ScriptedServer { _, _ in
            let number = asked.add(1, ordering: .relaxed).newValue
            if number == 10, let ledger = try? scene.withLock({ try $0?.campaign.openLedger() }) {
                let start = RunStart(
                    startedAt: ManualClock.start,
                    process: "another",
                    version: "0",
                    retryFailed: false
                )
                _ = try? ledger.beginRun(start)
                isLost.store(true, ordering: .releasing)
            }
            // The others are answered after it.
            while number > 10, !isLost.load(ordering: .acquiring) { await Task.yield() }
            return .issued
        }
        let run = try RunScene(server)
        scene.withLock { $0 = run }
        defer { scene.withLock { $0 = nil } }
        let result = try await run.run(try run.request(identities: 200))
        #expect(result.stop?.code == "fenced" && result.status == .inUse)
        #expect(server.requests.count < 200)
        #expect(result.summary.issued == server.requests.count)
        #expect(run.text("invitations.csv")?.split(separator: "\n").count == server.requests.count + 1)
    }

    @Test func theTimeThatARunMayTakeIsKept() async throws {
        let scene = try RunScene()
        var request = try scene.request(identities: 50)
        request.pacing.rates = [Rate(count: 1, window: .seconds(3600))]
        request.maxDuration = .milliseconds(1)
        let result = try await scene.run(request)
        #expect(result.stop == .maxDuration && result.status == .stoppedEarly)
        #expect(scene.server.requests.count <= 1 && result.summary.pending >= 49)
    }
}
