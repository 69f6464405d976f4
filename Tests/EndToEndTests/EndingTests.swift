// The last line, the exit code, and the command to go on with.

import Foundation
import IdentitySimulator
import Programs
import TestSupport
import Testing
import Model

extension EndToEndTests {
    @Suite struct EndingTests {
        /// The command after "To go on: " in the last line, as a shell reads it; nil where there is none.
        static func goOn(_ run: Run) -> [String]? {
            guard let line = run.stderr.split(separator: "\n").last,
                let start = line.range(of: "o go on: latchstring ")
            else { return nil }
            return line[start.upperBound...].split(separator: " ").map(String.init)
        }

        static func lastLine(_ run: Run) -> String {
            run.stderr.split(separator: "\n").last.map(String.init) ?? ""
        }

        // MARK: - Outputs that cannot be written

        /// What stands in an output's way, and what is then missing.
        static let missing: [(inTheWay: String, files: String, command: String)] = [
            ("invitations.csv", "invitations.csv", "export"),
            ("failures.csv", "failures.csv", "report"),
            ("rejected.csv", "rejected.csv", "report"),
            ("summary.json", "summary.json", "report"),
        ]

        @Test(arguments: missing)
        func whatIsNotWrittenIsInTheLastLine(_ inTheWay: String, _ files: String, _ command: String)
            async throws
        {
            try await Scene.with(identities: 5) { scene in
                #expect(try await scene.run(["--max-identities", "1"]).status == 0)
                let obstacle = "\(scene.campaignFolder)/\(inTheWay)"
                try FileManager.default.removeItem(atPath: obstacle)
                try FileManager.default.createDirectory(
                    atPath: "\(obstacle)/x",
                    withIntermediateDirectories: true
                )
                for arguments in [[], ["--quiet"]] {
                    let run = try await scene.run(arguments)
                    #expect(run.status == 1, "\(run.words)")
                    #expect(
                        Self.lastLine(run)
                            == "latchstring: Not written: \(files). When that is mended, this "
                            + "writes it: latchstring "
                            + "\(command) --campaign people --output-dir \(scene.outputFolder)"
                    )
                }
                try FileManager.default.removeItem(atPath: obstacle)
                #expect(try await scene.command(command).status == 0)
                #expect(scene.has(inTheWay))
            }
        }

