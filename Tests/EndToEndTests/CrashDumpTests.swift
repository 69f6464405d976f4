// What a crash leaves behind: nothing with a secret in it.

import Foundation
import IdentitySimulator
import Programs
import Testing

extension EndToEndTests {
    @Suite struct CrashDumpTests {
        /// Where a core file would be written, the system's and the shell's limits let it be.
        @Test func aCrashLeavesNoCoreFileAndShowsNoMemory() async throws {
            let gate = Gate()
            let arrival = Arrival()
            try await Scene.with(
                identities: 1,
                configure: {
                    $0.script = { request in
                        guard request.identity != nil else { return nil }
                        arrival.note()
                        return .hold(.gate(gate), then: .close)
                    }
                }
            ) { scene in
                let run = try await Program.run(
                    [
                        "run", scene.rosterPath, "--server", scene.simulator.adminURL, "--output-dir",
                        scene.outputFolder,
                    ],
                    in: scene.folder,
                    prelude: "ulimit -c unlimited",
                    whileRunning: { id in
                        await arrival.wait()
                        let limits = try String(contentsOfFile: "/proc/\(id)/limits", encoding: .utf8)
                        let core = try #require(
                            limits.split(separator: "\n").first { $0.contains("core file") }
                        )
                        #expect(core.split(separator: " ").contains("0"), "\(core)")
                        kill(id, SIGSEGV)
                    }
                )
                gate.open()
                #expect(run.status == -Int(SIGSEGV))
                #expect(run.words == "", "no backtrace with registers")
                let left = try FileManager.default.contentsOfDirectory(atPath: scene.folder)
                #expect(left.sorted() == ["people.csv", "reports"])
            }
        }
    }
}
