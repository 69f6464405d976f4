// Blanks, quotes of other dialects and invisible characters, from a roster's cells to the outputs.

import Foundation
import IdentitySimulator
import Programs
import TestSupport
import Testing
import Model

extension EndToEndTests {
    @Suite struct RosterCellTests {
        @Test func valuesComeOutAsTheyWereMeant() async throws {
            try await Scene.with(identities: 4) { scene in
                let ids = scene.identities.map(\.text)
                let text = """
                    \u{feff}="id"\u{a0}, "name","note"
                    \u{a0}\(ids[0])\u{200b}, "Doe, Ann", a\u{a0}
                    ,,
                    '\(ids[1]),5" pipe,"b"
                    \u{feff}"id","name","note"
                    "=""\(ids[2])\""", "" ,c

                    """
                try scene.write(text, to: scene.rosterPath)
                let run = try await scene.run()
                #expect(run.status == 0, "\(run.words)")
                let rows = try scene.rows("invitations.csv")
                #expect(rows.map { $0["identity_id"] } == Array(ids.prefix(3)))
                #expect(rows.map { $0["name"] } == ["Doe, Ann", "5\" pipe", " "])
                #expect(rows.map { $0["note"] } == [" a\u{a0}", "b", "c"])
            }
        }

        @Test func doubtfulRowsAreRejectsWithWhatCannotBeSeen() async throws {
            try await Scene.with(identities: 4) { scene in
                let ids = scene.identities.map(\.text)
                let text = """
                    identity_id,name,note
                    \(ids[0]),"Ann" Lee,x
                    \(ids[1]),\\N,x
                    \(ids[1]),"\\N",x
                    \(ids[2]),a\0b,x
                    \(ids[2].prefix(30))\u{200b}\u{202e},c,x
                    \(ids[3]),d,x

                    """
                try scene.write(text, to: scene.rosterPath)
                let run = try await scene.run()
                #expect(run.status == 3, "\(run.words)")
                let summary = try scene.summary()
                #expect(summary["rows_read"] == 6 && summary["rejected"] == 3 && summary["duplicates"] == 1)
                #expect(run.stderr.contains(#"\N, as MySQL and PostgreSQL do: each is read as empty"#))
                let rejected = try scene.rows("rejected.csv")
                #expect(
                    rejected.map { $0["reason"] } == [
                        "ambiguous_quote", "duplicate", "nul_byte", "not_a_uuid",
                    ]
                )
                #expect(rejected.map { $0["line"] } == ["2", "4", "5", "6"])
                #expect(rejected.first?["value"] == "\"Ann\" Lee")
                #expect(rejected[2]["value"] == #"a\u0000b"#)
                #expect(rejected.last?["value"] == ids[2].prefix(30) + #"\u200b\u202e"#)
            }
        }

        @Test func aDialectIsToldOnceByEachCommand() async throws {
            try await Scene.with(identities: 2) { scene in
                let ids = scene.identities.map(\.text)
                let text = "\"\(ids[0])\"\t\"say \\\"hi\\\"\"\n\"\(ids[1])\"\t\\N\n"
                try scene.write(text, to: scene.rosterPath)
                let server = ["--server", scene.simulator.adminURL, "--output-dir", scene.outputFolder]
                let words = #"\" is read as a quote, \\ as a backslash, and \N as empty"#
                let plan = try await Program.run(["plan", scene.rosterPath] + server)
                #expect(plan.stderr.contains(words), "\(plan.words)")
                let doctor = try await Program.run(["doctor", scene.rosterPath] + server)
                #expect(doctor.stdout.contains(words), "\(doctor.words)")
                let run = try await scene.run()
                #expect(run.status == 0 && run.stderr.contains(words), "\(run.words)")
                #expect(run.stderr.components(separatedBy: words).count == 2)
                #expect(try scene.rows("invitations.csv").map { $0["column_2"] } == ["say \"hi\"", ""])
                let quiet = try await scene.run(["--quiet"])
                #expect(!quiet.stderr.contains(words))
            }
        }

        @Test func aRosterWithoutIDsNamesTheNearestValue() async throws {
            try await Scene.with(identities: 1) { scene in
                let id = scene.identities[0].text
                try scene.write("user,mail\n\(id.dropLast()),a@x\n", to: scene.rosterPath)
                let run = try await scene.run()
                #expect(run.status == 1)
                #expect(
                    run.stderr.contains("\"\(id.dropLast())\" on line 2 in the column user"),
                    "\(run.stderr)"
                )
                #expect(run.stderr.contains("31 hexadecimal digits"))
                #expect(!FileManager.default.fileExists(atPath: scene.campaignFolder))
            }
        }

        @Test func aHeaderInAnotherEncodingIsRefused() async throws {
            try await Scene.with(identities: 1) { scene in
                let bytes =
                    Array("identity_id,Pr".utf8) + [0xe9]
                    + Array("nom\n\(scene.identities[0].text),Ann\n".utf8)
                try Data(bytes).write(to: URL(filePath: scene.rosterPath))
                let run = try await scene.run()
                #expect(run.status == 1)
                #expect(run.stderr.contains("line 1, the header"), "\(run.stderr)")
                #expect(run.stderr.contains("looks like Windows-1252"))
                #expect(!FileManager.default.fileExists(atPath: scene.campaignFolder))
            }
        }
    }
}
