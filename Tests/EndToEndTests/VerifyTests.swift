// Looking identities up before anything is issued, and the columns that come of it.

import Foundation
import IdentitySimulator
import Programs
import Testing
import Model

extension EndToEndTests {
    @Suite struct VerifyTests {
        @Test func unknownAndInactiveIdentitiesCostNoCode() async throws {
            try await Scene.with(
                identities: 1200,
                configure: { configuration in
                    configuration.unknownShare = 0.1
                    configuration.inactiveShare = 0.1
                }
            ) { scene in
                let run = try await scene.run(["--verify"])
                #expect(run.status == 3, "\(run.words)")
                let summary = try scene.summary()
                let failures = summary.failures
                let (unknown, inactive) = (
                    failures["unknown_identity"] ?? 0, failures["inactive_identity"] ?? 0
                )
                #expect(unknown > 0)
                #expect(inactive > 0)
                #expect(summary["failed"] == unknown + inactive)
                #expect(summary["issued"] == 1200 - unknown - inactive)
                #expect(
                    run.stderr.contains("Looked up 1200 identities: \(unknown) unknown, \(inactive) inactive")
                )
                let statistics = scene.simulator.statistics()
                #expect(statistics.requestsReceived == summary["issued"])
                // One to see whether it can be asked like this, and three for 500 each.
                #expect(statistics.identityReads == 4)

                let rows = try scene.rows("failures.csv")
                #expect(rows.count == unknown + inactive)
                #expect(rows.allSatisfy { $0["attempts"] == "0" && $0["reason"]?.isEmpty == false })
                let log = try scene.file("run.log").split(separator: "\n")
                let failed = log.filter { $0.contains("\"message\":\"identity failed\"") }
                #expect(failed.count == unknown + inactive)
                #expect(failed.allSatisfy { $0.contains("\"reason\":\"looked up before issuing") })
                // What failed so is not looked up again by itself, and is when it is wanted.
                let again = try await scene.run(["--verify"])
                #expect(again.status == 3)
                #expect(try scene.summary()["requests"] == 0)
                let retried = try await scene.run(["--verify", "--retry-failed"])
                #expect(retried.stderr.contains("Looked up \(unknown + inactive) identities"))
            }
        }

