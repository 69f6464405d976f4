// Every server that users have: its paths, its credential, its limits and its quirks.

import Foundation
import IdentitySimulator
import Programs
import Testing
import Model

extension EndToEndTests {
    @Suite struct ProviderTests {
        @Test func oryNetworkTakesAKeyAndItsRelativeLinksAreMadeWhole() async throws {
            try await Scene.with(
                identities: 6,
                configure: { configuration in
                    configuration.provider = .oryNetwork
                    configuration.requiredToken = "ory_pat_CANARY"
                    configuration.hasRelativeLinks = true
                }
            ) { scene in
                let arguments = ["--provider", "ory-network", "--rate", "1000/s"]
                let without = try await scene.run(arguments)
                #expect(without.status == 64)
                #expect(without.stderr.contains("wants a credential"))
                #expect(scene.simulator.statistics().requestsReceived == 0)

                let run = try await scene.run(
                    arguments,
                    environment: ["LATCHSTRING_API_KEY": "ory_pat_CANARY"]
                )
                #expect(run.status == 0, "\(run.words)")
                #expect(!run.words.contains("CANARY"))
                let rows = try scene.rows("invitations.csv")
                #expect(rows.count == 6)
                for row in rows {
                    #expect(
                        row["recovery_link"]?.hasPrefix(scene.simulator.adminURL + "/ui/recovery?flow=")
                            == true
                    )
                }
                // An export knows the server from the ledger; another base wins.
                let export = try await scene.command("export", ["--link-base", "https://auth.example.com"])
                #expect(export.status == 0)
                let links = try scene.rows("invitations.csv").compactMap { $0["recovery_link"] }
                #expect(links.allSatisfy { $0.hasPrefix("https://auth.example.com/ui/recovery?flow=") })
            }
        }

        @Test(arguments: ["variable", "file", "command"])
        func workspaceKeysAreRefusedWithTheReason(_ source: String) async throws {
            try await Scene.with(identities: 1) { scene in
                let file = "\(scene.folder)/key"
                try scene.write("ory_wak_CANARY\n", to: file)
                chmod(file, 0o600)
                let (options, environment): ([String], [String: String]) =
                    switch source {
                    case "variable": ([], ["LATCHSTRING_API_KEY": "ory_wak_CANARY"])
                    case "file": (["--api-key-file", file], [:])
                    default: (["--api-key-command", "cat '\(file)'"], [:])
                    }
                let run = try await scene.run(
                    ["--provider", "ory-network"] + options,
                    environment: environment
                )
                #expect(run.status == 4, "\(run.words)")
                #expect(run.stderr.contains("workspace API key"))
                #expect(!run.words.contains("CANARY"))
                #expect(scene.simulator.statistics().requestsReceived == 0)
            }
        }

        @Test func thePlansLimitsHoldAtTheServer() async throws {
            try await Scene.with(
                identities: 12,
                configure: { configuration in
                    configuration.provider = .oryNetwork
                    configuration.requiredToken = "ory_pat_1"
                    configuration.rateLimits = [
                        RateLimit(count: 5, windowSeconds: 1), RateLimit(count: 80, windowSeconds: 60),
                    ]
                }
            ) { scene in
                let run = try await scene.run(
                    ["--provider", "ory-network"],
                    environment: ["LATCHSTRING_API_KEY": "ory_pat_1"]
                )
                #expect(run.status == 0, "\(run.words)")
                let statistics = scene.simulator.statistics()
                #expect(statistics.rateLimited == 0)
                #expect(statistics.peakInSecond <= 5)
                #expect(statistics.requestsReceived == 12)
            }
        }

