// The commands on a campaign that is there, without a process.

import ArgumentParser
import Campaign
import Files
import TestSupport
import Testing

@testable import latchstring

@Suite struct CampaignCommandTests {
    private let scene: CommandScene

    init() async throws {
        scene = try CommandScene(identities: 4)
        try await scene.run(["--quiet"])
    }

    @Test func statusTellsTheCounts() throws {
        try StatusCommand.parse(scene.named(["--json"])).run(scene.context)
        #expect(scene.terminal.output.contains("\"issued\": 4"))
        #expect(scene.terminal.output.contains("\"live\": false"))
        #expect(scene.terminal.output.contains("\"percent_done\": 100.0"))
    }

    @Test func listNamesIt() throws {
        #expect(try ListCommand.parse(["--output-dir", scene.reports]).run(scene.context) == .done)
        #expect(scene.terminal.output.contains("people"))
    }

    @Test func reportAndExportWriteAgain() async throws {
        try ReportCommand.parse(scene.named()).run(scene.context)
        try await ExportCommand.parse(scene.named(["--per-user"])).run(scene.context)
        #expect(scene.terminal.output.contains("4 invitations (unchanged)"))
        #expect(scene.terminal.output.contains("4 new files"))
    }

    @Test func aPurgeOfAllIsAskedFor() async throws {
        scene.terminal.type("no")
        let purge = try PurgeCommand.parse(scene.named(["--all"]))
        let failure = await #expect(throws: CommandFailure.self) { try await purge.run(scene.context) }
        #expect(failure?.status == .usage)
        scene.terminal.type("yes")
        try await purge.run(scene.context)
        #expect(scene.terminal.output.contains("removed    the codes and links of 4 of 4 issued"))
    }

    @Test func aPurgeTellsEarlierInvitationsApart() async throws {
        try await scene.run(["--reissue", "all", "--without-sync", "--quiet"], later: .seconds(300 * 86_400))
        try await PurgeCommand.parse(scene.named(["--all", "--yes"])).run(scene.context)
        #expect(
            scene.terminal.output.contains(
                "removed    the codes and links of 4 of 4 issued, and of 4 earlier invitations\n"
            ),
            "\(scene.terminal.output)"
        )
        try await scene.run(
            ["--reissue", "all", "--without-sync", "--quiet", "--max-identities", "1"],
            later: .seconds(600 * 86_400)
        )
        try await PurgeCommand.parse(scene.named(["--all", "--yes", "--json"])).run(scene.context)
        #expect(scene.terminal.output.contains("\"removed\": 1,\n  \"removed_earlier\": 0,"))
    }

    @Test func aPlanTellsWhatIsLeft() async throws {
        _ = try scene.folder.write(
            "identity_id\n\(CommandScene.identity(4))\n\(CommandScene.identity(9))\n",
            to: "more.csv"
        )
        let plan = try PlanCommand.parse([scene.folder("more.csv")] + scene.named(["--json"]))
        #expect(try await plan.run(scene.context) == .done)
        #expect(scene.terminal.output.contains("\"already_issued\": 1"))
        #expect(scene.terminal.output.contains("\"requests\": 1"))
    }

    @Test func aPlanCountsWhoIsIssuedAnew() async throws {
        let ids = (1...3).map { CommandScene.identity($0) }
        _ = try scene.folder.write("identity_id\n\(ids.joined(separator: "\n"))\n", to: "some.csv")
        _ = try scene.folder.write("identity_id\n\(ids[1])\nnobody\n", to: "list.csv")
        func plan(_ roster: String?, _ options: [String]) async throws -> Bool {
            let path = roster.map { [scene.folder($0)] } ?? []
            let plan = try PlanCommand.parse(path + scene.named(["--json"] + options))
            return try await plan.run(scene.context) == .done
        }
        func told(_ anew: Int, givenUp: Int = 0, _ requests: Int) -> Bool {
            let text = scene.terminal.output
            return text.hasSuffix("\"to_reissue\": \(anew),\n  \"given_up\": \(givenUp)\n}\n")
                && text.suffix(400).contains("\"requests\": \(requests),")
        }
        scene.clock.advance(by: .seconds(30 * 86_400))
        #expect(try await plan("some.csv", ["--reissue", "all"]))
        #expect(told(3, 3), "of the roster alone: \(scene.terminal.output)")
        #expect(try await plan(nil, ["--reissue", "all"]))
        #expect(told(4, 4), "\(scene.terminal.output)")
        #expect(try await plan(nil, ["--reissue", "all", "--max-identities", "2"]))
        #expect(told(4, 2), "\(scene.terminal.output)")
        #expect(try await plan(nil, ["--reissue", scene.folder("list.csv")]))
        #expect(told(1, 1), "\(scene.terminal.output)")
        #expect(try await plan("some.csv", ["--reissue", "expired"]))
        #expect(told(0, 0), "\(scene.terminal.output)")
        scene.clock.advance(by: .seconds(1200 * 86_400))
        #expect(try await plan("some.csv", ["--reissue", "expired"]))
        #expect(told(3, 3), "\(scene.terminal.output)")
        let words = try PlanCommand.parse(scene.named(["--reissue", "expired"]))
        #expect(try await words.run(scene.context) == .done)
        #expect(scene.terminal.output.contains("  anew       4 at most: the server is not asked"))
    }

    @Test func aPlanWithoutARosterTellsWhoFailedForGood() async throws {
        let unknown = CommandScene.identity(2)
        let server = ScriptedServer { id, _ in id == unknown ? .unknownIdentity() : .issued }
        let scene = try CommandScene(identities: 3, server)
        try await scene.run(["--quiet"])
        let plan = try PlanCommand.parse(scene.named())
        #expect(try await plan.run(scene.context) == .withFailures)
        #expect(scene.terminal.output.contains("  before     2 already issued, 1 failed for good\n"))
        let retrying = try PlanCommand.parse(scene.named(["--retry-failed"]))
        #expect(try await retrying.run(scene.context) == .done)
        #expect(scene.terminal.output.contains("  before     2 already issued, 0 failed for good\n"))
    }

    @Test func whatIsNoSettingInTheEnvironmentIsSaid() throws {
        var context = scene.context
        context.environment = ["LATCHSTRING_CAMPAIN": "people"]
        try StatusCommand.parse(scene.named()).run(context)
        #expect(scene.terminal.error.contains("LATCHSTRING_CAMPAIN is no setting"))
    }
}
