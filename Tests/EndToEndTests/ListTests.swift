// The campaigns of an output folder, and live runs in `status`.

import Foundation
import IdentitySimulator
import Programs
import Testing

extension EndToEndTests {
    @Suite struct ListTests {
        private static func list(_ folder: String, _ arguments: [String] = []) async throws -> Run {
            try await Program.run(["list", "--output-dir", folder] + arguments)
        }

        private static func campaigns(_ run: Run) throws -> [[String: Any]] {
            let object = try JSONSerialization.jsonObject(with: Data(run.stdout.utf8)) as? [String: Any]
            return try #require(object?["campaigns"] as? [[String: Any]])
        }

        private static func files(_ folder: String) throws -> Set<String> {
            Set(try FileManager.default.subpathsOfDirectory(atPath: folder))
        }

        @Test func campaignsAreListedWithTheirCounts() async throws {
            try await Scene.with(identities: 4, known: Array(MadeUpIdentities(count: 3, seed: 7))) { scene in
                #expect(try await scene.run(["--campaign", "b"]).status == 3)
                #expect(
                    try await scene.run(["--campaign", "a-longer-name", "--max-identities", "1"]).status == 0
                )
                try FileManager.default.createDirectory(
                    atPath: "\(scene.outputFolder)/notes",
                    withIntermediateDirectories: true
                )
                try scene.write("x", to: "\(scene.outputFolder)/readme.txt")
                let before = try Self.files(scene.outputFolder)
                let run = try await Self.list(scene.outputFolder)
                #expect(run.status == 0, "\(run.words)")
                let lines = run.stdout.split(separator: "\n")
                #expect(lines.count == 3)
                #expect(lines[1].hasPrefix("a-longer-name"), "\(run.stdout)")
                #expect(lines[1].hasSuffix("stopped: max_identities"), "\(run.stdout)")
                #expect(lines[2].hasPrefix("b              "), "\(run.stdout)")
                #expect(lines[2].hasSuffix("\(scene.simulator.adminURL)  finished"), "\(run.stdout)")
                let json = try Self.campaigns(try await Self.list(scene.outputFolder, ["--json"]))
                #expect(json.map { $0["campaign"] as? String } == ["a-longer-name", "b"])
                let b = json[1]
                #expect(b["server"] as? String == scene.simulator.adminURL)
                let names = ["identities", "issued", "failed", "pending", "in_doubt"]
                #expect(names.map { b[$0] as? Int } == [4, 3, 1, 0, 0])
                #expect(json[0]["stopped_because"] as? String == "max_identities")
                #expect(b["stopped_because"] is NSNull && b["process"] is NSNull && b["error"] is NSNull)
                #expect(b["live"] as? Bool == false)
                #expect(b["last_run_started_at"] is String && b["last_run_finished_at"] is String)
                #expect(try Self.files(scene.outputFolder) == before, "nothing is made")
            }
        }

        @Test func aLedgerThatCannotBeReadIsListedWithItsError() async throws {
            try await Scene.with(identities: 2) { scene in
                #expect(try await scene.run(["--campaign", "good"]).status == 0)
                for (name, bytes) in [("bad", String(repeating: "no ledger ", count: 500)), ("empty", "")] {
                    try FileManager.default.createDirectory(
                        atPath: "\(scene.outputFolder)/\(name)",
                        withIntermediateDirectories: true,
                        attributes: [.posixPermissions: 0o700]
                    )
                    try scene.write(bytes, to: "\(scene.outputFolder)/\(name)/ledger.sqlite")
                }
                // A copy under another name is another campaign's.
                try FileManager.default.copyItem(
                    atPath: "\(scene.outputFolder)/good",
                    toPath: "\(scene.outputFolder)/copy"
                )
                let before = try Self.files(scene.outputFolder)
                let run = try await Self.list(scene.outputFolder)
                #expect(run.status == 1, "\(run.words)")
                let lines = run.stdout.split(separator: "\n")
                #expect(lines.count == 5)
                #expect(lines.count { $0.contains("error: ") } == 3, "\(run.stdout)")
                let json = try await Self.list(scene.outputFolder, ["--json"])
                #expect(json.status == 1)
                let campaigns = try Self.campaigns(json)
                #expect(campaigns.map { $0["error"] is NSNull } == [false, false, false, true])
                #expect(campaigns[0]["issued"] is NSNull && campaigns[3]["issued"] as? Int == 2)
                #expect(try Self.files(scene.outputFolder) == before, "nothing is made")
            }
        }

        @Test func anEmptyFolderHasNoCampaigns() async throws {
            try await Scene.with(identities: 1) { scene in
                let folder = "\(scene.folder)/empty ?#%"
                let missing = try await Self.list(folder)
                #expect(missing.status == 1 && missing.stderr.contains("no folder"), "\(missing.words)")
                #expect(!FileManager.default.fileExists(atPath: folder))
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
                let empty = try await Self.list(folder)
                #expect((empty.status, empty.stdout) == (0, ""))
                #expect(empty.stderr == "latchstring: there are no campaigns in \(folder)\n")
                let json = try await Self.list(folder, ["--json"])
                #expect(json.status == 0)
                #expect(try Self.campaigns(json).isEmpty)
                // The output folder that nobody named is not made either.
                let standard = try await Program.run(["list"], in: scene.folder)
                #expect(standard.status == 0, "\(standard.words)")
                #expect(!FileManager.default.fileExists(atPath: "\(scene.folder)/reports"))
                // A folder's name is no URI.
                let run = try await Program.run([
                    "run", scene.rosterPath, "--server", scene.simulator.adminURL, "--output-dir", folder,
                ])
                #expect(run.status == 0, "\(run.words)")
                #expect(try Self.campaigns(try await Self.list(folder, ["--json"])).count == 1)
            }
        }

        @Test func aLiveRunIsSaidToBeLive() async throws {
            try await Scene.holding(identities: 10, then: .answer(.json(500, "{}"))) { scene, held in
                let run = try await scene.run(
                    ["--attempts-max", "1", "--timeout", "1h"],
                    whileRunning: { id in
                        await held.wait()
                        let before = try Self.files(scene.outputFolder)
                        let words = try await scene.command("status").stdout
                        #expect(words.contains("\n  live       process \(id) on "), "\(words)")
                        #expect(
                            words.contains("\n  so far     0 of 10 done (0.0%), 0.0 issued a second since "),
                            "\(words)"
                        )
                        let status = try await scene.status()
                        #expect(status.fields["live"] as? Bool == true)
                        #expect(status.text("process")?.hasPrefix("process \(id) on ") == true)
                        #expect(status["done"] == 0 && status.fields["percent_done"] as? Double == 0)
                        let list = try await Self.list(scene.outputFolder)
                        #expect(list.stdout.contains("  live: process \(id) on "), "\(list.words)")
                        let json = try Self.campaigns(try await Self.list(scene.outputFolder, ["--json"]))
                        #expect(json.first?["live"] as? Bool == true)
                        #expect(
                            json.first?["pending"] as? Int == 10,
                            "what a live run has claimed is its work"
                        )
                        #expect(json.first?["last_run_finished_at"] is NSNull)
                        #expect(try Self.files(scene.outputFolder) == before, "nothing is made")
                        held.letGo()
                    }
                )
                #expect(run.status == 3)
                let status = try await scene.status()
                #expect(status.fields["live"] as? Bool == false && status.fields["process"] is NSNull)
                #expect(status["done"] == 10 && status.fields["percent_done"] as? Double == 100)
                #expect(!(try await scene.command("status").stdout.contains("live")))
            }
        }
    }
}
