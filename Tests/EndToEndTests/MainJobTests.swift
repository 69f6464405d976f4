// The whole job, on the real binary and a real socket.

import Foundation
import Glibc
import IdentitySimulator
import Programs
import Testing
import Model

extension EndToEndTests {
    @Suite struct MainJobTests {
        @Test func everybodyIsInvited() async throws {
            try await Scene.with(identities: 300) { scene in
                let run = try await scene.run()
                #expect(run.status == 0, "\(run.words)")
                let summary = try scene.summary()
                #expect(summary["issued"] == 300)
                #expect(summary["requests"] == scene.simulator.statistics().requestsReceived)
                #expect(summary.fields["stopped_because"] is NSNull)

                let table = CSVTable(try scene.file("invitations.csv"))
                #expect(
                    table.header == [
                        "identity_id", "recovery_code", "recovery_link", "expires_at", "issued_at",
                        "generation", "email",
                    ]
                )
                #expect(table.rows.map { $0["identity_id"] } == scene.identities.map(\.text), "roster order")
                let issued = Dictionary(grouping: scene.simulator.issued(), by: \.identity)
                for row in table.rows {
                    let id = try #require(row["identity_id"].flatMap { IdentityID($0) })
                    let record = try #require(issued[id]?.first)
                    #expect(row["recovery_code"] == record.recoveryCode)
                    #expect(row["recovery_link"] == record.recoveryLink)
                    #expect(row["expires_at"] == "\(record.expiresAt.prefix(19))Z")
                }
            }
        }

