// Night after night by the real program: what is told, what is purged, and what goes on after a purge.

import Foundation
import IdentitySimulator
import Programs
import TestSupport
import Testing
import Model

extension EndToEndTests {
    @Suite struct NightTests {
        private static let night = [
            "--sync", "--reissue", "expired", "--hand-over", "--no-export", "--quiet",
        ]

        @Test func theFunnelIsToldAndNewsComeOnce() async throws {
            try await Scene.with(identities: 6) { scene in
                let first = try await scene.run(Self.night)
                #expect(first.status == 0 && first.stdout.isEmpty, "\(first.words)")
                let folder = scene.campaignFolder
                #expect(
                    first.stderr == "latchstring: people: 6 newly issued, 6 handed over; see \(folder)\n"
                )
                for identity in scene.identities[0..<2] { scene.simulator.setPassword(of: identity) }
                let second = try await scene.run(Self.night)
                #expect(second.status == 0, "\(second.words)")
                #expect(second.words == "latchstring: people: 2 activated; see \(folder)\n")
                let third = try await scene.run(Self.night)
                #expect(third.status == 0 && third.words.isEmpty, "\(third.words)")

                let status = try await scene.status()
                #expect((status["valid"], status["activated"], status["expired"]) == (4, 2, 0))
                #expect((status["handed_over"], status["reissued"], status["given_up"]) == (6, 0, 0))
                #expect(status["redeemed"] == 0)
                #expect((status.fields["activation_seconds_median"] as? Double).map { $0 >= 0 } == true)
                let summary = try scene.summary()
                #expect((summary["activated"], summary["handed_over"]) == (2, 6))
                let words = try await scene.command("status").stdout
                #expect(words.contains("  handed over 6  100.0%\n"), "\(words)")
                #expect(words.contains("  activated   2   33.3%  half of them within "), "\(words)")
                let last = try await scene.run()
                #expect(last.stderr.contains("(valid: 4, activated: 2)"), "\(last.words)")
            }
        }

        /// Codes of half of the identities are expired for eight days when they come, and canaries.
        private static func expiredLongAgo(_ identity: IdentityID) -> Bool { identity.text.prefix(1) < "8" }

        private static let script: @Sendable (SimulatedRequest) -> Delivery? = { request in
            guard let identity = request.identity else { return nil }
            let expiry = Date().addingTimeInterval(expiredLongAgo(identity) ? -8 * 86_400 : 86_400)
            let secrets =
                expiredLongAgo(identity)
                ? #""recovery_link":"\#(Canaries.link(of: identity))","#
                    + #""recovery_code":"\#(Canaries.code(of: identity))""#
                : #""recovery_link":"https://x.example/r","recovery_code":"123456""#
            let time = ISO8601DateFormatter().string(from: expiry)
            return .answer(.json(201, #"{\#(secrets),"expires_at":"\#(time)"}"#))
        }

        @Test func whatIsExpiredForLongIsPurgedAtTheEnd() async throws {
            try await Scene.with(identities: 40, configure: { $0.script = Self.script }) { scene in
                let old = scene.identities.count(where: Self.expiredLongAgo)
                try #require(old > 0 && old < 40)
                let first = try await scene.run(["--quiet", "--hand-over", "--purge-expired-after", "9d"])
                #expect(first.status != 1, "\(first.words)")
                #expect(try await scene.status()["purged"] == 0)
                #expect(try Canaries.files(in: scene.campaignFolder).contains("ledger.sqlite"))

                // One who is new, and the night's purge.
                let more = Array(MadeUpIdentities(count: 1, seed: 8))
                try scene.write(roster: scene.identities + more)
                let second = try await scene.run(["--hand-over", "--purge-expired-after", "7d"])
                #expect(second.status != 1, "\(second.words)")
                #expect(second.stderr.contains("Purged the codes of \(old) invitations"), "\(second.words)")
                #expect(try scene.summary()["purged"] == old)
                #expect(try Canaries.files(in: scene.campaignFolder) == [])
                let rows = try scene.rows("invitations.csv").map { $0["identity_id"] }
                let expired = try #require(scene.identities.first(where: Self.expiredLongAgo))
                #expect(rows.count >= 40 - old && !rows.contains(expired.text))
                #expect(!scene.has("invitations.purged.csv"), "expired codes are worth nothing")
                let third = try await scene.run(["--quiet", "--purge-expired-after", "7d"])
                #expect(third.status != 1 && !third.stderr.contains("purge"), "\(third.words)")

                // The first batch had only valid ones, and so can be written again.
                let again = try await scene.command("export", ["--batch", "1"])
                #expect(again.status == 0, "\(again.words)")
            }
        }

        @Test func aPurgeOfEverythingStopsNoNight() async throws {
            try await Scene.with(identities: 6) { scene in
                let all = scene.identities
                try scene.write(roster: Array(all.prefix(4)))
                #expect(try await scene.run().status == 0)
                let before = try scene.file("invitations.csv")
                #expect(try await scene.command("purge", ["--all", "--yes"]).status == 0)
                try scene.write(roster: all)
                let run = try await scene.run(["--quiet"])
                #expect(run.status == 0, "\(run.words)")
                let kept = "\(scene.campaignFolder)/invitations.purged.csv"
                #expect(run.stderr.contains("is kept as \(kept)"), "\(run.words)")
                #expect(text(ofFile: kept) == before)
                let written = try scene.rows("invitations.csv").compactMap { $0["identity_id"] }
                #expect(Set(written) == Set(all.suffix(2).map(\.text)))
                let summary = try scene.summary()
                #expect((summary["issued"], summary["purged"], summary["valid"]) == (6, 4, 6))
                // Said once, with words too.
                let next = try await scene.run()
                #expect(next.status == 0, "\(next.words)")
                #expect(!next.words.contains("invitations.purged") && !next.stderr.contains("left out"))
                let purge = try await scene.command("purge", ["--json"])
                #expect(purge.stdout.contains(kept), "a purge names it")
            }
        }
    }
}
