// Files with secrets as people and tools write them, and paths below the home folder.

import Foundation
import IdentitySimulator
import Programs
import Testing
import Model

extension EndToEndTests {
    @Suite struct CredentialFileTests {
        struct Text: Sendable, CustomTestStringConvertible {
            let testDescription: String
            let text: String
            /// What the refusal says; nil where the key is read.
            var words: String?

            init(_ text: String, _ words: String? = nil) {
                (testDescription, self.text, self.words) = (text.debugDescription, text, words)
            }
        }

        private static let key = "s3cr3t-CANARY-0123456789"

        private static let texts = [
            Text(key), Text("\(key)\r\n"), Text("\u{feff}\(key)\n"), Text("Bearer \(key)\n"),
            Text("bearer\t\(key)"), Text("\u{feff}BEARER   \(key)\r\n"), Text(" \n\(key)\n\n"),
            Text("\"\(key)\"", "in quotes"), Text("'\(key)'\n", "in quotes"), Text("`\(key)`", "in quotes"),
            Text("\u{201c}\(key)\u{201d}", "in quotes"), Text("\"\(key)", "in quotes"),
            Text("Bearer \"\(key)\"", "in quotes"), Text("\"Bearer \(key)\"", "in quotes"),
            Text("API_KEY=\(key)", "NAME=KEY"), Text("export KRATOS_KEY=\"\(key)\"\n", "NAME=KEY"),
            Text("api-key = \(key)", "NAME=KEY"), Text("api_key: \(key)\n", "NAME=KEY"),
            Text("\u{feff}LATCHSTRING_API_KEY='\(key)'", "NAME=KEY"),
            Text("Authorization: Bearer \(key)", "--header-file"),
            Text("{\"api_key\":\"\(key)\"}", "JSON"), Text("\(key)\n\(key)\n", "several lines"),
            Text("", "no key"), Text("\u{feff}\n", "no key"), Text("Bearer\n", "no key"),
            Text("\(key) \(key)", "holds no key: one line"),
        ]

        @Test(arguments: texts)
        func aKeyFileIsReadOrRefusedWithTheReason(_ expected: Text) async throws {
            try await Scene.with(identities: 1, configure: { $0.requiredToken = Self.key }) { scene in
                let file = "\(scene.folder)/key"
                try scene.write(expected.text, to: file)
                chmod(file, 0o600)
                try await expect(expected, scene, ["--api-key-file", file], [:])
            }
        }

        @Test(arguments: texts)
        func soIsACommandsOutput(_ expected: Text) async throws {
            try await Scene.with(identities: 1, configure: { $0.requiredToken = Self.key }) { scene in
                let file = "\(scene.folder)/key"
                try scene.write(expected.text, to: file)
                try await expect(expected, scene, ["--api-key-command", "cat '\(file)'"], [:])
            }
        }

        @Test(arguments: texts.filter { !$0.text.isEmpty })
        func soIsTheVariable(_ expected: Text) async throws {
            try await Scene.with(identities: 1, configure: { $0.requiredToken = Self.key }) { scene in
                try await expect(expected, scene, [], ["LATCHSTRING_API_KEY": expected.text])
            }
        }

        private func expect(
            _ expected: Text,
            _ scene: Scene,
            _ options: [String],
            _ environment: [String: String]
        ) async throws {
            let run = try await scene.run(options, environment: environment)
            #expect(!run.words.contains("CANARY"), "\(run.words)")
            guard let words = expected.words else {
                #expect(run.status == 0, "\(run.words)")
                return
            }
            #expect(run.status == 1, "\(run.words)")
            #expect(run.stderr.contains(words), "\(run.stderr)")
            #expect(scene.simulator.statistics().requestsReceived == 0)
        }

        /// The padding of Base64 is part of the key.
        @Test(arguments: ["c2VjcmV0LUNBTkFSWQ==", "c2VjcmV0LUNBTkFSWTE="])
        func aKeyMayEndInPadding(_ key: String) async throws {
            try await Scene.with(identities: 1, configure: { $0.requiredToken = key }) { scene in
                let run = try await scene.run(environment: ["LATCHSTRING_API_KEY": key])
                #expect(run.status == 0, "\(run.words)")
            }
        }

