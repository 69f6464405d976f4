// Ledgers that go or are damaged, under a run and before one: it says so, stops, and loses no code.

import Foundation
import Glibc
import IdentitySimulator
import Programs
import TestSupport
import Testing
import Model

extension EndToEndTests.FaultTests {
    /// Moved away, with or without another in its place: put back, it goes on as if nothing had been.
    @Test(arguments: [false, true]) func aLedgerThatIsMovedAwayUnderARun(_ isReplaced: Bool) async throws {
        try await Self.with { scene, mishap in
            let ledger = "\(scene.campaignFolder)/ledger.sqlite"
            mishap.arm(after: 100) {
                for suffix in ["", "-wal"] { rename(ledger + suffix, "\(ledger).away\(suffix)") }
                if isReplaced {
                    _ = FileManager.default.createFile(atPath: ledger, contents: Data("another".utf8))
                }
            }
            let run = try await scene.run(Self.arguments)
            #expect(run.status == 1, "\(run.words)")
            let words = isReplaced ? "was replaced by another file" : "was deleted"
            #expect(run.stderr.contains("ledger.sqlite \(words) while it was in use"), "\(run.stderr)")
            #expect(run.stderr.contains("the next run takes them in"), "\(run.stderr)")
            #expect(mishap.requestsSince <= Self.sentAfterMax)

            // Nothing is made in its place.
            let sent = scene.simulator.statistics().requestsReceived
            let without = try await scene.run(Self.arguments)
            #expect(without.status == 1)
            #expect(
                without.stderr.contains(
                    isReplaced ? "damaged or is no ledger" : "no ledger, but ledger.rescued.sqlite"
                ),
                "\(without.words)"
            )
            #expect(scene.simulator.statistics().requestsReceived == sent)
            unlink(ledger)
            for suffix in ["", "-wal"] { rename("\(ledger).away\(suffix)", ledger + suffix) }
            unlink("\(scene.campaignFolder)/ledger.rescued.sqlite")
            try await Self.expectTheNextRunFinishes(scene)
            try Self.expectEveryCodeOnce(scene, mishap)
        }
    }

    /// Gone for good, it is saved from the process that still has it.
    @Test func aLedgerThatIsDeletedUnderARunIsSaved() async throws {
        try await Self.with { scene, mishap in
            let ledger = "\(scene.campaignFolder)/ledger.sqlite"
            mishap.arm(after: 100) { unlink(ledger) }
            let run = try await scene.run(Self.arguments)
            #expect(run.status == 1, "\(run.words)")
            #expect(
                run.stderr.contains("saved as \(scene.campaignFolder)/ledger.rescued.sqlite"),
                "\(run.words)"
            )
            #expect(mode(of: "\(scene.campaignFolder)/ledger.rescued.sqlite") == 0o600)
            for suffix in ["-wal", "-shm"] { unlink(ledger + suffix) }
            #expect(rename("\(scene.campaignFolder)/ledger.rescued.sqlite", ledger) == 0)
            try await Self.expectTheNextRunFinishes(scene)
            try Self.expectEveryCodeOnce(scene, mishap)
        }
    }

    enum Damage: CaseIterable, Sendable {
        case deleted, replaced, cutShort, emptied, logDeleted, logEmptied, overwritten

        func happen(to ledger: String, another: String) {
            let path = self == .logDeleted || self == .logEmptied ? "\(ledger)-wal" : ledger
            switch self {
            case .deleted, .logDeleted: unlink(path)
            case .replaced: rename(another, path)
            case .cutShort: truncate(path, 5000)
            case .emptied, .logEmptied: truncate(path, 0)
            case .overwritten:
                let file = open(path, O_WRONLY)
                let noise = [UInt8](repeating: 0xa5, count: 60_000)
                pwrite(file, noise, noise.count, 4096)
                close(file)
            }
        }
    }

    /// A backup from before takes in what waits; nobody of either is asked for again.
    @Test(arguments: Damage.allCases) func aLedgerThatIsDamagedUnderARun(_ damage: Damage) async throws {
        try await Self.with { scene, mishap in
            let ledger = "\(scene.campaignFolder)/ledger.sqlite"
            let (backup, another) = ("\(scene.folder)/backup", "\(scene.folder)/another")
            #expect(try await scene.run(Self.arguments + ["--max-identities", "200"]).status == 0)
            let known = try Self.codes(scene)
            for copy in [backup, another] {
                try FileManager.default.copyItem(atPath: ledger, toPath: copy)
            }
            mishap.arm(after: 100) { damage.happen(to: ledger, another: another) }
            let run = try await scene.run(Self.arguments)
            #expect(mishap.hasHappened)
            #expect(run.status == 1, "\(run.words)")
            #expect(run.stderr.contains("latchstring: the ledger"), "\(run.stderr)")
            if damage == .overwritten {
                // What is in memory hides it; it is looked for every second, and at the end.
                #expect(try Self.codes(scene) == known, "the export is as it was")
            } else {
                #expect(mishap.requestsSince <= Self.sentAfterMax)
            }
            let waited = (try? scene.file("ledger.spill")) ?? ""
            let sent = mishap.canaries.issued.count
            if damage == .overwritten || damage == .cutShort || damage == .emptied || damage == .deleted {
                let again = try await scene.run(Self.arguments)
                #expect(again.status == 1, "\(again.words)")
                #expect(mishap.canaries.issued.count == sent, "nothing is sent with it")
            }

            for suffix in ["", "-wal", "-shm"] { unlink(ledger + suffix) }
            try FileManager.default.copyItem(atPath: backup, toPath: ledger)
            if damage == .deleted || damage == .replaced {
                // What was saved has codes that the backup has not.
                let refused = try await scene.run(Self.arguments)
                #expect(refused.status == 1)
                #expect(refused.stderr.contains("ledger.rescued.sqlite was saved by a run"))
                unlink("\(scene.campaignFolder)/ledger.rescued.sqlite")
            }
            // The quiet are warned, too.
            let next = try await scene.run(Self.arguments + ["--quiet"])
            #expect(next.status == 0, "\(next.words)")
            // A run that finds the damage when all is done leaves nothing to tell it by.
            let words = "that an earlier run had recorded are not in the ledger any more"
            #expect(next.stderr.contains(words) || damage == .overwritten, "\(next.stderr)")
            #expect(try scene.summary()["issued"] == 600)
            #expect(!scene.has("ledger.spill"))
            let exported = try Self.codes(scene)
            for (identity, code) in known { #expect(exported[identity] == code) }
            // Whoever waited has that code, and was asked for once.
            for issued in mishap.canaries.issued where waited.contains("\"\(issued.code)\"") {
                #expect(exported[issued.identity.text] == issued.code)
            }
        }
    }

    /// Too large to be checked before anything is sent, it is checked beside the run.
    @Test func damageInALargeLedgerStopsTheRunThatIsOn() async throws {
        try await Self.with(identities: 40_000) { scene, _ in
            let note = String(repeating: "x", count: 1000)
            let rows = scene.identities.map { "\($0.text),\(note)\n" }
            try scene.write("identity_id,note\n" + rows.joined(), to: scene.rosterPath)
            #expect(try await scene.run(Self.arguments + ["--max-identities", "1"]).status == 0)
            let ledger = "\(scene.campaignFolder)/ledger.sqlite"
            let size = try FileManager.default.attributesOfItem(atPath: ledger)[.size] as? Int ?? 0
            #expect(size > 32 << 20, "as large as it takes")
            let file = open(ledger, O_WRONLY)
            let noise = [UInt8](repeating: 0xa5, count: 4096)
            #expect(pwrite(file, noise, noise.count, off_t(size / 4096 / 2 * 4096)) == noise.count)
            close(file)

            let run = try await scene.run(Self.arguments + ["--rate", "20/s"])
            #expect(run.status == 1, "\(run.words)")
            #expect(run.stderr.contains("is damaged or is no ledger"), "\(run.stderr)")
            #expect(run.stderr.contains("SQLite's integrity check says"), "\(run.stderr)")
            #expect(scene.simulator.statistics().requestsReceived < 2000, "long before all are asked for")
        }
    }

    enum Before: CaseIterable, Sendable {
        case deleted, emptied, cutShort, overwritten, noise, flipped, anothers

        var words: String {
            switch self {
            case .deleted: "has invitations.csv but no ledger"
            case .emptied: "has invitations.csv but an empty ledger"
            case .anothers: "is the ledger of the campaign others, and not of people"
            case .cutShort, .overwritten, .noise, .flipped: "is damaged or is no ledger"
            }
        }

        func apply(to bytes: inout [UInt8], another: [UInt8]) {
            switch self {
            case .deleted, .emptied: bytes = []
            case .cutShort: bytes.removeLast(bytes.count / 2)
            case .overwritten: for index in 8192..<40_000 { bytes[index] = 0 }
            case .noise: bytes = Array("identity_id,code\n".utf8)
            case .flipped:
                // Where pages say how their contents are laid out.
                for page in stride(from: 4096, to: bytes.count, by: 4096) { bytes[page + 3] ^= 0x5a }
            case .anothers: bytes = another
            }
        }
    }

    @Test(arguments: Before.allCases) func aLedgerThatIsDamagedBeforeARun(_ before: Before) async throws {
        try await Self.with(identities: 300) { scene, _ in
            let ledger = "\(scene.campaignFolder)/ledger.sqlite"
            #expect(try await scene.run(Self.arguments + ["--max-identities", "200"]).status == 0)
            #expect(try await scene.run(["--campaign", "others", "--max-identities", "1"]).status == 0)
            let another = "\(scene.outputFolder)/others/ledger.sqlite"
            let good = try Data(contentsOf: URL(filePath: ledger))
            var bytes = [UInt8](good)
            before.apply(to: &bytes, another: [UInt8](try Data(contentsOf: URL(filePath: another))))
            if before == .deleted {
                unlink(ledger)
            } else {
                try Data(bytes).write(to: URL(filePath: ledger))
            }

            let sent = scene.simulator.statistics().requestsReceived
            let run = try await scene.run(Self.arguments)
            #expect(run.status == 1, "\(run.words)")
            #expect(run.stderr.contains(before.words), "\(run.stderr)")
            if before.words.hasPrefix("is damaged") {
                #expect(run.stderr.contains("SQLite's integrity check says"), "\(run.stderr)")
            }
            // Nor is anything made of it, or removed from it.
            let exported = try scene.file("invitations.csv")
            for (command, arguments) in [
                ("export", []), ("report", []), ("purge", ["--all", "--yes"]),
            ] {
                let done = try await scene.command(command, arguments)
                #expect(done.status == 1, "\(command): \(done.words)")
                #expect(done.stderr.contains(before.words), "\(command): \(done.stderr)")
            }
            #expect(try scene.file("invitations.csv") == exported)
            // What only reads a few pages may not come upon the damage.
            let status = try await scene.command("status")
            #expect(
                [0, 1].contains(status.status)
                    && (status.status == 1 || before.words.hasPrefix("is damaged"))
            )
            #expect(scene.simulator.statistics().requestsReceived == sent)
            if before == .deleted {
                #expect(!scene.has("ledger.sqlite"), "nothing is made in its place")
            } else if before == .noise || before == .emptied {
                #expect([UInt8](try Data(contentsOf: URL(filePath: ledger))) == bytes)
            }

            for suffix in ["", "-wal", "-shm"] { unlink(ledger + suffix) }
            try good.write(to: URL(filePath: ledger))
            chmod(ledger, 0o600)
            let next = try await scene.run(Self.arguments)
            #expect(next.status == 0, "\(next.words)")
            #expect(scene.simulator.statistics().requestsReceived == sent + 100)
        }
    }
}
