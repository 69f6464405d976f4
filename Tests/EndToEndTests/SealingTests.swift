// Codes that the machine which issues cannot read back.

import Foundation
import IdentitySimulator
import TestSupport
import Programs
import Testing
import Model

extension EndToEndTests {
    @Suite struct SealingTests {
        /// A key pair of the scene's: the paths of its files, and its fingerprint.
        private struct Pair {
            let path: String
            let publicPath: String
            let fingerprint: String

            /// The key itself, as no output may show it.
            var secret: Substring {
                text(ofFile: path)?.split(whereSeparator: \.isWhitespace).last ?? ""
            }
        }

        private func keygen(_ scene: Scene, _ name: String = "campaign") async throws -> Pair {
            let path = "\(scene.folder)/\(name).key"
            let run = try await Program.run(["keygen", "--output", path, "--json"])
            #expect(run.status == 0, "\(run.words)")
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(run.stdout.utf8)) as? [String: String]
            )
            #expect(object["private_key"] == path)
            return Pair(
                path: path,
                publicPath: try #require(object["public_key"]),
                fingerprint: try #require(object["fingerprint"])
            )
        }

        /// `export` on a copy of the campaign's folder, as on another machine.
        private func exportElsewhere(_ scene: Scene, _ arguments: [String]) async throws -> (
            run: Run, folder: String
        ) {
            let elsewhere = "\(scene.folder)/elsewhere-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: elsewhere, withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: scene.campaignFolder, toPath: "\(elsewhere)/people")
            let run = try await Program.run(
                ["export", "--campaign", "people", "--output-dir", elsewhere] + arguments
            )
            return (run, "\(elsewhere)/people")
        }

        // MARK: keys

        @Test func keygenMakesAPairAndOverwritesNothing() async throws {
            try await Scene.with(identities: 1) { scene in
                let pair = try await keygen(scene)
                #expect(mode(of: pair.path) == 0o600)
                #expect(mode(of: pair.publicPath) == 0o644)
                #expect(text(ofFile: pair.publicPath)?.contains(pair.fingerprint) == true)
                let before = (text(ofFile: pair.path), text(ofFile: pair.publicPath))
                let again = try await Program.run(["keygen", "--output", pair.path])
                #expect(again.status == 1 && again.stderr.contains("is not overwritten"), "\(again.words)")
                try FileManager.default.removeItem(atPath: pair.path)
                let half = try await Program.run(["keygen", "--output", pair.path])
                #expect(half.status == 1 && half.stderr.contains(".pub"), "\(half.words)")
                #expect(text(ofFile: pair.path) == nil)
                #expect(text(ofFile: pair.publicPath) == before.1)

                for wrong in ["\(scene.folder)/key", "\(scene.folder)/.key", "\(scene.folder)/x.pub"] {
                    let run = try await Program.run(["keygen", "--output", wrong])
                    #expect(run.status == 64 && run.stderr.contains("--output"), "\(run.words)")
                }
                let words = try await Program.run(["keygen", "--output", "\(scene.folder)/other.key"])
                #expect(words.status == 0)
                let other = text(ofFile: "\(scene.folder)/other.key")?.split(separator: " ").last ?? ""
                #expect(!words.words.contains(other.dropLast()), "the key is not shown")
            }
        }

        @Test func aPrivateKeyHasNoBusinessOnTheMachineThatIssues() async throws {
            try await Scene.with(identities: 1) { scene in
                let pair = try await keygen(scene)
                for command in [["run"], ["plan"], ["doctor"]] {
                    let run = try await Program.run(
                        command + [
                            scene.rosterPath, "--server", scene.simulator.adminURL, "--output-dir",
                            scene.outputFolder, "--seal-to", pair.path,
                        ]
                    )
                    #expect(run.status == 1, "\(run.words)")
                    #expect(run.stderr.contains("holds a private key"))
                    #expect(!run.words.contains(pair.secret))
                }
                let noKey = try await scene.run(["--seal-to", scene.rosterPath])
                #expect(noKey.status == 1 && noKey.stderr.contains("holds no public key"))
                #expect(scene.simulator.statistics().requestsReceived == 0)
                #expect(!FileManager.default.fileExists(atPath: scene.outputFolder))
            }
        }

        // MARK: a sealed campaign

        @Test func onlyThePrivateKeyReadsTheCodes() async throws {
            try await Scene.with(identities: 60, configure: { $0.script = Canaries.script }) { scene in
                let pair = try await keygen(scene)
                let other = try await keygen(scene, "other")
                let run = try await scene.run([
                    "--seal-to", pair.publicPath, "--per-user", "--max-identities", "20",
                ])
                #expect(run.status == 0, "\(run.words)")
                #expect(run.words.contains("sealed to the key \(pair.fingerprint)"), "\(run.words)")
                #expect(run.stderr.contains("--unseal-with NAME.key"))
                #expect(!scene.has("invitations.csv") && !scene.has("invitations"))
                // Given again without the option, and by a variable, it goes on sealing.
                #expect(try await scene.run(["--max-identities", "20"]).status == 0)
                let last = try await scene.run([], environment: ["LATCHSTRING_SEAL_TO": pair.publicPath])
                #expect(last.status == 0, "\(last.words)")
                #expect(try Canaries.files(in: scene.folder) == [])
                let status = try await scene.status()
                #expect(status["issued"] == 60 && status.text("sealed_to") == pair.fingerprint)
                #expect(try await scene.command("status").stdout.contains(pair.fingerprint))

                let unopened = try await scene.command("export")
                #expect(unopened.status == 1)
                #expect(
                    unopened.stderr.contains(pair.fingerprint) && unopened.stderr.contains("--unseal-with")
                )
                let (wrong, _) = try await exportElsewhere(scene, ["--unseal-with", other.path])
                #expect(wrong.status == 1)
                #expect(wrong.stderr.contains(pair.fingerprint) && wrong.stderr.contains(other.fingerprint))
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o600],
                    ofItemAtPath: pair.publicPath
                )
                let (opposite, _) = try await exportElsewhere(scene, ["--unseal-with", pair.publicPath])
                #expect(opposite.status == 1 && opposite.stderr.contains("public key"))
                #expect(try Canaries.files(in: scene.folder) == [])

                let (export, folder) = try await exportElsewhere(
                    scene,
                    ["--unseal-with", pair.path, "--per-user"]
                )
                #expect(export.status == 0, "\(export.words)")
                #expect(!export.words.contains("CANARY-") && !export.words.contains(pair.secret))
                let rows = CSVTable(text(ofFile: "\(folder)/invitations.csv") ?? "").rows
                #expect(rows.map { $0["identity_id"] } == scene.identities.map(\.text))
                #expect(rows.map { $0["recovery_code"] } == scene.identities.map(Canaries.code))
                #expect(rows.map { $0["recovery_link"] } == scene.identities.map(Canaries.link))
                let own = "\(folder)/invitations/\(scene.identities[3].text.prefix(2))"
                #expect(
                    text(ofFile: "\(own)/\(scene.identities[3].text).csv")?
                        .contains(Canaries.code(of: scene.identities[3])) == true
                )
            }
        }

        @Test func anotherKeyIsRefusedBeforeAnythingIsSent() async throws {
            try await Scene.with(identities: 4) { scene in
                let pair = try await keygen(scene)
                let other = try await keygen(scene, "other")
                let first = try await scene.run(["--seal-to", pair.publicPath, "--max-identities", "2"])
                #expect(first.status == 0, "\(first.words)")
                let refused = try await scene.run(["--seal-to", other.publicPath])
                #expect(refused.status == 1)
                #expect(
                    refused.stderr.contains(pair.fingerprint) && refused.stderr.contains(other.fingerprint)
                )
                #expect(scene.simulator.statistics().requestsReceived == 2)
                try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: pair.path)
                let open = try await scene.command("export", ["--unseal-with", pair.path])
                #expect(open.status == 1 && open.stderr.contains("chmod 600"))
            }
        }

        @Test func aCampaignWithReadableCodesIsNotSealed() async throws {
            try await Scene.with(identities: 4) { scene in
                let pair = try await keygen(scene)
                #expect(try await scene.run(["--max-identities", "2"]).status == 0)
                let unsealed = try await scene.command("export", ["--unseal-with", pair.path])
                #expect(unsealed.status == 1 && unsealed.stderr.contains("is not sealed"))
                let refused = try await scene.run(["--seal-to", pair.publicPath])
                #expect(refused.status == 1, "\(refused.words)")
                #expect(refused.stderr.contains("purge --campaign people --all"))
                #expect(scene.simulator.statistics().requestsReceived == 2)

                #expect(try await scene.command("purge", ["--all", "--yes"]).status == 0)
                #expect(try await scene.run(["--seal-to", pair.publicPath]).status == 0)
                let export = try await scene.command(
                    "export",
                    ["--unseal-with", pair.path, "--replace", "--json"]
                )
                #expect(export.status == 0, "\(export.words)")
                #expect(export.stdout.contains("\"without_code\": 2"))
                let codes = try scene.rows("invitations.csv").compactMap { $0["recovery_code"] }
                #expect(Set(codes) == Set(scene.simulator.issued().suffix(2).compactMap(\.recoveryCode)))
            }
        }

        @Test func killedInMidRunEveryCodeOpens() async throws {
            let ambush = Ambush()
            try await Scene.with(
                identities: 300,
                configure: { configuration in
                    configuration.script = { request in
                        if request.identity != nil { ambush.requestReceived() }
                        return nil
                    }
                }
            ) { scene in
                let pair = try await keygen(scene)
                var random = SeededGenerator(seed: 3)
                var kills = 0
                for round in 0..<8 {
                    ambush.arm(after: Int.random(in: 1...40, using: &random), signal: SIGKILL, in: scene)
                    let run = try await scene.run(
                        ["--concurrency", "4"] + (round % 2 == 0 ? ["--seal-to", pair.publicPath] : [])
                    )
                    if run.status == -Int(SIGKILL) { kills += 1 }
                }
                #expect(kills >= 5)
                let run = try await scene.run(["--concurrency", "4"])
                #expect(run.status == 0, "\(run.words)")
                let (export, folder) = try await exportElsewhere(scene, ["--unseal-with", pair.path])
                #expect(export.status == 0, "\(export.words)")
                let rows = CSVTable(text(ofFile: "\(folder)/invitations.csv") ?? "").rows
                #expect(rows.count == 300)
                // The one that was issued last is the one that was recorded.
                let last = scene.simulator.issued().reduce(into: [String: String?]()) {
                    $0[$1.identity.text] = $1.recoveryCode
                }
                for row in rows { #expect(last[row["identity_id"] ?? ""] == row["recovery_code"]) }
            }
        }
    }
}
