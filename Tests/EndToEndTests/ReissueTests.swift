// Invitations that are issued anew, by the real program: to whom, how often, and after what went wrong.

import Foundation
import Glibc
import IdentitySimulator
import Programs
import Synchronization
import Testing
import Model

extension EndToEndTests {
    @Suite struct ReissueTests {
        /// How many codes the server has given out for each identity.
        private static func codes(_ scene: Scene) -> [IdentityID: Int] {
            Dictionary(grouping: scene.simulator.issued(), by: \.identity).mapValues(\.count)
        }

        /// The generations of `invitations.csv`, by identity.
        private static func generations(_ scene: Scene) throws -> [String: String] {
            let rows = try scene.rows("invitations.csv")
            return Dictionary(
                rows.map { ($0["identity_id"] ?? "", $0["generation"] ?? "") }
            ) { $0 + $1 }
        }

        /// Returns when so many invitations have expired.
        private static func expired(_ count: Int, _ scene: Scene) async throws {
            while try await scene.status()["expired"] < count {}
        }

        @Test func whoseInvitationHasExpiredGetsAnother() async throws {
            try await Scene.with(identities: 8) { scene in
                #expect(try await scene.run(["--expires-in", "1s"]).status == 0)
                try await Self.expired(8, scene)
                let plain = try await scene.run()
                #expect(plain.status == 3, "\(plain.words)")
                #expect(
                    plain.stderr.contains(
                        "Finished, but not for everybody (valid: 0, expired: 8): expired invitations: 8, "
                            + "issued anew with --reissue expired"
                    )
                )
                #expect(scene.simulator.issued().count == 8, "nothing is issued anew unasked")

                let ids = scene.identities
                for identity in ids[0..<2] { scene.simulator.setPassword(of: identity) }
                scene.simulator.delete(ids[2])
                let night = ["--reissue", "expired"]
                let run = try await scene.run(night)
                #expect(run.status == 3, "one of them is gone: \(run.words)")
                #expect(run.stderr.contains("Asked about 8 invitations: 2 have activated"))
                #expect(run.stderr.contains("To be issued anew: 5"))
                #expect(run.stderr.contains("1 identity left out: the server has them no more"))
                #expect(
                    run.stderr.contains(
                        "(valid: 5, activated: 2, expired: 1): expired invitations: 1, issued anew"
                    )
                )
                let codes = Self.codes(scene)
                #expect(ids[0...2].allSatisfy { codes[$0] == 1 }, "never for anybody who has activated")
                #expect(ids[3...].allSatisfy { codes[$0] == 2 })
                let generations = try Self.generations(scene)
                #expect(
                    ids.map { generations[$0.text] } == ["1", "1", "1"] + Array(repeating: "2", count: 5)
                )

