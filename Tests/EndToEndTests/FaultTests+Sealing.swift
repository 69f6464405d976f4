// Codes that are sealed stay so where the ledger cannot take them.

import Foundation
import Glibc
import Programs
import Testing

extension EndToEndTests.FaultTests {
    @Test func aDiskThatBecomesFullUnderASealedRun() async throws {
        try await Self.withDisk { scene, mishap, disk in
            try await Self.expectSealedAnswersWait(scene, mishap) {
                disk.fill()
            } mending: {
                disk.makeRoom()
            }
        }
    }

    /// The same without a mount.
    @Test func aLedgerThatIsMovedAwayUnderASealedRun() async throws {
        try await Self.with { scene, mishap in
            let ledger = "\(scene.campaignFolder)/ledger.sqlite"
            try await Self.expectSealedAnswersWait(scene, mishap) {
                for suffix in ["", "-wal"] { rename(ledger + suffix, "\(ledger).away\(suffix)") }
            } mending: {
                for suffix in ["", "-wal"] { rename("\(ledger).away\(suffix)", ledger + suffix) }
                unlink("\(scene.campaignFolder)/ledger.rescued.sqlite")
            }
        }
    }

    /// What waits in `ledger.spill` is as sealed as what is in the ledger, and is read with the private key
    /// alone.
    private static func expectSealedAnswersWait(
        _ scene: Scene,
        _ mishap: Mishap,
        when action: @escaping @Sendable () -> Void,
        mending: () -> Void
    ) async throws {
        let key = "\(scene.folder)/campaign.key"
        #expect(try await Program.run(["keygen", "--output", key]).status == 0)
        mishap.arm(after: 100, action)
        let run = try await scene.run(arguments + ["--seal-to", "\(scene.folder)/campaign.pub"])
        #expect(run.status == 1, "\(run.words)")
        #expect(run.stderr.contains("ledger.spill: the next run takes them in"), "\(run.stderr)")
        #expect(mishap.hasHappened && mishap.requestsSince <= sentAfterMax)
        #expect(try scene.file("ledger.spill").contains("\"sealed\":\""), "codes wait in it")
        #expect(try Canaries.files(in: scene.folder) == [], "in no ledger, in no log, and not in what waits")

        mending()
        try await expectTheNextRunFinishes(scene)
        #expect(try Canaries.files(in: scene.folder) == [])
        let export = try await scene.command("export", ["--unseal-with", key])
        #expect(export.status == 0, "\(export.words)")
        try expectEveryCodeOnce(scene, mishap)
    }
}
