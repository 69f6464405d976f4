// `latchstring drill`: the whole way of one user, by the real binary.

import Foundation
import IdentitySimulator
import Programs
import Synchronization
import TestSupport
import Testing
import Model

extension EndToEndTests {
    @Suite struct DrillTests {
        /// What came to a server's public port: names and values of its headers.
        private final class PublicRequests: Sendable {
            private let lines = Mutex<[String]>([])

            func note(_ request: SimulatedRequest) {
                guard request.port == .public else { return }
                let names = ["Authorization", "X-Tenant", "Cookie", "X-Session-Token"]
                let given = names.filter { !request.header($0).isEmpty }
                lines.withLock {
                    $0.append("\(request.method) \(request.path) \(given.joined(separator: ","))")
                }
            }

            var all: [String] { lines.withLock { $0 } }
        }

        private func drill(
            _ scene: Scene,
            _ arguments: [String] = ["--yes"],
            environment: [String: String] = [:]
        ) async throws -> Run {
            try await Program.run(
                [
                    "drill", "--server", scene.simulator.adminURL, "--public-server",
                    scene.simulator.publicURL,
                    "--identity", scene.identities[0].text,
                ] + arguments,
                environment: environment,
                in: scene.folder
            )
        }

        private func document(_ run: Run) throws -> [String: Any] {
            let object = try JSONSerialization.jsonObject(with: Data(run.stdout.utf8))
            return try #require(object as? [String: Any], "\(run.words)")
        }

        private func steps(_ document: [String: Any]) -> [String] {
            (document["steps"] as? [[String: Any]] ?? []).map { $0["name"] as? String ?? "?" }
        }

