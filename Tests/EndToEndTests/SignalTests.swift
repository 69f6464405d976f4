// Signals that ask, jobs in the background, and waiting for another run.

import Foundation
import Glibc
import IdentitySimulator
import Programs
import Subprocess
import SystemPackage
import Testing
import Model

extension EndToEndTests {
    @Suite struct SignalTests {
        /// Returns when it is so.
        ///
        /// What changes is another program's, and nothing tells of it: so it is looked at.
        ///
        /// - Throws: `CancellationError` where the test is given up.
        private static func until(_ isSo: () throws -> Bool) async throws {
            while try !isSo() { try await Task.sleep(for: .milliseconds(10)) }
        }

        /// Returns when a program has said so much into its file of errors.
        private static func until(_ file: String, says words: String) async throws {
            try await until { (try? String(contentsOfFile: file, encoding: .utf8))?.contains(words) == true }
        }

        @Test(arguments: [[], ["--quiet"], ["--verify", "--quiet"]])
        func askingHowFarItIsEndsNothing(_ arguments: [String]) async throws {
            try await Scene.holding(identities: 8, then: .answer(.json(500, "{}"))) { scene, held in
                let errors = "\(scene.folder)/stderr"
                let run = try await scene.run(
                    arguments + ["--attempts-max", "1", "--timeout", "1h"],
                    prelude: "exec 2>\(errors)",
                    whileRunning: { id in
                        await held.wait()
                        // Its first request is out: it listens since before that.
                        kill(id, SIGUSR2)
                        kill(id, SIGUSR1)
                        try await Self.until(errors, says: "0 of 8")
                        held.letGo()
                    }
                )
                let told = try String(contentsOfFile: errors, encoding: .utf8)
                #expect(run.status == 3, "\(told)")
                #expect(told.contains("0 of 8"), "\(told)")
            }
        }

        /// Before it works, and in commands that have nothing to tell.
        @Test func askingEndsNoCommandAtAll() async throws {
            try await Scene.with(identities: 2) { scene in
                let pipe = "\(scene.folder)/pipe"
                #expect(mkfifo(pipe, 0o600) == 0)
                for command in ["run", "plan"] {
                    let arguments = [
                        command, pipe, "--campaign", command, "--server", scene.simulator.adminURL,
                        "--output-dir", scene.outputFolder,
                    ]
                    let run = try await Program.run(
                        arguments,
                        whileRunning: { id in
                            // It waits for the roster once it has opened the pipe.
                            let writer = open(pipe, O_WRONLY | O_CLOEXEC)
                            for _ in 0..<20 {
                                kill(id, SIGUSR1)
                                kill(id, SIGUSR2)
                            }
                            let rows = Array(scene.identities.map { "\($0.text)\n" }.joined().utf8)
                            _ = write(writer, rows, rows.count)
                            close(writer)
                        }
                    )
                    #expect(run.status == 0, "\(command): \(run.words)")
                }
            }
        }

        @Test func nothingIsDrawnInTheBackground() async throws {
            try await Scene.with(identities: 400) { scene in
                let terminal = try PseudoTerminal()
                // A shell with job control, whose jobs are to be stopped when they write from the background.
                let script = """
                    set -m; stty tostop; echo begun; \(Program.latchstring) run \(scene.rosterPath) --server \
                    \(scene.simulator.adminURL) --output-dir \(scene.outputFolder) --rate 40/s > /dev/null \
                    & read -r x
                    echo first; fg; echo stopped; read -r x; bg; read -r x; echo second; fg; echo "ended $?"
                    """
                async let shell = Subprocess.run(
                    .path("/usr/bin/setsid"),
                    arguments: ["--ctty", "--wait", "/bin/bash", "--norc", "-c", script],
                    environment: .custom(Program.bareEnvironment.merging(["TERM": "xterm"]) { $1 }),
                    input: .fileDescriptor(try terminal.open(), closeAfterSpawningProcess: true),
                    output: .fileDescriptor(try terminal.open(), closeAfterSpawningProcess: true),
                    error: .fileDescriptor(try terminal.open(), closeAfterSpawningProcess: true)
                )
                try await terminal.awaits("begun")
                try await Self.arrivals(20, at: scene)
                #expect(!terminal.shown.contains("of 400"), "\(terminal.shown)")
                try terminal.type("\n")
                try await terminal.awaits("of 400")
                try terminal.type("\u{1a}")
                try await terminal.awaits("stopped\r\n")
                try terminal.type("\n")
                try await terminal.awaits(" &\r\n")
                let shown = terminal.shown
                try await Self.arrivals(40, at: scene)
                #expect(terminal.shown == shown, "nothing is drawn after bg")
                try terminal.type("\n")
                try await terminal.awaits("second")
                let drawn = terminal.shown.count
                try await Self.until {
                    terminal.shown.count >= drawn + 200 || terminal.shown.contains("ended")
                }
                try await terminal.awaits("ended 0")
                let after = terminal.shown.split(separator: "second").last ?? ""
                #expect(after.contains("of 400"), "it is drawn again after fg")
                _ = try await shell
            }
        }

