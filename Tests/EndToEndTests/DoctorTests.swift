// `latchstring doctor`, the real binary, on servers in order and out of it.

import Foundation
import IdentitySimulator
import Programs
import Testing
import Model

extension EndToEndTests {
    @Suite struct DoctorTests {
        /// The answer to a look-up by a server that has everybody who is asked for.
        private static let hasEverybody: @Sendable (SimulatedRequest) -> Delivery? = { request in
            guard request.path == "/admin/identities" else { return nil }
            let identities = request.query.split(separator: "&").compactMap { pair in
                pair.hasPrefix("ids=") ? pair.dropFirst(4) : nil
            }.map { #"{"id":"\#($0)","state":"active","recovery_addresses":[{"value":"a@example.org"}]}"# }
            return .answer(.json(200, "[\(identities.joined(separator: ","))]"))
        }

        private func doctor(_ scene: Scene, _ arguments: [String] = [], environment: [String: String] = [:])
            async throws -> Run
        {
            try await Program.run(
                ["doctor", "--server", scene.simulator.adminURL, "--output-dir", scene.outputFolder]
                    + arguments,
                environment: environment
            )
        }

        /// The checks of `--json`, by their names.
        private func checks(_ run: Run) throws -> (states: [String: String], problems: Int, warnings: Int) {
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(run.stdout.utf8)) as? [String: Any],
                "\(run.words)"
            )
            let checks = try #require(object["checks"] as? [[String: String]])
            let states = Dictionary(checks.map { ($0["name"] ?? "", $0["state"] ?? "") }) { first, _ in first
            }
            #expect(states.count == checks.count)
            return (states, object["problems"] as? Int ?? -1, object["warnings"] as? Int ?? -1)
        }

        @Test func aServerInOrderExitsWithZeroAndLeavesNothingBehind() async throws {
            try await Scene.with(identities: 300, configure: { $0.script = Self.hasEverybody }) { scene in
                let run = try await doctor(scene, [scene.rosterPath])
                #expect(run.status == 0, "\(run.words)")
                #expect(run.stderr.isEmpty)
                let lines = run.stdout.split(separator: "\n")
                #expect(lines.count == 16, "\(run.stdout)")
                #expect(lines.last == "no problems, no warnings")
                #expect(run.stdout.contains("\nok       identities     all of 100 looked up are there"))
                #expect(run.stdout.contains("\nok       roster         \(scene.rosterPath): 300 rows"))
                #expect(!FileManager.default.fileExists(atPath: scene.outputFolder))
                #expect(scene.simulator.issued().isEmpty)
                #expect(scene.simulator.statistics().requestsReceived == 1)
                let run2 = try await doctor(scene, [scene.rosterPath, "--json"])
                let json = try checks(run2)
                #expect(run2.status == 0)
                #expect(json.problems == 0 && json.warnings == 0)
                #expect(json.states["admin_api"] == "ok" && json.states["recovery"] == "skipped")
            }
        }

