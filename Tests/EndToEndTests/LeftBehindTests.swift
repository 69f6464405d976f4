// A campaign whose roster is an output of another one: nothing of that one's codes comes along.

import Foundation
import IdentitySimulator
import Ledger
import Programs
import SQLiteLedger
import TestSupport
import Testing
import Model

extension EndToEndTests {
    @Suite struct LeftBehindTests {
        /// A campaign whose codes and links are canaries.
        private func withFirst(_ body: @Sendable (Scene) async throws -> Void) async throws {
            try await Scene.with(identities: 40, configure: { $0.script = Canaries.script }) { scene in
                #expect(try await scene.run().status == 0)
                try await body(scene)
            }
        }

        private func run(_ scene: Scene, _ command: String = "run", _ arguments: [String]) async throws -> Run
        {
            let server = command == "run" ? ["--server", scene.simulator.adminURL] : []
            return try await Program.run(
                [command] + arguments + server + ["--output-dir", scene.outputFolder]
            )
        }

        /// From now on codes are issued that are no canaries, to all but the first five.
        private func issueOthers(_ scene: Scene) async throws -> IdentitySimulator {
            var configuration = SimulatorConfiguration()
            configuration.identities = .listed(Array(scene.identities.dropFirst(5)))
            return try await IdentitySimulator.start(configuration)
        }

