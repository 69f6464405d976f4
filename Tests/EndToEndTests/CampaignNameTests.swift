// Which campaign a roster leads to, on the real binary.

import Foundation
import IdentitySimulator
import Programs
import Testing
import Model

extension EndToEndTests {
    @Suite struct CampaignNameTests {
        /// `run` or `plan` of a roster in the scene's folder.
        private func start(
            _ command: String,
            _ scene: Scene,
            _ path: String,
            _ more: [String] = [],
            input: String = ""
        )
            async throws -> Run
        {
            try await Program.run(
                [command, path, "--server", scene.simulator.adminURL, "--output-dir", scene.outputFolder]
                    + more,
                in: scene.folder,
                input: input
            )
        }

        private func campaigns(_ scene: Scene) -> [String] {
            ((try? FileManager.default.contentsOfDirectory(atPath: scene.outputFolder)) ?? []).sorted()
        }

        @Test(arguments: [
            ("Müller", "Möller"), ("客户", "员工"), ("клиенты", "сотрудники"), ("العملاء", "الموظفون"),
            ("ก้า", "ก่า"),
        ])
        func rostersOfAnyScriptHaveTheirOwn(_ one: String, _ other: String) async throws {
            try await Scene.with(identities: 2) { scene in
                for (name, identity) in zip([one, other], scene.identities) {
                    try scene.write("id\n\(identity.text)\n", to: "\(scene.folder)/\(name).csv")
                    let run = try await start("run", scene, "\(name).csv")
                    #expect(run.status == 0, "\(run.words)")
                    let status = try await Program.run([
                        "status", "--campaign", name.decomposedStringWithCanonicalMapping, "--output-dir",
                        scene.outputFolder, "--json",
                    ])
                    #expect(try Summary(status.stdout)["identities"] == 1)
                }
                #expect(campaigns(scene) == [one, other].sorted())
            }
        }

        @Test func filesOfMacOSLeadToTheSame() async throws {
            try await Scene.with(identities: 1) { scene in
                for name in ["Mu\u{308}ller.csv", "M\u{fc}ller.csv"] {
                    try scene.write("id\n\(scene.identities[0].text)\n", to: "\(scene.folder)/\(name)")
                    #expect(try await start("run", scene, name).status == 0)
                }
                #expect(campaigns(scene) == ["M\u{fc}ller"])
                #expect(scene.simulator.issued().count == 1)
            }
        }

        @Test(arguments: ["run", "plan"])
        func anotherFileWithTheSameNameIsRefused(_ command: String) async throws {
            try await Scene.with(identities: 2) { scene in
                for (name, identity) in zip(["q1 (a).csv", "q1 [a].csv"], scene.identities) {
                    try scene.write("id\n\(identity.text)\n", to: "\(scene.folder)/\(name)")
                }
                #expect(try await start("run", scene, "q1 (a).csv").status == 0)
                let refused = try await start(command, scene, "q1 [a].csv")
                #expect(refused.status == 1)
                #expect(refused.stderr.contains("q1 (a).csv") && refused.stderr.contains("q1 [a].csv"))
                #expect(refused.stderr.contains("--campaign q1--a-") && !refused.stderr.contains("to go on:"))
                #expect(scene.simulator.issued().count == 1)
                // Wanted, it is taken; and both are known from then on.
                #expect(try await start("run", scene, "q1 [a].csv", ["--campaign", "q1--a-"]).status == 0)
                for name in ["q1 (a).csv", "q1 [a].csv"] {
                    #expect(try await start(command, scene, name).status == 0)
                }
            }
        }

        @Test(arguments: ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"])
        func standardInputHasNoName(_ path: String) async throws {
            try await Scene.with(identities: 1) { scene in
                let roster = "id\n\(scene.identities[0].text)\n"
                for command in ["run", "plan"] {
                    let refused = try await start(command, scene, path, input: roster)
                    #expect(
                        refused.status == 64 && refused.stderr.contains("--campaign is required"),
                        "\(refused.words)"
                    )
                }
                #expect(campaigns(scene) == [])
                let run = try await start("run", scene, path, ["--campaign", "named"], input: roster)
                #expect(run.status == 0, "\(run.words)")
                #expect(campaigns(scene) == ["named"])
            }
        }

        @Test(arguments: ["().csv", "./---.csv", "👍.csv", "….json"])
        func aNameWithoutLetterOrDigitAsksForOne(_ name: String) async throws {
            try await Scene.with(identities: 1) { scene in
                try scene.write("id\n\(scene.identities[0].text)\n", to: "\(scene.folder)/\(name)")
                let refused = try await start("run", scene, name)
                #expect(
                    refused.status == 64 && refused.stderr.contains("--campaign is required"),
                    "\(refused.words)"
                )
                #expect(try await start("run", scene, name, ["--campaign", "named"]).status == 0)
            }
        }
    }
}
