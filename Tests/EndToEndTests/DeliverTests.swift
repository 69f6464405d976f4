// Mails by the real program: killed at any moment, nobody is forgotten, and nobody gets two different codes.

import Foundation
import Glibc
import Programs
import TestSupport
import Testing

extension EndToEndTests {
    @Suite struct DeliverTests {
        /// Templates of the tests' own, and how they are sent.
        private static func arguments(_ scene: Scene, _ relay: FaultyRelay) throws -> [String] {
            let mail = "\(scene.folder)/mail"
            try FileManager.default.createDirectory(atPath: mail, withIntermediateDirectories: true)
            try scene.write("Your account\n", to: "\(mail)/subject.txt")
            try scene.write("Code {{code}}\n{{link}}\n", to: "\(mail)/text.mustache")
            return [
                "--mail", mail, "--smtp", relay.url, "--from", "Team <it@example.com>", "--yes",
                "--wait-for-put-off", "0s",
            ]
        }

        /// The text behind a word at the beginning of a line of a mail.
        private static func line(_ word: String, in mail: FaultyRelay.Taken) -> String? {
            String(decoding: mail.message, as: UTF8.self).split(separator: "\r\n")
                .first { $0.hasPrefix(word) }.map { String($0.dropFirst(word.count)) }
        }

        /// By address, the codes that the relay has taken mails with, and the names of these mails.
        private static func codes(
            _ relay: FaultyRelay
        ) throws -> [String: (codes: Set<String>, names: Set<String>, count: Int)] {
            var found: [String: (codes: Set<String>, names: Set<String>, count: Int)] = [:]
            for mail in relay.taken {
                let address = try #require(mail.recipients.first)
                found[address, default: ([], [], 0)].codes.insert(try #require(line("Code ", in: mail)))
                found[address]?.names.insert(try #require(line("Message-ID:", in: mail)))
                found[address]?.count += 1
            }
            return found
        }

        @Test func everybodyGetsTheirCodeAndWhatTheRelaySaysIsKept() async throws {
            let relay = try FaultyRelay { moment in
                guard moment.step == .recipient else { return nil }
                if moment.recipient.contains("user1@") { return .reply("550 5.1.1 no such user") }
                if moment.recipient.contains("user2@") { return .reply("450 4.2.1 come back later") }
                return nil
            }
            try await Scene.with(identities: 6) { scene in
                #expect(try await scene.run().status == 0)
                let arguments = try Self.arguments(scene, relay)
                let first = try await scene.command("deliver", arguments)
                #expect(first.status == 5, "\(first.words)")
                let invitations = try scene.rows("invitations.csv")
                let expected = Dictionary(
                    uniqueKeysWithValues: invitations.map { ($0["email"] ?? "", $0["recovery_code"] ?? "") }
                )
                let mailed = try Self.codes(relay)
                #expect(mailed.count == 4 && relay.taken.count == 4)
                for (address, mail) in mailed {
                    #expect(mail.codes == [expected[address] ?? ""], "\(address)")
                }
                let rows = try scene.rows("deliveries.csv")
                let states = Dictionary(
                    uniqueKeysWithValues: rows.map { ($0["address"] ?? "", $0["state"] ?? "") }
                )
                #expect(states["user1@example.org"] == "failed" && states["user2@example.org"] == "later")
                #expect(states.values.count { $0 == "sent" } == 4)
                let log = try scene.file("run.log")
                for code in expected.values {
                    #expect(!first.words.contains(code) && !log.contains(code))
                }
                #expect(!log.contains("@example.org"))

                // Nobody is mailed again, and nobody who was mailed is in a batch.
                let second = try await scene.command("deliver", arguments)
                #expect(second.status == 5, "\(second.words)")
                #expect(relay.taken.count == 4)
                #expect(try await scene.command("export", ["--new"]).status == 0)
                let batch = try names(inFolder: "\(scene.campaignFolder)/handover")
                    .first { $0.hasSuffix(".csv") }
                let table = readCSV(
                    try #require(text(ofFile: "\(scene.campaignFolder)/handover/\(batch ?? "")"))
                )
                #expect(table.count == 2, "the one whom the relay refuses")
            }
        }

        @Test func killedAtTwentyMomentsNobodyIsForgotten() async throws {
            let ambush = Ambush()
            let connections = 2
            let relay = try FaultyRelay { moment in
                if moment.step == .message { ambush.requestReceived() }
                return nil
            }
            try await Scene.with(identities: 200) { scene in
                #expect(try await scene.run().status == 0)
                let arguments = try Self.arguments(scene, relay) + ["--connections", "\(connections)"]
                var random = SeededGenerator(seed: 15)
                var kills = 0
                for _ in 0..<20 {
                    ambush.arm(after: Int.random(in: 1...9, using: &random), signal: SIGKILL, in: scene)
                    let run = try await scene.command("deliver", arguments)
                    if run.status == -Int(SIGKILL) {
                        kills += 1
                    } else {
                        #expect(run.status == 0, "\(run.words)")
                    }
                }
                ambush.arm(after: .max, signal: SIGKILL, in: scene)
                let last = try await scene.command("deliver", arguments)
                #expect(last.status == 0, "\(last.words)")
                #expect(kills >= 10)

                let invitations = try scene.rows("invitations.csv")
                let mailed = try Self.codes(relay)
                #expect(mailed.count == 200, "nobody is forgotten")
                for row in invitations {
                    let mail = try #require(mailed[row["email"] ?? ""])
                    #expect(mail.codes == [row["recovery_code"] ?? ""] && mail.names.count == 1)
                }
                // Of each killed process no more than it had claimed.
                #expect(relay.taken.count - 200 <= kills * 4 * connections)
                #expect(try scene.rows("deliveries.csv").allSatisfy { $0["state"] == "sent" })
            }
        }
    }
}