        @Test func columnsComeFromTheServersIdentities() async throws {
            try await Scene.with(identities: 30, configure: { $0.unknownShare = 0.1 }) { scene in
                let columns = "mail=traits.email,state=state,via=recovery_addresses.0.via,email=traits.email"
                let run = try await scene.run(["--columns", columns])
                #expect(run.status == 3, "\(run.words)")
                let table = CSVTable(try scene.file("invitations.csv"))
                #expect(
                    table.header == [
                        "identity_id", "recovery_code", "recovery_link", "expires_at", "issued_at",
                        "generation", "roster_email", "mail", "state", "via", "email",
                    ]
                )
                #expect(table.rows.count == (try scene.summary()["issued"]))
                for row in table.rows {
                    #expect(row["mail"] == row["email"])
                    #expect(row["mail"]?.hasPrefix(row["identity_id"] ?? "-") == true)
                    #expect(row["roster_email"]?.hasSuffix("@example.org") == true)
                    #expect(row["state"] == "active")
                    #expect(row["via"] == "email")
                }
                // A column that comes later is looked up for those who have their codes already.
                let later = try await scene.run(["--columns", "schema=schema_id"])
                #expect(later.status == 3)
                #expect(try scene.summary()["requests"] == 0)
                let rows = try scene.rows("invitations.csv")
                #expect(rows.allSatisfy { $0["schema"] == "default" && $0["mail"] == $0["email"] })
                #expect(rows.allSatisfy { $0["mail"]?.isEmpty == false })
            }
        }

        @Test func aPathThatIsInNoIdentityStopsBeforeAnythingIsIssued() async throws {
            try await Scene.with(identities: 5) { scene in
                for command in ["plan", "run"] {
                    let run = try await Program.run([
                        command, scene.rosterPath, "--server", scene.simulator.adminURL, "--output-dir",
                        scene.outputFolder, "--columns", "mail=traits.email,nick=traits.nickname",
                    ])
                    #expect(run.status == 1, "\(run.words)")
                    #expect(run.stderr.contains("traits.nickname"))
                    #expect(run.stderr.contains("nick"))
                }
                #expect(scene.simulator.statistics().requestsReceived == 0)
                let mended = try await scene.run(["--columns", "mail=traits.email"])
                #expect(mended.status == 0, "\(mended.words)")
            }
        }

        @Test(arguments: [414, 431, 400])
        func aGatewayThatTakesNoLongURLsIsAskedForFewer(_ status: Int) async throws {
            try await Scene.with(
                identities: 300,
                configure: { configuration in
                    configuration.urlBytesMax = 2000
                    configuration.urlTooLongStatus = status
                }
            ) { scene in
                let run = try await scene.run(["--verify"])
                #expect(run.status == 0, "\(run.words)")
                #expect(run.stderr.contains("Looked up 300 identities: 0 unknown, 0 inactive"))
                #expect(run.stderr.contains("at most 37 at a time"), "\(run.stderr)")
            }
        }

        @Test func aServerThatIsTooOldIsRecognised() async throws {
            try await Scene.with(identities: 5, configure: { $0.ignoresIDs = true }) { scene in
                let run = try await scene.run(["--verify"])
                #expect(run.status == 1, "\(run.words)")
                #expect(run.stderr.contains("too old to look identities up"))
                #expect(scene.simulator.statistics().requestsReceived == 0)
                #expect(try scene.summary()["pending"] == 5)
                #expect(try await scene.run().status == 0)
            }
        }

        @Test func lookUpsHaveARateOfTheirOwnAlsoAcrossRuns() async throws {
            try await Scene.with(
                identities: 700,
                configure: { $0.readRateLimits = [RateLimit(count: 2, windowSeconds: 1)] }
            ) { scene in
                let arguments = ["--verify", "--read-rate", "2/s", "--max-identities", "600"]
                for _ in 0..<2 {
                    let run = try await scene.run(arguments)
                    #expect(run.status == 0, "\(run.words)")
                }
                let statistics = scene.simulator.statistics()
                #expect(statistics.rateLimited == 0)
                #expect(statistics.readPeakInSecond <= 2)
                #expect(statistics.identityReads > 3)
            }
        }

        @Test func anOutageWhileLookingUpStopsResumably() async throws {
            try await Scene.with(
                identities: 3,
                configure: { configuration in
                    configuration.script = { request in
                        request.path.hasPrefix("/admin/identities")
                            ? .answer(.json(500, "{\"error\":{\"code\":500,\"message\":\"unexpected EOF\"}}"))
                            : nil
                    }
                }
            ) { scene in
                let run = try await scene.run(["--verify", "--attempts-max", "2"])
                #expect(run.status == 5, "\(run.words)")
                #expect(run.stderr.contains("To go on: latchstring run"))
                #expect(scene.simulator.statistics().requestsReceived == 0)
            }
        }
    }

    @Suite struct PlanTests {
        private func plan(_ scene: Scene, _ arguments: [String], status: Int = 0) async throws -> [String:
            Any]
        {
            let run = try await Program.run(
                ["plan", scene.rosterPath, "--output-dir", scene.outputFolder, "--json"] + arguments
            )
            #expect(run.status == status, "\(run.words)")
            let object = try JSONSerialization.jsonObject(with: Data(run.stdout.utf8))
            return try #require(object as? [String: Any])
        }

        @Test func tellsWhatARunWouldDoAndLeavesNothing() async throws {
            try await Scene.with(identities: 1000) { scene in
                let extra = "\(scene.identities[0].text),again@example.org\nnobody,nobody@example.org\n"
                try scene.write(roster: scene.identities, extra: extra)
                let plan = try await plan(scene, ["--rate", "8/s", "--rate", "175/m"], status: 3)
                #expect(
                    Set(plan.keys) == [
                        "rows_read", "enrolled", "duplicates", "rejected", "already_issued", "absent",
                        "requests",
                        "seconds",
                        "first_expires_before_last_issued",
                    ]
                )
                #expect(plan["rows_read"] as? Int == 1002)
                #expect(plan["enrolled"] as? Int == 1000)
                #expect(plan["duplicates"] as? Int == 1)
                #expect(plan["rejected"] as? Int == 1)
                #expect(plan["already_issued"] as? Int == 0)
                #expect(plan["requests"] as? Int == 1000)
                #expect((315...317).contains(plan["seconds"] as? Double ?? 0))
                #expect(plan["first_expires_before_last_issued"] as? Bool == false)
                #expect(!FileManager.default.fileExists(atPath: scene.outputFolder))
                #expect(scene.simulator.statistics().requestsReceived == 0)
            }
        }

        @Test func knowsWhatIsIssuedAlready() async throws {
            try await Scene.with(
                identities: 60,
                known: Array(MadeUpIdentities(count: 50, seed: 7))
            ) { scene in
                #expect(try await scene.run(["--max-identities", "20"]).status == 0)
                let canary = try await plan(scene, ["--server", scene.simulator.adminURL])
                #expect(canary["already_issued"] as? Int == 20)
                #expect(canary["requests"] as? Int == 40)
                #expect(try await scene.run().status == 3)
                let requests = scene.simulator.statistics().requestsReceived
                let done = try await plan(scene, [], status: 3)
                #expect(done["already_issued"] as? Int == 50)
                #expect(done["requests"] as? Int == 0)
                #expect(try await plan(scene, ["--retry-failed"])["requests"] as? Int == 10)
                #expect(scene.simulator.statistics().requestsReceived == requests)
            }
        }

        @Test func saysWhenCodesExpireBeforeTheLastIsIssued() async throws {
            try await Scene.with(identities: 100) { scene in
                let arguments = ["--rate", "1/m", "--expires-in", "1h"]
                #expect(try await plan(scene, arguments)["first_expires_before_last_issued"] as? Bool == true)
                let words = try await Program.run(
                    ["plan", scene.rosterPath, "--output-dir", scene.outputFolder] + arguments
                )
                #expect(words.status == 0)
                #expect(words.stdout.contains("before the last is issued"))
                #expect(words.stdout.contains("--expires-in 3h"))
                #expect(words.stdout.contains("--max-identities 60"))
                let fitting = try await plan(scene, arguments + ["--max-identities", "60"])
                #expect(fitting["first_expires_before_last_issued"] as? Bool == false)
                #expect(fitting["requests"] as? Int == 60)
            }
        }

        @Test func looksUpWithVerify() async throws {
            try await Scene.with(
                identities: 600,
                configure: { configuration in
                    configuration.unknownShare = 0.1
                    configuration.inactiveShare = 0.1
                }
            ) { scene in
                let server = ["--server", scene.simulator.adminURL, "--verify"]
                let plan = try await plan(scene, server, status: 3)
                let (unknown, inactive) = (
                    plan["unknown_identity"] as? Int, plan["inactive_identity"] as? Int
                )
                #expect(scene.simulator.statistics().requestsReceived == 0)
                #expect(scene.simulator.statistics().identityReads == 3)
                #expect(try await scene.run(["--verify"]).status == 3)
                let failures = try scene.summary().failures
                #expect(failures["unknown_identity"] == unknown)
                #expect(failures["inactive_identity"] == inactive)
                #expect(plan["requests"] as? Int == (try scene.summary()["issued"]))
            }
        }
    }
}
