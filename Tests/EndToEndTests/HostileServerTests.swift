// A server that answers in every way it should not: the run goes on, and keeps every code that came readable.

import IdentitySimulator
import Synchronization
import TestSupport
import Programs
import Testing
import Model

extension EndToEndTests {
    @Suite struct HostileServerTests {
        /// One way of answering, and what it has to come to.
        private struct Trick: Sendable {
            let name: String
            let delivery: Delivery
            var isIssued = false
            var isAmbiguous = true
        }

        private static func trick(_ name: String, _ body: String) -> Trick {
            Trick(name: name, delivery: .answer(.json(201, body)))
        }

        private static func raw(_ name: String, _ text: String) -> Trick {
            Trick(name: name, delivery: .raw(Array(text.utf8), thenClose: true))
        }

        private static func issued(_ name: String, _ body: String) -> Trick {
            Trick(name: name, delivery: .answer(.json(201, body)), isIssued: true, isAmbiguous: false)
        }

        private static let link = #""recovery_link":"/recovery?flow=1""#

        private static let tricks: [Trick] = [
            trick("no body", ""), trick("half a JSON", "{\(link),\"recovery_code\":\"12"),
            trick("nested arrays", String(repeating: "[", count: 100) + String(repeating: "]", count: 100)),
            trick("wrong types", #"{"recovery_link":["/r"],"recovery_code":{"code":"1"}}"#),
            trick("NUL bytes", String(repeating: "\0", count: 100)),
            trick(
                "a code beyond all measure",
                "{\(link),\"recovery_code\":\"\(String(repeating: "1", count: 1025))\"}"
            ),
            trick("a code with control characters", "{\(link),\"recovery_code\":\"1\\u001b[2J\"}"),
            trick("a link that is none", #"{"recovery_link":"javascript:alert(1)","recovery_code":"1"}"#),
            trick("more than 1 MiB", #"{"x":""# + String(repeating: "x", count: 2 << 20) + #""}"#),
            Trick(
                name: "invalid UTF-8",
                delivery: .answer(
                    Answer(
                        status: 201,
                        body: Array("{\(link),\"recovery_code\":\"".utf8) + [0xff, 0x22, 0x7d]
                    )
                )
            ),
            raw(
                "a header of a mebibyte",
                "HTTP/1.1 201 Created\r\nX: \(String(repeating: "x", count: 1 << 20))\r\n\r\n"
            ),
            raw(
                "chunks cut short",
                "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{\(link)"
            ),
            raw("chunks that are none", "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{"),
            raw(
                "gzip that is none",
                "HTTP/1.1 201 Created\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"
            ),
            raw(
                "interim answers alone",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
            ),
            issued(
                "members twice",
                #"{"recovery_link":"/r?flow=once","recovery_code":"once","recovery_code":"twice","#
                    + #""recovery_link":"/r?flow=twice"}"#
            ),
            issued(
                "another host",
                #"{"recovery_link":"https://evil.example/r?flow=hidden","recovery_code":"other"}"#
            ),
            issued("expired", "{\(link),\"recovery_code\":\"past\",\"expires_at\":\"0001-01-01T00:00:00Z\"}"),
            issued(
                "for ever",
                "{\(link),\"recovery_code\":\"ever\",\"expires_at\":\"9999-12-31T23:59:59Z\"}"
            ),
            Trick(
                name: "after hints",
                delivery: .raw(
                    Array("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nX: 1\r\n\r\n".utf8)
                        + Array("HTTP/1.1 201 Created\r\nContent-Length: 64\r\n\r\n".utf8)
                        + Array(#"{"recovery_link":"/r?flow=2","recovery_code":"hints"}"#.utf8)
                        + [UInt8](repeating: 0x20, count: 11),
                    thenClose: true
                ),
                isIssued: true,
                isAmbiguous: false
            ),
        ]

        /// Plays each trick on one identity, the first time that it is asked for.
        private final class Script: Sendable {
            private let played = Mutex<[IdentityID: String]>([:])

            func next(_ request: SimulatedRequest) -> Delivery? {
                guard let identity = request.identity else { return nil }
                return played.withLock { played -> Delivery? in
                    // The first answers are as they should be: a run whose first answers are all odd is
                    // stopped.
                    guard played[identity] == nil else { return nil }
                    let number = played.count - 30
                    played[identity] =
                        number >= 0 && number % 3 == 0 && number / 3 < tricks.count
                        ? tricks[number / 3].name : ""
                    return tricks.first { $0.name == played[identity] }?.delivery
                }
            }
        }

        /// Of two codes and two links in one answer it is the code and the link that belong together, in
        /// every export.
        private func expectOneOfTwo(_ scene: Scene) throws {
            let rows = try scene.rows("invitations.csv").filter {
                ["once", "twice"].contains($0["recovery_code"])
            }
            #expect(rows.count == 1)
            let row = try #require(rows.first)
            #expect(
                row["recovery_link"]?.hasSuffix("/r?flow=\(row["recovery_code"] ?? "")") == true,
                "\(row)"
            )
        }

        @Test func everyReadableCodeIsKeptAndTheRestIsAskedForAgain() async throws {
            let script = Script()
            let tricks = Self.tricks
            try await Scene.with(identities: 150, configure: { $0.script = { script.next($0) } }) { scene in
                let run = try await scene.run(["--concurrency", "4", "--expires-in", "1h"])
                // Some of its codes have expired as they come.
                #expect(run.status == 3, "\(run.words)")
                let summary = try scene.summary()
                #expect(summary["issued"] == 150 && summary["failed"] == 0 && summary["in_doubt"] == 0)
                #expect(summary["ambiguous_attempts"] == tricks.count { $0.isAmbiguous })
                #expect(summary["retries"] == tricks.count { !$0.isIssued })
                let codes = Set(try scene.rows("invitations.csv").compactMap { $0["recovery_code"] })
                #expect(codes.isSuperset(of: ["other", "past", "ever", "hints"]))
                try expectOneOfTwo(scene)

                let warnings = run.stderr.split(separator: "\n").filter { $0.hasPrefix("warning: ") }
                #expect(warnings.count { $0.contains("links lead to different hosts") } == 1, "\(run.stderr)")
                #expect(warnings.contains { $0.contains("evil.example") })
                #expect(warnings.count { $0.contains("--expires-in") } == 1, "\(run.stderr)")
                #expect(!run.words.contains("hidden") && !run.words.contains("flow="))
                #expect(!run.words.contains("\u{1b}"))

                // Such times pass through everything else as well.
                #expect(try await scene.command("status").status == 0)
                #expect(try await scene.command("export").status == 0)
                #expect(try await scene.command("report").status == 0)
                try expectOneOfTwo(scene)
                #expect(
                    try scene.rows("invitations.csv").contains {
                        $0["expires_at"]?.hasPrefix("9999-12-31") == true
                    }
                )
            }
        }
    }
}
