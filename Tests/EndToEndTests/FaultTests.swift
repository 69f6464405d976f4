// Disks that become full and ledgers that go, under a run and before one: it says so, stops, and loses no code.

import Foundation
import Glibc
import IdentitySimulator
import Synchronization
import Programs
import TestSupport
import Testing
import Vocabulary

/// Does something to a campaign's files when the server has received so many requests, on the server's own thread.
final class Mishap: Sendable {
    private struct State {
        var requestsLeft = 0
        var action: (@Sendable () -> Void)?
        var requestsSince = 0
        var hasHappened = false
    }

    private let state = Mutex(State())
    /// What the server issues.
    let canaries = CanaryIssuer()

    func arm(after requests: Int, _ action: @escaping @Sendable () -> Void) {
        state.withLock { $0 = State(requestsLeft: requests, action: action) }
    }

    func requestReceived() {
        let action = state.withLock { state in
            if state.hasHappened { state.requestsSince += 1 }
            state.requestsLeft -= 1
            guard state.requestsLeft <= 0 else { return nil as (@Sendable () -> Void)? }
            defer { state.action = nil }
            return state.action
        }
        guard let action else { return }
        action()
        state.withLock { $0.hasHappened = true }
    }

    var hasHappened: Bool { state.withLock(\.hasHappened) }
    /// Requests that came after it.
    var requestsSince: Int { state.withLock(\.requestsSince) }
}

extension EndToEndTests {
    @Suite struct FaultTests {
        static let concurrency = 4
        /// What may still be sent before a commit fails: what was claimed by then.
        static let sentAfterMax = 5 * concurrency
        static let arguments = ["--concurrency", "\(concurrency)"]

        /// A scene whose server issues recognisable codes and links, which no run may tell of.
        static func with(
            identities count: Int = 600,
            _ body: (Scene, Mishap) async throws -> Void
        ) async throws {
            let mishap = Mishap()
            try await Scene.with(
                identities: count,
                configure: { configuration in
                    configuration.script = { request in
                        guard let identity = request.identity else { return nil }
                        mishap.requestReceived()
                        let answer = mishap.canaries.answer(for: identity)
                        return .hold(.time(.milliseconds(2)), then: .answer(answer))
                    }
                },
                { scene in
                    scene.afterEachRun(expectNothingTold)
                    try await body(scene, mishap)
                }
            )
        }

        /// Neither what a run says nor what it reports has a code or a link in it.
        @Sendable private static func expectNothingTold(_ scene: Scene, _ run: Run) {
            #expect(!Canaries.are(in: Data(run.words.utf8)), "\(run.words)")
            for name in ["failures.csv", "rejected.csv", "summary.json"] where scene.has(name) {
                let bytes = FileManager.default.contents(atPath: "\(scene.campaignFolder)/\(name)")
                #expect(bytes.map(Canaries.are) == false, "\(name)")
            }
        }

        /// A scene whose campaigns are on a small disk; where none may be mounted nothing is run, and that is said.
        static func withDisk(
            identities count: Int = 600,
            megabytes: Int = 16,
            _ body: (Scene, Mishap, SmallDisk) async throws -> Void
        ) async throws {
            try await with(identities: count) { scene, mishap in
                guard let disk = try await SmallDisk.mounted(at: scene.outputFolder, megabytes: megabytes)
                else {
                    // `aFileThatMayNotGrow` needs no mount.
                    return print("no file system may be mounted here: a test of full disks was left out")
                }
                do { try await body(scene, mishap, disk) } catch {
                    try? await disk.unmount()
                    throw error
                }
                try await disk.unmount()
            }
        }

        /// The codes in `invitations.csv`, by identity.
        static func codes(_ scene: Scene) throws -> [String: String] {
            let rows = try scene.rows("invitations.csv")
            return Dictionary(rows.map { ($0["identity_id"] ?? "", $0["recovery_code"] ?? "") }) { first, _ in
                first
            }
        }

        /// Everybody was issued exactly one code, and that is the one in the export.
        static func expectEveryCodeOnce(_ scene: Scene, _ mishap: Mishap) throws {
            let issued = mishap.canaries.issued
            #expect(issued.count == scene.identities.count, "nobody was asked for twice")
            let codes = try codes(scene)
            #expect(codes.count == issued.count)
            #expect(issued.allSatisfy { codes[$0.identity.text] == $0.code })
        }

