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

    @Test func whatIsNoSettingInTheEnvironmentIsSaid() throws {
        var context = scene.context
        context.environment = ["LATCHSTRING_CAMPAIN": "people"]
        try StatusCommand.parse(scene.named()).run(context)
        #expect(scene.terminal.error.contains("LATCHSTRING_CAMPAIN is no setting"))
    }
}
