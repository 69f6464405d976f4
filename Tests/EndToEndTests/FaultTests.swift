// Disks that become full, under a run and before one: it says so, stops, and loses no code.

import Foundation
import Glibc
import IdentitySimulator
import Programs
import TestSupport
import Testing
import Model

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

        /// A scene whose campaigns are on a small disk; where none may be mounted nothing is run, and that is
        /// said.
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
                disk.fill(leaving: 600)
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
    }
}
