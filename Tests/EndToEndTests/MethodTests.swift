// Codes and links, and what is asked for with them.

import Foundation
import IdentitySimulator
import Programs
import Testing
import Model

extension EndToEndTests {
    @Suite struct MethodTests {
        @Test func linksComeWithoutACode() async throws {
            try await Scene.with(
                identities: 20,
                configure: { configuration in
                    configuration.unknownShare = 0.2
                    configuration.seed = 5
                }
            ) { scene in
                let run = try await scene.run(["--method", "link"])
                #expect(run.status == 3, "\(run.words)")
                let summary = try scene.summary()
                #expect(summary["issued"] > 0)
                #expect(summary.failures == ["unknown_identity": 20 - summary["issued"]])
                let issued = Dictionary(
                    uniqueKeysWithValues: scene.simulator.issued().map { ($0.identity.text, $0.recoveryLink) }
                )
                let rows = try scene.rows("invitations.csv")
                #expect(rows.count == summary["issued"])
                for row in rows {
                    #expect(row["recovery_code"] == "")
                    #expect(row["recovery_link"] == issued[row["identity_id"] ?? ""])
                }
                #expect(scene.simulator.statistics().byStatus[200] == summary["issued"])
            }
        }

        @Test(arguments: [("code", IssuingEndpoint.code), ("link", .link)])
        func aMethodThatIsSwitchedOffStopsTheRun(_ method: String, _ endpoint: IssuingEndpoint) async throws {
            try await Scene.with(identities: 5, configure: { $0.disabledEndpoints = [endpoint] }) { scene in
                let run = try await scene.run(["--method", method])
                #expect(run.status == 1, "\(run.words)")
                #expect(run.stderr.contains("recovery by \(method) switched off"))
                #expect(scene.simulator.statistics().requestsReceived == 1)
                #expect(try scene.summary()["pending"] == 5)
            }
        }

        @Test(arguments: ["code", "link"])
        func returnToIsSentAndARefusalStopsTheRun(_ method: String) async throws {
            try await Scene.with(
                identities: 3,
                configure: { $0.allowedReturnTo = ["https://app.example.com/"] }
            ) { scene in
                let refused = try await scene.run([
                    "--method", method, "--return-to", "https://evil.example.com/?a=b&c",
                ])
                #expect(refused.status == 1, "\(refused.words)")
                #expect(refused.stderr.contains("return_to"))
                #expect(refused.stderr.contains("https://evil.example.com/"))
                // The same would fail once more.
                #expect(refused.stderr.contains("To go on: ") && refused.stderr.contains("--return-to URL"))
                #expect(scene.simulator.statistics().issued == 0)
                let run = try await scene.run([
                    "--method", method, "--return-to", "https://app.example.com/ä?x=1&y",
                ])
                #expect(run.status == 0, "\(run.words)")
            }
        }

        /// A server of v0.13 refuses what it does not know.
        @Test func theFlowTypeIsSentOnlyWhereItIsGiven() async throws {
            try await Scene.with(identities: 2, configure: { $0.version = "v0.13.0" }) { scene in
                let refused = try await scene.run(["--flow-type", "api"])
                #expect(refused.status == 1, "\(refused.words)")
                #expect(refused.stderr.contains("flow_type"))
                let run = try await scene.run()
                #expect(run.status == 0, "\(run.words)")
            }
        }

        @Test func anExpiryThatIsNotTheOneAskedForIsSaidOnce() async throws {
            try await Scene.with(identities: 12, configure: { $0.ignoresExpiresIn = true }) { scene in
                let run = try await scene.run(["--expires-in", "12h"])
                #expect(run.status == 0, "\(run.words)")
                #expect(run.stderr.contains("asked for 12 h 0 min, its invitations are valid for 1 h 0 min"))
                #expect(run.stderr.components(separatedBy: "warning: ").count == 2)
            }
            let hour: Int64 = 3_600_000_000_000
            for (offset, words) in [(2 * hour, "2 h 0 min ahead of"), (-hour, "1 h 0 min behind")] {
                try await Scene.with(
                    identities: 12,
                    configure: { $0.clockOffset = GoDuration(nanoseconds: offset) }
                ) { scene in
                    let run = try await scene.run()
                    #expect(run.status == 0, "\(run.words)")
                    #expect(
                        run.stderr.contains("the server's clock is \(words) this machine's"),
                        "\(run.stderr)"
                    )
                    #expect(run.stderr.components(separatedBy: "warning: ").count == 2)
                }
            }
        }

        @Test func codesThatAreValidForMoreThanADayGetOneWarning() async throws {
            try await Scene.with(identities: 3) { scene in
                let day = try await scene.run(["--max-identities", "1"])
                #expect(!day.stderr.contains("NIST"))
                let week = try await scene.run(["--expires-in", "7d"])
                #expect(week.status == 0, "\(week.words)")
                #expect(week.stderr.split(separator: "\n").count { $0.contains("NIST SP 800-63B") } == 1)
                #expect(week.stderr.contains("7 d 0 h"))
                let plan = try await Program.run([
                    "plan", scene.rosterPath, "--expires-in", "25h", "--output-dir", scene.outputFolder,
                ])
                #expect(plan.stderr.contains("NIST SP 800-63B"))
            }
        }
    }
}