        /// The next run takes in what waits, finishes, and leaves nothing behind.
        static func expectTheNextRunFinishes(_ scene: Scene, takesIn: Bool = true) async throws {
            if takesIn {
                let status = try await scene.command("status")
                #expect(status.stderr.contains("ledger.spill and not yet in the ledger"), "\(status.words)")
            }
            let next = try await scene.run(arguments)
            #expect(next.status == 0, "\(next.words)")
            #expect(next.stderr.contains("Taken in") == takesIn, "\(next.words)")
            #expect(!scene.has("ledger.spill"))
            #expect(try scene.summary()["issued"] == scene.identities.count)
        }

        // MARK: - Full disks

        @Test(arguments: [3, 100, 595]) func aDiskThatBecomesFullWhileCommitting(_ requests: Int) async throws
        {
            try await Self.withDisk { scene, mishap, disk in
                mishap.arm(after: requests) { disk.fill() }
                let run = try await scene.run(Self.arguments)
                #expect(run.status == 1, "\(run.words)")
                #expect(run.stderr.contains("the disk is full"), "\(run.stderr)")
                #expect(run.stderr.contains("ledger.spill: the next run takes them in"), "\(run.stderr)")
                #expect(mishap.hasHappened && mishap.requestsSince <= Self.sentAfterMax)

                // Not before there is room.
                let sent = scene.simulator.statistics().requestsReceived
                let tooEarly = try await scene.run(Self.arguments)
                #expect(tooEarly.status == 1, "\(tooEarly.words)")
                #expect(scene.simulator.statistics().requestsReceived == sent)

                disk.makeRoom()
                try await Self.expectTheNextRunFinishes(scene)
                try Self.expectEveryCodeOnce(scene, mishap)
                #expect(try scene.summary()["ambiguous_attempts"] == 0)
            }
        }

        /// The roster is still being enrolled, and that fails too.
        @Test func aDiskThatBecomesFullWhileEnrolling() async throws {
            try await Self.withDisk(identities: 20_000, megabytes: 32) { scene, mishap, disk in
                mishap.arm(after: 2) { disk.fill() }
                let run = try await scene.run(Self.arguments)
                #expect(run.status == 1, "\(run.words)")
                #expect(run.stderr.contains("the disk is full"), "\(run.stderr)")
                #expect(mishap.hasHappened && mishap.requestsSince <= Self.sentAfterMax)
                let doesWait = run.stderr.contains("the next run takes them in")
                disk.makeRoom()
                let next = try await scene.run(Self.arguments + ["--max-identities", "50"])
                #expect(next.status == 0, "\(next.words)")
                #expect(next.stderr.contains("Taken in") == doesWait, "\(next.words)")
                let issued = mishap.canaries.issued
                #expect(Set(issued.map(\.identity)).count == issued.count, "nobody was asked for twice")
                #expect(try Self.codes(scene).count == issued.count)
            }
        }

        @Test func aDiskWithoutRoomForAnswersIsAskedForNothing() async throws {
            try await Self.withDisk { scene, mishap, disk in
                disk.fill(leaving: 300)
                let run = try await scene.run(Self.arguments)
                #expect(run.status == 1, "\(run.words)")
                #expect(
                    run.stderr.contains("there is no room for \(scene.campaignFolder)/ledger.spill"),
                    "\(run.words)"
                )
                #expect(scene.simulator.statistics().requestsReceived == 0)
                #expect(!scene.has("ledger.spill"))
                disk.makeRoom()
                try await Self.expectTheNextRunFinishes(scene, takesIn: false)
                try Self.expectEveryCodeOnce(scene, mishap)
            }
        }

