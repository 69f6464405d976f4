// Who was taken off the roster since, on the real binary: left out, told of, and taken when that is wanted.

import Foundation
import IdentitySimulator
import Programs
import Testing
import Model

extension EndToEndTests {
    @Suite struct AbsentTests {
        /// A campaign of 10 of which the first 4 are issued; the roster then has 5 fewer, and 1 new one.
        private static func with(_ body: (Scene, _ rest: [IdentityID]) async throws -> Void) async throws {
            try await Scene.with(identities: 11) { scene in
                try scene.write(roster: Array(scene.identities.prefix(10)))
                #expect(try await scene.run(["--max-identities", "4"]).status == 0)
                // 1 to 4 are issued; 7, 8 and 9 are pending and off the roster; the new one comes first.
                let rest = [scene.identities[10]] + scene.identities[1...6]
                try scene.write(roster: rest)
                try await body(scene, rest)
            }
        }

        @Test func theRosterInHandIsWhomARunIssuesFor() async throws {
            try await Self.with { scene, rest in
                let plan = try await scene.plan()
                #expect(plan["absent"] == 3 && plan["requests"] == 4, "\(plan.fields)")
                let run = try await scene.run()
                #expect(run.status == 0, "\(run.words)")
                let line = try #require(run.stderr.split(separator: "\n").first { $0.contains("absent") })
                #expect(line.contains("3 identities are left out") && line.contains("--absent issue"))
                #expect(line.contains("latchstring run --campaign people without a roster"))
                let summary = try scene.summary()
                #expect((summary["issued"], summary["pending"], summary["absent"]) == (8, 3, 3))
                #expect(summary["requests"] == 4)
                let status = try await scene.status()
                #expect(status["absent"] == 3)
                #expect(try await scene.command("status").stdout.contains("absent"))
                let issued = Set(try scene.rows("invitations.csv").compactMap { $0["identity_id"] })
                #expect(
                    issued == Set((rest + scene.identities.prefix(1)).map(\.text)),
                    "the export is of everybody"
                )
                // Again: it is not read again, and nothing is left to do.
                #expect(try await scene.run().status == 0)
                #expect(try scene.summary()["requests"] == 0)
            }
        }

        @Test(arguments: [[], ["--verify"]]) func whoIsAbsentIsTakenWhenWanted(_ more: [String]) async throws
        {
            try await Self.with { scene, _ in
                let plan = try await scene.plan(more + ["--absent", "issue"])
                #expect(plan["absent"] == 3 && plan["requests"] == 7, "\(plan.fields)")
                let run = try await scene.run(more + ["--absent", "issue"])
                #expect(run.status == 0 && !run.stderr.contains("left out"), "\(run.words)")
                #expect(try scene.summary()["issued"] == 11)
                #expect(try scene.summary()["absent"] == 0)
            }
        }

        @Test func lookUpsAreOfTheRosterInHand() async throws {
            try await Self.with { scene, _ in
                let run = try await scene.run(["--verify"])
                #expect(run.status == 0, "\(run.words)")
                #expect(run.stderr.contains("Looked up 4 identities"))
                #expect(try scene.summary()["pending"] == 3)
            }
        }

        @Test(arguments: [[], ["--verify"]])
        func withoutARosterEverybodyIsMeant(_ more: [String]) async throws {
            try await Self.with { scene, _ in
                #expect(try await scene.run().status == 0)
                let common = [
                    "--campaign", "people", "--server", scene.simulator.adminURL, "--output-dir",
                    scene.outputFolder,
                ]
                let plan = try await Program.run(["plan"] + common + more + ["--json"])
                let planned = try PlanFigures(plan.stdout)
                #expect((planned["requests"], planned["absent"], planned["rows_read"]) == (3, 3, 0))
                let run = try await Program.run(["run"] + common + more)
                #expect(run.status == 0, "\(run.words)")
                let summary = try scene.summary()
                #expect((summary["issued"], summary["absent"], summary["requests"]) == (11, 0, 3))
                #expect(summary.fields["roster"] as? String == scene.rosterPath)
                #expect(summary["rows_read"] == 7)
            }
        }