        /// Returns when the server has been asked so many times more.
        private static func arrivals(_ count: Int, at scene: Scene) async throws {
            let end = scene.simulator.statistics().requestsReceived + count
            try await until { scene.simulator.statistics().requestsReceived >= end }
        }

        // MARK: - Waiting for a campaign in use

        @Test func aRunWaitsForAnotherOne() async throws {
            try await Scene.holding(identities: 3, then: .answer(.json(500, "{}"))) { scene, held in
                let first = try await scene.run(
                    ["--attempts-max", "1", "--timeout", "1h"],
                    whileRunning: { id in
                        await held.wait()
                        let tooLong = try await scene.run(["--wait-for-lock", "300ms"])
                        #expect(tooLong.status == 11)
                        #expect(tooLong.stderr.contains("is in use by process \(id) "), "\(tooLong.words)")
                        #expect(tooLong.stderr.contains("waiting for it"), "\(tooLong.words)")
                        #expect(tooLong.stderr.contains("--wait-for-lock"), "\(tooLong.words)")
                        let atOnce = try await scene.run(environment: ["LATCHSTRING_WAIT_FOR_LOCK": "0s"])
                        #expect(atOnce.status == 11 && !atOnce.stderr.contains("waiting"), "\(atOnce.words)")
                        let purge = try await scene.command("purge", ["--wait-for-lock", "300ms"])
                        #expect(purge.status == 11, "\(purge.words)")
                        let errors = "\(scene.folder)/waiting"
                        let waited = try await scene.run(
                            ["--wait-for-lock", "1h", "--attempts-max", "1"],
                            prelude: "exec 2>\(errors)",
                            whileRunning: { _ in
                                try await Self.until(errors, says: "waiting for it")
                                held.letGo()
                            }
                        )
                        #expect(waited.status == 3, "\(waited.words)")
                    }
                )
                #expect(first.status == 3)
            }
        }

        @Test(arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 143)], ["run", "purge"])
        func aSignalEndsTheWait(_ signal: (Int32, Int), _ command: String) async throws {
            try await Scene.holding(identities: 3, then: .answer(.json(500, "{}"))) { scene, held in
                _ = try await scene.run(
                    ["--attempts-max", "1", "--timeout", "1h"],
                    whileRunning: { _ in
                        await held.wait()
                        let errors = "\(scene.folder)/waiting"
                        let options = ["--output-dir", scene.outputFolder, "--wait-for-lock", "1h"]
                        let waiting = try await Program.run(
                            command == "run"
                                ? ["run", scene.rosterPath, "--server", scene.simulator.adminURL] + options
                                : ["purge", "--campaign", "people"] + options,
                            prelude: "exec 2>\(errors)",
                            whileRunning: { id in
                                try await Self.until(errors, says: "waiting")
                                kill(id, signal.0)
                            }
                        )
                        let told = try String(contentsOfFile: errors, encoding: .utf8)
                        #expect(waiting.status == signal.1, "\(told)")
                        #expect(told.contains("nothing was done"), "\(told)")
                        held.letGo()
                    }
                )
            }
        }
    }
}