        /// A killed run leaves a large log, which cannot be folded into the ledger.
        @Test func aDiskThatIsFullWhileCheckpointing() async throws {
            try await Self.withDisk { scene, mishap, disk in
                let lock = "\(scene.campaignFolder)/.lock"
                mishap.arm(after: 300) {
                    let words = FileManager.default.contents(atPath: lock).map {
                        String(decoding: $0, as: UTF8.self)
                    }
                    let process = words.flatMap { Int32($0.split(separator: " ").dropFirst().first ?? "") }
                    if let process { kill(process, SIGKILL) }
                }
                #expect(try await scene.run(Self.arguments).status == -Int(SIGKILL))
                let log = "\(scene.campaignFolder)/ledger.sqlite-wal"
                let logSize = try FileManager.default.attributesOfItem(atPath: log)[.size] as? Int ?? 0
                #expect(logSize > 1 << 20, "what is to be folded in")
                disk.fill()
                let sent = scene.simulator.statistics().requestsReceived
                for command in ["status", "export", "report"] {
                    let done = try await scene.command(command)
                    #expect(done.status == 0 || done.status == 1 && !done.stderr.isEmpty, "\(done.words)")
                }
                let run = try await scene.run(Self.arguments)
                #expect(run.status == 1 && run.stderr.contains("latchstring: "), "\(run.words)")
                #expect(scene.simulator.statistics().requestsReceived == sent)
                disk.makeRoom()
                try await Self.expectTheNextRunFinishes(scene, takesIn: false)
                // Of those in doubt some were asked for twice, and are counted.
                let more = mishap.canaries.issued.count - scene.identities.count
                #expect(more <= (try scene.summary())["ambiguous_attempts"])
            }
        }

        @Test func aDiskThatIsFullWhileExporting() async throws {
            try await Self.withDisk { scene, mishap, disk in
                #expect(try await scene.run(Self.arguments).status == 0)
                let before = try scene.file("invitations.csv")
                // Room for the log, and not for another copy of the file.
                disk.fill(leaving: 100)
                let export = try await scene.command("export", ["--csv-formulas", "escape"])
                #expect(export.status == 1, "\(export.words)")
                #expect(export.stderr.contains("make room on that disk"), "\(export.words)")
                #expect(try scene.file("invitations.csv") == before, "the former file is whole")
                #expect(!scene.has(".invitations.csv.partial"))
                disk.makeRoom()
                #expect(try await scene.command("export", ["--csv-formulas", "escape"]).status == 0)
                try Self.expectEveryCodeOnce(scene, mishap)
            }
        }

        /// The same without a mount: no file of the process may grow beyond a size.
        @Test func aFileThatMayNotGrow() async throws {
            try await Self.with { scene, mishap in
                // Blocks of 512 bytes: room for the spill file, and for a log of a megabyte.
                let run = try await scene.run(Self.arguments, prelude: "ulimit -f 2048")
                #expect(run.status == 1, "\(run.words)")
                #expect(run.stderr.contains("ledger.sqlite cannot be written"), "\(run.stderr)")
                #expect(scene.simulator.statistics().requestsReceived < 600)
                try await Self.expectTheNextRunFinishes(scene, takesIn: run.stderr.contains("ledger.spill"))
                try Self.expectEveryCodeOnce(scene, mishap)
            }
        }

        @Test func aFolderThatIsReadOnly() async throws {
            try await Self.withDisk { scene, mishap, disk in
                #expect(try await scene.run(Self.arguments + ["--max-identities", "50"]).status == 0)
                #expect(try await disk.remount("ro"))
                for command in ["status", "export", "report"] {
                    let done = try await scene.command(command)
                    #expect(done.status == 0 || done.status == 1 && !done.stderr.isEmpty, "\(done.words)")
                }
                let run = try await scene.run(Self.arguments)
                #expect(run.status == 1, "\(run.words)")
                #expect(run.stderr.contains("ead-only"), "\(run.words)")
                #expect(scene.simulator.statistics().requestsReceived == 50)
                #expect(try await disk.remount("rw"))
                try await Self.expectTheNextRunFinishes(scene, takesIn: false)
                try Self.expectEveryCodeOnce(scene, mishap)
            }
        }

        // MARK: - Ledgers that go

        /// Moved away, with or without another in its place: put back, it goes on as if nothing had been.
        @Test(arguments: [false, true]) func aLedgerThatIsMovedAwayUnderARun(_ isReplaced: Bool) async throws
        {
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
                let next = try await scene.run(Self.arguments)
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
}
