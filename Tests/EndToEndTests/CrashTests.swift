// Kills, signals and two runs at once: nothing that was committed is lost or asked for again.

import Foundation
import Glibc
import IdentitySimulator
import Programs
import Synchronization
import TestSupport
import Testing
import Model

/// Sends a signal to the process at work on a campaign when the server has received so many requests.
///
/// Whose process it is says the campaign's lock file; so the server's own thread can do it at that very
/// moment.
final class Ambush: Sendable {
    private struct State {
        var lockFile = ""
        var signal = SIGKILL
        /// Nil while it is not armed.
        var requestsLeft: Int?
    }

    private let state = Mutex(State())

    /// Arms it, once.
    func arm(after requests: Int, signal: Int32, in scene: Scene) {
        let lockFile = "\(scene.campaignFolder)/.lock"
        state.withLock { $0 = State(lockFile: lockFile, signal: signal, requestsLeft: requests) }
    }

    func requestReceived() {
        state.withLock { state in
            guard let left = state.requestsLeft else { return }
            state.requestsLeft = left - 1
            guard left <= 1, let process = Self.process(in: state.lockFile) else { return }
            state.requestsLeft = nil
            kill(process, state.signal)
        }
    }

    private static func process(in lockFile: String) -> Int32? {
        let words = FileManager.default.contents(atPath: lockFile).map { String(decoding: $0, as: UTF8.self) }
        return words.flatMap { Int32($0.split(separator: " ").dropFirst().first ?? "") }
    }
}

extension EndToEndTests {
    @Suite struct CrashTests {
        @Test func killedAtFiftyMomentsItGoesOnFromThere() async throws {
            let ambush = Ambush()
            let concurrency = 4
            let rounds = 50
            try await Scene.with(
                identities: 900,
                configure: { configuration in
                    configuration.script = { request in
                        if request.identity != nil { ambush.requestReceived() }
                        return nil
                    }
                }
            ) { scene in
                var random = SeededGenerator(seed: 50)
                var committed: [String: String] = [:]
                var kills = 0
                for round in 0..<rounds {
                    ambush.arm(after: Int.random(in: 1...30, using: &random), signal: SIGKILL, in: scene)
                    let run = try await scene.run(["--concurrency", "\(concurrency)"])
                    if run.status == -Int(SIGKILL) {
                        kills += 1
                    } else {
                        #expect(run.status == 0, "\(run.words)")
                    }
                    guard scene.has("ledger.sqlite") else { continue }
                    let status = try await scene.command("status", ["--json"])
                    // Killed before the campaign was in its ledger there is nothing to look at.
                    guard status.status == 0 else { continue }
                    let summary = try Summary(status.stdout)
                    #expect(summary["in_doubt"] <= 4 * concurrency, "round \(round)")

                    #expect(try await scene.command("export").status == 0)
                    let exported = try scene.rows("invitations.csv")
                    let codes = Dictionary(
                        uniqueKeysWithValues: exported.map {
                            ($0["identity_id"] ?? "", $0["recovery_code"] ?? "")
                        }
                    )
                    for (id, code) in committed {
                        #expect(codes[id] == code, "a committed code is never lost")
                    }
                    committed = codes
                }
                #expect(kills >= 25, "the kills must come while it works")

                #expect(try await scene.run().status == 0)
                let issued = scene.simulator.issued()
                let summary = try scene.summary()
                #expect(summary["issued"] == 900)
                #expect(summary["in_doubt"] == 0)
                // A code that nobody holds is one of a claim in doubt, and counted.
                #expect(issued.count - 900 <= summary["ambiguous_attempts"])
                #expect(summary["ambiguous_attempts"] <= kills * 4 * concurrency)
                for row in try scene.rows("invitations.csv") where committed[row["identity_id"] ?? ""] != nil
                {
                    #expect(committed[row["identity_id"] ?? ""] == row["recovery_code"])
                }
                // Never asked for again: nothing was issued for an identity after the code that the ledger
                // holds.
                let last = Dictionary(issued.map { ($0.identity.text, $0.recoveryCode) }) { _, later in later
                }
                for (id, code) in committed { #expect(last[id] == code) }
            }
        }

        @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)])
        func oneSignalDrains(_ signal: Int32, _ status: Int) async throws {
            let ambush = Ambush()
            try await Scene.with(
                identities: 400,
                configure: { configuration in
                    configuration.latency = .milliseconds(5)
                    configuration.script = { request in
                        if request.identity != nil { ambush.requestReceived() }
                        return nil
                    }
                }
            ) { scene in
                ambush.arm(after: 40, signal: signal, in: scene)
                let run = try await scene.run()
                #expect(run.status == status, "\(run.words)")
                #expect(run.stderr.split(separator: "\n").last?.contains("To go on: latchstring run") == true)
                let summary = try scene.summary()
                #expect(summary["in_doubt"] == 0)
                #expect(summary["pending"] > 0)
                #expect(summary["issued"] == scene.simulator.issued().count, "every answer was recorded")
                #expect(summary["requests"] == scene.simulator.statistics().requestsReceived)
                #expect(try scene.rows("invitations.csv").count == summary["issued"])

                #expect(try await scene.run().status == 0)
                #expect(scene.simulator.statistics().requestsReceived == 400)
            }
        }

        @Test func twoSignalsStopAtOnce() async throws {
            try await Scene.holding(identities: 20) { scene, held in
                // The server holds the first answer back: a drain would wait for it until the timeout.
                let run = try await scene.run(
                    ["--timeout", "1h"],
                    whileRunning: { id in
                        await held.wait()
                        // Signals of one kind that come together are one: two kinds are two.
                        kill(id, SIGTERM)
                        kill(id, SIGINT)
                    }
                )
                held.letGo()
                #expect([130, 143].contains(run.status), "\(run.words)")
                #expect(run.stderr.contains("To go on: latchstring run"))
                // A run that can send nothing to anybody changes nothing of that.
                let nowhere = try await Program.run([
                    "run", scene.rosterPath, "--server", "https://no-such-host.invalid", "--server-moved",
                    "--output-dir", scene.outputFolder,
                ])
                #expect(nowhere.status == 1, "\(nowhere.words)")
                let status = try await scene.status()
                #expect(status["in_doubt"] > 0)
                #expect(status["issued"] == 0)
                #expect(status["ambiguous_attempts"] == status["in_doubt"])
            }
        }

        @Test func aSecondRunIsToldWhoseTheCampaignIs() async throws {
            try await Scene.holding(identities: 10, then: .answer(.json(500, "{}"))) { scene, held in
                let first = try await scene.run(
                    ["--attempts-max", "1", "--timeout", "1h"],
                    whileRunning: { id in
                        await held.wait()
                        let second = try await scene.run()
                        #expect(second.status == 11)
                        #expect(second.stderr.contains("process \(id) "), "\(second.stderr)")
                        let status = try await scene.status()
                        #expect(status["in_doubt"] == 0, "a live run's claims are its work")
                        #expect(status["pending"] == 10)
                        #expect(try await scene.command("export").status == 0)
                        #expect(try await scene.command("report").status == 0)
                        held.letGo()
                    }
                )
                #expect(first.status == 3)
                #expect(try scene.summary().failures == ["server_error": 10])
            }
        }
    }
}
