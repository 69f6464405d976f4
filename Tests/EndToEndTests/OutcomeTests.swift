// What servers answer, and what a run makes of it: exit codes, sentences, and who is marked as failed.

import Foundation
import IdentitySimulator
import Programs
import Testing
import Model

extension EndToEndTests {
    @Suite struct OutcomeTests {
        /// An answer to every request, and how a run must end on it.
        struct Case: Sendable, CustomTestStringConvertible {
            let name: String
            let delivery: Delivery
            let status: Int
            /// Words of the sentence on stderr.
            let sentence: String
            let stoppedBecause: String

            var testDescription: String { name }
        }

        static let fatal: [Case] = [
            Case(
                name: "401",
                delivery: .answer(
                    .json(401, #"{"error":{"code":401,"message":"The request could not be authorized"}}"#)
                ),
                status: 4,
                sentence: "credential",
                stoppedBecause: "credential_refused"
            ),
            Case(
                name: "403 of a gateway",
                delivery: .answer(
                    Answer(
                        status: 403,
                        headers: [("Content-Type", "text/html"), ("Server", "cloudflare")],
                        body: Array("<title>Attention Required!</title>".utf8)
                    )
                ),
                status: 1,
                sentence: " (cloudflare) answered 403 with a page titled \"Attention Required!\"",
                stoppedBecause: "gateway_refused"
            ),
            Case(
                name: "403 of AWS",
                delivery: .answer(.json(403, #"{"message":"Forbidden"}"#)),
                status: 1,
                sentence: " answered 403 with an answer that says \"Forbidden\"",
                stoppedBecause: "gateway_refused"
            ),
            Case(
                name: "plain HTTP to a TLS port",
                delivery: .answer(
                    Answer(status: 400, body: Array("Client sent an HTTP request to an HTTPS server.\n".utf8))
                ),
                status: 1,
                sentence: "begin --server with https://",
                stoppedBecause: "plain_http"
            ),
            Case(
                name: "407",
                delivery: .answer(Answer(status: 407)),
                status: 1,
                sentence: "LATCHSTRING_PROXY",
                stoppedBecause: "proxy_refused"
            ),
            Case(
                name: "plain 404",
                delivery: .answer(Answer(status: 404, body: Array("404 page not found\n".utf8))),
                status: 1,
                sentence: "does not exist there",
                stoppedBecause: "wrong_url"
            ),
            Case(
                name: "405",
                delivery: .answer(Answer(status: 405, body: Array("Method Not Allowed\n".utf8))),
                status: 1,
                sentence: "does not exist there",
                stoppedBecause: "wrong_url"
            ),
            Case(
                name: "redirect",
                delivery: .answer(
                    Answer(status: 307, headers: [("Location", "http://elsewhere.example/x?secret=1")])
                ),
                status: 1,
                sentence: "redirects to http://elsewhere.example/x;",
                stoppedBecause: "redirected"
            ),
            Case(
                name: "400 that names expires_in",
                delivery: .answer(
                    .json(
                        400,
                        #"{"error":{"code":400,"reason":"Unable to parse \"expires_in\" whose "#
                            + #"format","message":"m"}}"#
                    )
                ),
                status: 1,
                sentence: "expires_in",
                stoppedBecause: "parameter_refused"
            ),
            Case(
                name: "a web page",
                delivery: .answer(
                    Answer(status: 200, headers: [("Content-Type", "text/html")], body: Array("<p>".utf8))
                ),
                status: 1,
                sentence: "not Ory Kratos's admin API",
                stoppedBecause: "not_kratos"
            ),
        ]

        @Test(arguments: fatal)
        func whatIsTheSameForEverybodyStopsTheRun(_ expected: Case) async throws {
            try await Scene.with(
                identities: 40,
                configure: { $0.script = { request in request.identity == nil ? nil : expected.delivery } }
            ) { scene in
                let run = try await scene.run()
                #expect(run.status == expected.status, "\(run.words)")
                #expect(run.stderr.contains(expected.sentence), "\(run.stderr)")
                let summary = try scene.summary()
                #expect(summary["failed"] == 0, "no identity is marked as failed for it")
                #expect(summary["pending"] == 40)
                #expect(summary.text("stopped_because") == expected.stoppedBecause)
                #expect(summary["requests"] == scene.simulator.statistics().requestsReceived)
                #expect(summary["requests"] == 1, "the first request goes alone")
                #expect(run.stderr.contains("To go on: latchstring run"))
            }
        }

        @Test func thePublicPortIsRecognised() async throws {
            try await Scene.with(identities: 5) { scene in
                let run = try await Program.run([
                    "run", scene.rosterPath, "--server", scene.simulator.publicURL, "--output-dir",
                    scene.outputFolder,
                ])
                #expect(run.status == 1)
                #expect(run.stderr.contains("public port"))
            }
        }

        @Test func aMethodThatIsSwitchedOffIsRecognised() async throws {
            try await Scene.with(identities: 5, configure: { $0.disabledEndpoints = [.code] }) { scene in
                let run = try await scene.run()
                #expect(run.status == 1)
                #expect(run.stderr.contains("switched off"))
                #expect(try scene.summary()["failed"] == 0)
            }
        }

        @Test func aServerThatIsNotThereEndsTheRunResumably() async throws {
            try await Scene.with(identities: 5) { scene in
                let url = scene.simulator.adminURL
                try await scene.simulator.stop()
                let run = try await Program.run(
                    ["run", scene.rosterPath, "--server", url, "--output-dir", scene.outputFolder]
                )
                #expect(run.status == 5, "\(run.words)")
                let summary = try scene.summary()
                #expect(summary["pending"] == 5)
                #expect(summary["requests"] == 0)
            }
        }

        @Test func aNameWithoutAnAddressIsAWrongSetting() async throws {
            try await Scene.with(identities: 2) { scene in
                let run = try await Program.run(
                    [
                        "run", scene.rosterPath, "--server", "https://no-such-host.invalid", "--output-dir",
                        scene.outputFolder,
                    ]
                )
                #expect(run.status == 1, "\(run.words)")
                #expect(run.stderr.contains("no-such-host.invalid"))
            }
        }

        @Test func twentyRefusalsAlikeAreTheServersFault() async throws {
            let refusal = Delivery.answer(
                .json(409, #"{"error":{"code":409,"reason":"no","message":"Conflict"}}"#)
            )
            try await Scene.with(
                identities: 60,
                configure: { $0.script = { request in request.identity == nil ? nil : refusal } }
            ) { scene in
                let run = try await scene.run()
                #expect(run.status == 1, "\(run.words)")
                let summary = try scene.summary()
                #expect(summary["failed"] == 0)
                #expect(summary["pending"] == 60)
                #expect(summary.text("stopped_because") == "same_refusal")
            }
        }

        @Test func fewerRefusalsAreTheIdentities() async throws {
            let refusal = Delivery.answer(
                .json(409, #"{"error":{"id":"odd","code":409,"reason":"no","message":"m"}}"#)
            )
            let refused = Array(MadeUpIdentities(count: 30, seed: 7))[3]
            try await Scene.with(
                identities: 30,
                configure: { $0.script = { request in request.identity == refused ? refusal : nil } }
            ) { scene in
                #expect(try await scene.run().status == 3)
                let row = try #require(try scene.rows("failures.csv").first)
                #expect(row["identity_id"] == refused.text)
                #expect(row["kind"] == "rejected_by_server")
                #expect(row["http_status"] == "409")
                #expect(row["error_id"] == "odd")
                #expect(row["reason"] == "no")
                #expect(row["attempts"] == "1")
                #expect(row["email"] == "user3@example.org")
            }
        }

        @Test func triesThatAreUsedUpAreFailuresAndTakenUpByTheNextRun() async throws {
            let kinds: [(Delivery, String, isAmbiguous: Bool)] = [
                (.answer(.json(503, "{}")), "server_error", false),
                (.close, "connection", true),
                (
                    .half(.json(201, #"{"recovery_link":"http://x/","recovery_code":"1"}"#)),
                    "unreadable_answer",
                    true
                ),
                (.answer(.json(201, "[]")), "unreadable_answer", true),
                (.hold(.forever, then: .close), "timeout", true),
            ]
            // Spread over a roster that is all well otherwise: it is they who fail, and not the server.
            let identities = Array(MadeUpIdentities(count: 60, seed: 7)).enumerated().filter {
                $0.offset % 10 == 9
            }
            let deliveries = Dictionary(uniqueKeysWithValues: zip(identities.map(\.element), kinds.map(\.0)))
            try await Scene.with(
                identities: 60,
                configure: { $0.script = { request in request.identity.flatMap { deliveries[$0] } } }
            ) { scene in
                let run = try await scene.run(["--attempts-max", "2", "--timeout", "2s"])
                #expect(run.status == 3, "\(run.words)")
                let rows = try scene.rows("failures.csv")
                #expect(rows.map { $0["kind"] } == kinds.map(\.1))
                #expect(rows.map { $0["attempts"] } == kinds.map { _ in "2" })
                #expect(rows.map { $0["ambiguous_attempts"] } == kinds.map { $0.isAmbiguous ? "2" : "0" })
                let summary = try scene.summary()
                #expect(summary["issued"] == 60 - kinds.count)
                #expect(summary["requests"] == scene.simulator.statistics().requestsReceived)

                _ = try await scene.run(["--attempts-max", "1", "--timeout", "2s"])
                #expect(try scene.summary()["requests"] == kinds.count)
            }
        }
    }
}