        @Test func connhexHasItsOwnPathsAndNoFlowType() async throws {
            try await Scene.with(
                identities: 8,
                configure: { configuration in
                    configuration.provider = .connhex
                    configuration.requiredToken = "connhex-token"
                    configuration.unknownShare = 0.3
                    configuration.seed = 3
                }
            ) { scene in
                let run = try await scene.run(
                    ["--provider", "connhex", "--flow-type", "api"],
                    environment: ["LATCHSTRING_API_KEY": "connhex-token"]
                )
                let summary = try scene.summary()
                #expect(run.status == 3, "\(run.words)")
                #expect(summary["issued"] > 0)
                #expect(summary["issued"] + (summary.failures["unknown_identity"] ?? 0) == 8)
                #expect(scene.simulator.statistics().byStatus.keys.allSatisfy { $0 == 201 || $0 == 404 })
            }
        }

        /// A token that has run out is read again, from wherever it came.
        @Test(arguments: ["file", "command"])
        func aTokenThatRunsOutIsReadAgain(_ source: String) async throws {
            try await Scene.with(
                identities: 40,
                configure: { configuration in
                    configuration.provider = .connhex
                    configuration.requiredToken = "first-CANARY"
                    configuration.nextTokens = ["second-CANARY"]
                    configuration.tokenRequestsMax = 15
                }
            ) { scene in
                let file = "\(scene.folder)/token"
                try scene.write("first-CANARY\n", to: file)
                chmod(file, 0o600)
                let options: [String]
                if source == "file" {
                    options = ["--api-key-file", file, "--rate", "40/s"]
                } else {
                    // The second time it is asked, it has another one.
                    let seen = "\(scene.folder)/seen"
                    let script =
                        "if [ -e '\(seen)' ]; then echo second-CANARY; else : > '\(seen)'; cat '\(file)'; fi"
                    options = ["--api-key-command", script]
                }
                let run = try await scene.run(
                    ["--provider", "connhex"] + options,
                    whileRunning: { _ in
                        while scene.simulator.statistics().requestsReceived < 5 { await Task.yield() }
                        try scene.write("second-CANARY\n", to: file)
                    }
                )
                #expect(run.status == 0, "\(run.words)")
                #expect(!run.words.contains("CANARY"))
                let summary = try scene.summary()
                #expect(summary["issued"] == 40)
                #expect(scene.simulator.statistics().issued == 40)
                #expect((scene.simulator.statistics().byStatus[401] ?? 0) > 0)
                // A refusal is a request, and no identity's fault.
                #expect(summary["requests"] == scene.simulator.statistics().requestsReceived)
            }
        }

        @Test func aTokenThatRunsOutForGoodStopsTheRunAndTheNextGoesOn() async throws {
            try await Scene.with(
                identities: 40,
                configure: { configuration in
                    configuration.provider = .connhex
                    configuration.requiredToken = "first"
                    configuration.nextTokens = ["second"]
                    configuration.tokenRequestsMax = 10
                }
            ) { scene in
                let key = "LATCHSTRING_API_KEY"
                let run = try await scene.run(["--provider", "connhex"], environment: [key: "first"])
                #expect(run.status == 4, "\(run.words)")
                #expect(run.stderr.contains("To go on: latchstring run"))
                #expect(run.stderr.contains("live about a day"))
                let stopped = try scene.summary()
                #expect(stopped["issued"] == 10)
                #expect(stopped["failed"] == 0)
                #expect(stopped["in_doubt"] == 0)
                let next = try await scene.run(["--provider", "connhex"], environment: [key: "second"])
                #expect(next.status == 0, "\(next.words)")
                #expect(try scene.summary()["issued"] == 40)
                #expect(scene.simulator.statistics().issued == 40)
            }
        }

