// Bodies: their limit, and their compression.

import HTTPTransport
import Testing

extension CurlTests {
    @Suite struct CurlBodyTests {
        @Test(arguments: [(1 << 20, false), ((1 << 20) + 1, true), (10 << 20, true)])
        func aBodyIsKeptUpToOneMebibyte(_ count: Int, _ isTruncated: Bool) async throws {
            let server = try ScriptedServer { connection in
                while connection.readRequest() != nil {
                    connection.answer(body: String(repeating: "x", count: count))
                }
            }
            let transport = try CurlTransport.forTests()
            let response = try await transport.send(.code(server.url))
            #expect(response.status == 201)
            #expect(response.isBodyTruncated == isTruncated)
            #expect(response.body.count == min(count, 1 << 20))

            // What follows a body that was not read to its end cannot be told from it.
            #expect(try await transport.send(.code(server.url)).status == 201)
            #expect(server.connections == (isTruncated ? 2 : 1))
        }

        @Test(arguments: [(10 << 20, 10 << 20, false), (10 << 20, (10 << 20) - 1, true), (100, 0, true)])
        func aRequestSaysHowMuchOfItsAnswerIsKept(_ count: Int, _ limit: Int, _ isTruncated: Bool)
            async throws
        {
            let server = try ScriptedServer { connection in
                while connection.readRequest() != nil {
                    connection.answer(body: String(repeating: "x", count: count))
                }
            }
            let transport = try CurlTransport.forTests()
            var request = HTTPRequest.code(server.url)
            request.answerBytesMax = limit
            let response = try await transport.send(request)
            #expect(response.isBodyTruncated == isTruncated)
            #expect(response.body.count == min(count, limit))

            // The next request on the same handle knows nothing of it.
            request.answerBytesMax = nil
            #expect(try await transport.send(request).body.count == min(count, 1 << 20))
        }

        @Test func aGzippedBodyIsDecoded() async throws {
            let server = try ScriptedServer { connection in
                connection.readRequest()
                connection.answer(gzip: Gzip.code)
            }
            let transport = try CurlTransport.forTests()
            let response = try await transport.send(.code(server.url))
            #expect(String(decoding: response.body, as: UTF8.self) == #"{"recovery_code":"764539"}"#)
            #expect(server.requests.count == 1)
        }

        /// libcurl does not notice it: whoever reads the body has to.
        @Test func aGzippedBodyThatEndsTooEarlyIsHandedOverAsFarAsItGoes() async throws {
            let server = try ScriptedServer { connection in
                connection.readRequest()
                connection.answer(gzip: Array(Gzip.code.dropLast(12)))
            }
            let transport = try CurlTransport.forTests()
            let response = try await transport.send(.code(server.url))
            #expect(#"{"recovery_code":"764539"}"#.utf8.starts(with: response.body))
            #expect(server.requests.count == 1)
        }

        @Test func aBombIsBoundedByWhatItDecodesTo() async throws {
            let bomb = Gzip.zeros(mebibytes: 64)
            #expect(bomb.count < 1 << 20)
            let server = try ScriptedServer { connection in
                connection.readRequest()
                connection.answer(gzip: bomb)
            }
            let transport = try CurlTransport.forTests()
            let response = try await transport.send(.code(server.url))
            #expect(response.isBodyTruncated)
            #expect(response.body.count == 1 << 20)
            #expect(server.requests.count == 1)
        }
    }
}