        @Test func everyFaultAtOnceLosesNobody() async throws {
            let faults = try FaultPlan(
                Fault.list(
                    "500=6%,serialize=4%,429=0.4%,close=4%,close-after=4%,half=4%,html=4%,"
                        + "huge=0.5%,stall=0.3%"
                )
            )
            try await Scene.with(
                identities: 1200,
                configure: {
                    $0.faults = faults
                    $0.unknownShare = 0.02
                }
            ) { scene in
                try scene.write(
                    roster: scene.identities,
                    extra:
                        "not-a-uuid,x\n\(scene.identities[3].text),again\n"
                        + "00000000-0000-0000-0000-000000000000,nil\n"
                )
                let run = try await scene.run(["--timeout", "1s", "--concurrency", "32"])
                #expect(run.status == 3, "\(run.words)")
                let summary = try scene.summary()
                #expect(summary["rows_read"] == 1203)
                #expect(summary["identities"] == 1200)
                #expect(summary["duplicates"] == 1)
                #expect(summary["rejected"] == 2)
                #expect(summary["pending"] == 0)
                #expect(summary["in_doubt"] == 0)
                #expect(summary["retries"] > 0)
                #expect(summary["ambiguous_attempts"] > 0)
                #expect(summary["requests"] == scene.simulator.statistics().requestsReceived)

                // Every code in the ledger is one that the server issued for that identity, the last one it
                // issued.
                let issued = Dictionary(grouping: scene.simulator.issued(), by: \.identity)
                let invitations = try scene.rows("invitations.csv")
                #expect(invitations.count == summary["issued"])
                for row in invitations {
                    let id = try #require(row["identity_id"].flatMap { IdentityID($0) })
                    #expect(issued[id]?.last?.recoveryCode == row["recovery_code"])
                }
                // Codes that nobody holds are counted: no more of them than ambiguous attempts.
                let unheld = scene.simulator.issued().count - invitations.count
                #expect(unheld > 0)
                #expect(unheld <= summary["ambiguous_attempts"])
                let failures = try scene.rows("failures.csv")
                #expect(failures.count == summary["failed"])
                #expect(
                    failures.filter { $0["kind"] == "unknown_identity" }.count
                        == summary.failures["unknown_identity"]
                )
                #expect(
                    try scene.rows("rejected.csv").map { $0["reason"] } == [
                        "not_a_uuid", "duplicate", "nil_uuid",
                    ]
                )
            }
        }

        /// A request that meets a connection just closed may be counted here and never arrive: it is
        /// ambiguous.
        @Test func connectionsThatTheServerClosesCostNobodyTheCode() async throws {
            try await Scene.with(identities: 400, configure: { $0.answersPerConnectionMax = 5 }) { scene in
                let run = try await scene.run()
                #expect(run.status == 0, "\(run.words)")
                let summary = try scene.summary()
                let unseen = summary["requests"] - scene.simulator.statistics().requestsReceived
                #expect((0...summary["ambiguous_attempts"]).contains(unseen))
                #expect(scene.simulator.statistics().connectionsAccepted >= 400 / 5)
            }
        }

        @Test func theLimitHoldsWhereItIsCounted() async throws {
            try await Scene.with(identities: 90) { scene in
                let run = try await scene.run(["--rate", "40/s", "--rate", "2400/m", "--concurrency", "16"])
                #expect(run.status == 0, "\(run.words)")
                let statistics = scene.simulator.statistics()
                #expect(statistics.requestsReceived == 90)
                #expect(statistics.peakInSecond <= 40)
            }
        }

        @Test func theLimitHoldsAcrossRuns() async throws {
            let ambush = Ambush()
            try await Scene.with(
                identities: 24,
                configure: { configuration in
                    configuration.script = { request in
                        if request.identity != nil { ambush.requestReceived() }
                        return nil
                    }
                }
            ) { scene in
                let arguments = ["--rate", "6/s"]
                _ = try await scene.run(arguments + ["--max-identities", "6"])
                _ = try await scene.run(arguments + ["--max-identities", "6"])
                ambush.arm(after: 3, signal: SIGKILL, in: scene)
                #expect(try await scene.run(arguments).status == -Int(SIGKILL))
                #expect(try await scene.run(arguments).status == 0)
                #expect(scene.simulator.statistics().requestsReceived >= 24)
                #expect(scene.simulator.statistics().peakInSecond <= 6)
            }
        }

        @Test func theSameAgainAsksForNothing() async throws {
            try await Scene.with(identities: 50) { scene in
                _ = try await scene.run()
                let stamp = try FileManager.default.attributesOfItem(
                    atPath: "\(scene.campaignFolder)/invitations.csv"
                )
                let before = try #require(stamp[.systemFileNumber] as? Int)
                let again = try await scene.run()
                #expect(again.status == 0)
                #expect(scene.simulator.statistics().requestsReceived == 50)
                let summary = try scene.summary()
                #expect(summary["requests"] == 0)
                #expect(summary["enrolled"] == 50)
                #expect(summary["enrolled_new"] == 0)
                let after = try FileManager.default.attributesOfItem(
                    atPath: "\(scene.campaignFolder)/invitations.csv"
                )
                #expect(after[.systemFileNumber] as? Int == before, "an unchanged export is left alone")
            }
        }

        @Test func aRosterMayGrowAndShrink() async throws {
            try await Scene.with(identities: 60) { scene in
                try scene.write(roster: Array(scene.identities[..<40]))
                #expect(try await scene.run().status == 0)
                try scene.write(roster: Array(scene.identities[20...]))
                #expect(try await scene.run().status == 0)
                let summary = try scene.summary()
                #expect(summary["enrolled"] == 40)
                #expect(summary["enrolled_new"] == 20)
                #expect(summary["identities"] == 60)
                #expect(summary["issued"] == 60)
                #expect(scene.simulator.statistics().requestsReceived == 60)
                // Of a known ID the later columns hold.
                let row = try scene.rows("invitations.csv").first {
                    $0["identity_id"] == scene.identities[20].text
                }
                #expect(row?["email"] == "user0@example.org")
            }
        }

        @Test func permanentFailuresAreTakenUpWhenAsked() async throws {
            let all = Array(MadeUpIdentities(count: 20, seed: 7))
            try await Scene.with(identities: 20, known: Array(all[..<15])) { scene in
                #expect(try await scene.run().status == 3)
                #expect(try scene.summary().failures == ["unknown_identity": 5])
                #expect(try await scene.run().status == 3)
                #expect(scene.simulator.statistics().requestsReceived == 20)
                #expect(try await scene.run(["--retry-failed"]).status == 3)
                #expect(scene.simulator.statistics().requestsReceived == 25)

                // Fed back as a roster, the failures are a campaign of their own, under a name.
                let fed = try await Program.run([
                    "run", "\(scene.campaignFolder)/failures.csv", "--server", scene.simulator.adminURL,
                    "--output-dir", scene.outputFolder, "--campaign", "once-more", "--json",
                ])
                #expect(fed.status == 3)
                #expect(try Summary(fed.stdout)["enrolled"] == 5)
            }
        }

        @Test func aCanaryStopsAfterTheFirst() async throws {
            try await Scene.with(identities: 40) { scene in
                let canary = try await scene.run(["--max-identities", "7"])
                #expect(canary.status == 0, "\(canary.words)")
                let summary = try scene.summary()
                #expect(summary["issued"] == 7)
                #expect(summary["pending"] == 33)
                #expect(summary.text("stopped_because") == "max_identities")
                let invited = try scene.rows("invitations.csv").map { $0["identity_id"] }
                #expect(invited == scene.identities[..<7].map(\.text), "the first in roster order")
                // Asked for more than there are it is no canary: one row of the roster cannot be invited.
                try scene.write(roster: scene.identities, extra: "not-a-uuid,x\n")
                #expect(try await scene.run(["--max-identities", "100"]).status == 3)
                #expect(try scene.summary()["issued"] == 40)
                #expect(try scene.summary().fields["stopped_because"] is NSNull)
                #expect(scene.simulator.statistics().requestsReceived == 40)
            }
        }

        @Test func standardInputIsARosterToo() async throws {
            try await Scene.with(identities: 3) { scene in
                let arguments = [
                    "run", "-", "--server", scene.simulator.adminURL, "--output-dir", scene.outputFolder,
                ]
                let input = scene.identities.map(\.text).joined(separator: "\n")
                #expect(try await Program.run(arguments, input: input).status == 64, "--campaign is required")
                for _ in 0..<2 {
                    let run = try await Program.run(arguments + ["--campaign", "people"], input: input)
                    #expect(run.status == 0, "\(run.words)")
                }
                #expect(scene.simulator.statistics().requestsReceived == 3)
            }
        }
    }
}