        @Test func withoutARosterTheCampaignHasToExist() async throws {
            try await Scene.with(identities: 1) { scene in
                for command in ["run", "plan"] {
                    let run = try await Program.run([
                        command, "--campaign", "nobody", "--server", scene.simulator.adminURL, "--output-dir",
                        scene.outputFolder,
                    ])
                    #expect(
                        run.status == 1 && run.stderr.contains("there is no campaign nobody"),
                        "\(run.words)"
                    )
                    #expect(!FileManager.default.fileExists(atPath: scene.outputFolder))
                    let neither = try await Program.run([command, "--server", scene.simulator.adminURL])
                    #expect(neither.status == 64 && neither.stderr.contains("a roster is required"))
                }
            }
        }

        /// Of the absent, those that failed for a while stay among the failures, with their reasons.
        @Test func whatFailedForAWhileIsAbsentToo() async throws {
            let failing = Array(MadeUpIdentities(count: 3, seed: 7))[1]
            try await Scene.with(
                identities: 3,
                configure: { configuration in
                    configuration.script = { request in
                        request.identity == failing
                            ? .answer(.json(500, #"{"error":{"code":500,"message":"down"}}"#)) : nil
                    }
                }
            ) { scene in
                #expect(try await scene.run(["--attempts-max", "1"]).status == 3)
                #expect(try scene.summary()["failed"] == 1)
                try scene.write(roster: [scene.identities[0], scene.identities[2]])
                let run = try await scene.run(["--attempts-max", "1"])
                #expect(run.status == 0, "\(run.words)")
                let summary = try scene.summary()
                #expect((summary["failed"], summary["absent"], summary["requests"]) == (1, 1, 0))
                #expect(try scene.rows("failures.csv").map { $0["identity_id"] } == [failing.text])
                // Named again, it is due again.
                try scene.write(roster: scene.identities)
                #expect(try await scene.run(["--attempts-max", "1"]).status == 3)
                #expect(try scene.summary()["requests"] == 1)
            }
        }

        @Test func theQuietHearOfItWhenTheNumberChanges() async throws {
            try await Self.with { scene, rest in
                let first = try await scene.run(["--quiet"])
                #expect(
                    first.status == 0 && first.stderr.contains("3 identities are left out"),
                    "\(first.words)"
                )
                #expect(try await scene.run(["--quiet"]).words.isEmpty)
                try scene.write(roster: rest + [scene.identities[7]])
                let fewer = try await scene.run(["--quiet", "--max-identities", "1"])
                #expect(fewer.stderr.contains("2 identities are left out"))
                try scene.write(roster: rest + [scene.identities[7], scene.identities[8]])
                #expect(try await scene.run(["--quiet"]).stderr.contains("1 identity is left out"))
                try scene.write(roster: rest + Array(scene.identities[7...9]))
                #expect(try await scene.run(["--quiet"]).words.isEmpty)
                #expect(try scene.summary()["issued"] == 11)
            }
        }

        // MARK: - Rosters of nobody

        @Test(arguments: ["", "\n \n", "identity_id,email\n", "[]", "{\"identities\": []}"])
        func anEmptyRosterIsAnOrdinaryNight(_ text: String) async throws {
            try await Self.with { scene, _ in
                try scene.write(text, to: scene.rosterPath)
                #expect(try await scene.plan()["requests"] == 0)
                let quiet = try await scene.run(["--quiet"])
                #expect(quiet.status == 0 && quiet.words.isEmpty, "\(quiet.words)")
                let run = try await scene.run()
                #expect(run.status == 0 && run.stdout.isEmpty, "\(run.words)")
                #expect(run.stderr.split(separator: "\n").count == 1 && run.stderr.contains("is empty"))
                let summary = try scene.summary()
                #expect((summary["rows_read"], summary["issued"], summary["absent"]) == (0, 4, 6))
                // The next roster is read as ever.
                try scene.write(roster: scene.identities)
                #expect(try await scene.run().status == 0)
                #expect(try scene.summary()["issued"] == 11)
            }
        }

        @Test(arguments: [
            "", "identity_id,email\n", "[]",
            "identity_id,email\nx,a\ny,b\n",
            "email\nx\n",
            "{\"id\":\"x\"}\n{\"id\":\"y\"}\n",
        ])
        func aRosterOfNobodyMakesNoCampaign(_ text: String) async throws {
            try await Scene.with(identities: 1) { scene in
                try scene.write(text, to: scene.rosterPath)
                for command in ["run", "plan"] {
                    for more in [[], ["--id-column", text.contains("\"id\"") ? "id" : "identity_id"]] {
                        let run = try await Program.run(
                            [
                                command, scene.rosterPath, "--server", scene.simulator.adminURL,
                                "--output-dir",
                                scene.outputFolder,
                            ] + more
                        )
                        #expect(run.status == 1 && !run.stderr.isEmpty, "\(command) \(more): \(run.words)")
                        #expect(!FileManager.default.fileExists(atPath: scene.outputFolder))
                    }
                }
                #expect(scene.simulator.statistics().requestsReceived == 0)
            }
        }

        @Test func rejectsAloneAreRefusedInDoctorsWords() async throws {
            try await Scene.with(identities: 2) { scene in
                #expect(try await scene.run().status == 0)
                let before = try scene.file("summary.json")
                try scene.write(
                    "identity_id,email\n" + String(repeating: "x,a\n", count: 40_000),
                    to: scene.rosterPath
                )
                let run = try await scene.run(["--id-column", "identity_id"])
                #expect(run.status == 1)
                #expect(
                    run.stderr.contains(
                        "none of 40000 rows names an identity (40000 not_a_uuid; the first on line 2)"
                    )
                )
                #expect(try scene.file("summary.json") == before)
            }
        }
    }
}

extension Scene {
    /// What `plan --json` says of the scene's roster.
    fileprivate func plan(_ arguments: [String] = []) async throws -> PlanFigures {
        let plan = try await Program.run(
            ["plan", rosterPath, "--server", simulator.adminURL, "--output-dir", outputFolder, "--json"]
                + arguments
        )
        #expect(plan.status == 0, "\(plan.words)")
        return try PlanFigures(plan.stdout)
    }
}

/// `plan --json`, read by a JSON library.
private struct PlanFigures {
    let fields: [String: Any]

    init(_ text: String) throws {
        fields = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    subscript(name: String) -> Int { fields[name] as? Int ?? .min }
}