        @Test(arguments: [false, true])
        func noCodeOfTheFirstCampaignIsInTheSecond(_ isSealed: Bool) async throws {
            try await withFirst { scene in
                let other = try await issueOthers(scene)
                // Rows that are rejected in each way, with a code and a link in them.
                var roster = try scene.file("invitations.csv")
                let row = try #require(roster.split(separator: "\n").dropFirst().first.map(String.init))
                let fields = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                roster += fields.dropFirst().joined(separator: ",") + "\n"
                roster += (fields.dropFirst() + [""]).joined(separator: ",") + "\n"
                roster += (fields.dropFirst(2) + ["", ""]).joined(separator: ",") + "\n"
                roster += "\(row),more\n\"\(row)\n"
                let path = "\(scene.folder)/again.csv"
                try scene.write(roster, to: path)

                var arguments = [path, "--server", other.adminURL, "--output-dir", scene.outputFolder]
                if isSealed {
                    let key = "\(scene.folder)/seal.key"
                    #expect(try await Program.run(["keygen", "--output", key]).status == 0)
                    arguments += ["--seal-to", "\(scene.folder)/seal.pub"]
                }
                let plan = try await run(scene, "plan", [path])
                #expect(plan.status == 3, "\(plan.words)")
                let second = try await Program.run(["run", "--per-user"] + arguments)
                #expect(second.status == 3, "\(second.words)")
                for run in [plan, second] {
                    #expect(
                        run.stderr.contains(
                            "columns recovery_code, recovery_link, expires_at, issued_at, generation are "
                                + "left behind"
                        ),
                        "\(run.words)"
                    )
                    #expect(!Canaries.are(in: Data(run.words.utf8)))
                }
                let folder = "\(scene.outputFolder)/again"
                #expect(try Canaries.files(in: folder) == [])
                let failures = try CSVTable(#require(text(ofFile: "\(folder)/failures.csv")))
                #expect(failures.rows.count == 5 && failures.header.last == "email")
                let rejected = try CSVTable(#require(text(ofFile: "\(folder)/rejected.csv")))
                #expect(rejected.rows.count == 5)
                #expect(rejected.rows.allSatisfy { $0["value"] == "[redacted]" })
                if !isSealed {
                    let invitations = try CSVTable(#require(text(ofFile: "\(folder)/invitations.csv")))
                    #expect(invitations.header == OwnColumns.invitations + ["email"])
                    #expect(invitations.rows.count == 35)
                }
                try await other.stop()
            }
        }

        /// The ledger, the reports and the exports as a version has left them that enrolled every column.
        private func leaveOlderCampaign(_ scene: Scene) throws -> String {
            let folder = "\(scene.outputFolder)/older"
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            let ledger = try SQLiteLedger.openOrCreate(
                at: "\(folder)/ledger.sqlite",
                campaign: "older",
                server: scene.simulator.adminURL
            )
            let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
            let rows = CSVTable(try scene.file("invitations.csv")).rows
            let columns = ["recovery_code", "recovery_link", "expires_at", "email"]
            let roster = try ledger.beginRoster(name: "invitations.csv", at: now)
            let entries = try rows.enumerated().map { line, row in
                let identity = try #require(row["identity_id"].flatMap { IdentityID($0) })
                return RosterEntry.identity(identity, line: line + 2, columns: columns.map { row[$0] ?? "" })
            }
            let reject = RejectedRow(
                line: 99,
                column: nil,
                reason: "wrong_number_of_fields",
                value: "x,\(Canaries.code(of: scene.identities[0])),\(Canaries.linkMark)"
            )
            _ = try ledger.enrol(
                entries + [.rejected(reject)],
                idColumn: "identity_id",
                columnNames: columns,
                into: roster
            )
            try ledger.finishRoster(roster, fingerprint: "sha256:0 id-column: delimiter:", size: 1)
            let start = RunStart(startedAt: now, process: "p", version: "0", retryFailed: false)
            let run = try ledger.beginRun(start)
            let claims = try ledger.commit([], run: run, progress: RunProgress(), claiming: 9, at: now)
                .claims
            let failure = FailureRecord(
                Failure(
                    kind: "unknown_identity",
                    httpStatus: 404,
                    errorID: nil,
                    reason: "could not find identity"
                ),
                isPermanent: true,
                requestID: "r",
                at: now
            )
            let results = claims.map {
                AttemptResult(claim: $0, outcome: .failed(failure), isAmbiguous: false)
            }
            _ = try ledger.commit(results, run: run, progress: RunProgress(), claiming: 0, at: now)
            try ledger.finishRun(run, progress: RunProgress(), stoppedBecause: nil, at: now)
            try ledger.close()
            for name in ["failures.csv", "rejected.csv"] {
                try put(
                    "roster_recovery_code\n\(Canaries.codeMark)1\n",
                    intoFile: "\(folder)/\(name)",
                    mode: 0o600
                )
            }
            return folder
        }

        @Test(arguments: [[], ["--all", "--yes"]])
        func aPurgeTakesThemOutOfAnOlderLedger(_ options: [String]) async throws {
            try await withFirst { scene in
                let folder = try leaveOlderCampaign(scene)
                #expect(
                    try Canaries.files(in: folder).filter { !$0.hasSuffix("-wal") }
                        == ["failures.csv", "ledger.sqlite", "rejected.csv"]
                )
                let status = try await run(scene, "status", ["--campaign", "older"])
                #expect(status.status == 0 && !Canaries.are(in: Data(status.words.utf8)))

                let purge = try await run(scene, "purge", ["--campaign", "older"] + options)
                #expect(purge.status == 0, "\(purge.words)")
                #expect(
                    purge.stdout.contains("the roster's columns recovery_code, recovery_link, expires_at"),
                    "\(purge.words)"
                )
                #expect(purge.stdout.contains("failures.csv, without them"), "\(purge.words)")
                #expect(try Canaries.files(in: folder) == [])
                let again = try await run(scene, "purge", ["--campaign", "older", "--json"] + options)
                #expect(again.stdout.contains("\"columns_removed\": []"), "\(again.words)")
                let failures = try CSVTable(#require(text(ofFile: "\(folder)/failures.csv")))
                #expect(failures.header.last == "email" && failures.rows.count == 9)
                #expect(failures.rows[0]["email"] == "user0@example.org")
            }
        }

        @Test(arguments: ["report", "export"])
        func anOlderLedgerGivesNoneOfThem(_ command: String) async throws {
            try await withFirst { scene in
                let folder = try leaveOlderCampaign(scene)
                let report = try await run(scene, command, ["--campaign", "older"])
                #expect(report.status == 0, "\(report.words)")
                #expect(report.stderr.contains("latchstring purge --campaign older"), "\(report.words)")
                let clean =
                    command == "report"
                    ? ["failures.csv", "rejected.csv", "summary.json"] : ["invitations.csv"]
                let found = try Canaries.files(in: folder)
                for name in clean { #expect(!found.contains(name), "\(name)") }
            }
        }

        @Test func theOperatorNamesOthers() async throws {
            try await Scene.with(identities: 3) { scene in
                let path = "\(scene.folder)/pins.csv"
                let rows = scene.identities.map { "\($0.text),CANARY-pin,x" }.joined(separator: "\n")
                try scene.write("identity_id,Pin,city\n\(rows)\nCANARY-pin,x\n", to: path)
                let misspelt = try await run(scene, "run", [path, "--without-columns", "city,pim"])
                #expect(
                    misspelt.status == 1 && misspelt.stderr.contains("no column pim"),
                    "\(misspelt.words)"
                )
                #expect(!FileManager.default.fileExists(atPath: "\(scene.outputFolder)/pins"))
                let arguments = [
                    "run", path, "--server", scene.simulator.adminURL, "--output-dir", scene.outputFolder,
                ]
                let run = try await Program.run(
                    arguments,
                    environment: ["LATCHSTRING_WITHOUT_COLUMNS": "pin,pim"]
                )
                #expect(run.status == 3, "\(run.words)")
                #expect(run.stderr.contains("column Pin is left behind"), "\(run.words)")
                #expect(run.stderr.contains("no column pim"), "\(run.words)")
                #expect(try Canaries.files(in: "\(scene.outputFolder)/pins") == [])
                for (wrong, status) in [("identity_id", 1), ("pin,,city", 64)] {
                    let refused = try await Program.run(arguments + ["--without-columns", wrong])
                    #expect(refused.status == status, "\(refused.words)")
                    #expect(refused.stderr.contains("--without-columns"), "\(refused.words)")
                }
                let both = ["--id-column", "Identity_ID", "--without-columns", "identity_id"]
                #expect(try await Program.run(arguments + both).status == 64)
            }
        }

        // MARK: failures.csv, and names that are no campaign's

        @Test func failuresFedBackKeepTheirRostersColumnsOnly() async throws {
            let all = Array(MadeUpIdentities(count: 6, seed: 7))
            try await Scene.with(identities: 6, known: Array(all[..<4])) { scene in
                #expect(try await scene.run().status == 3)
                let failures = "\(scene.campaignFolder)/failures.csv"
                let again = try await run(scene, "run", [failures, "--campaign", "people", "--retry-failed"])
                #expect(again.status == 3, "\(again.words)")
                #expect(again.stderr.contains("columns kind, http_status"), "\(again.words)")
                let table = CSVTable(try scene.file("failures.csv"))
                #expect(table.header == OwnColumns.failures + ["email"])
                #expect(table.rows.map { $0["email"] } == ["user4@example.org", "user5@example.org"])
                #expect(try scene.rows("invitations.csv").count == 4)
            }
        }

        @Test(arguments: ["failures.csv", "Invitations (1).csv", "rejected-2.csv"])
        func anOutputsNameIsNoCampaigns(_ name: String) async throws {
            try await Scene.with(identities: 1) { scene in
                let path = "\(scene.folder)/\(name)"
                try FileManager.default.copyItem(atPath: scene.rosterPath, toPath: path)
                for command in ["run", "plan", "doctor"] {
                    let server = command == "plan" ? [] : ["--server", scene.simulator.adminURL]
                    let arguments = [command, path, "--output-dir", scene.outputFolder] + server
                    let refused = try await Program.run(arguments)
                    #expect(refused.status == 64, "\(refused.words)")
                    #expect(refused.stderr.contains("which campaign is meant?"), "\(refused.words)")
                    #expect(refused.stderr.contains("--campaign"), "\(refused.words)")
                }
                #expect(!FileManager.default.fileExists(atPath: scene.outputFolder))
                let named = try await run(scene, "run", [path, "--campaign", "failures"])
                #expect(named.status == 0, "\(named.words)")
            }
        }

        @Test func whoseOutputItIsShowsByItsFolder() async throws {
            try await Scene.with(identities: 1) { scene in
                #expect(try await scene.run().status == 0)
                let refused = try await run(scene, "run", ["\(scene.campaignFolder)/failures.csv"])
                #expect(refused.status == 64)
                #expect(refused.stderr.contains("in the folder of the campaign people"), "\(refused.words)")
            }
        }
    }
}