        @Test func headersAPrefixAndAUnixSocketReachKratosBehindItsGateway() async throws {
            let socket = "/tmp/latchstring-\(UUID().uuidString.prefix(8)).sock"
            defer { unlink(socket) }
            try await Scene.with(
                identities: 3,
                configure: { configuration in
                    configuration.requiredHeaders = [
                        ("X-Tenant", "blue"), ("X-Gateway-Token", "CANARY-0123"),
                    ]
                    configuration.pathPrefix = "/kratos"
                    configuration.adminUnixPath = socket
                }
            ) { scene in
                let file = "\(scene.folder)/headers"
                try scene.write("# of the gateway\n\nX-Gateway-Token: CANARY-0123\n", to: file)
                chmod(file, 0o600)
                let headers = ["--header", "X-Tenant: blue", "--header-file", file]
                let base = ["run", scene.rosterPath, "--output-dir", scene.outputFolder]
                let server = ["--server", scene.simulator.adminURL + "/kratos/"]

                let missing = try await Program.run(base + server + ["--header", "X-Tenant: blue"])
                #expect(missing.status == 4, "\(missing.words)")
                let run = try await Program.run(base + server + headers)
                #expect(run.status == 0, "\(run.words)")
                #expect(!run.words.contains("CANARY"))
            }
            try await Scene.with(identities: 3, configure: { $0.adminUnixPath = socket }) { scene in
                let run = try await Program.run([
                    "run", scene.rosterPath, "--output-dir", scene.outputFolder, "--server", "unix:\(socket)",
                    "--verify",
                ])
                #expect(run.status == 0, "\(run.words)")
                #expect(try scene.summary()["issued"] == 3)
            }
        }
    }

    /// What is refused before anything is asked for.
    @Suite struct ServerSettingsTests {
        @Test(arguments: [
            (["--provider", "keycloak"], "there are kratos, ory-network, connhex"),
            (
                ["--provider", "ory-network", "--plan", "free"],
                "developer, production, growth, enterprise, staging"
            ),
            (["--plan", "growth"], "has no plans"),
            (["--provider", "ory-network", "--server", "my-project/x"], "has no slash"),
            (["--provider", "ory-network", "--server", "my_project"], "letters, digits and dashes"),
            (
                ["--provider", "ory-network", "--server", "021d045c-26f8-4316-8389-fc0ac90734e1"],
                "project's ID"
            ),
            (["--server", "https:///admin"], "no host"),
            (["--server", "https://user:CANARY@kratos.example.com"], "user name or password"),
            (["--server", "https://kratos.example.com/?x=1"], "query"),
            (["--server", "http://kratos.example.com"], "--allow-http"),
            (["--server", "unix:kratos.sock"], "whole path"),
            (["--header", "no colon"], "has a colon"),
            (["--header", "X Y: z"], "no header's name"),
            (["--header", "Content-Type: text/plain"], "belongs to the request"),
            (["--header", "Authorization: Bearer CANARY"], "--header-file"),
            (["--header", "X-Api-Key: CANARY"], "--header-file"),
            (["--header", "A: b", "--header", "a: c"], "given twice"),
            (["--client-key", "/dev/null"], "--client-cert"),
            (["--method", "magic"], "code or link"),
            (["--flow-type", "app"], "browser or api"),
            (["--return-to", "welcome"], "absolute URL"),
            (["--columns", "email"], "email=traits.email"),
            (["--columns", "email="], "email=traits.email"),
            (["--columns", "email=traits..x"], "email=traits.email"),
            (["--columns", "a=traits.x,a=traits.y"], "named twice"),
            (["--columns", "identity_id=id"], "a column of its own"),
            (["--read-rate", "5"], "--read-rate"),
            (["--api-key-file", "/a", "--api-key-command", "true"], "which credential is meant"),
        ])
        func isAUsageErrorInASentence(_ arguments: [String], _ words: String) async throws {
            try await Scene.with(identities: 1) { scene in
                for command in ["run", "plan"] {
                    var line = [command, scene.rosterPath, "--output-dir", scene.outputFolder]
                    if !arguments.contains("--server") { line += ["--server", scene.simulator.adminURL] }
                    let run = try await Program.run(line + arguments)
                    #expect(run.status == 64, "\(command): \(run.words)")
                    #expect(run.stderr.contains(words), "\(command): \(run.stderr)")
                    #expect(!run.words.contains("CANARY"))
                }
                #expect(!FileManager.default.fileExists(atPath: scene.outputFolder))
                #expect(scene.simulator.statistics().requestsReceived == 0)
            }
        }

        @Test func twoCredentialsAtOneLevelAreAnErrorAndAHigherLevelWins() async throws {
            try await Scene.with(identities: 2, configure: { $0.requiredToken = "right" }) { scene in
                let file = "\(scene.folder)/key"
                try scene.write("right", to: file)
                chmod(file, 0o600)
                let both = try await scene.run(
                    environment: [
                        "LATCHSTRING_API_KEY": "right", "LATCHSTRING_API_KEY_COMMAND": "echo right",
                    ]
                )
                #expect(both.status == 64, "\(both.words)")
                #expect(both.stderr.contains("LATCHSTRING_API_KEY and LATCHSTRING_API_KEY_COMMAND"))
                let higher = try await scene.run(
                    ["--api-key-file", file],
                    environment: ["LATCHSTRING_API_KEY": "wrong"]
                )
                #expect(higher.status == 0, "\(higher.words)")
                let withHeader = "\(scene.folder)/headers"
                try scene.write("Authorization: Bearer right\n", to: withHeader)
                chmod(withHeader, 0o600)
                let two = try await scene.run(["--api-key-file", file, "--header-file", withHeader])
                #expect(two.status == 64)
                #expect(two.stderr.contains("Authorization header"))
                let headerWins = try await scene.run(
                    ["--header-file", withHeader],
                    environment: ["LATCHSTRING_API_KEY": "wrong"]
                )
                #expect(headerWins.status == 0, "\(headerWins.words)")
                try scene.write("Authorization: Bearer wrong\n", to: withHeader)
                let keyWins = try await scene.run(
                    ["--api-key-file", file, "--campaign", "other"],
                    environment: ["LATCHSTRING_HEADER_FILE": withHeader]
                )
                #expect(keyWins.status == 0, "\(keyWins.words)")
                try scene.write("Authorization: Bearer ory_wak_CANARY\n", to: withHeader)
                let useless = try await scene.run(["--provider", "ory-network", "--header-file", withHeader])
                #expect(useless.status == 4, "\(useless.words)")
                #expect(useless.stderr.contains("workspace API key"))
                #expect(!useless.words.contains("CANARY"))
            }
        }

        @Test func aPrivateFileThatIsOpenToOthersIsRefused() async throws {
            try await Scene.with(identities: 1) { scene in
                let file = "\(scene.folder)/secret"
                try scene.write("X-Gateway: CANARY", to: file)
                chmod(file, 0o640)
                for option in ["--header-file", "--api-key-file", "--client-cert"] {
                    let run = try await scene.run([option, file])
                    #expect(run.status == 1, "\(option): \(run.words)")
                    #expect(run.stderr.contains("open to others: chmod 600"))
                }
                chmod(file, 0o600)
                try scene.write("no colon CANARY\n", to: file)
                let run = try await scene.run(["--header-file", file])
                #expect(run.status == 64)
                #expect(run.stderr.contains("line 1 of the header file"))
                #expect(!run.words.contains("CANARY"))
            }
        }

        @Test func aKeyCommandThatFailsSaysSo() async throws {
            try await Scene.with(identities: 1) { scene in
                let failing = try await scene.run(["--api-key-command", "echo sorry >&2; exit 7"])
                #expect(failing.status == 1)
                #expect(failing.stderr.contains("sorry"))
                #expect(failing.stderr.contains("the API key command failed"))
                let silent = try await scene.run(["--api-key-command", "true"])
                #expect(silent.status == 1)
                #expect(silent.stderr.contains("holds no key"))
                #expect(scene.simulator.statistics().requestsReceived == 0)
            }
        }
    }
}
