// What a run says that goes on night after night.

import ArgumentParser
import Campaign
import Exports
import Files
import Foundation
import Ledger
import Providers
import TestSupport
import Testing
import Model

@testable import latchstring

@Suite struct NightCommandTests {
    private func scene(_ server: ScriptedServer = ScriptedServer()) throws -> CommandScene {
        try CommandScene(identities: 4, server)
    }

    @Test func oneLineTellsWhatIsNewAndOnlyThen() async throws {
        let scene = try scene()
        #expect(try await scene.run(["--hand-over", "--quiet"]) == .done)
        let line = "latchstring: people: 4 newly issued, 4 handed over; see \(scene.campaign.path)\n"
        #expect(scene.terminal.error == line && scene.terminal.output.isEmpty)
        #expect(try await scene.run(["--hand-over", "--quiet"]) == .done)
        #expect(scene.terminal.error == line, "there is no news")
        // Who wants neither is told nothing, as ever.
        let another = try self.scene()
        #expect(try await another.run(["--quiet"]) == .done)
        #expect(another.terminal.error.isEmpty)
    }

    @Test func whatFailedIsToldByKindInTheSameLine() async throws {
        let unknown = CommandScene.identity(2)
        let scene = try scene(ScriptedServer { id, _ in id == unknown ? .unknownIdentity() : .issued })
        #expect(try await scene.run(["--hand-over", "--quiet"]) == .withFailures)
        #expect(
            scene.terminal.error.hasPrefix(
                "latchstring: people: 3 newly issued, 3 handed over; 1 identity is failed "
                    + "(1 unknown_identity)"
            )
        )
        #expect(scene.terminal.error.split(separator: "\n").count == 1)
    }

    @Test func gainsAreToldWithoutWhatIsNone() {
        var gains = RunGains()
        #expect(gains.isEmpty && gains.words(tellingFailed: true) == nil)
        (gains.issued, gains.reissued, gains.activated) = (1, 2, 3)
        (gains.failed, gains.handedOver, gains.givenUp) = (4, 5, 6)
        #expect(
            gains.words(tellingFailed: true)
                == "1 newly issued, 2 reissued, 3 activated, 4 failed, 5 handed over, 6 given up"
        )
        gains = RunGains()
        gains.failed = 4
        #expect(gains.words(tellingFailed: false) == nil)
    }

    @Test func anEmptyRosterSaysWhatIsHandedOver() async throws {
        let scene = try scene()
        #expect(try await scene.run(["--quiet", "--no-export"]) == .done)
        _ = try scene.folder.write("identity_id\n", to: "people.csv")
        #expect(try await scene.run(["--hand-over"]) == .done)
        #expect(scene.terminal.error.contains("is empty: nobody is asked for."))
        #expect(scene.terminal.output.hasPrefix("Written:\n"))
        #expect(scene.terminal.output.contains("/handover/000001-"))
        #expect(try await scene.run(["--hand-over"]) == .done)
        #expect(scene.terminal.error.contains("Nobody is new: no batch was begun."))
    }

    @Test func whoHasExpiredIsNotCalledIssued() async throws {
        let scene = try scene()
        try await scene.run()
        #expect(scene.terminal.error.contains("Every enrolled identity is issued."))
        #expect(scene.terminal.output.contains("  valid      4\n"))
        scene.clock.advance(by: .seconds(1200 * 86_400))
        try StatusCommand.parse(scene.named()).run(scene.context)
        #expect(scene.terminal.output.contains("  expired     4  100.0%\n"))
        #expect(scene.terminal.output.contains("  valid       0    0.0%\n"))
        try StatusCommand.parse(scene.named(["--json"])).run(scene.context)
        #expect(scene.terminal.output.contains("\"valid\": 0,\n  \"expired\": 4,\n"))
    }

    /// A process died between a batch's members and its file, and then everything was purged.
    @Test func aBatchThatCannotBeWrittenAnyMoreStopsNoNight() async throws {
        let scene = try scene()
        #expect(try await scene.run(["--quiet", "--no-export"]) == .done)
        let ledger = try scene.campaign.openLedger()
        let options = BatchOptions(invitations: InvitationOptions())
        let batch = try ledger.beginBatch(options.start(at: CommandScene.start))
        while try ledger.fillBatch(batch.number) == .more {}
        #expect(try ledger.purge(expiredBy: nil, at: CommandScene.start) == 4)
        try ledger.close()
        let rows = (1...5).map { CommandScene.identity($0) }.joined(separator: "\n")
        _ = try scene.folder.write("identity_id\n\(rows)\n", to: "people.csv")
        #expect(try await scene.run(["--hand-over", "--quiet"]) == .done, "\(scene.terminal.error)")
        #expect(scene.terminal.error.contains("batch 1 was not written yet"))
        #expect(scene.terminal.error.contains("people: 1 newly issued, 1 handed over;"))
        let before = scene.terminal.error
        #expect(try await scene.run(["--hand-over", "--quiet"]) == .done)
        #expect(scene.terminal.error == before, "once")
    }
}
