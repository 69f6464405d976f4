// A campaign belongs to the first server that gives an answer which can be used, on the real binary.

import Foundation
import IdentitySimulator
import Programs
import Testing
import Model

extension EndToEndTests {
    @Suite struct ServerBindingTests {
        enum Mistake: String, CaseIterable {
            case deadPort, publicPort, wrongPath, wrongHost
        }

        private func url(_ mistake: Mistake, _ scene: Scene) -> String {
            switch mistake {
            case .deadPort: "http://127.0.0.1:1"
            case .publicPort: scene.simulator.publicURL
            case .wrongPath: scene.simulator.adminURL + "/nowhere"
            case .wrongHost: "https://no-such-host.invalid"
            }
        }

        @Test(arguments: Mistake.allCases, [[], ["--verify"]])
        func aMistakeBindsNothing(_ mistake: Mistake, _ more: [String]) async throws {
            try await Scene.with(identities: 3) { scene in
                let arguments = ["run", scene.rosterPath, "--output-dir", scene.outputFolder] + more
                let mistaken = arguments + ["--server", url(mistake, scene)]
                let failed = try await Program.run(mistaken)
                #expect(failed.status == 1 || failed.status == 5, "\(failed.words)")
                let last = failed.stderr.split(separator: "\n").last ?? ""
                #expect(last.contains("To go on: latchstring run"), "\(last)")
                #expect(last.contains("--server URL"), "\(last)")
                #expect(!last.contains("--server \(url(mistake, scene))"), "\(last)")
                let status = try await scene.status()
                #expect(status.fields["server"] is NSNull && status["pending"] == 3)
                #expect(try await scene.command("status").stdout.contains("no server yet (tried last: "))
                // The right one simply works, for plan and run alike.
                let right = ["--server", scene.simulator.adminURL]
                let plan = try await Program.run(["plan"] + arguments.dropFirst() + right)
                #expect(plan.status == 0, "\(plan.words)")
                let run = try await Program.run(arguments + right)
                #expect(run.status == 0, "\(run.words)")
                #expect(try scene.summary().text("server") == scene.simulator.adminURL)
                // From then on it is bound.
                let other = try await Program.run(mistaken)
                #expect(other.status == 1 && other.stderr.contains("--server-moved"))
                #expect(!other.stderr.contains("to go on:"))
            }
        }

        /// A campaign that is bound, and a mistyped new URL: it still belongs to the old one.
        @Test(arguments: Mistake.allCases)
        func aMistypedMoveMovesNothing(_ mistake: Mistake) async throws {
            try await Scene.with(identities: 3) { scene in
                #expect(try await scene.run(["--max-identities", "1"]).status == 0)
                let arguments = ["run", scene.rosterPath, "--output-dir", scene.outputFolder]
                let moved = try await Program.run(
                    arguments + ["--server", url(mistake, scene), "--server-moved"]
                )
                #expect(moved.status == 1 || moved.status == 5, "\(moved.words)")
                let last = moved.stderr.split(separator: "\n").last ?? ""
                #expect(last.contains("--server URL"), "\(last)")
                #expect(try scene.summary().text("server") == scene.simulator.adminURL)
                #expect(try await scene.run().status == 0)
            }
        }

        @Test(arguments: [[], ["--verify"]])
        func anAnswerThatNamesAnUnknownIdentityBindsIt(_ more: [String]) async throws {
            try await Scene.with(identities: 1, known: []) { scene in
                #expect(try await scene.run(more).status == 3)
                #expect(try scene.summary().text("server") == scene.simulator.adminURL)
                let other = try await Program.run([
                    "run", scene.rosterPath, "--output-dir", scene.outputFolder, "--server",
                    "http://127.0.0.1:1",
                ])
                #expect(other.status == 1 && other.stderr.contains("belongs to \(scene.simulator.adminURL)"))
            }
        }
    }
}
