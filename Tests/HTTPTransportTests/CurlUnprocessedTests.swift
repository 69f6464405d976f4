// What a server over HTTP/2 leaves unread, and what it only loses.

import Testing

@testable import HTTPTransport

extension CurlTests {
    @Suite(.needsOpenSSL) struct CurlUnprocessedTests {
        @Test(arguments: [1, 2, 3])
        func aRequestAboveTheLastStreamOfAGoAwayWasNotProcessed(number: Int) async throws {
            let speaker = HTTP2Server { $0 == number ? .goAway : .answer }
            try await HTTP2TLSServer.running(speaker) { server in
                let transport = try CurlTransport.forTests { $0.caFile = server.certificate }
                for _ in 1..<number { #expect(try await transport.send(.code(server.url)).status == 200) }
                let sent = Counter()
                let error = try await transport.failure(of: .code(server.url) { sent.increment() })
                #expect(error.kind == .notProcessed, "\(error)")
                #expect(error.wasSent)
                #expect(sent.value == 1)
                #expect(speaker.requests == number, "it was not sent twice")
                #expect(try await transport.send(.code(server.url)).status == 200)
                #expect(speaker.requests == number + 1)
            }
        }

        @Test(arguments: [1, 2, 3])
        func aRefusedStreamWasNotProcessed(number: Int) async throws {
            let speaker = HTTP2Server { $0 == number ? .refuse : .answer }
            try await HTTP2TLSServer.running(speaker) { server in
                let transport = try CurlTransport.forTests { $0.caFile = server.certificate }
                for _ in 1..<number { #expect(try await transport.send(.code(server.url)).status == 200) }
                let error = try await transport.failure(of: .code(server.url))
                #expect(error.kind == .notProcessed, "\(error)")
                #expect(speaker.requests == number, "it was not sent twice")
                #expect(try await transport.send(.code(server.url)).status == 200)
            }
        }

        /// Nor does one that was refused before let libcurl, or us, take this for another refusal.
        @Test(arguments: [[2], [1, 2], [2, 3], [1, 2, 3]])
        func aStreamThatFailsOtherwiseMayHaveBeenProcessed(numbers: [Int]) async throws {
            let speaker = HTTP2Server { number in
                guard numbers.contains(number) else { return .answer }
                return number == numbers.last ? .fail : .refuse
            }
            try await HTTP2TLSServer.running(speaker) { server in
                let transport = try CurlTransport.forTests { $0.caFile = server.certificate }
                for number in 1...4 {
                    guard numbers.contains(number) else {
                        #expect(try await transport.send(.code(server.url)).status == 200)
                        continue
                    }
                    let error = try await transport.failure(of: .code(server.url))
                    #expect((error.kind == .notProcessed) == (number != numbers.last), "\(number): \(error)")
                    #expect(error.wasSent)
                }
                #expect(speaker.requests == 4)
            }
        }

        /// A burst on one connection, of which the server takes five.
        @Test func aBurstGetsThroughAGoAwayWithoutALoss() async throws {
            let speaker = HTTP2Server { $0 == 5 ? .answerAndGoAway : .answer }
            try await HTTP2TLSServer.running(speaker, connections: 12) { server in
                let transport = try CurlTransport.forTests {
                    $0.caFile = server.certificate
                    $0.maxConnections = 4
                }
                let url = server.url
                let kinds = await withTaskGroup(of: TransportError.Kind?.self) { group in
                    for _ in 0..<20 {
                        group.addTask {
                            do throws(TransportError) {
                                _ = try await transport.send(.code(url))
                                return nil
                            } catch { return error.kind }
                        }
                    }
                    return await group.reduce(into: []) { $0 += [$1] }
                }
                #expect(kinds.allSatisfy { $0 == nil || $0 == .notProcessed }, "\(kinds)")
                #expect(speaker.answered.value == kinds.count { $0 == nil })
            }
        }

        @Test(arguments: [
            ("Using Stream ID: 1999 (easy handle 0x55d1c0)\n", CurlRemark.stream(1999)),
            ("[HTTP/2] [5] OPENED stream for https://kratos.test/admin/recovery/code\n", .stream(5)),
            ("recveived GOAWAY, error=0, last_stream=1999\n", .goAway(lastStream: 1999)),
            ("received GOAWAY, error=11, last_stream=0\n", .goAway(lastStream: 0)),
            ("received GOAWAY, error=0, last_stream=2147483647", .goAway(lastStream: 2_147_483_647)),
            ("REFUSED_STREAM, retrying a fresh connect\n", .streamRefused),
            ("Connection died, retrying a fresh connect (retry count: 1)\n", .retrying),
        ])
        func libcurlIsUnderstood(_ text: String, _ expected: CurlRemark) {
            #expect(CurlRemark(Array(text.utf8)) == expected)
        }

        @Test(arguments: [
            "", "U", "Using Stream ID: ", "Using Stream ID: x", "Using HTTP2, server supports multiplexing",
            "[HTTP/2] [x] OPENED stream for a", "[HTTP/2] [1] [:path: /]", "received GOAWAY",
            "received GOAWAY, error=0, last_stream=", "received GOAWAY, error=0, last_stream=99999999999",
            "REFUSED_STREAM", "Connection #0 to host left intact", "Re-using existing connection",
        ])
        func otherWordsAreNoRemark(_ text: String) {
            #expect(CurlRemark(Array(text.utf8)) == nil)
        }
    }
}
