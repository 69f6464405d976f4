// Exports that go through age, and what programs that are started get to see.

import Foundation
import IdentitySimulator
import Subprocess
import SystemPackage
import TestSupport
import Programs
import Testing

extension EndToEndTests {
    @Suite struct AgeTests {
        /// A program of the system's, for what it prints.
        private func output(_ arguments: [String]) async throws -> String {
            let result = try await Subprocess.run(
                .path(FilePath(arguments[0])),
                arguments: Arguments(Array(arguments.dropFirst())),
                output: .string(limit: 16 << 20),
                error: .string(limit: 1 << 16)
            )
            #expect(result.terminationStatus.isSuccess, "\(arguments[0]): \(result.standardError)")
            return result.standardOutput
        }

        /// A key of age's: its file, and its recipient.
        private func keygen(_ scene: Scene, _ name: String) async throws -> (path: String, recipient: String)
        {
            let path = "\(scene.folder)/\(name)"
            _ = try await output(["/usr/bin/age-keygen", "-o", path])
            let recipient = try await output(["/usr/bin/age-keygen", "-y", path])
            return (path, recipient.trimmingCharacters(in: .whitespacesAndNewlines))
        }

        private func decrypted(_ scene: Scene, with path: String) async throws -> String {
            try await output([
                "/usr/bin/age", "-d", "-i", path, "\(scene.campaignFolder)/invitations.csv.age",
            ])
        }

        /// An executable of the scene's called `age`; returns the `PATH` with it.
        private func fakeAge(_ scene: Scene, _ script: String) throws -> String {
            let folder = "\(scene.folder)/bin"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try put("#!/bin/sh\n\(script)\n", intoFile: "\(folder)/age", mode: 0o700)
            return "\(folder):/usr/bin:/bin"
        }

        private func export(
            _ scene: Scene,
            _ arguments: [String],
            environment: [String: String] = [:]
        ) async throws -> Run {
            try await Program.run(
                ["export", "--campaign", "people", "--output-dir", scene.outputFolder] + arguments,
                environment: environment
            )
        }

        /// One file of settings is for all commands.
        @Test func aRunThatKnowsOfRecipientsLeavesNoPlainExport() async throws {
            try await Scene.with(identities: 3) { scene in
                let key = try await keygen(scene, "key")
                let environment = ["LATCHSTRING_ENCRYPT_TO": key.recipient]
                let run = try await scene.run(environment: environment)
                #expect(run.status == 0, "\(run.words)")
                #expect(run.stderr.contains("encrypt-to is set"))
                #expect(!scene.has("invitations.csv") && !scene.has("invitations.csv.age"))
                let perUser = try await scene.run(["--per-user"], environment: environment)
                #expect(perUser.status == 64 && perUser.stderr.contains("LATCHSTRING_ENCRYPT_TO"))
                let export = try await self.export(scene, [], environment: environment)
                #expect(export.status == 0, "\(export.words)")
                let text = try await decrypted(scene, with: key.path)
                #expect(text.split(separator: "\n").count == 4)
            }
        }

        @Test func theFlagOfARunIsTheSetting() async throws {
            try await Scene.with(identities: 3) { scene in
                let key = try await keygen(scene, "key")
                let run = try await scene.run(["--encrypt-to", key.recipient])
                #expect(run.status == 0, "\(run.words)")
                #expect(
                    run.stderr.contains(
                        "export --campaign people --output-dir \(scene.outputFolder) --encrypt-to age1"
                    ),
                    "\(run.words)"
                )
                #expect(!scene.has("invitations.csv") && !scene.has("invitations.csv.age"))
                #expect(!run.stderr.contains("not encrypted"))
                let plan = ["plan", scene.rosterPath, "--output-dir", scene.outputFolder]
                #expect(try await Program.run(plan + ["--encrypt-to", key.recipient]).status == 0)
                for arguments in [
                    ["--encrypt-to", "nobody"], ["--encrypt-to", key.recipient, "--per-user"],
                ] {
                    let wrong = try await scene.run(arguments)
                    #expect(wrong.status == 64 && wrong.stderr.contains("--encrypt-to"), "\(wrong.words)")
                }
                let secret = try await scene.run(["--encrypt-to", "AGE-SECRET-KEY-1CANARY"])
                #expect(secret.status == 64 && !secret.words.contains("CANARY"))
            }
        }

