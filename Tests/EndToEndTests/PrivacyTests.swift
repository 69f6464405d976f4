// Who can see what: file rights, refused folders, and secrets in words.

import Foundation
import IdentitySimulator
import Programs
import Testing

extension EndToEndTests {
    @Suite struct PrivacyTests {
        private static let key = "ory_pat_CANARYKEY0123456789"
        private static let code = "CANARY-271828"
        private static let link = "http://ui.example.org/recovery?flow=CANARYFLOW"

        @Test(arguments: ["000", "077"])
        func filesArePrivateWhateverTheUmask(_ umask: String) async throws {
            try await Scene.with(identities: 12) { scene in
                let run = try await scene.run(["--per-user"], umask: umask)
                #expect(run.status == 0, "\(run.words)")
                var seen = 0
                let found = try #require(FileManager.default.enumerator(atPath: scene.outputFolder))
                for case let name as String in found {
                    let attributes = try FileManager.default.attributesOfItem(
                        atPath: "\(scene.outputFolder)/\(name)"
                    )
                    let isFolder = attributes[.type] as? FileAttributeType == .typeDirectory
                    #expect(attributes[.posixPermissions] as? Int == (isFolder ? 0o700 : 0o600), "\(name)")
                    seen += 1
                }
                #expect(seen >= 6 + 12)
                let outer = try FileManager.default.attributesOfItem(atPath: scene.outputFolder)
                #expect(outer[.posixPermissions] as? Int == 0o700)
            }
        }

        @Test func foldersOpenToOthersAreRefused() async throws {
            try await Scene.with(identities: 2) { scene in
                let manager = FileManager.default
                try manager.createDirectory(atPath: scene.outputFolder, withIntermediateDirectories: true)
                try manager.setAttributes([.posixPermissions: 0o777], ofItemAtPath: scene.outputFolder)
                let shared = try await scene.run()
                #expect(shared.status == 1)
                #expect(shared.stderr.contains("can be written by others"))

                try manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scene.outputFolder)
                #expect(try await scene.run().status == 0)
                try manager.setAttributes([.posixPermissions: 0o750], ofItemAtPath: scene.campaignFolder)
                let open = try await scene.run()
                #expect(open.status == 1)
                #expect(open.stderr.contains("chmod 700"))
                #expect(try await scene.command("status").status == 1)
            }
        }

        @Test func secretsAppearInTheLedgerAndTheExportsOnly() async throws {
            let (key, code, link) = (Self.key, Self.code, Self.link)
            let answers: [Delivery] = [
                .answer(.json(201, #"{"recovery_link":"\#(link)","recovery_code":"\#(code)"}"#)),
                .answer(.json(201, #"{"recovery_link":"\#(link)","recovery_code":5,"x":"\#(code)"}"#)),
                .answer(.json(201, #"{"recovery_link":"\#(link)","recovery_code":"\#(code)""#)),
                .half(.json(201, #"{"recovery_link":"\#(link)","recovery_code":"\#(code)"}"#)),
                .answer(
                    .json(
                        409,
                        #"{"error":{"code":409,"id":"\#(key)","reason":"you sent \#(key)","message":"m"}}"#
                    )
                ),
                .answer(.json(500, #"{"error":{"message":"Authorization: Bearer \#(key)"}}"#)),
            ]
            let identities = Array(MadeUpIdentities(count: answers.count, seed: 7))
            let deliveries = Dictionary(uniqueKeysWithValues: zip(identities, answers))
            try await Scene.with(
                identities: answers.count,
                configure: {
                    $0.requiredToken = key
                    $0.script = { request in
                        request.header("authorization") == "Bearer \(key)"
                            ? request.identity.flatMap { deliveries[$0] } : nil
                    }
                }
            ) { scene in
                let keyFile = "\(scene.folder)/key"
                try scene.write(key + "\n", to: keyFile)
                try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: keyFile)
                let refused = try await scene.run(["--api-key-file", keyFile])
                #expect(refused.status == 1)
                #expect(refused.stderr.contains("chmod 600"))
                #expect(!scene.has("ledger.sqlite"))

                try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: keyFile)
                var words = refused.words
                words += try await scene.run(["--api-key-file", keyFile, "--attempts-max", "2"]).words
                words += try await scene.run(["--json"], environment: ["LATCHSTRING_API_KEY": key]).words
                #expect(try scene.file("failures.csv").contains("you sent [redacted]"))
                let unauthorized = try await scene.run(["--retry-failed"])
                #expect(unauthorized.status == 4, "\(unauthorized.words)")
                words += unauthorized.words
                for command in ["status", "export", "report"] {
                    words += try await scene.command(command).words
                    words += try await scene.command(command, ["--json"]).words
                }
                for report in ["failures.csv", "rejected.csv", "summary.json", ".lock"] {
                    words += try scene.file(report)
                }
                for secret in [key, code, link, "CANARYFLOW", "CANARYKEY"] {
                    #expect(!words.contains(secret), "\(secret) was told")
                }
                // They were there to be told.
                #expect(try scene.file("invitations.csv").contains(code))
                let ledger = try Data(contentsOf: URL(filePath: "\(scene.campaignFolder)/ledger.sqlite"))
                #expect(ledger.firstRange(of: Data(code.utf8)) != nil)
                #expect(ledger.firstRange(of: Data(key.utf8)) == nil)
            }
        }

        @Test func noProcessShowsTheKeyInItsArguments() async throws {
            try await Scene.holding(identities: 1) { scene, held in
                let run = try await scene.run(
                    ["--attempts-max", "1", "--timeout", "1h"],
                    environment: ["LATCHSTRING_API_KEY": Self.key],
                    whileRunning: { id in
                        await held.wait()
                        let arguments = try Data(contentsOf: URL(filePath: "/proc/\(id)/cmdline"))
                        #expect(arguments.firstRange(of: Data(Self.key.utf8)) == nil)
                        held.letGo()
                    }
                )
                #expect(run.status == 3)
            }
        }
    }
}