                // The next night has nothing to do, and asks nobody about whom it was asked just now.
                let requests = scene.simulator.statistics().requestsReceived
                let next = try await scene.run(night + ["--quiet"])
                #expect(next.status == 3 && next.stderr.contains("1 invitation has expired"), "\(next.words)")
                #expect(scene.simulator.statistics().requestsReceived == requests)
                try scene.write(roster: Array(ids[0..<2] + ids[3...]))
                let without = try await scene.run()
                #expect(without.status == 0, "\(without.words)")
                #expect(
                    without.stderr.contains(
                        "has a valid invitation or has activated (valid: 5, activated: 2)"
                    )
                )
            }
        }

        @Test func aReissueOfAllThatWasCutShortGoesOn() async throws {
            try await Scene.with(identities: 7) { scene in
                #expect(try await scene.run().status == 0)
                let all = ["--reissue", "all"]
                let canary = try await scene.run(all + ["--max-identities", "3"])
                #expect(canary.status == 0, "\(canary.words)")
                #expect(scene.simulator.issued().count == 10)
                // Without being told so no run issues for who has a valid invitation.
                let plain = try await scene.run()
                #expect(plain.status == 0, "\(plain.words)")
                #expect(scene.simulator.issued().count == 10)
                scene.simulator.setPassword(of: scene.identities[5])
                let rest = try await scene.run(all + ["--synced-within", "0s"])
                #expect(rest.status == 0, "\(rest.words)")
                #expect(rest.stderr.contains("goes on") && rest.stderr.contains("To be issued anew: 3"))
                let codes = Self.codes(scene)
                #expect(scene.identities.map { codes[$0] } == [2, 2, 2, 2, 2, 1, 2])
                // It has ended: the same command begins another one.
                #expect(try await scene.run(all).status == 0)
                #expect(scene.simulator.issued().count == 19)
            }
        }

        @Test func killedInTheMiddleTheInvitationBeforeHolds() async throws {
            let held = Arrival()
            let gate = Gate()
            let asked = Mutex(0)
            let script: @Sendable (SimulatedRequest) -> Delivery? = { request in
                guard request.identity != nil else { return nil }
                let number = asked.withLock { asked in
                    asked += 1
                    return asked
                }
                guard number > 14 else { return nil }
                held.note()
                return .hold(.gate(gate), then: .close)
            }
            try await Scene.with(identities: 12, configure: { $0.script = script }) { scene in
                #expect(try await scene.run(["--concurrency", "1"]).status == 0)
                let before = try Self.generations(scene)
                let killed = try await scene.run(["--reissue", "all", "--concurrency", "1"]) { process in
                    await held.wait()
                    kill(process, SIGKILL)
                }
                #expect(killed.status == -Int(SIGKILL))
                asked.withLock { $0 = .min }
                gate.open()
                #expect(try await scene.command("export").status == 0)
                let exported = try Self.generations(scene)
                #expect(exported.count == before.count, "everybody has an invitation: \(exported)")
                let run = try await scene.run(["--reissue", "all"])
                #expect(run.status == 0, "\(run.words)")
                #expect(Set(try Self.generations(scene).values) == ["2"], "nobody gets two for one reissue")
            }
        }

        @Test func afterTheMostThatIsAllowedNothingMoreIsIssued() async throws {
            try await Scene.with(identities: 3) { scene in
                #expect(try await scene.run().status == 0)
                let once = ["--reissue", "all", "--reissue-max", "1"]
                #expect(try await scene.run(once).status == 0)
                scene.simulator.setPassword(of: scene.identities[1])
                let over = try await scene.run(once + ["--synced-within", "0s", "--exit-code", "run"])
                #expect(over.status == 3, "\(over.words)")
                #expect(over.stderr.contains("2 identities had as many invitations as --reissue-max allows"))
                #expect(scene.simulator.issued().count == 6)
                let failures = try scene.rows("failures.csv")
                #expect(failures.map { $0["identity_id"] } == [0, 2].map { scene.identities[$0].text })
                #expect(failures.allSatisfy { $0["kind"] == "not_activated" })
                let again = try await scene.run(once + ["--exit-code", "run"])
                #expect(again.status == 0, "it is no news any more: \(again.words)")
                #expect(try await scene.run(["--reissue", "all"]).status == 0)
                #expect(try scene.rows("failures.csv").isEmpty)
                #expect(scene.simulator.issued().count == 8)
            }
        }

        @Test func aListNamesWhoGetsAnother() async throws {
            try await Scene.with(identities: 4) { scene in
                #expect(try await scene.run().status == 0)
                let (ids, list) = (scene.identities, "\(scene.folder)/list.csv")
                let lines = [ids[2], ids[0], ids[2]].map(\.text)
                let unknown = "11111111-1111-4111-8111-111111111111"
                try scene.write((lines + [unknown, "nobody"]).joined(separator: "\n") + "\n", to: list)
                let run = try await scene.run(["--reissue", list])
                #expect(run.status == 0, "\(run.words)")
                #expect(run.stderr.contains("1 ID of no identity in this campaign"), "\(run.words)")
                let codes = Self.codes(scene)
                #expect(ids.map { codes[$0] } == [2, 1, 2, 1] && codes.count == 4)
                let missing = try await scene.run(["--reissue", "\(scene.folder)/no-such-file"])
                #expect(missing.status == 1, "\(missing.words)")
                #expect(scene.simulator.issued().count == 6)
            }
        }

        @Test func whatCannotBeIssuedAnewIsSaid() async throws {
            try await Scene.with(identities: 3, configure: { $0.ignoresIDs = true }) { scene in
                #expect(try await scene.run().status == 0)
                let old = try await scene.run(["--reissue", "all"])
                #expect(old.status == 0, "each was asked for alone: \(old.words)")
                #expect(scene.simulator.issued().count == 6)
                let wide = try await scene.run(["--reissue", "expiring:24h"])
                #expect(wide.status == 64 && wide.stderr.contains("every run would issue"), "\(wide.words)")
                let odd = try await scene.run(["--reissue", "expiring:soon"])
                #expect(odd.status == 64 && odd.stderr.contains("expiring:6h"), "\(odd.words)")
                let connhex = try await scene.run(
                    ["--reissue", "all", "--provider", "connhex"],
                    environment: ["LATCHSTRING_API_KEY": "a-session-token"]
                )
                #expect(connhex.status == 1 && connhex.stderr.contains("--without-sync"), "\(connhex.words)")
                try await scene.simulator.goDown()
                let down = try await scene.run(
                    ["--reissue", "all", "--synced-within", "0s", "--give-up-after", "1s"]
                )
                #expect(down.status == 5, "\(down.words)")
                let status = try await scene.status()
                #expect(status["issued"] == 3 && status["pending"] == 0, "nobody is prepared")
            }
        }

        @Test func aRunThatOutlastsItsCodesSaysSo() async throws {
            try await Scene.with(identities: 4) { scene in
                let slow = ["--rate", "2/s", "--expires-in", "1s"]
                let run = try await scene.run(slow)
                #expect(run.stderr.contains("after 1.0 s, before the last is issued"), "\(run.words)")
                let fast = try await scene.run(slow)
                #expect(!fast.stderr.contains("before the last is issued"), "nothing is left to do")
            }
        }

        @Test func aBoundCampaignNeedsNoServer() async throws {
            try await Scene.with(identities: 2) { scene in
                #expect(try await scene.run().status == 0)
                let campaign = ["--campaign", "people", "--output-dir", scene.outputFolder]
                let plan = try await Program.run(["plan", "--verify"] + campaign)
                #expect(plan.status == 0, "\(plan.words)")
                let doctor = try await Program.run(["doctor"] + campaign)
                #expect(doctor.status == 0, "\(doctor.words)")
                let drill = try await Program.run(
                    [
                        "drill", "--public-server", scene.simulator.publicURL, "--identity",
                        scene.identities[0].text, "--yes",
                    ] + campaign
                )
                #expect(!drill.stderr.contains("--server is required"), "\(drill.words)")
                #expect(scene.simulator.issued().count == 3, "the drill asks the campaign's server")
                let reissue = try await Program.run(["run", "--reissue", "all"] + campaign)
                #expect(reissue.status == 0, "\(reissue.words)")
            }
        }
    }
}