        @Test func withoutDescriptorsTheRunSaysWhatIsMissing() async throws {
            try await Scene.with(identities: 5) { scene in
                // How many a run needs for its work differs by machine: some of these let it work and write
                // nothing.
                var unwritten = 0
                for limit in 18...30 {
                    let run = try await scene.run(
                        ["--campaign", "c\(limit)", "--concurrency", "2", "--csv-formulas", "escape"],
                        prelude: "ulimit -n \(limit)"
                    )
                    guard run.stderr.contains("Not written: ") else { continue }
                    unwritten += 1
                    #expect(run.status == 1, "\(run.words)")
                    #expect(run.stderr.contains("ulimit -n"), "\(run.words)")
                    #expect(
                        Self.lastLine(run).contains(
                            "latchstring export --campaign c\(limit) --output-dir "
                                + "\(scene.outputFolder) --csv-formulas escape"
                        ),
                        "\(run.words)"
                    )
                }
                #expect(unwritten > 0)
            }
        }

        @Test func aFileThatMayNotBeReplacedIsNamedWithTheCommandThatWritesIt() async throws {
            try await Scene.with(identities: 5) { scene in
                #expect(try await scene.run(["--max-identities", "2"]).status == 0)
                // A backup's, as it has more rows than the ledger has codes.
                try scene.write(
                    try scene.file("invitations.csv") + "x,1,l,,,\ny,2,l,,,\nz,3,l,,,\nw,4,l,,,\n",
                    to: "\(scene.campaignFolder)/invitations.csv"
                )
                let run = try await scene.run()
                #expect(run.status == 1, "\(run.words)")
                #expect(Self.lastLine(run).contains("Not written: invitations.csv."), "\(run.words)")
                #expect(Self.lastLine(run).contains("latchstring export --campaign people"))
                #expect(run.stderr.contains("Every enrolled identity is issued."))
            }
        }

        // MARK: - Plans

        @Test func aPlanEndsAsTheRunWould() async throws {
            try await Scene.with(identities: 4, known: Array(MadeUpIdentities(count: 3, seed: 7))) { scene in
                func plan(_ arguments: [String] = []) async throws -> Int {
                    try await Program.run(
                        ["plan", scene.rosterPath, "--output-dir", scene.outputFolder] + arguments
                    ).status
                }
                #expect(try await plan() == 0)
                #expect(try await plan(["--verify", "--server", scene.simulator.adminURL]) == 3)
                #expect(try await scene.run().status == 3)
                #expect(try await plan() == 3)
                #expect(try await plan(["--retry-failed"]) == 0)
                try scene.write(roster: Array(scene.identities.prefix(3)), extra: "nobody,x\n")
                #expect(try await plan() == 3)
                #expect(try await plan(["--exit-code", "run", "--json"]) == 3)
                try scene.write(roster: Array(scene.identities.prefix(3)))
                #expect(try await plan() == 0)
                #expect(try await plan(["--rate", "1/h", "--expires-in", "1s"]) == 0)
            }
        }

        // MARK: - Going on

        @Test func whereTheServerIsWrongTheCommandHasAnother() async throws {
            try await Scene.with(identities: 3) { scene in
                let closed = "http://127.0.0.1:1"
                for (url, status) in [
                    (scene.simulator.publicURL, 1), (closed, 5), ("https://no-such-host.invalid", 1),
                    (scene.simulator.adminURL + "/nowhere", 1),
                ] {
                    for options in [["--server", url], ["--server=\(url)"]] {
                        let run = try await Program.run(
                            ["run", scene.rosterPath, "--output-dir", "\(scene.outputFolder)-\(status)"]
                                + options + ["--campaign", "c\(abs(url.hashValue))"]
                        )
                        #expect(run.status == status, "\(run.words)")
                        let goOn = try #require(Self.goOn(run), "\(run.words)")
                        #expect(!goOn.joined(separator: " ").contains(url), "\(run.words)")
                        #expect(goOn.contains("URL") || goOn.contains("--server=URL"), "\(run.words)")
                        #expect(run.stderr.contains("orrect --server"), "\(run.words)")
                    }
                }
                let run = try await Program.run(
                    ["run", scene.rosterPath, "--output-dir", scene.outputFolder],
                    environment: ["LATCHSTRING_SERVER": scene.simulator.publicURL]
                )
                #expect(run.stderr.contains("Correct LATCHSTRING_SERVER first."), "\(run.words)")
            }
        }

        @Test func whereTheCredentialIsRefusedItIsRenewedFirst() async throws {
            try await Scene.with(identities: 3, configure: { $0.requiredToken = "good" }) { scene in
                let key = "\(scene.folder)/key"
                try scene.write("bad", to: key)
                chmod(key, 0o600)
                let file = try await scene.run(["--api-key-file", key])
                #expect(file.status == 4)
                #expect(
                    Self.lastLine(file).contains(
                        "Put a new API key into \(key) first. To go on: latchstring run"
                    )
                )
                let variable = try await scene.run(environment: ["LATCHSTRING_API_KEY": "bad"])
                #expect(Self.lastLine(variable).contains("Put a new API key into LATCHSTRING_API_KEY first."))
                #expect(!variable.words.contains("bad"))
                let none = try await scene.run()
                #expect(
                    Self.lastLine(none).contains("Give a credential that the server takes"),
                    "\(none.words)"
                )
                try scene.write("good", to: key)
                let arguments = try #require(Self.goOn(file))
                #expect(try await Program.run(arguments).status == 0)
            }
        }

        @Test func aCanaryIsGoneOnWithWithoutItsBound() async throws {
            try await Scene.with(identities: 6) { scene in
                for bound in [["--max-identities", "2"], ["--max-identities=2"]] {
                    let run = try await scene.run(bound)
                    #expect(run.status == 0)
                    let goOn = try #require(Self.goOn(run), "\(run.words)")
                    #expect(
                        goOn == [
                            "run", scene.rosterPath, "--server", scene.simulator.adminURL, "--output-dir",
                            scene.outputFolder,
                        ]
                    )
                }
                let variable = try await scene.run(environment: ["LATCHSTRING_MAX_IDENTITIES": "1"])
                #expect(
                    variable.stderr.contains(
                        "Leave out LATCHSTRING_MAX_IDENTITIES. To go on: latchstring run"
                    )
                )
            }
        }

        @Test func aRosterOfStandardInputHasToBeGivenAgain() async throws {
            try await Scene.with(identities: 60) { scene in
                let arguments = [
                    "run", "-", "--campaign", "c", "--server", scene.simulator.adminURL, "--output-dir",
                    scene.outputFolder, "--max-duration", "500ms", "--rate", "10/s",
                ]
                let roster = try String(contentsOfFile: scene.rosterPath, encoding: .utf8)
                let run = try await Program.run(arguments, input: roster)
                #expect(run.status == 5, "\(run.words)")
                #expect(Self.lastLine(run).contains("The roster has to be given again"), "\(run.words)")
                #expect(Self.goOn(run)?.prefix(2) == ["run", "-"])
                // A file is simply read again.
                let file = try await scene.run(["--max-duration", "500ms", "--rate", "10/s"])
                #expect(file.status == 5)
                #expect(!file.stderr.contains("given again"))
            }
        }

        @Test func anotherServersCampaignIsNotGoneOnWith() async throws {
            try await Scene.with(identities: 2) { scene in
                #expect(try await scene.run().status == 0)
                let other = try await Program.run([
                    "run", scene.rosterPath, "--server", "http://127.0.0.1:1", "--output-dir",
                    scene.outputFolder,
                ])
                #expect(other.status == 1)
                #expect(!other.stderr.contains("o go on:"), "\(other.words)")
                #expect(other.stderr.contains("--server-moved"))
            }
        }

        @Test func moreFailuresThanAllowedAskForAHigherBound() async throws {
            try await Scene.with(identities: 30, known: []) { scene in
                let run = try await scene.run(["--max-failures", "3", "--concurrency", "1"])
                #expect(run.status == 3, "\(run.words)")
                let goOn = try #require(Self.goOn(run))
                #expect(goOn.suffix(4) == ["--max-failures", "N", "--concurrency", "1"], "\(run.words)")
                let quiet = try await scene.run(["--max-failures", "3", "--quiet"])
                #expect(quiet.stderr.contains("unknown_identity"), "\(quiet.words)")
            }
        }

        @Test func aRosterThatBreaksFurtherOnIsCorrectedFirst() async throws {
            try await Scene.with(identities: 3) { scene in
                let ids = scene.identities.map { "\"\($0.text)\"" }.joined(separator: ",")
                let blanks = String(repeating: " ", count: 300_000)
                try scene.write("[\(ids),\(blanks){", to: scene.rosterPath)
                let run = try await scene.run()
                #expect(run.status == 1, "\(run.words)")
                #expect(
                    Self.lastLine(run).contains("Correct the roster there first. To go on: latchstring run"),
                    "\(run.words)"
                )
            }
        }
    }

    // MARK: - Exit codes for every night

    @Suite struct ExitCodeTests {
        private static let run = ["--exit-code", "run", "--quiet"]

        @Test func whatIsKnownFromEarlierRunsIsNoNewsEveryNight() async throws {
            try await Scene.with(identities: 6, known: Array(MadeUpIdentities(count: 4, seed: 7))) { scene in
                let people = scene.identities
                try scene.write(roster: people, extra: "nobody,a\n,b\n")
                let first = try await scene.run(Self.run)
                #expect(first.status == 3, "\(first.words)")
                #expect(
                    first.stderr
                        == "latchstring: people: 2 identities have failed in this run (2 unknown_identity); "
                        + "2 rows are newly rejected (2 not_a_uuid); see \(scene.campaignFolder)\n"
                )
                // The same roster; and the same rows in another order, and fewer of them.
                let same = try await scene.run(Self.run)
                #expect((same.status, same.words) == (0, ""))
                try scene.write(roster: people.reversed(), extra: ",z\nnobody,y\n")
                let moved = try await scene.run(Self.run)
                #expect((moved.status, moved.words) == (0, ""))
                try scene.write(roster: people, extra: "nobody,a\n")
                let fewer = try await scene.run(Self.run)
                #expect((fewer.status, fewer.words) == (0, ""))

                try scene.write(roster: people, extra: "nobody,a\nsomebody,b\n")
                let more = try await scene.run(Self.run)
                #expect(more.status == 3)
                #expect(
                    more.stderr.contains("people: 1 row is newly rejected (1 not_a_uuid); see"),
                    "\(more.words)"
                )

                let all = try await scene.run(["--quiet"])
                #expect(all.status == 3)
                #expect(
                    all.stderr
                        == "latchstring: people: 2 identities are failed (2 unknown_identity), "
                        + "none of them in this run; "
                        + "2 rows are rejected (2 not_a_uuid), none of them new since the run before; "
                        + "see \(scene.campaignFolder)\n"
                )
                // In words, too, exit code 0 is not the end of the matter.
                let words = try await scene.run(["--exit-code", "run"])
                #expect(words.status == 0)
                #expect(
                    words.stderr.contains(
                        "Nothing new went wrong. Known from before: identities without a code: 2, "
                            + "see failures.csv; "
                            + "rejected rows: 2, see rejected.csv."
                    )
                )
                let again = try await scene.run(Self.run + ["--retry-failed"])
                #expect(again.status == 3)
                #expect(again.stderr.contains("2 identities have failed in this run"), "\(again.words)")
            }
        }

        @Test func duplicatesAreNoRejects() async throws {
            try await Scene.with(identities: 3) { scene in
                try scene.write(roster: scene.identities + scene.identities)
                let run = try await scene.run(Self.run)
                #expect((run.status, run.words) == (0, ""))
            }
        }

        @Test func theSettingStandsInTheEnvironmentAndInTheFile() async throws {
            try await Scene.with(identities: 2) { scene in
                try scene.write(roster: scene.identities, extra: "nobody,a\n")
                #expect(try await scene.run().status == 3)
                #expect(try await scene.run(environment: ["LATCHSTRING_EXIT_CODE": "run"]).status == 0)
                let file = "\(scene.folder)/settings.yaml"
                try scene.write("exit-code: run\nwait-for-lock: 1s\n", to: file)
                #expect(try await scene.run(["--config", file]).status == 0)
                #expect(try await scene.run(["--config", file, "--exit-code", "roster"]).status == 3)
                let wrong = try await scene.run(["--exit-code", "night"])
                #expect(wrong.status == 64)
                #expect(wrong.stderr.contains("--exit-code: \"night\" is not roster or run"))
            }
        }
    }
}
