// Who has activated: the command, what it says, and what it takes from the campaign.

import Foundation
import IdentitySimulator
import Programs
import Testing
import Model

extension EndToEndTests {
    @Suite struct SyncTests {
        private func json(_ run: Run) throws -> [String: Any] {
            let object = try JSONSerialization.jsonObject(with: Data(run.stdout.utf8))
            return try #require(object as? [String: Any])
        }

        @Test func whoHasActivatedIsLearntAndKept() async throws {
            try await Scene.with(identities: 30) { scene in
                #expect(try await scene.run().status == 0)
                for identity in scene.identities[0..<3] { scene.simulator.setPassword(of: identity) }
                scene.simulator.logIn(scene.identities[5], by: "code_recovery")
                // The campaign knows its server.
                let first = try await scene.command("sync")
                #expect(first.status == 0, "\(first.words)")
                #expect(first.stdout.contains("asked      about 30 of 30 with an invitation, in 5 requests"))
                #expect(first.stdout.contains("activated  3, 3 since the last time"))
                #expect(first.stdout.contains("unused     27"))
                let second = try json(try await scene.command("sync", ["--json", "--sessions"]))
                #expect(second["activated"] as? Int == 3 && second["newly_activated"] as? Int == 0)
                #expect(second["redeemed"] as? Int == 1 && second["unused"] as? Int == 26)
                #expect(second["without_server_time"] as? Int == 0 && second["asked"] as? Int == 27)
                // A run needs no server either, and learns it first where it is told to.
                scene.simulator.setPassword(of: scene.identities[9])
                let run = try await Program.run(
                    ["run", scene.rosterPath, "--output-dir", scene.outputFolder, "--sync"]
                )
                #expect(run.status == 0, "\(run.words)")
                #expect(run.stderr.contains("Asked about 27 invitations: 1 has activated since"))
            }
        }

        @Test func whatCannotBeAskedIsSaid() async throws {
            try await Scene.with(identities: 3, configure: { $0.ignoresIDs = true }) { scene in
                let missing = try await scene.command("sync")
                #expect(missing.status == 1)
                #expect(missing.stderr.contains("there is no campaign people"))
                #expect(try await scene.run().status == 0)
                let old = try await scene.command("sync")
                #expect(old.status == 0, "\(old.words)")
                #expect(old.stderr.contains("each was asked for alone"))
                let connhex = try await scene.command("sync", ["--provider", "connhex"])
                #expect(connhex.status == 1)
                #expect(connhex.stderr.contains("Connhex IAM cannot be asked who has activated"))
                let other = try await scene.command("sync", ["--server", "http://127.0.0.1:9"])
                #expect(other.status == 1)
                #expect(other.stderr.contains("belongs to \(scene.simulator.adminURL)"))
                try await scene.simulator.goDown()
                let down = try await scene.command("sync", ["--give-up-after", "1s"])
                #expect(down.status == 5, "\(down.words)")
                #expect(down.stderr.contains("To go on:"))
            }
        }

        @Test func nothingIssuedIsNobodyToAsk() async throws {
            try await Scene.with(identities: 3, known: []) { scene in
                #expect(try await scene.run().status == 3)
                let sync = try await scene.command("sync")
                #expect(sync.status == 0, "\(sync.words)")
                #expect(sync.stdout.contains("nothing is issued"))
            }
        }
    }
}
