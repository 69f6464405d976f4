// A server that goes down in the middle of a run, and limits that it makes known.

import Foundation
import IdentitySimulator
import Ledger
import Programs
import SQLiteLedger
import Synchronization
import TestSupport
import Testing
import Model

extension EndToEndTests {
    @Suite struct OutageTests {
        /// A server that goes down in the middle of a run, and back again or not.
        private final class Outage: Sendable {
            private struct State {
                var arrived = 0
                var refused = 0
                var last: ContinuousClock.Instant?
                var isOver = false
            }

            private let state = Mutex(State())
            private let delivery: Delivery
            private let lasts: Bool

            /// The requests that are answered before.
            static let goods = 200
            /// An outage is noticed by 18 failures of 20 requests; what comes after as long is its first
            /// probe.
            private static let leastRefused = 18
            private static let gap: Duration = .milliseconds(400)

            /// - Parameters:
            ///   - delivery: what becomes of requests meanwhile.
            ///   - lasts: whether it never ends; else the first probe is the last to fail.
            init(_ delivery: Delivery, lasts: Bool) {
                (self.delivery, self.lasts) = (delivery, lasts)
            }

            var refused: Int { state.withLock { $0.refused } }

            func next(_ request: SimulatedRequest) -> Delivery? {
                guard request.method == "POST" else { return nil }
                let isRefused = state.withLock { state in
                    let now = ContinuousClock.now
                    defer { state.last = now }
                    state.arrived += 1
                    guard state.arrived > Self.goods, !state.isOver else { return false }
                    let isProbe =
                        state.refused >= Self.leastRefused
                        && state.last.map { now - $0 >= Self.gap } ?? false
                    state.isOver = isProbe && !lasts
                    state.refused += 1
                    return true
                }
                return isRefused ? delivery : nil
            }
        }

        private static let unavailable = Delivery.answer(
            .json(503, #"{"error":{"code":503,"message":"down"}}"#)
        )

        @Test(arguments: [unavailable, .close], ["auto", "4"])
        func anOutageEndsNoIdentity(_ delivery: Delivery, concurrency: String) async throws {
            let outage = Outage(delivery, lasts: false)
            try await Scene.with(identities: 600, configure: { $0.script = { outage.next($0) } }) { scene in
                let run = try await scene.run(["--attempts-max", "1", "--concurrency", concurrency])
                #expect(run.status == 0, "\(run.words)")
                let summary = try scene.summary()
                #expect(summary["issued"] == 600 && summary["failed"] == 0)
                #expect(summary["requests"] == 600 + outage.refused && summary["retries"] == outage.refused)
                #expect(summary["requests"] == scene.simulator.statistics().requestsReceived)
                #expect(summary.text("limited_by") == "concurrency")
                #expect(summary.fields["limit_in_force"] is NSNull)
                try expectOutage(inSeriesOf: scene, outage)
            }
        }

        /// The ledger tells later how the run went on.
        private func expectOutage(inSeriesOf scene: Scene, _ outage: Outage) throws {
            let ledger = try SQLiteLedger.open(at: "\(scene.campaignFolder)/ledger.sqlite")
            defer { try? ledger.close() }
            let run = try #require(try ledger.latestRun())
            let kinds = try ledger.events(of: run.id).map(\.kind)
            #expect(
                kinds.filter { $0 == .outageBegan || $0 == .outageEnded } == [.outageBegan, .outageEnded]
            )
            let buckets = try ledger.series(of: run.id)
            #expect(buckets.reduce(0) { $0 + $1.requests } == run.progress.requests)
            #expect(buckets.reduce(0) { $0 + $1.retries } == outage.refused)
            #expect(buckets.reduce(0) { $0 + $1.issued } == 600)
            #expect(buckets.flatMap(\.failures.values).reduce(0, +) == outage.refused)
            #expect(buckets.reduce(0) { $0 + $1.latency.count } >= 600)
            #expect(buckets.allSatisfy { $0.inFlight > 0 })
        }

        @Test(arguments: [unavailable, .close])
        func anOutageThatLastsEndsTheRunResumably(_ delivery: Delivery) async throws {
            let outage = Outage(delivery, lasts: true)
            try await Scene.with(identities: 600, configure: { $0.script = { outage.next($0) } }) { scene in
                let run = try await scene.run(["--attempts-max", "2", "--give-up-after", "1500ms"])
                #expect(run.status == 5, "\(run.words)")
                #expect(run.stderr.contains("as long as --give-up-after allows"))
                #expect(run.stderr.contains("To go on: latchstring run"))
                let summary = try scene.summary()
                #expect(summary.text("stopped_because") == "outage")
                #expect(summary["failed"] == 0 && summary["in_doubt"] == 0)
                #expect(summary["issued"] == Outage.goods && summary["pending"] == 400)
                #expect(try scene.rows("invitations.csv").count == 200)
            }
        }

        @Test func announcedLimitsAreKeptBeforeTheyAreMet() async throws {
            try await Scene.with(
                identities: 90,
                configure: {
                    $0.rateLimits = [
                        RateLimit(count: 30, windowSeconds: 1), RateLimit(count: 60, windowSeconds: 60),
                    ]
                }
            ) { scene in
                let run = try await scene.run(["--max-duration", "5s"])
                #expect(run.status == 5, "\(run.words)")
                let summary = try scene.summary()
                #expect(summary["rate_limited_answers"] == 0)
                #expect((59...60).contains(summary["issued"]))
                #expect(summary.text("limit_in_force") == "30/s, 60/m")
                #expect(summary.text("limited_by") == "server")
                #expect(
                    try await scene.command("status").stdout.contains("limited by the server to 30/s, 60/m")
                )
            }
        }

        @Test func aShareIsAllThatIsUsed() async throws {
            try await Scene.with(identities: 60) { scene in
                let run = try await scene.run([
                    "--rate", "40/s", "--rate", "60/m", "--share", "0.5", "--burst", "20", "--max-duration",
                    "3s",
                ])
                #expect(run.status == 5, "\(run.words)")
                let summary = try scene.summary()
                #expect((29...30).contains(summary["issued"]))
                #expect(summary.text("limit_in_force") == "20/s, 30/m")
                #expect(summary.text("limited_by") == "operator")
                #expect(scene.simulator.statistics().peakInSecond <= 20)
            }
        }

        @Test(arguments: [
            ["--concurrency", "many"], ["--concurrency", "0"], ["--concurrency-max", "1025"],
            ["--share", "0"],
            ["--share", "1.5"], ["--share", "half"], ["--burst", "0"], ["--give-up-after", "0s"],
        ])
        func whatIsNoPaceIsRefused(_ arguments: [String]) async throws {
            try await Scene.with(identities: 1) { scene in
                let run = try await scene.run(arguments)
                #expect(run.status == 64)
                #expect(run.stderr.contains("\(arguments[0]): \"\(arguments[1])\" is not"))
                #expect(scene.simulator.statistics().requestsReceived == 0)
            }
        }
    }
}