        /// The command that is printed is run as it stands.
        @Test func plainInvitationsThatLieBesideAreNamedAndHowToRemoveThem() async throws {
            try await Scene.with(identities: 3) { scene in
                let key = try await keygen(scene, "key")
                #expect(try await scene.run(["--per-user"]).status == 0)
                let run = try await scene.run(["--encrypt-to", key.recipient])
                let exported = try await export(scene, ["--encrypt-to", key.recipient, "--json"])
                #expect(exported.status == 0, "\(exported.words)")
                let folder = scene.campaignFolder
                #expect(exported.stdout.contains("\(folder)/invitations.csv\", \"\(folder)/invitations\"]"))
                for words in [run.stderr, exported.stderr] {
                    #expect(
                        words.contains("\(folder)/invitations.csv holds invitations that are not encrypted")
                    )
                    #expect(words.contains("\(folder)/invitations/ holds invitations that are not encrypted"))
                }
                for line in exported.stderr.split(separator: "\n") where line.contains("not encrypted") {
                    let command = try #require(line.range(of: "rm ").map { String(line[$0.lowerBound...]) })
                    _ = try await output(["/bin/sh", "-c", command])
                }
                #expect(!scene.has("invitations.csv") && !scene.has("invitations"))
                #expect(scene.has("invitations.csv.age"))
                let again = try await export(scene, ["--encrypt-to", key.recipient, "--json"])
                #expect(!again.stderr.contains("not encrypted"), "\(again.words)")
                #expect(again.stdout.contains("\"plain_beside\": []"))
                #expect(try await export(scene, ["--json"]).stdout.contains("\"plain_beside\": []"))
            }
        }

        @Test func everyRecipientReadsTheSameInvitations() async throws {
            try await Scene.with(identities: 3000) { scene in
                #expect(try await scene.run().status == 0)
                let plain = try scene.file("invitations.csv")
                try FileManager.default.removeItem(atPath: "\(scene.campaignFolder)/invitations.csv")
                let (first, second) = (try await keygen(scene, "a"), try await keygen(scene, "b"))
                try scene.write("# ours\n\(second.recipient)\n", to: "\(scene.folder)/recipients")
                let run = try await export(
                    scene,
                    [
                        "--encrypt-to", first.recipient, "--encrypt-to", "\(scene.folder)/recipients",
                        "--json",
                    ]
                )
                #expect(run.status == 0, "\(run.words)")
                #expect(run.stdout.contains("\"invitations\": 3000"))
                #expect(run.stdout.contains("invitations.csv.age\""))
                #expect(!scene.has("invitations.csv") && !scene.has(".invitations.csv.age.partial"))
                #expect(mode(of: "\(scene.campaignFolder)/invitations.csv.age") == 0o600)
                #expect(try scene.file("invitations.csv.age").hasPrefix("age-encryption.org/v1"))
                #expect(try await decrypted(scene, with: first.path) == plain)
                #expect(try await decrypted(scene, with: second.path) == plain)
            }
        }

        @Test func fromSealedToAgeNothingIsPlain() async throws {
            try await Scene.with(identities: 40, configure: { $0.script = Canaries.script }) { scene in
                let path = "\(scene.folder)/seal.key"
                #expect(try await Program.run(["keygen", "--output", path]).status == 0)
                #expect(try await scene.run(["--seal-to", "\(scene.folder)/seal.pub"]).status == 0)
                // Looks for plain text at the very moment, keeps what it is told, and writes what a file
                // would hold.
                let searched = try fakeAge(
                    scene,
                    """
                    env > '\(scene.folder)/environment'
                    cat > /dev/null
                    grep -rl 'CANARY[-]' '\(scene.folder)' > '\(scene.folder)/found'
                    echo encrypted
                    """
                )
                let run = try await export(
                    scene,
                    ["--unseal-with", path, "--encrypt-to", "age1something"],
                    environment: [
                        "PATH": searched, "LATCHSTRING_API_KEY": "CANARYKEY", "LATCHSTRING_PROXY": "none",
                        "OTHER_SECRET": "CANARYKEY",
                    ]
                )
                #expect(run.status == 0, "\(run.words)")
                #expect(text(ofFile: "\(scene.folder)/found") == "")
                let environment = try #require(text(ofFile: "\(scene.folder)/environment"))
                #expect(environment.contains("PATH=") && !environment.contains("CANARYKEY"))
                #expect(!environment.contains("LATCHSTRING"))
                #expect(try scene.file("invitations.csv.age") == "encrypted\n")

                let key = try await keygen(scene, "a")
                let real = try await export(scene, ["--unseal-with", path, "--encrypt-to", key.recipient])
                #expect(real.status == 0, "\(real.words)")
                let rows = CSVTable(try await decrypted(scene, with: key.path)).rows
                #expect(rows.map { $0["recovery_code"] } == scene.identities.map(Canaries.code))
                #expect(try Canaries.files(in: scene.folder) == [])
            }
        }

        @Test func whatAgeRefusesIsSaidInItsWordsAndNothingIsWritten() async throws {
            try await Scene.with(identities: 2000) { scene in
                #expect(try await scene.run(["--no-export"]).status == 0)
                let bad = try await export(scene, ["--encrypt-to", "age1notarecipient"])
                #expect(bad.status == 1)
                #expect(
                    bad.stderr.contains("age has failed") && bad.stderr.contains("recipient"),
                    "\(bad.words)"
                )
                let none = try await export(scene, ["--encrypt-to", "nobody"])
                #expect(none.status == 64 && none.stderr.contains("--encrypt-to"))
                let secret = try await export(scene, ["--encrypt-to", "AGE-SECRET-KEY-1CANARY"])
                #expect(secret.status == 64 && !secret.words.contains("CANARY"))
                let perUser = try await export(scene, ["--encrypt-to", "age1x", "--per-user"])
                #expect(perUser.status == 64 && perUser.stderr.contains("--per-user"))
                let missing = try await export(
                    scene,
                    ["--encrypt-to", "age1x"],
                    environment: ["PATH": "/nowhere"]
                )
                #expect(missing.status == 1 && missing.stderr.contains("apt-get install age"))
                for script in ["exit 3", "head -c 10; echo half; exit 1", "cat >/dev/null; kill -9 $$"] {
                    let run = try await export(
                        scene,
                        ["--encrypt-to", "age1x"],
                        environment: ["PATH": try fakeAge(scene, script)]
                    )
                    #expect(run.status == 1 && run.stderr.contains("age has failed"), "\(run.words)")
                }
                // It ends well without having read everything.
                let early = try await export(
                    scene,
                    ["--encrypt-to", "age1x"],
                    environment: ["PATH": try fakeAge(scene, "head -c 10")]
                )
                #expect(early.status == 1, "\(early.words)")
                #expect(!scene.has("invitations.csv.age") && !scene.has(".invitations.csv.age.partial"))
            }
        }

        @Test func aKeyCommandSeesNoSettings() async throws {
            try await Scene.with(identities: 1, configure: { $0.requiredToken = "token-1234" }) { scene in
                let command = "env > '\(scene.folder)/environment'; echo token-1234"
                let run = try await scene.run(
                    ["--api-key-command", command],
                    environment: ["LATCHSTRING_API_KEY": "CANARYKEY", "OTHER": "kept"]
                )
                #expect(run.status == 0, "\(run.words)")
                let environment = try #require(text(ofFile: "\(scene.folder)/environment"))
                #expect(environment.contains("OTHER=kept") && !environment.contains("LATCHSTRING"))
            }
        }
    }
}