        /// Nothing that opens an account is in what was printed.
        private func expectNoSecret(_ run: Run, _ scene: Scene) {
            for issued in scene.simulator.issued() {
                if let code = issued.recoveryCode { #expect(!run.words.contains(code)) }
                #expect(!run.words.contains(issued.recoveryLink))
            }
            for mail in scene.simulator.mailedCodes() {
                if let code = mail.recoveryCode { #expect(!run.words.contains(code)) }
            }
            for word in ["ory_st_", "token=", "csrf_token_", "flow="] {
                #expect(!run.words.contains(word), "\(run.words)")
            }
        }

        // MARK: the ways

        @Test(arguments: [
            ("api", true, [String]()), ("browser", true, ["--browser"]), ("browser", false, ["--browser"]),
            ("link", true, ["--link"]), ("link", false, ["--link"]),
        ])
        func theWholeWayWorks(_ way: String, _ usesTransitions: Bool, _ arguments: [String]) async throws {
            try await Scene.with(identities: 2) {
                $0.selfService.usesTransitions = usesTransitions
            } _: { scene in
                let run = try await drill(scene, ["--yes", "--json"] + arguments)
                #expect(run.status == 0, "\(run.words)")
                let document = try document(run)
                #expect(document["ok"] as? Bool == true)
                #expect(document["way"] as? String == way)
                #expect(document["identity"] as? String == scene.identities[0].text)
                #expect(document["failed_step"] is NSNull && document["likely_reason"] is NSNull)
                let second = way == "link" ? "open_link" : "redeem"
                #expect(steps(document) == ["issue", second, "settings", "set_password", "login", "whoami"])
                #expect(run.stderr.contains("Warning: this drill sets a new, random password"))
                #expect(run.stderr.contains("a random password that nobody knows"))
                expectNoSecret(run, scene)
                #expect(scene.simulator.issued().map(\.identity) == [scene.identities[0]])
            }
        }

        @Test func inWordsEachStepIsALine() async throws {
            try await Scene.with(identities: 1) {
                $0.selfService.usesTransitions = true
            } _: { scene in
                let run = try await drill(scene)
                #expect(run.status == 0, "\(run.words)")
                let lines = run.stdout.split(separator: "\n").map(String.init)
                let names = lines.prefix(6).map { $0.prefix { $0 != " " } }
                #expect(names == ["issue", "redeem", "settings", "set_password", "login", "whoami"])
                for line in lines.prefix(6) { #expect(line.contains(" ok ") && line.contains(" ms ")) }
                #expect(lines.last == "The account now has a random password that nobody knows.")
                expectNoSecret(run, scene)
            }
        }

        /// A scene whose server logs its mails, and drills with a command that looks there.
        private func withMails(
            transitions: Bool,
            _ body: (Scene, _ arguments: [String], _ codeCommand: String) async throws -> Void
        ) async throws {
            let mails = try TemporaryFolder()
            let log = mails("mails.jsonl")
            try await Scene.with(identities: 1) {
                $0.selfService.usesTransitions = transitions
                $0.selfService.mailLogPath = log
            } _: { scene in
                scene.simulator.change(Account(scene.identities[0], email: "drill@example.test"))
                let arguments = [
                    "drill", "--public-server", scene.simulator.publicURL, "--self-service",
                    "drill@example.test",
                ]
                let command =
                    #"printf ' %s \n' "$(sed -n 's/.*"recovery_code":"\([0-9]*\)".*/\1/p' '\#(log)')""#
                try await body(scene, arguments, command)
            }
            extendLifetime(mails)
        }

        @Test func aUserWhoForgotTheirPasswordIsMailedACode() async throws {
            try await withMails(transitions: true) { scene, arguments, command in
                let run = try await Program.run(
                    arguments + ["--code-command", command, "--yes", "--json"],
                    in: scene.folder
                )
                #expect(run.status == 0, "\(run.words)")
                let document = try document(run)
                #expect(
                    steps(document) == [
                        "start_recovery", "send_mail", "redeem", "settings", "set_password", "login",
                        "whoami",
                    ]
                )
                #expect(document["way"] as? String == "self_service")
                #expect(document["identity"] as? String == scene.identities[0].text)
                #expect(scene.simulator.mailedCodes().count == 1)
                #expect(scene.simulator.issued().isEmpty)
                expectNoSecret(run, scene)
            }
        }

        @Test func onATerminalItAsksAndTheCodeIsNotShown() async throws {
            try await withMails(transitions: true) { scene, arguments, _ in
                let terminal = try PseudoTerminal()
                let run = try await Program.run(arguments, in: scene.folder, terminal: terminal) { _ in
                    try await terminal.awaits("Type yes to go on: ")
                    try terminal.type("yes\n")
                    try await terminal.awaits("(it is not shown): ")
                    let code = try #require(scene.simulator.mailedCodes().first?.recoveryCode)
                    try terminal.type("\(code)\n")
                }
                #expect(run.status == 0, "\(run.words)")
                expectNoSecret(run, scene)
                #expect(terminal.shown.contains("yes"), "what is no secret is echoed")
            }
        }

        @Test func onATerminalAnythingButYesIsNo() async throws {
            try await withMails(transitions: true) { scene, arguments, _ in
                let terminal = try PseudoTerminal()
                let run = try await Program.run(arguments, in: scene.folder, terminal: terminal) { _ in
                    try await terminal.awaits("Type yes to go on: ")
                    try terminal.type("y\n")
                }
                #expect(run.status == 64)
                #expect(scene.simulator.mailedCodes().isEmpty)
            }
        }

        @Test func whoeverGivesUpAtTheCodeGetsAReport() async throws {
            try await withMails(transitions: true) { scene, arguments, _ in
                let terminal = try PseudoTerminal()
                let run = try await Program.run(
                    arguments + ["--yes", "--json"],
                    in: scene.folder,
                    terminal: terminal
                ) { _ in
                    try await terminal.awaits("(it is not shown): ")
                    try terminal.type("12\u{3}")
                }
                #expect(run.status == 1)
                #expect(try document(run)["failed_step"] as? String == "redeem")
            }
        }

        // MARK: where it ends

        private func expectFailure(
            _ run: Run,
            at step: String,
            _ status: Int,
            because reason: String,
            sourceLocation: SourceLocation = #_sourceLocation
        ) throws {
            #expect(run.status == 1, "\(run.words)", sourceLocation: sourceLocation)
            let document = try document(run)
            #expect(document["ok"] as? Bool == false, sourceLocation: sourceLocation)
            #expect(
                document["failed_step"] as? String == step,
                "\(run.words)",
                sourceLocation: sourceLocation
            )
            let last = (document["steps"] as? [[String: Any]])?.last
            #expect(last?["status"] as? Int == status, "\(run.words)", sourceLocation: sourceLocation)
            #expect(
                (document["likely_reason"] as? String)?.contains(reason) == true,
                "\(run.words)",
                sourceLocation: sourceLocation
            )
            #expect(document["advice"] is String, sourceLocation: sourceLocation)
        }

        @Test func withTheFlagOffANativeClientIsToldSo() async throws {
            try await Scene.with(identities: 1) { scene in
                let run = try await drill(scene, ["--yes", "--json"])
                try expectFailure(
                    run,
                    at: "redeem",
                    422,
                    because: "feature_flags.use_continue_with_transitions"
                )
                #expect(try document(run)["advice"] as? String != nil)
                #expect(!run.stderr.contains("that nobody knows."), "\(run.stderr)")
                expectNoSecret(run, scene)
                let words = try await drill(scene)
                #expect(words.status == 1)
                #expect(words.stdout.contains("redeem          FAILED"))
                #expect(words.stdout.contains("likely reason: feature_flags.use_continue_with_transitions"))
                #expect(words.stdout.contains("advice: "))
            }
        }