        @Test(arguments: [0o440, 0o640, 0o444, 0o644] as [mode_t])
        func aMountedSecretIsRefusedWithAWayOut(_ mode: mode_t) async throws {
            try await Scene.with(identities: 1, configure: { $0.requiredToken = Self.key }) { scene in
                let file = "\(scene.folder)/key"
                try scene.write(Self.key, to: file)
                chmod(file, mode)
                let run = try await scene.run(["--api-key-file", file])
                #expect(run.status == 1)
                for words in [
                    file, "chmod 600", "--api-key-command", "LATCHSTRING_API_KEY", String(mode, radix: 8),
                ] {
                    #expect(run.stderr.contains(words), "\(run.stderr)")
                }
                let advised = try await scene.run(["--api-key-command", "cat '\(file)'"])
                #expect(advised.status == 0, "\(advised.words)")
            }
        }

        @Test(arguments: ["\u{feff}", "utf16"])
        func settingsMayBeginWithAByteOrderMark(_ mark: String) async throws {
            try await Scene.with(identities: 2) { scene in
                let file = "\(scene.folder)/settings.yaml"
                let text = "\u{feff}server: \(scene.simulator.adminURL)\nmax-identities: 1\n"
                let encoding: String.Encoding = mark == "utf16" ? .utf16LittleEndian : .utf8
                try #require(text.data(using: encoding)).write(to: URL(filePath: file))
                let run = try await Program.run([
                    "run", scene.rosterPath, "--output-dir", scene.outputFolder, "--config", file, "--json",
                ])
                #expect(try Summary(run.stdout)["issued"] == 1, "\(run.words)")
            }
        }

        @Test func aTildeInAPathIsTheHomeFolder() async throws {
            try await Scene.with(identities: 2, configure: { $0.requiredToken = Self.key }) { scene in
                let home = "\(scene.folder)/home"
                try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
                try scene.write("Bearer \(Self.key)\n", to: "\(home)/key")
                chmod("\(home)/key", 0o600)
                try FileManager.default.copyItem(atPath: scene.rosterPath, toPath: "\(home)/people.csv")
                try scene.write(
                    """
                    server: \(scene.simulator.adminURL)
                    roster: ~/people.csv
                    api-key-file: ~/key
                    output-dir: ~/campaigns
                    """,
                    to: "\(home)/settings.yaml"
                )
                let run = try await Program.run(
                    ["run"],
                    environment: ["HOME": home, "LATCHSTRING_CONFIG": "~/settings.yaml"],
                    in: scene.folder
                )
                #expect(run.status == 0, "\(run.words)")
                #expect(FileManager.default.fileExists(atPath: "\(home)/campaigns/people/invitations.csv"))
                #expect(!FileManager.default.fileExists(atPath: "\(scene.folder)/~"))

                let status = try await Program.run(
                    ["status", "--campaign", "people"],
                    environment: ["HOME": home, "LATCHSTRING_OUTPUT_DIR": "~/campaigns"]
                )
                #expect(status.status == 0, "\(status.words)")
            }
        }

        @Test(arguments: ["api-key-file", "header-file", "client-cert", "ca-file", "seal-to"])
        func everyFileOfTheSettingsMayBeBelowTheHomeFolder(_ name: String) async throws {
            try await Scene.with(identities: 1) { scene in
                for level in ["flag", "environment", "file"] {
                    let settings = "\(scene.folder)/settings.yaml"
                    try scene.write(level == "file" ? "\(name): ~/nothing-there\n" : "{}", to: settings)
                    var environment = ["HOME": "/nonexistent-home"]
                    if level == "environment" {
                        environment["LATCHSTRING_\(name.uppercased().replacing("-", with: "_"))"] =
                            "~/nothing-there"
                    }
                    let flags = level == "flag" ? ["--\(name)", "~/nothing-there"] : []
                    let run = try await scene.run(flags + ["--config", settings], environment: environment)
                    #expect(run.status == 1, "\(run.words)")
                    #expect(run.stderr.contains("/nonexistent-home/nothing-there"), "\(level): \(run.stderr)")
                }
            }
        }

        @Test(arguments: [
            "", "no certificate\n", "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n",
        ])
        func authoritiesThatAreNoPEMEndTheRunBeforeAnyRequest(_ text: String) async throws {
            try await Scene.with(identities: 1) { scene in
                let file = "\(scene.folder)/ca.pem"
                try scene.write(text, to: file)
                for command in ["run", "doctor"] {
                    let run = try await Program.run([
                        command, scene.rosterPath, "--server", scene.simulator.adminURL, "--output-dir",
                        scene.outputFolder, "--ca-file", file,
                    ])
                    #expect(run.status == 1, "\(run.words)")
                    #expect(run.words.contains(file) && run.words.contains("PEM"), "\(run.words)")
                }
                #expect(scene.simulator.statistics().requestsReceived == 0)
            }
        }
    }
}