        @Test func helpNamesEveryCheckOptionAndExitCode() async throws {
            let help = try await Program.run(["doctor", "--help"])
            #expect(help.status == 0)
            let checks = [
                "reach", "tls", "alive, ready", "version", "admin_api", "credential", "method", "limits",
                "clock",
                "recovery", "roster", "identities", "output_folder", "disk_space",
            ]
            for check in checks { #expect(help.stdout.contains("\n  \(check) "), "\(check)") }
            let options = [
                "server", "provider", "plan", "public-server", "method", "rate", "api-key-file",
                "header-file",
                "client-cert", "output-dir", "campaign", "json", "id-column", "config",
            ]
            for option in options { #expect(help.stdout.contains("--\(option)"), "\(option)") }
            for code in ["0", "1", "64"] { #expect(help.stdout.contains("\n  \(code) "), "\(code)") }
        }

        @Test func warningsAloneExitWithZero() async throws {
            try await Scene.with(identities: 2) { scene in
                try FileManager.default.createDirectory(
                    atPath: scene.outputFolder,
                    withIntermediateDirectories: false,
                    attributes: [.posixPermissions: 0o755]
                )
                let run = try await doctor(scene, ["--json"])
                let json = try checks(run)
                #expect(run.status == 0, "\(run.words)")
                #expect(json.problems == 0 && json.warnings == 1)
                #expect(json.states["output_folder"] == "warning")
            }
        }

        @Test func aProblemExitsWithOne() async throws {
            try await Scene.with(identities: 1, configure: { $0.disabledEndpoints = [.code] }) { scene in
                let code = try await doctor(scene)
                #expect(code.status == 1)
                #expect(code.stdout.contains("problem  method         http:"))
                #expect(code.stdout.contains(" has recovery by code switched off: "))
                let link = try await doctor(scene, ["--method", "link"])
                #expect(link.status == 0, "\(link.words)")
                let publicPort = try await Program.run(
                    ["doctor", "--server", scene.simulator.publicURL, "--output-dir", scene.outputFolder]
                )
                #expect(publicPort.status == 1)
                #expect(publicPort.stdout.contains("is the public port of Ory Kratos"))
                #expect(scene.simulator.issued().isEmpty)
            }
        }

        @Test func theServersLimitsAreComparedWithThoseInForce() async throws {
            let announcing: @Sendable (SimulatedRequest) -> Delivery? = { request in
                guard request.method == "POST" else { return nil }
                return .answer(
                    .json(
                        404,
                        #"{"error":{"reason":"could not find identity","message":"Unable to "#
                            + #"locate the resource"}}"#,
                        headers: [("x-ratelimit-limit", "10, 10;w=1, 300;w=60")]
                    )
                )
            }
            try await Scene.with(identities: 1, configure: { $0.script = announcing }) { scene in
                let without = try await doctor(scene)
                #expect(without.status == 0)
                #expect(
                    without.stdout.contains("warning  limits         the server announces 10 in a second")
                )
                let within = try await doctor(scene, ["--rate", "10/s", "--rate", "300/m"])
                #expect(within.stdout.contains("ok       limits         the server announces 10 in a second"))
                let plan = try await doctor(
                    scene,
                    ["--provider", "ory-network", "--plan", "growth", "--json"],
                    environment: ["LATCHSTRING_API_KEY": "ory_pat_CANARY"]
                )
                #expect(try checks(plan).states["limits"] == "warning")
                #expect(!plan.words.contains("CANARY"))
            }
        }

        @Test func aKeyThatCannotBeReadIsAFindingAmongOthers() async throws {
            try await Scene.with(identities: 1) { scene in
                let file = "\(scene.folder)/key"
                try scene.write("ory_pat_CANARY\n", to: file)
                try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
                let open = try await doctor(scene, ["--api-key-file", file, "--json"])
                #expect(open.status == 1)
                let json = try checks(open)
                #expect(json.states["credential"] == "problem" && json.states["reach"] == "ok")
                #expect(json.problems == 1)
                #expect(!open.words.contains("CANARY"))
                try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
                #expect(try await doctor(scene, ["--api-key-file", file]).status == 0)
            }
        }

        @Test func aClientCertificateThatCannotBeReadIsAFinding() async throws {
            try await Scene.with(identities: 1) { scene in
                let run = try await doctor(scene, ["--client-cert", "\(scene.folder)/missing.pem"])
                #expect(run.status == 1)
                #expect(run.stdout.contains("problem  tls"))
                #expect(run.stdout.contains("missing.pem"))
            }
        }

        @Test func aRosterCanComeFromStandardInput() async throws {
            try await Scene.with(identities: 1, configure: { $0.script = Self.hasEverybody }) { scene in
                let arguments = ["--server", scene.simulator.adminURL, "--output-dir", scene.outputFolder]
                let run = try await Program.run(
                    ["doctor", "-"] + arguments,
                    input: "\(scene.identities[0])\nnobody\n"
                )
                #expect(run.status == 0, "\(run.words)")
                #expect(run.stdout.contains("1 rejected (1 not_a_uuid; the first on line 2)"))
                #expect(run.stdout.contains("all of 1 looked up"))
            }
        }

        @Test func thePublicServerIsAskedWhetherUsersCanRecover() async throws {
            let flow: @Sendable (SimulatedRequest) -> Delivery? = { request in
                guard request.port == .public, request.path == "/self-service/recovery/api" else {
                    return nil
                }
                return .answer(.json(200, #"{"id":"x","active":"code","ui":{}}"#))
            }
            try await Scene.with(identities: 1, configure: { $0.script = flow }) { scene in
                let run = try await doctor(scene, ["--public-server", scene.simulator.publicURL])
                #expect(run.status == 0, "\(run.words)")
                #expect(
                    run.stdout.contains("ok       recovery       users can recover by themselves, by code")
                )
                // The operator's certificate goes to the admin port alone, also where it cannot be read.
                let certificate = ["--client-cert", "\(scene.folder)/missing.pem"]
                let without = try await doctor(
                    scene,
                    ["--public-server", scene.simulator.publicURL] + certificate
                )
                #expect(without.stdout.contains("ok       recovery"), "\(without.words)")
                let wrong = try await doctor(scene, ["--public-server", scene.simulator.adminURL])
                #expect(wrong.status == 1)
                let none = try await doctor(scene, ["--public-server", "nonsense"])
                #expect(none.status == 64)
                #expect(none.stderr.contains("--public-server"))
            }
        }
    }
}
