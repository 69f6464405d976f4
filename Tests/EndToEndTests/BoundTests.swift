// What ends a run before its work is done, because the operator said so.

import IdentitySimulator
import Programs
import Testing
import Model

extension EndToEndTests {
    @Suite struct BoundTests {
        @Test(arguments: ["20", "10%"])
        func aRosterThatIsPlainlyWrongStopsTheRun(_ bound: String) async throws {
            try await Scene.with(identities: 2000, configure: { $0.unknownShare = 0.5 }) { scene in
                let run = try await scene.run(["--max-failures", bound])
                #expect(run.status == 3, "\(run.words)")
                #expect(run.stderr.contains("more than --max-failures \(bound) allows"))
                #expect(run.stderr.contains("To go on: latchstring run"))
                let summary = try scene.summary()
                #expect(summary.text("stopped_because") == "max_failures")
                #expect(summary["failed"] > 20)
                #expect(summary["pending"] > 1500)
                #expect(summary["in_doubt"] == 0)
                #expect(try scene.rows("failures.csv").count == summary["failed"])
                // Looked up first, nothing is issued at all.
                let verified = try await scene.run([
                    "--max-failures", bound, "--verify", "--campaign", "looked-up",
                ])
                #expect(verified.status == 3, "\(verified.words)")
                #expect(scene.simulator.statistics().requestsReceived == summary["requests"])
                #expect(try await scene.run().status == 3)
                #expect(try scene.summary()["pending"] == 0)
            }
        }

        @Test func aRunEndsWhenItsTimeIsOver() async throws {
            try await Scene.with(identities: 2000) { scene in
                let run = try await scene.run(["--max-duration", "5s", "--rate", "20/s"])
                #expect(run.status == 5, "\(run.words)")
                #expect(run.stderr.contains("the time of --max-duration is over"))
                #expect(run.stderr.contains("To go on: latchstring run"))
                let summary = try scene.summary()
                #expect(summary.text("stopped_because") == "max_duration")
                #expect((1...120).contains(summary["issued"]))
                #expect(summary["in_doubt"] == 0)
                #expect(scene.simulator.statistics().issued == summary["issued"])
            }
        }

        /// Each of these answers may stand for a code that nobody has.
        @Test(arguments: [
            #"{"recovery_code":"123456"}"#, #"{"recovery_code":123456,"recovery_link":"https://ui/x"}"#,
            "<html>",
        ])
        func aServerThatGivesNothingUsableStopsTheRun(_ body: String) async throws {
            try await Scene.with(
                identities: 200,
                configure: { $0.script = { $0.method == "POST" ? .answer(.json(201, body)) : nil } }
            ) { scene in
                let run = try await scene.run()
                #expect(run.status == 5, "\(run.words)")
                #expect(run.stderr.contains("an answer that can be used"))
                #expect(scene.simulator.statistics().requestsReceived < 100)
                let summary = try scene.summary()
                #expect(summary["failed"] + summary["pending"] == 200)
            }
        }
    }
}
