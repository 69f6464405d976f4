// Rosters as consoles and spreadsheets save them: the real program plans for every row, and rejects what is
// none.

import IdentitySimulator
import Programs
import Testing
import Model

extension EndToEndTests {
    @Suite struct TableRosterTests {
        struct Table: Sendable, CustomTestStringConvertible {
            let testDescription: String
            let text: String
            var rejected = 0
            /// What is said instead of a plan.
            var refusal: String?
        }

        private static let (one, two) = (
            "a0000000-0000-4000-8000-000000000001", "a0000000-0000-4000-8000-000000000002"
        )

        private static let tables = [
            Table(
                testDescription: "a report of a spreadsheet",
                text: "\u{feff}sep=;\r\nUsers;\r\n\r\nname;user\r\nAnn;\(one)\r\nBob;\(two)\r\n",
                rejected: 1
            ),
            Table(
                testDescription: "what psql prints",
                text: "Pager usage is off.\nid,name\n\(one),Ann\n\(two),Bob\n(2 rows)\nTime: 1.234 ms\n",
                rejected: 3
            ),
            Table(
                testDescription: "a list with comments",
                text: "# made by a script, v2\n\(one)\n\(two)\n"
            ),
            Table(
                testDescription: "what kratos list identities prints",
                text: "ID\t\t\t\t\tVERIFIED ADDRESS 1\tRECOVERY ADDRESS 1\tSCHEMA ID\tSCHEMA URL\t\n"
                    + "\(one)\t\t\t\t\t\t\tdefault\t\thttp://x\t\n"
                    + "\(two)\t\t\t\ta@x\t\t\tdefault\t\thttp://x\t\n"
                    + "\t\t\t\t\t\nNEXT PAGE TOKEN\t\t\t\t\teyJwYWdl\t\n"
            ),
            Table(
                testDescription: "columns separated by blanks",
                text: "ID                                     NAME\n\(one)   Ann\n\(two)   Bob\n",
                refusal: "use --format json or -q"
            ),
        ]

        @Test(arguments: tables)
        func everyRowIsPlannedFor(_ table: Table) async throws {
            try await Scene.with(identities: 1) { scene in
                try scene.write(table.text, to: scene.rosterPath)
                let run = try await Program.run([
                    "plan", scene.rosterPath, "--server", scene.simulator.adminURL, "--output-dir",
                    scene.outputFolder,
                ])
                if let refusal = table.refusal {
                    #expect(run.status == 1)
                    #expect(run.stderr.contains(refusal), "\(run.stderr)")
                } else {
                    let words =
                        "\(table.rejected + 2) rows read: 2 enrolled, 0 duplicates, "
                        + "\(table.rejected) rejected"
                    #expect(run.words.contains(words), "\(run.words)")
                }
            }
        }
    }
}
