// Batches by the real program: killed at any moment, nobody is handed over twice and nobody is forgotten.

import Foundation
import Glibc
import Ledger
import Programs
import TestSupport
import Testing
import Model

extension EndToEndTests {
    @Suite struct HandOverTests {
        /// The files of batches, by name.
        private static func batches(in folder: String) throws -> [String] {
            try names(inFolder: "\(folder)/handover").filter { $0.hasSuffix(".csv") && !$0.hasPrefix(".") }
        }

        private static func identities(ofBatch name: String, in folder: String) throws -> [String] {
            readCSV(try #require(text(ofFile: "\(folder)/handover/\(name)"))).dropFirst().map { $0[0] }
        }

        @Test func everyNightWhoIsNew() async throws {
            try await Scene.with(identities: 6) { scene in
                let night = ["--hand-over", "--no-export", "--quiet"]
                #expect(try await scene.run(night + ["--max-identities", "4"]).status == 0)
                let last = try await scene.run(night)
                #expect(last.status == 0, "\(last.words)")
                let names = try Self.batches(in: scene.campaignFolder)
                #expect(names.count == 2)
                let all = try names.flatMap { try Self.identities(ofBatch: $0, in: scene.campaignFolder) }
                #expect(all.count == 6 && Set(all) == Set(scene.identities.map(\.text)))
                #expect(try await scene.run(night).status == 0)
                #expect(try Self.batches(in: scene.campaignFolder) == names, "nobody is new")

                // What is sent by hand is listed, and what is lost is written again.
                let path = "\(scene.campaignFolder)/handover/\(names[0])"
                let before = text(ofFile: path)
                try FileManager.default.removeItem(atPath: path)
                let listed = try await scene.command("handovers")
                #expect(listed.status == 0 && listed.stdout.contains("\(path) is gone"), "\(listed.words)")
                #expect(try await scene.command("export", ["--batch", "1"]).status == 0)
                #expect(text(ofFile: path) == before)
                let json = try await scene.command("handovers", ["--json"])
                let object = try JSONSerialization.jsonObject(with: Data(json.stdout.utf8)) as? [String: Any]
                let entries = try #require(object?["batches"] as? [[String: Any]])
                #expect(entries.map { $0["file_state"] as? String } == ["intact", "intact"])
                #expect(entries.map { $0["rows"] as? Int } == [4, 2])
            }
        }

        @Test func aSealedCampaignIsHandedOverWithItsKey() async throws {
            try await Scene.with(identities: 3) { scene in
                let key = "\(scene.folder)/seal.key"
                #expect(try await Program.run(["keygen", "--output", key]).status == 0)
                let run = try await scene.run(["--seal-to", "\(scene.folder)/seal.pub", "--hand-over"])
                #expect(run.status == 0, "\(run.words)")
                #expect(run.stderr.contains("--new"))
                let refused = try await scene.command("export", ["--new"])
                #expect(refused.status == 1 && refused.stderr.contains("--unseal-with"), "\(refused.words)")
                #expect(try Self.batches(in: scene.campaignFolder) == [])
                let opened = try await scene.command("export", ["--new", "--unseal-with", key])
                #expect(opened.status == 0, "\(opened.words)")
                let names = try Self.batches(in: scene.campaignFolder)
                #expect(
                    try names.flatMap { try Self.identities(ofBatch: $0, in: scene.campaignFolder) }.count
                        == 3
                )
            }
        }

        /// What is there when the process is killed.
        enum Moment: String, CaseIterable, Sendable {
            case locked, writing, placed, describing

            func hasCome(in folder: String) -> Bool {
                let found = (try? names(inFolder: "\(folder)/handover")) ?? []
                switch self {
                case .locked: return found.contains(".lock")
                case .writing: return found.contains { $0.hasSuffix(".csv.partial") }
                case .placed: return found.contains { $0.hasSuffix(".csv") }
                case .describing: return found.contains { $0.contains("manifest") }
                }
            }
        }

        @Test(arguments: Moment.allCases) func killedAndGivenAgainNobodyIsTwiceInABatch(_ moment: Moment)
            async throws
        {
            let count = 30_000
            let fixture = try LedgerFixture()
            try Self.issue(count, fixture)
            try fixture.close()
            let outputFolder = try TemporaryFolder()
            let folder = outputFolder("spring")
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o700]
            )
            try FileManager.default.copyItem(
                atPath: fixture.folder("ledger.sqlite"),
                toPath: "\(folder)/ledger.sqlite"
            )
            let export = ["export", "--new", "--campaign", "spring", "--output-dir", outputFolder.path]
            let environment = ["LATCHSTRING_MIN_REMAINING": "0s"]
            var killed = 0
            // A hand-over may be faster than who looks at it: then the batch is undone, and written anew.
            for _ in 0..<10 where killed == 0 {
                let run = try await Program.run(export, environment: environment) { process in
                    Self.kill(process, at: moment, in: folder)
                }
                if run.status == -Int(SIGKILL) {
                    killed += 1
                } else {
                    #expect(run.status == 0, "\(run.words)")
                }
                let names = (try? Self.batches(in: folder)) ?? []
                let whole = names.map { text(ofFile: "\(folder)/handover/\($0)") }

                let again = try await Program.run(export, environment: environment)
                #expect(again.status == 0, "\(again.words)")
                let after = try Self.batches(in: folder)
                #expect(after.count == 1, "\(after)")
                let all = try after.flatMap { try Self.identities(ofBatch: $0, in: folder) }
                #expect(all.count == count && Set(all).count == count)
                // What had its name had all of its bytes.
                if let name = names.first {
                    #expect(after == [name])
                    #expect(whole == [text(ofFile: "\(folder)/handover/\(name)")])
                }
                let listed = try await Program.run(["handovers", "--json"] + export.dropFirst(2))
                #expect(!listed.stdout.contains("missing") && !listed.stdout.contains("changed"))
                #expect(listed.stdout.contains("\"not_handed_over\": 0"))
                guard killed == 0 else { return }
                let number = try #require(after.first.flatMap { Int($0.prefix(6)) })
                let undo = try await Program.run(["handovers", "--undo", "\(number)"] + export.dropFirst(2))
                #expect(undo.status == 0, "\(undo.words)")
            }
            #expect(killed > 0, "no hand-over could be killed when it was \(moment)")
        }

        /// Issues to so many identities, for a century.
        private static func issue(_ count: Int, _ fixture: LedgerFixture) throws {
            let run = try fixture.beginRun()
            try fixture.enrol(1...count)
            let results = try fixture.claim(count, run).map { claim in
                var invitation = IssuedInvitation.sample(Int(claim.sequence))
                invitation.expiresAt = fixtureExpiry
                return AttemptResult(claim: claim, outcome: .issued(invitation), isAmbiguous: false)
            }
            let progress = RunProgress()
            _ = try fixture.ledger.commit(
                results,
                run: run,
                progress: progress,
                claiming: 0,
                at: LedgerFixture.now
            )
        }

        private static let fixtureExpiry = LedgerFixture.now.advanced(by: .seconds(36_525 * 86_400))

        private static func kill(_ process: Int32, at moment: Moment, in folder: String) {
            while text(ofFile: "/proc/\(process)/stat")?.contains(") Z ") == false {
                if moment.hasCome(in: folder) {
                    Glibc.kill(process, SIGKILL)
                    return
                }
            }
        }
    }
}
