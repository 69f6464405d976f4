// Codes removed for good, and what comes after.

import Foundation
import IdentitySimulator
import TestSupport
import Programs
import Testing
import Model

extension EndToEndTests {
    @Suite struct PurgeTests {
        func object(_ run: Run) throws -> [String: Any] {
            try #require(try JSONSerialization.jsonObject(with: Data(run.stdout.utf8)) as? [String: Any])
        }

        @Test func noByteOfThemIsLeftInTheLedger() async throws {
            try await Scene.with(identities: 300, configure: { $0.script = Canaries.script }) { scene in
                #expect(try await scene.run(["--per-user"]).status == 0)
                #expect(try Canaries.files(in: scene.campaignFolder).contains("ledger.sqlite"))
                let refused = try await scene.command("purge", ["--all"])
                #expect(refused.status == 64, "\(refused.words)")
                #expect(refused.stderr.contains("--yes"))
                #expect(try await scene.status()["purged"] == 0)
                let none = try object(try await scene.command("purge", ["--json"]))
                #expect(none["removed"] as? Int == 0, "none has expired")

                try scene.write("half", to: "\(scene.campaignFolder)/.invitations.csv.partial")
                let purge = try await scene.command("purge", ["--all", "--yes", "--json"])
                #expect(purge.status == 0, "\(purge.words)")
                let purged = try object(purge)
                #expect(purged["campaign"] as? String == "people")
                #expect(purged["removed"] as? Int == 300 && purged["purged"] as? Int == 300)
                #expect(purged["issued"] as? Int == 300)
                let stillIn = [
                    "\(scene.campaignFolder)/invitations.csv", "\(scene.campaignFolder)/invitations/",
                ]
                #expect(purged["still_in"] as? [String] == stillIn)
                #expect(!scene.has(".invitations.csv.partial"))
                for name in stillIn { try FileManager.default.removeItem(atPath: name) }
                #expect(try Canaries.files(in: scene.campaignFolder) == [])

                let again = try await scene.command("purge")
                #expect(again.stdout.contains("of 0 of 300 issued; 300 had none before"), "\(again.words)")
                let words = try await scene.command("status").stdout
                #expect(words.contains("purged     300"), "\(words)")
                let requests = scene.simulator.statistics().requestsReceived
                let run = try await scene.run()
                #expect(run.status == 0, "\(run.words)")
                #expect(run.stderr.contains("300 invitations are left out"), "\(run.words)")
                #expect(
                    scene.simulator.statistics().requestsReceived == requests,
                    "nobody is asked for again"
                )
                #expect(try scene.rows("invitations.csv").isEmpty)
            }
        }

        @Test func exportsThatStillHoldCodesAreLeftAlone() async throws {
            try await Scene.with(identities: 5) { scene in
                #expect(try await scene.run(["--max-identities", "3"]).status == 0)
                let before = try scene.file("invitations.csv")
                #expect(try await scene.command("purge", ["--all", "--yes"]).status == 0)
                let export = try await scene.command("export")
                #expect(export.status == 1)
                #expect(export.stderr.contains("invitations.csv") && export.stderr.contains("--replace"))
                let run = try await scene.run()
                #expect(run.status == 1, "\(run.words)")
                #expect(run.stderr.contains("--replace"))
                #expect(try scene.summary()["issued"] == 5, "the rest is written")
                #expect(try scene.file("invitations.csv") == before)

                let replaced = try await scene.command("export", ["--replace", "--json"])
                #expect(replaced.status == 0, "\(replaced.words)")
                #expect(try object(replaced)["without_code"] as? Int == 3)
                #expect(try scene.rows("invitations.csv").count == 2)
                #expect(try await scene.run().status == 0)
            }
        }

        @Test func onlyTheExpiredUnlessAllAreMeant() async throws {
            let now = Date()
            try await Scene.with(
                identities: 4,
                configure: { configuration in
                    let expired = ISO8601DateFormatter().string(from: now.addingTimeInterval(-60))
                    configuration.script = { request in
                        guard request.identity?.text.first.map({ "01234567".contains($0) }) == true else {
                            return nil
                        }
                        return .answer(
                            .json(
                                201,
                                #"{"recovery_link":"https://x.example/r","recovery_code":"1","#
                                    + #""expires_at":"\#(expired)"}"#
                            )
                        )
                    }
                }
            ) { scene in
                #expect(try await scene.run().status == 3, "some have no valid invitation")
                let low = scene.identities.count { "01234567".contains($0.text.prefix(1)) }
                let purge = try object(try await scene.command("purge", ["--json"]))
                #expect(purge["removed"] as? Int == low)
                #expect(try await scene.status()["purged"] == low)
                #expect(try await scene.status()["expired"] == low)
            }
        }

        @Test func onATerminalItAsks() async throws {
            try await Scene.with(identities: 2) { scene in
                #expect(try await scene.run().status == 0)
                let arguments = [
                    "purge", "--all", "--campaign", "people", "--output-dir", scene.outputFolder,
                ]
                for (answer, status, purged) in [("y\n", 64, 0), ("yes\n", 0, 2)] {
                    let terminal = try PseudoTerminal()
                    let run = try await Program.run(arguments, in: scene.folder, terminal: terminal) { _ in
                        try await terminal.awaits("also where they are still valid. Type yes to go on: ")
                        try terminal.type(answer)
                    }
                    #expect(run.status == status, "\(run.words)")
                    #expect(try await scene.status()["purged"] == purged)
                }
            }
        }

        @Test func aCampaignInUseIsNotPurged() async throws {
            try await Scene.holding(identities: 2) { scene, held in
                let run = try await scene.run(["--attempts-max", "1", "--timeout", "1h"]) { id in
                    await held.wait()
                    let purge = try await scene.command("purge", ["--all", "--yes"])
                    #expect(purge.status == 11)
                    #expect(purge.stderr.contains("process \(id) "))
                    held.letGo()
                }
                #expect(run.status == 3)
            }
        }
    }
}
