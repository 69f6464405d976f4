// Rosters that are none, or without an end: a sentence or rejected rows, and nothing worse.

import Foundation
import IdentitySimulator
import TestSupport
import Programs
import Testing
import Model

extension EndToEndTests {
    @Suite struct HostileRosterTests {
        struct Roster: Sendable, CustomTestStringConvertible {
            let testDescription: String
            let bytes: [UInt8]
            /// What the sentence has to say.
            let words: String
        }

        private static let hostile: [Roster] = [
            Roster(testDescription: "empty", bytes: [], words: "is empty"),
            Roster(
                testDescription: "NULs",
                bytes: [UInt8](repeating: 0, count: 1 << 20),
                words: "is not text"
            ),
            Roster(
                testDescription: "0xFF",
                bytes: [UInt8](repeating: 0xff, count: 1 << 20),
                words: "is not text"
            ),
            Roster(
                testDescription: "gzip",
                bytes: [0x1f, 0x8b, 8, 0, 0, 0, 0, 0],
                words: "compressed with gzip"
            ),
            Roster(
                testDescription: "one line without an end",
                bytes: [UInt8](repeating: UInt8(ascii: "a"), count: 20 << 20),
                words: "has a header but no rows"
            ),
            Roster(
                testDescription: "one quote without an end",
                bytes: Array("\"".utf8) + [UInt8](repeating: UInt8(ascii: "\n"), count: 1 << 20),
                words: "people.csv"
            ),
            Roster(
                testDescription: "deep JSON",
                bytes: [UInt8](repeating: UInt8(ascii: "["), count: 1 << 20),
                words: "nested too deeply"
            ),
            Roster(
                testDescription: "deep JSON objects",
                bytes: Array(String(repeating: "{\"a\":", count: 100_000).utf8),
                words: "nested too deeply"
            ),
            Roster(
                testDescription: "a column's name that moves the cursor",
                bytes: Array("n\u{1b}[2J,mail\n1,a@x\n2,b@x\n".utf8),
                words: "no column holds identity IDs"
            ),
        ]

        @Test(arguments: hostile)
        func whatIsNoRosterEndsWithASentence(_ roster: Roster) async throws {
            try await Scene.with(identities: 1) { scene in
                try Data(roster.bytes).write(to: URL(filePath: scene.rosterPath))
                let run = try await scene.run()
                #expect(run.status == 1, "\(run.words.prefix(2000))")
                #expect(run.stderr.contains(roster.words), "\(run.stderr.prefix(2000))")
                #expect(run.stderr.utf8.count < 4096)
                #expect(!run.words.contains("\u{1b}"))
                #expect(!FileManager.default.fileExists(atPath: scene.campaignFolder))
                #expect(scene.simulator.statistics().requestsReceived == 0)
            }
        }

        /// Whoever writes into the pipe dies in the middle of a row.
        @Test func aPipeThatClosesEarlyIsReadAsFarAsItGoes() async throws {
            try await Scene.with(identities: 3) { scene in
                let path = "\(scene.folder)/pipe"
                try #require(mkfifo(path, 0o600) == 0)
                let ids = scene.identities.map(\.text)
                let text = "identity_id,email\n\(ids[0]),a@x\n\(ids[1]),b@x\n\(ids[2].prefix(20))"
                let writer = Thread {
                    let descriptor = open(path, O_WRONLY)
                    _ = Array(text.utf8).withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
                    close(descriptor)
                }
                writer.start()
                let run = try await Program.run([
                    "run", path, "--server", scene.simulator.adminURL, "--output-dir", scene.outputFolder,
                    "--campaign", "people",
                ])
                #expect(run.status == 3, "\(run.words)")
                let summary = try scene.summary()
                #expect(summary["issued"] == 2 && summary["rejected"] == 1)
                #expect(try scene.rows("rejected.csv").first?["line"] == "4")
            }
        }
    }
}
