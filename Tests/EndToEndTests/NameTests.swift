// Hosts' names: those that cannot be resolved for now, and links to hosts that users cannot reach.

import Foundation
import IdentitySimulator
import Programs
import Testing
import Model

extension EndToEndTests {
    @Suite struct NameTests {
        @Test(arguments: [
            ["--server", "http://kratos.later.test:4434"],
            ["--server", "http://kratos.here.test:4434", "--proxy", "http://proxy.later.test:3128"],
        ])
        func aNameThatCannotBeResolvedForNowIsTriedAgain(_ options: [String]) async throws {
            try await Scene.with(identities: 3) { scene in
                guard let names = try await FakeNames(in: scene.folder) else { return }
                let run = try await scene.run(options + ["--allow-http"], environment: names.environment)
                #expect(run.status == 5, "\(run.words)")
                #expect(run.stderr.contains("later.test cannot be resolved for now"), "\(run.stderr)")
                #expect(run.stderr.contains("tries"))
                let status = try await scene.status()
                #expect(status["pending"] == 3 && status["ambiguous_attempts"] == 0)

                let again = try await scene.run(["--server-moved"])
                #expect(again.status == 0, "\(again.words)")
            }
        }

        @Test func aNameThatDoesNotExistEndsTheRunAtOnce() async throws {
            try await Scene.with(identities: 1) { scene in
                let run = try await scene.run(["--server", "https://kratos.invalid"])
                #expect(run.status == 1, "\(run.words)")
                #expect(run.stderr.contains("has no address"))
            }
        }

        @Test(arguments: [
            ("http://127.0.0.1:4455", true), ("http://kratos-ui.ory.svc", true), ("https://ui", true),
            ("https://ui.example.com", false),
        ])
        func linksThatUsersCannotOpenAreWarnedOfOnce(_ base: String, _ isWarnedOf: Bool) async throws {
            try await Scene.with(identities: 5, configure: { $0.uiURL = base }) { scene in
                guard let names = try await FakeNames(in: scene.folder) else { return }
                let server = "http://kratos.here.test:\(scene.simulator.adminPort)"
                let run = try await scene.run(
                    ["--server", server, "--allow-http"],
                    environment: names.environment
                )
                #expect(run.status == 0, "\(run.words)")
                let count = run.stderr.components(separatedBy: "selfservice.flows.recovery.ui_url").count - 1
                #expect(count == (isWarnedOf ? 1 : 0), "\(run.stderr)")
                #expect(run.stderr.contains("base_url") == isWarnedOf)
            }
        }

        @Test func linksToThisMachineAreRightWhereTheServerIs() async throws {
            try await Scene.with(identities: 2) { scene in
                let run = try await scene.run()
                #expect(run.status == 0)
                #expect(!run.stderr.contains("ui_url"), "\(run.stderr)")
            }
        }
    }
}