        @Test(arguments: [[], ["--browser"], ["--link"]])
        func aPrivilegedSessionThatIsTooShortIsNamed(_ way: [String]) async throws {
            try await Scene.with(identities: 1) {
                $0.selfService.usesTransitions = true
                $0.selfService.privilegedFor = GoDuration(nanoseconds: 1)
            } _: { scene in
                try expectFailure(
                    try await drill(scene, ["--yes", "--json"] + way),
                    at: "set_password",
                    403,
                    because: "privileged_session_max_age"
                )
            }
        }

        @Test func aSecondFactorIsNamed() async throws {
            try await Scene.with(identities: 1) {
                $0.selfService.usesTransitions = true
                $0.selfService.requiresSecondFactor = true
            } _: { scene in
                let run = try await drill(scene, ["--yes", "--json"])
                try expectFailure(run, at: "settings", 403, because: "required_aal")
            }
        }

        @Test(arguments: [true, false])
        func anInactiveAccountIsNamed(_ usesTransitions: Bool) async throws {
            try await Scene.with(identities: 1) {
                $0.selfService.usesTransitions = usesTransitions
            } _: { scene in
                scene.simulator.change(
                    Account(scene.identities[0], email: "drill@example.test", isActive: false)
                )
                let run = try await drill(scene, ["--yes", "--json"])
                try expectFailure(run, at: "redeem", 401, because: "inactive")
            }
        }

        @Test(arguments: [true, false])
        func aLockedFlowIsNamed(_ usesTransitions: Bool) async throws {
            try await Scene.with(identities: 1) {
                $0.selfService.usesTransitions = usesTransitions
                $0.selfService.triesMax = 0
            } _: { scene in
                let run = try await drill(scene, ["--yes", "--json"])
                try expectFailure(run, at: "redeem", usesTransitions ? 400 : 303, because: "too many tries")
            }
        }

        @Test func aPasswordPolicyIsNamed() async throws {
            try await Scene.with(identities: 1) {
                $0.selfService.usesTransitions = true
                $0.selfService.passwordLengthMin = 99
            } _: { scene in
                let run = try await drill(scene, ["--yes", "--json"])
                try expectFailure(run, at: "set_password", 400, because: "password policy")
            }
        }

        @Test func anUnknownIdentityIsNamed() async throws {
            try await Scene.with(identities: 1, known: []) { scene in
                let run = try await drill(scene, ["--yes", "--json"])
                try expectFailure(run, at: "issue", 404, because: "no identity")
            }
        }

        @Test func theAdminPortIsNoPublicPort() async throws {
            try await Scene.with(identities: 1) { scene in
                let run = try await Program.run(
                    [
                        "drill", "--server", scene.simulator.adminURL, "--public-server",
                        scene.simulator.adminURL, "--identity", scene.identities[0].text, "--yes", "--json",
                    ],
                    in: scene.folder
                )
                try expectFailure(run, at: "redeem", 307, because: "admin port")
            }
        }

        @Test func recoveryThatIsOffIsNamed() async throws {
            try await Scene.with(identities: 1) {
                $0.selfService.usesTransitions = true
                $0.selfService.isRecoveryEnabled = false
            } _: { scene in
                let run = try await Program.run(
                    [
                        "drill", "--public-server", scene.simulator.publicURL, "--self-service",
                        "a@example.test",
                        "--code-command", "echo 1", "--yes", "--json",
                    ],
                    in: scene.folder
                )
                try expectFailure(
                    run,
                    at: "start_recovery",
                    400,
                    because: "selfservice.flows.recovery.enabled"
                )
            }
        }

        @Test func selfServiceCannotBeFinishedNativelyWhereTheFlagIsOff() async throws {
            try await withMails(transitions: false) { scene, arguments, command in
                let run = try await Program.run(
                    arguments + ["--code-command", command, "--yes", "--json"],
                    in: scene.folder
                )
                try expectFailure(run, at: "redeem", 422, because: "cannot finish a recovery")
                expectNoSecret(run, scene)
                let wrong = try await Program.run(
                    arguments + ["--code-command", "echo 31415926", "--yes", "--json"],
                    in: scene.folder
                )
                try expectFailure(wrong, at: "redeem", 200, because: "not the one that was mailed")
                #expect(!wrong.words.contains("31415926"))
            }
        }

