// Purging what mishaps have left: answers that wait, and files set aside.

import Foundation
import Glibc
import Programs
import TestSupport
import Testing
import Model

extension EndToEndTests.PurgeTests {
    private typealias Faults = EndToEndTests.FaultTests

    // MARK: answers that wait

    @Test func whatWaitsIsTakenInAndPurgedToo() async throws {
        try await Faults.with { scene, mishap in
            let (ledger, spill) = (
                "\(scene.campaignFolder)/ledger.sqlite", "\(scene.campaignFolder)/ledger.spill"
            )
            mishap.arm(after: 100) {
                for suffix in ["", "-wal"] { rename(ledger + suffix, "\(ledger).away\(suffix)") }
            }
            #expect(try await scene.run(Faults.arguments).status == 1)
            for suffix in ["", "-wal"] { rename("\(ledger).away\(suffix)", ledger + suffix) }
            // Saved before it was put back.
            unlink("\(scene.campaignFolder)/ledger.rescued.sqlite")
            #expect(try Canaries.files(in: scene.campaignFolder).contains("ledger.spill"))
            let copy = "\(scene.folder)/ledger.spill"
            try FileManager.default.copyItem(atPath: spill, toPath: copy)

            let asked = mishap.canaries.issued
            let purge = try await scene.command("purge", ["--all", "--yes", "--json"])
            #expect(purge.status == 0 && purge.stderr.contains("Taken in"), "\(purge.words)")
            let purged = try object(purge)
            #expect(purged["removed"] as? Int == asked.count && purged["issued"] as? Int == asked.count)
            #expect(!scene.has("ledger.spill"))
            #expect(try Canaries.files(in: scene.campaignFolder) == [])

            // A copy of it, put back: what was purged stays so.
            try FileManager.default.copyItem(atPath: copy, toPath: spill)
            let again = try object(try await scene.command("purge", ["--all", "--yes", "--json"]))
            #expect(again["removed"] as? Int == 0 && again["purged"] as? Int == asked.count)
            #expect(try Canaries.files(in: scene.campaignFolder) == [])

            try FileManager.default.copyItem(atPath: copy, toPath: spill)
            let next = try await scene.run(Faults.arguments)
            #expect(next.status == 0, "\(next.words)")
            #expect(!scene.has("ledger.spill"))
            let status = try await scene.status()
            #expect(status["issued"] == scene.identities.count && status["purged"] == asked.count)
            let issued = mishap.canaries.issued
            #expect(issued.count == scene.identities.count, "nobody is asked for again")
            let later = issued.dropFirst(asked.count).map { ($0.identity.text, $0.code) }
            #expect(try Faults.codes(scene) == Dictionary(uniqueKeysWithValues: later))
            for name in try names(inFolder: scene.campaignFolder) {
                let bytes = FileManager.default.contents(atPath: "\(scene.campaignFolder)/\(name)") ?? Data()
                let left = asked.count { bytes.firstRange(of: Data($0.code.utf8)) != nil }
                #expect(left == 0, "\(name)")
            }
        }
    }

    // MARK: what is set aside

    @Test func whatMishapsHaveLeftIsNamed() async throws {
        try await Faults.with { scene, mishap in
            let (ledger, spill) = (
                "\(scene.campaignFolder)/ledger.sqlite", "\(scene.campaignFolder)/ledger.spill"
            )
            mishap.arm(after: 100) { unlink(ledger) }
            #expect(try await scene.run(Faults.arguments).status == 1)
            for suffix in ["-wal", "-shm"] { unlink(ledger + suffix) }
            try FileManager.default.copyItem(
                atPath: "\(scene.campaignFolder)/ledger.rescued.sqlite",
                toPath: ledger
            )
            var bytes = try Data(contentsOf: URL(filePath: spill))
            let used = try #require(bytes.lastIndex { $0 != 0 })
            bytes[used / 2] ^= 0xff
            try bytes.write(to: URL(filePath: spill))

            let purge = try await scene.command("purge", ["--all", "--yes", "--json"])
            #expect(purge.status == 0, "\(purge.words)")
            let left = ["ledger.rescued.sqlite", "ledger.spill.damaged"]
            let paths = left.map { "\(scene.campaignFolder)/\($0)" }
            #expect(try object(purge)["still_in"] as? [String] == paths)
            #expect(try Canaries.files(in: scene.campaignFolder) == left, "these, and nothing else")
            let words = try await scene.command("purge").stdout
            for path in paths { #expect(words.contains("  still in   \(path)\n"), "\(words)") }

            for path in paths { unlink(path) }
            let last = try object(try await scene.command("purge", ["--json"]))
            #expect(last["still_in"] as? [String] == [])
        }
    }
}
