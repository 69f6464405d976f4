// Rosters of JSON as an administrator has them in hand: pages appended, answers of imports, errors, sessions.

import Foundation
import IdentitySimulator
import Programs
import Testing
import Model

extension EndToEndTests {
    @Suite struct JSONRosterTests {
        @Test func pagesInOneFileAreEnrolledAndAnErrorBetweenThemIsAReject() async throws {
            try await Scene.with(identities: 8) { scene in
                let ids = scene.identities.map(\.text)
                try scene.write(
                    """
                    [{"id":"\(ids[0])","traits":{"email":"a@example.org"}},
                     {"id":"\(ids[1])","traits":{"email":"b@example.org"}}]
                    {
                      "identities": [ { "id": "\(ids[2])", "traits": { "email": "c@example.org" } } ],
                      "next_page_token": "x"
                    }{"error":{"code":401,"message":"The key is \\u001b[2J wrong"}}
                    {"identities":[{"action":"create","identity":"\(ids[3])","patch_id":"1"},
                      {"action":"error","patch_id":"2","error":{"message":"exists"}}]}
                    {"Resources":[{"id":"\(ids[4])"}],"totalResults":1}
                    {"data":[{"identity_id":"\(ids[5])"}]} {"items":[{"identity":{"id":"\(ids[6])"}}]}
                    [{"id":"\(ids[7])","authenticated_at":"2026-01-01T00:00:00Z","active":true}]
                    """,
                    to: scene.rosterPath
                )
                let run = try await scene.run()
                #expect(run.status == 3, "\(run.words)")
                let summary = try scene.summary()
                #expect(summary["issued"] == 7 && summary["rejected"] == 3 && summary["rows_read"] == 10)
                let rejects = try scene.rows("rejected.csv")
                #expect(rejects.map { $0["line"] } == ["4", "6", "10"])
                #expect(rejects.map { $0["reason"] } == ["error_answer", "import_error", "session"])
                #expect(rejects.first?["value"] == "The key is [2J wrong")
                let emails = try scene.rows("invitations.csv").map { $0["traits.email"] ?? "" }
                #expect(emails.prefix(3) == ["a@example.org", "b@example.org", "c@example.org"])
            }
        }

        @Test(arguments: [
            (
                #"{"error":{"code":401,"message":"The request could not be authorized"}}"#,
                "could not be authorized"
            ),
            (#"{"errors":[{"message":"upstream is down"}]}"#, "upstream is down"),
            (#"[{"id":"9f425a8d-7efc-4768-8f23-7647a74fdf13","authenticated_at":"t"}]"#, "sessions"),
            (#"{"data":[],"total":0}"#, "no identities"), (#"[{"id":"auth0|1"}]"#, "auth0|1"),
        ])
        func whatIsNoRosterIsRefusedInTheServersWords(_ text: String, _ words: String) async throws {
            try await Scene.with(identities: 1) { scene in
                try scene.write(text, to: scene.rosterPath)
                for command in ["run", "plan"] {
                    let run = try await Program.run([
                        command, scene.rosterPath, "--server", scene.simulator.adminURL, "--output-dir",
                        scene.outputFolder,
                    ])
                    #expect(run.status == 1, "\(run.words)")
                    #expect(run.stderr.contains(words), "\(run.stderr)")
                    #expect(!run.stderr.contains("--delimiter"))
                    #expect(!FileManager.default.fileExists(atPath: scene.campaignFolder))
                }
            }
        }
    }
}
