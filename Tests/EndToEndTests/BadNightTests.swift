// Nights that meet what they should not: each says so, ends with an exit code, and issues nothing wrong.

import Foundation
import IdentitySimulator
import Programs
import Synchronization
import TestSupport
import Testing
import Torture
import Model

extension EndToEndTests {
    @Suite struct BadNightTests {
        private static let night = ["--sync", "--reissue", "expired", "--hand-over", "--no-export"]

        private static func codes(_ scene: Scene) -> [IdentityID: Int] {
            Dictionary(grouping: scene.simulator.issued(), by: \.identity).mapValues(\.count)
        }

        /// A ledger that has no times by the server's clock, of a server that has moved since.
        @Test func aLedgerOfAnEarlierVersionIsReissuedFrom() async throws {
            let fixture = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "Ledgers/schema6/finished")
            let table = CSVTable(try #require(text(ofFile: "\(fixture.path)/expected/invitations.csv")))
            let known = table.rows.compactMap { $0["identity_id"].flatMap(IdentityID.init) }
            try #require(known.count > 3)
            try await Scene.with(identities: 1, known: known) { scene in
                let campaignFolder = "\(scene.outputFolder)/finished"
                for folder in [scene.outputFolder, campaignFolder] {
                    let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
                    try FileManager.default.createDirectory(
                        atPath: folder,
                        withIntermediateDirectories: false,
                        attributes: attributes
                    )
                }
                let ledger = "\(campaignFolder)/ledger.sqlite"
                try FileManager.default.copyItem(atPath: "\(fixture.path)/ledger.sqlite", toPath: ledger)
                let clock = try FakeClock(
                    sharedObject: try #require(FakeClock.sharedObject),
                    folder: scene.folder
                )
                // They have expired by then.
                try clock.set(200 * 86_400)
                scene.simulator.setPassword(of: known[0])
                let run = try await Program.run(
                    [
                        "run", "--reissue", "expired", "--server", scene.simulator.adminURL, "--server-moved",
                        "--campaign", "finished", "--output-dir", scene.outputFolder,
                    ],
                    environment: clock.environment
                )
                #expect([0, 3].contains(run.status), "\(run.words)")
                #expect(run.stderr.contains("To be issued anew: \(known.count - 1)"), "\(run.words)")
                #expect(run.stderr.contains("clock"), "what is compared is said: \(run.words)")
                let codes = Self.codes(scene)
                #expect(codes[known[0]] == nil, "the one who has activated gets nothing")
                #expect(known.dropFirst().allSatisfy { codes[$0] == 1 })
            }
        }

        @Test func whoComesBackAfterBeingGoneIsAskedAboutAgain() async throws {
            try await Scene.with(identities: 4) { scene in
                let ids = scene.identities
                #expect(try await scene.run(["--expires-in", "1s"] + Self.night).status == 0)
                while try await scene.status()["expired"] < 4 {}
                scene.simulator.delete(ids[1])
                let gone = try await scene.run(Self.night)
                #expect(
                    gone.status == 3 && gone.stderr.contains("the server has them no more"),
                    "\(gone.words)"
                )
                #expect(Self.codes(scene)[ids[1]] == 1)
                scene.simulator.change(Account(ids[1], email: "back@example.org"))
                let back = try await scene.run(Self.night)
                #expect(back.status == 0, "\(back.words)")
                #expect(!back.stderr.contains("the server has them no more"), "\(back.words)")
                // It was made anew, with a credential that is later than the invitation.
                let status = try await scene.status()
                #expect((status["activated"], status["valid"], status["expired"]) == (1, 3, 0))
                #expect(ids.map { Self.codes(scene)[$0] } == [2, 1, 2, 2])
            }
        }

        /// Lists that a server should not send: a time that is missing or none, and somebody twice.
        enum OddList: String, CaseIterable, Sendable {
            case withoutTime, withOddTime, twice

            func entries(_ id: String) -> [String] {
                switch self {
                case .withoutTime: [#"{"id":"\#(id)","state":"active","traits":{}}"#]
                case .withOddTime: [#"{"id":"\#(id)","state":"active","traits":{},"updated_at":"yesterday"}"#]
                case .twice:
                    Array(
                        repeating: #"{"id":"\#(id)","state":"active","traits":{},"#
                            + #""updated_at":"2020-01-01T00:00:00Z"}"#,
                        count: 2
                    )
                }
            }
        }

        @Test(arguments: OddList.allCases) func anOddListIsNoActivation(_ list: OddList) async throws {
            let script: @Sendable (SimulatedRequest) -> Delivery? = { request in
                guard request.method == "GET", request.path.hasSuffix("/admin/identities") else { return nil }
                let ids = request.query.split(separator: "&").filter { $0.hasPrefix("ids=") }
                    .compactMap { IdentityID(String($0.dropFirst(4))) }
                let entries = ids.flatMap { list.entries($0.text) }
                return .answer(.json(200, "[\(entries.joined(separator: ","))]"))
            }
            try await Scene.with(identities: 3, configure: { $0.script = script }) { scene in
                #expect(try await scene.run(["--hand-over", "--no-export"]).status == 0)
                let sync = try await scene.command("sync")
                #expect(sync.status == 0, "\(sync.words)")
                let state = list == .twice ? "unused" : "unknown"
                #expect(
                    sync.stdout.contains("  \(state.padding(toLength: 11, withPad: " ", startingAt: 0))3")
                )
                #expect(!sync.stdout.contains("  activated  3"), "\(sync.words)")
                let run = try await scene.run(["--reissue", "all", "--synced-within", "0s"])
                #expect(run.status == 0, "\(run.words)")
                // Who may have activated gets no other code.
                #expect(scene.simulator.issued().count == (list == .twice ? 6 : 3), "\(run.words)")
            }
        }

        @Test func whatWasEditedByHandIsSaidAndMended() async throws {
            try await Scene.with(identities: 3) { scene in
                #expect(try await scene.run(["--hand-over", "--no-export"]).status == 0)
                let folder = "\(scene.campaignFolder)/handover"
                let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
                    $0 != ".lock"
                }
                #expect(names.count == 2)
                for name in names {
                    let path = "\(folder)/\(name)"
                    let before = try #require(text(ofFile: path))
                    try scene.write(before + " ", to: path)
                    let edited = try await scene.command("handovers")
                    #expect(edited.status == 0, "\(edited.words)")
                    #expect(
                        edited.stdout.contains("\(path) was changed since it was written"),
                        "\(edited.words)"
                    )
                    #expect(edited.stdout.contains("latchstring export --batch 1"), "\(edited.words)")
                    // Another night neither mends nor spoils it, and hands nobody over twice.
                    #expect(try await scene.run(["--hand-over", "--no-export"]).status == 0)
                    #expect(text(ofFile: path) == before + " ")
                    #expect(try await scene.command("export", ["--batch", "1"]).status == 0)
                    #expect(text(ofFile: path) == before)
                    try FileManager.default.removeItem(atPath: path)
                    let missing = try await scene.command("handovers")
                    #expect(
                        missing.status == 0 && missing.stdout.contains("\(path) is gone"),
                        "\(missing.words)"
                    )
                    #expect(try await scene.command("export", ["--batch", "1"]).status == 0)
                    #expect(text(ofFile: path) == before)
                }
                let last = try await scene.command("handovers")
                #expect(!last.stdout.contains("gone") && !last.stdout.contains("changed"), "\(last.words)")
            }
        }
    }
}
