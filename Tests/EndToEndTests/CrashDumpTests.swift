// What a crash leaves behind: nothing with a secret in it.

import Foundation
import IdentitySimulator
import Programs
import Testing

extension EndToEndTests {
    @Suite struct CrashDumpTests {
        /// Where a core file would be written, the system's and the shell's limits let it be.
        @Test func aCrashLeavesNoCoreFileAndShowsNoMemory() async throws {
            try await Scene.holding(identities: 1) { scene, held in
                let run = try await Program.run(
                    [
                        "run", scene.rosterPath, "--server", scene.simulator.adminURL, "--output-dir",
                        scene.outputFolder,
                    ],
                    in: scene.folder,
                    prelude: "ulimit -c unlimited",
                    whileRunning: { id in
                        await held.wait()
                        let limits = try String(contentsOfFile: "/proc/\(id)/limits", encoding: .utf8)
                        let core = try #require(
                            limits.split(separator: "\n").first { $0.contains("core file") }
                        )
                        #expect(core.split(separator: " ").contains("0"), "\(core)")
                        kill(id, SIGSEGV)
                    }
                )
                held.letGo()
                #expect(run.status == -Int(SIGSEGV))
                #expect(run.words == "", "no backtrace with registers")
                let left = try FileManager.default.contentsOfDirectory(atPath: scene.folder)
                #expect(left.sorted() == ["people.csv", "reports"])
            }
        }
    }
}
