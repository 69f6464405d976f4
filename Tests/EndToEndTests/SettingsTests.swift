// Flags, environment and file; usage errors; help.

import Foundation
import IdentitySimulator
import Programs
import Testing
import Model

extension EndToEndTests {
    @Suite struct SettingsTests {
        @Test(arguments: [
            [], ["plan"], ["doctor"], ["drill"], ["run"], ["status"], ["export"], ["report"], ["purge"],
            ["keygen"], ["list"],
        ])
        func helpListsTheExitCodes(_ command: [String]) async throws {
            let help = try await Program.run(command + ["--help"])
            #expect(help.status == 0)
            for code in ["0", "1", "3", "4", "5", "11", "64", "130", "143"] {
                #expect(help.stdout.contains("\n  \(code) "), "\(code)")
            }
            let version = try await Program.run(command + ["--version"])
            #expect(version.status == 0)
            #expect(version.stdout == "0.1.0\n")
        }

        @Test(arguments: [
            (["--rate", "8"], "--rate"), (["--rate", "0/s"], "--rate"),
            (["--concurrency", "0"], "--concurrency"),
            (["--concurrency", "many"], "--concurrency"), (["--expires-in", "30"], "--expires-in"),
            (["--expires-in", "500ms"], "--expires-in"), (["--timeout", "0s"], "--timeout"),
            (["--campaign", ".."], "--campaign"), (["--campaign", "a/b"], "--campaign"),
            (["--delimiter", "x"], "--delimiter"), (["--max-identities", "0"], "--max-identities"),
            (["--csv-formulas", "maybe"], "--csv-formulas"), (["--link-base", "ui/x"], "--link-base"),
            (["--attempts-max", "-1"], "--attempts-max"), (["--server", "ftp://x"], "--server"),
            (["--server", "http://user:CANARY@x"], "--server"), (["--server", "http://x?y=1"], "--server"),
            (["--nonsense"], "--nonsense"), (["--exit-code", "3"], "--exit-code"),
            (["--wait-for-lock", "soon"], "--wait-for-lock"), (["--proxy", "://"], "--proxy"),
            (["--without-columns", ","], "--without-columns"), (["--encrypt-to", "nobody"], "--encrypt-to"),
        ])
        func wrongSettingsAreUsageErrorsBeforeAnythingIsWritten(_ arguments: [String], _ named: String)
            async throws
        {
            try await Scene.with(identities: 1) { scene in
                let run = try await scene.run(arguments)
                #expect(run.status == 64, "\(run.words)")
                #expect(run.stderr.contains(named), "\(run.stderr)")
                #expect(!run.words.contains("CANARY"))
                #expect(!FileManager.default.fileExists(atPath: scene.outputFolder))
                #expect(scene.simulator.statistics().requestsReceived == 0)
            }
        }

        @Test func flagOverEnvironmentOverFileOverDefault() async throws {
            try await Scene.with(identities: 9) { scene in
                let file = "\(scene.folder)/settings.yaml"
                try scene.write(
                    "server: \(scene.simulator.adminURL)\nmax-identities: 1\nrate: [50/s, "
                        + "1000/m]\nexpires-in: 2h\n",
                    to: file
                )
                let base = [
                    "run", scene.rosterPath, "--output-dir", scene.outputFolder, "--config", file, "--json",
                ]
                let fromFile = try Summary(try await Program.run(base).stdout)
                #expect(fromFile["issued"] == 1)
                let environment = ["LATCHSTRING_MAX_IDENTITIES": "2", "LATCHSTRING_RATE": "40/s, 900/m"]
                let fromEnvironment = try Summary(
                    try await Program.run(base, environment: environment).stdout
                )
                #expect(fromEnvironment["issued"] == 3)
                let flagged = try await Program.run(
                    base + ["--max-identities", "3"],
                    environment: environment
                )
                #expect(try Summary(flagged.stdout)["issued"] == 6)
                let validities = scene.simulator.issued().map { "\($0.expiresAt.prefix(19))Z" }
                let first = try #require(try scene.rows("invitations.csv").first?["expires_at"])
                #expect(validities.contains(first))

                let wrong = try await Program.run(base, environment: ["LATCHSTRING_CONCURRENCY": "lots"])
                #expect(wrong.status == 64)
                #expect(wrong.stderr.contains("LATCHSTRING_CONCURRENCY"))
                try scene.write("server: \(scene.simulator.adminURL)\nconcurrency: lots\n", to: file)
                let written = try await Program.run(base)
                #expect(written.status == 64)
                #expect(written.stderr.contains("concurrency in line 2 of \(file): \"lots\""))
                try scene.write("server: \(scene.simulator.adminURL)\nconcurency: 4\n", to: file)
                let misspelt = try await Program.run(base)
                #expect(misspelt.status == 64)
                #expect(misspelt.stderr.contains("concurency (line 2)"), "\(misspelt.stderr)")
            }
        }

