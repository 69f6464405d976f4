// Exports and reports again, with their options.

import Foundation
import IdentitySimulator
import Programs
import Testing
import Model

extension EndToEndTests {
    @Suite struct ExportTests {
        @Test func relativeLinksAreResolvedWhenTheBaseIsKnown() async throws {
            try await Scene.with(identities: 2, configure: { $0.hasRelativeLinks = true }) { scene in
                let run = try await scene.run()
                #expect(run.status == 0)
                #expect(run.stderr.components(separatedBy: "are relative").count == 2, "one warning")
                let relative = try scene.rows("invitations.csv").compactMap { $0["recovery_link"] }
                #expect(relative.allSatisfy { $0.hasPrefix("/") })
                let export = try await scene.command(
                    "export",
                    ["--link-base", "https://accounts.example.com/x/"]
                )
                #expect(export.status == 0, "\(export.words)")
                let absolute = try scene.rows("invitations.csv").compactMap { $0["recovery_link"] }
                #expect(absolute == relative.map { "https://accounts.example.com\($0)" })
            }
        }

        @Test func filesOfSingleUsers() async throws {
            try await Scene.with(identities: 6) { scene in
                #expect(try await scene.run(["--per-user", "--max-identities", "4"]).status == 0)
                let whole = CSVTable(try scene.file("invitations.csv"))
                #expect(whole.rows.count == 4)
                for row in whole.rows {
                    let id = try #require(row["identity_id"])
                    let own = CSVTable(try scene.file("invitations/\(id.prefix(2))/\(id).csv"))
                    #expect(own.header == whole.header)
                    #expect(own.rows == [row])
                }
                let json = try await scene.command("export", ["--per-user", "--json"]).stdout
                #expect(json.contains("\"per_user_files_written\": 0"))
                #expect(try await scene.run(["--per-user"]).status == 0)
                let last = scene.identities[5].text
                #expect(scene.has("invitations/\(last.prefix(2))/\(last).csv"))
            }
        }

        @Test func formulasAreMentionedAndEscapedWhenAsked() async throws {
            try await Scene.with(identities: 1) { scene in
                try scene.write("id,cmd,plus\n\(scene.identities[0].text),=1+1,+49\n", to: scene.rosterPath)
                let kept = try await scene.run()
                #expect(kept.stderr.contains("2 fields are like a formula"))
                #expect(try scene.rows("invitations.csv").first?["cmd"] == "=1+1")
                let escaped = try await scene.run(["--csv-formulas", "escape"])
                #expect(escaped.status == 0)
                #expect(try scene.rows("invitations.csv").first?["cmd"] == "'=1+1")
                #expect(try scene.rows("invitations.csv").first?["plus"] == "'+49")
            }
        }

        @Test func noExportWritesNoInvitations() async throws {
            try await Scene.with(identities: 2) { scene in
                let run = try await scene.run(["--no-export"])
                #expect(run.status == 0, "\(run.words)")
                #expect(!scene.has("invitations.csv"))
                #expect(scene.has("summary.json"))
                #expect(try await scene.command("export").status == 0)
                #expect(try scene.rows("invitations.csv").count == 2)
            }
        }

        @Test func columnsThatClashGetAPrefix() async throws {
            try await Scene.with(identities: 1) { scene in
                let roster =
                    "id;identity_id;Ünï;kind\n\(scene.identities[0].text);mine;\"a;b\"\"c\";vip\n"
                try scene.write(roster, to: scene.rosterPath)
                #expect(try await scene.run(["--id-column", "id"]).status == 0)
                let table = CSVTable(try scene.file("invitations.csv"))
                #expect(
                    table.header == [
                        "identity_id", "recovery_code", "recovery_link", "expires_at", "issued_at",
                        "generation", "roster_identity_id", "Ünï", "kind",
                    ]
                )
                #expect(table.rows.first?["Ünï"] == "a;b\"c")
                #expect(table.rows.first?["roster_identity_id"] == "mine")
            }
        }

        @Test func reportsComeAgainFromTheLedger() async throws {
            let all = Array(MadeUpIdentities(count: 4, seed: 7))
            try await Scene.with(identities: 4, known: Array(all[..<3])) { scene in
                _ = try await scene.run()
                let names = ["failures.csv", "rejected.csv", "summary.json", "invitations.csv"]
                let before = try names.map(scene.file)
                for name in names {
                    try FileManager.default.removeItem(atPath: "\(scene.campaignFolder)/\(name)")
                }
                #expect(try await scene.command("report").status == 0)
                #expect(try await scene.command("export").status == 0)
                let after = try names.map(scene.file)
                #expect(after == before)
            }
        }

        @Test func aLedgerThatIsGoneIsNotReplaced() async throws {
            try await Scene.with(identities: 2) { scene in
                _ = try await scene.run()
                for name in ["ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm"] {
                    try? FileManager.default.removeItem(atPath: "\(scene.campaignFolder)/\(name)")
                }
                let run = try await scene.run()
                #expect(run.status == 1)
                #expect(run.stderr.contains("no ledger"))
                #expect(scene.simulator.statistics().requestsReceived == 2)
                #expect(try await scene.command("status").status == 1)
            }
        }
    }
}