        @Test func aCodeCommandThatFailsIsAFailedStep() async throws {
            try await Scene.with(identities: 1) { scene in
                let run = try await Program.run(
                    [
                        "drill", "--public-server", scene.simulator.publicURL, "--self-service",
                        "a@example.test",
                        "--code-command", "exit 3", "--yes", "--json",
                    ],
                    in: scene.folder
                )
                #expect(run.status == 1)
                let document = try document(run)
                #expect(document["failed_step"] as? String == "redeem")
                #expect(steps(document) == ["start_recovery", "send_mail", "redeem"])
            }
        }

        // MARK: what is sent, and what is not

        @Test func theOperatorsSecretsStayAtTheAdminPort() async throws {
            let seen = PublicRequests()
            try await Scene.with(identities: 1) {
                $0.selfService.usesTransitions = true
                $0.requiredToken = "ory_pat_CANARY"
                $0.script = { request in
                    seen.note(request)
                    return nil
                }
            } _: { scene in
                for way in [["--browser"], []] {
                    let run = try await drill(
                        scene,
                        ["--yes", "--header", "X-Tenant: blue-canary"] + way,
                        environment: ["LATCHSTRING_API_KEY": "ory_pat_CANARY"]
                    )
                    #expect(run.status == 0, "\(run.words)")
                    #expect(!run.words.contains("CANARY") && !run.words.contains("blue-canary"))
                }
            }
            #expect(seen.all.count == 12, "\(seen.all)")
            #expect(!seen.all.contains { $0.contains("Authorization") || $0.contains("X-Tenant") })
            // The login is another device's: no cookie of the recovery goes there.
            #expect(!seen.all.contains { $0.contains("/login") && $0.contains("Cookie") })
            #expect(!seen.all.contains { $0.contains("Cookie") && $0.contains("X-Session-Token") })
            #expect(seen.all.contains { $0.hasPrefix("POST /self-service/settings Cookie") })
        }

        @Test func withoutYesNothingIsDone() async throws {
            try await Scene.with(identities: 1) { scene in
                for arguments in [[], ["--json"], ["--browser"]] {
                    let run = try await drill(scene, arguments)
                    #expect(run.status == 64, "\(run.words)")
                    #expect(run.stderr.contains("Warning: this drill sets a new, random password"))
                    #expect(run.stderr.contains("--yes"))
                    #expect(run.stdout.isEmpty)
                }
                #expect(scene.simulator.statistics().requestsReceived == 0)
                #expect(scene.simulator.issued().isEmpty)
            }
        }

        @Test(arguments: [
            (
                ["--server", "http://127.0.0.1:1", "--identity", "021d045c-26f8-4316-8389-fc0ac90734e1"],
                "--public-server"
            ),
            (["--public-server", "http://127.0.0.1:1", "--server", "http://127.0.0.1:1"], "--identity"),
            (
                [
                    "--public-server", "http://127.0.0.1:1", "--identity",
                    "021d045c-26f8-4316-8389-fc0ac90734e1",
                ], "--server"
            ),
            (["--public-server", "http://127.0.0.1:1", "--identity", "nobody"], "--identity"),
            (
                ["--public-server", "http://h.test", "--identity", "021d045c-26f8-4316-8389-fc0ac90734e1"],
                "encrypted"
            ),
            (["--public-server", "http://127.0.0.1:1", "--self-service", "nobody"], "--self-service"),
            (
                ["--public-server", "http://127.0.0.1:1", "--self-service", "a@b", "--link"],
                "--link and --self-service"
            ),
            (["--public-server", "http://127.0.0.1:1", "--browser", "--link"], "--link and --browser"),
            (["--public-server", "http://127.0.0.1:1", "--self-service", "a@b"], "--code-command"),
            (
                [
                    "--public-server", "http://127.0.0.1:1", "--provider", "connhex", "--identity",
                    "021d045c-26f8-4316-8389-fc0ac90734e1",
                ],
                "--browser or --link"
            ),
        ])
        func wrongSettingsAreUsageErrors(_ arguments: [String], _ named: String) async throws {
            let folder = try TemporaryFolder()
            let run = try await Program.run(["drill", "--yes"] + arguments, in: folder.path)
            #expect(run.status == 64, "\(run.words)")
            #expect(run.stderr.contains(named), "\(run.stderr)")
        }

        @Test func helpNamesEveryOptionAndExitCode() async throws {
            let help = try await Program.run(["drill", "--help"])
            #expect(help.status == 0)
            for option in [
                "public-server", "identity", "link", "browser", "self-service", "code-command", "yes", "json",
                "server", "api-key-file", "config",
            ] {
                #expect(help.stdout.contains("--\(option)"), "\(option)")
            }
            #expect(help.stdout.contains("EXIT CODES:"))
        }
    }
}