        @Test func theFileInTheWorkingFolderIsReadWhenNobodyElseCanWriteIt() async throws {
            try await Scene.with(identities: 2) { scene in
                let file = "\(scene.folder)/latchstring.yaml"
                try scene.write(
                    "server: \(scene.simulator.adminURL)\noutput-dir: here\nroster: people.csv\n",
                    to: file
                )
                try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: file)
                let open = try await Program.run(["run"], in: scene.folder)
                #expect(open.status == 64)
                #expect(open.stderr.contains("latchstring.yaml is not read"))
                try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
                let run = try await Program.run(["run"], in: scene.folder)
                #expect(run.status == 0, "\(run.words)")
                #expect(FileManager.default.fileExists(atPath: "\(scene.folder)/here/people/ledger.sqlite"))
            }
        }

        @Test(arguments: [
            ("", "empty"), ("identity_id,email\n", "no rows"), ("\u{0}\u{1}\u{2}\u{3}binary\u{0}", "text"),
            ("name,email\nAnn,a@x\n", "name, email"), ("[]", "empty"),
        ])
        func rostersThatAreNoneAreRefusedBeforeAnythingIsWritten(_ text: String, _ word: String) async throws
        {
            try await Scene.with(identities: 1) { scene in
                try scene.write(text, to: scene.rosterPath)
                let run = try await scene.run()
                #expect([1, 64].contains(run.status), "\(run.words)")
                #expect(run.stderr.contains(scene.rosterPath), "\(run.stderr)")
                #expect(!FileManager.default.fileExists(atPath: scene.outputFolder), "\(word)")
            }
        }

        @Test func aRosterThatBreaksFurtherOnStillEndsWithReports() async throws {
            try await Scene.with(identities: 3) { scene in
                let ids = scene.identities.map { "\"\($0.text)\"" }.joined(separator: ",")
                let blanks = String(repeating: " ", count: 300_000)
                try scene.write("[\(ids),\"not-a-uuid\",\(blanks){", to: scene.rosterPath)
                let run = try await scene.run()
                #expect(run.status == 1, "\(run.words)")
                #expect(run.stderr.contains(scene.rosterPath))
                let summary = try scene.summary()
                #expect(summary.text("stopped_because") == "roster_unreadable")
                #expect(summary["enrolled_new"] == 3)
                // What was enrolled by then may have been asked for already.
                #expect(summary["pending"] + summary["issued"] == 3)
                #expect(try scene.rows("rejected.csv").count == 1)
                #expect(!scene.has("ledger.sqlite-wal"), "nothing is left in side files")
                #expect(scene.simulator.statistics().issued == summary["issued"])
            }
        }

        @Test func quietIsQuietAndJSONIsJSON() async throws {
            try await Scene.with(identities: 3) { scene in
                let quiet = try await scene.run(["--quiet"])
                #expect(quiet.status == 0)
                #expect(quiet.words.isEmpty, "\(quiet.words)")
                let json = try await scene.run(["--json", "--quiet"])
                #expect(try Summary(json.stdout)["issued"] == 3)
                #expect(json.stderr.isEmpty)
            }
        }

        @Test func aCampaignBelongsToOneServer() async throws {
            try await Scene.with(identities: 3) { scene in
                #expect(try await scene.run(["--max-identities", "1"]).status == 0)
                let other = try await IdentitySimulator.start()
                let arguments = [
                    "run", scene.rosterPath, "--server", other.adminURL, "--output-dir", scene.outputFolder,
                ]
                let refused = try await Program.run(arguments)
                #expect(refused.status == 1)
                #expect(refused.stderr.contains("--server-moved"))
                #expect(other.statistics().requestsReceived == 0)
                #expect(try await Program.run(arguments + ["--server-moved"]).status == 0)
                #expect(other.statistics().requestsReceived == 2)
                // Spelt in another way it is the same server.
                let same = other.adminURL.replacingOccurrences(of: "http", with: "HTTP") + "/"
                let again = try await Program.run(arguments.map { $0 == other.adminURL ? same : $0 })
                #expect(again.status == 0, "\(again.words)")
                try await other.stop()
            }
        }
    }
}
