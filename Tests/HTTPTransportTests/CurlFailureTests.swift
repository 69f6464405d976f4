// What servers and networks do wrong, and what the transport says of it.

import HTTPTransport
import Testing

extension CurlTests {
    @Suite struct CurlFailureTests {
        // MARK: Nothing was sent

        @Test func aRefusedConnectionIsToldAndCountsAsNotSent() async throws {
            let server = try ScriptedServer { _ in }
            server.stop()
            let sent = Counter()
            let transport = try CurlTransport.forTests()
            let error = try await transport.failure(of: .code(server.url) { sent.increment() })
            #expect(error.kind == .connectionFailed)
            #expect(!error.wasSent)
            #expect(error.message.contains("127.0.0.1"))
            #expect(sent.value == 0)
        }

        @Test func aHostWithoutAnAddressIsTold() async throws {
            let transport = try CurlTransport.forTests()
            let error = try await transport.failure(of: .code("http://nonexistent.invalid/"))
            #expect(error.kind == .hostNotResolved)
            #expect(!error.wasSent)
        }

        @Test func aProxyWithoutAnAddressIsToldWithoutItsPassword() async throws {
            let transport = try CurlTransport.forTests {
                $0.proxy = .url("http://user:hunter2@nonexistent.invalid:3128")
            }
            let error = try await transport.failure(of: .code("http://127.0.0.1:9/"))
            #expect(error.kind == .proxyNotResolved)
            #expect(!"\(error)".contains("hunter2"))
        }

        @Test(arguments: [
            ("407 Proxy Authentication Required", TransportError.Kind.proxyRefused(status: 407)),
            ("403 Forbidden", .proxyRefused(status: 403)), ("400 Bad Request", .proxyRefused(status: 400)),
            ("405 Method Not Allowed", .proxyRefused(status: 405)),
            ("302 Found", .proxyRefused(status: 302)),
            // What may pass: the proxy does not reach the server.
            ("502 Bad Gateway", .connectionFailed), ("503 Service Unavailable", .connectionFailed),
            ("504 Gateway Timeout", .connectionFailed), ("429 Too Many Requests", .connectionFailed),
        ])
        func aProxyThatRefusesATunnelMeansNothingWasSent(_ answer: String, _ kind: TransportError.Kind)
            async throws
        {
            let proxy = try ScriptedServer { connection in
                connection.readRequest()
                connection.answer(answer)
            }
            let transport = try CurlTransport.forTests { $0.proxy = .url("http://127.0.0.1:\(proxy.port)") }
            let error = try await transport.failure(of: .code("https://example.invalid/"))
            #expect(error.kind == kind)
            #expect(!error.wasSent)
            #expect(proxy.requests.map(\.line) == ["CONNECT example.invalid:443 HTTP/1.1"])
        }

        @Test(arguments: [
            "ftp://127.0.0.1/", "file:///etc/passwd", "127.0.0.1:4434", "", "http:/127.0.0.1", "https",
        ])
        func onlyHTTPIsSpoken(_ url: String) async throws {
            let error = try await CurlTransport.forTests().failure(of: .code(url))
            #expect(error.kind == .unsupportedURL)
            #expect(!error.wasSent)
        }

        @Test(arguments: ["http://", "http://a b/", "http://127.0.0.1:99999/", "http://127.0.0.1/\r\nX: 1"])
        func aURLThatIsNoneIsRefused(_ url: String) async throws {
            let error = try await CurlTransport.forTests().failure(of: .code(url))
            #expect(error.kind == .invalidRequest)
            #expect(!error.wasSent)
        }

        @Test(arguments: [
            ("X-A", "b\r\nX-Injected: 1"), ("X-A", "b\u{0}"), ("X A", "b"), ("", "b"), ("X-A:", "b"),
        ])
        func aHeaderThatWouldForgeAnotherIsRefused(_ name: String, _ value: String) async throws {
            let server = try ScriptedServer { connection in connection.readRequest() }
            let transport = try CurlTransport.forTests()
            var request = HTTPRequest.code(server.url)
            request.headers.append(HTTPHeader(name: name, value: value))
            let error = try await transport.failure(of: request)
            #expect(error.kind == .invalidRequest)
            #expect(!"\(error)".contains("Injected"))
            #expect(server.requests.isEmpty)
        }

        // MARK: The answer does not come

        @Test func aServerThatStallsTimesOutAndTheRequestCountsAsSent() async throws {
            let server = try ScriptedServer { connection in
                connection.readRequest()
                connection.stall()
            }
            let transport = try CurlTransport.forTests()
            let error = try await transport.failure(of: .code(server.url, timeout: .milliseconds(50)))
            #expect(error.kind == .timeout)
            #expect(error.wasSent)
            #expect(error.status == nil)
            // It may be slower to read than the client to give up.
            await server.received(1)
            #expect(server.requests.count == 1)
        }

        @Test func aServerThatStallsWithinTheBodyTimesOutWithItsStatus() async throws {
            let server = try ScriptedServer { connection in
                connection.readRequest()
                connection.write("HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{\"recovery_code\":\"12")
                connection.stall()
            }
            let transport = try CurlTransport.forTests()
            let error = try await transport.failure(of: .code(server.url, timeout: .milliseconds(500)))
            #expect(error.kind == .timeout)
            #expect(error.status == 201)
            #expect(!"\(error)".contains("recovery_code"))
            #expect(server.requests.count == 1)
        }

        @Test func aHandshakeThatNeverEndsIsAConnectTimeout() async throws {
            let server = try ScriptedServer { $0.stall() }
            let transport = try CurlTransport.forTests { $0.connectTimeout = .milliseconds(50) }
            let error = try await transport.failure(of: .code("https://127.0.0.1:\(server.port)/"))
            #expect(error.kind == .connectTimeout)
            #expect(!error.wasSent)
            #expect(server.requests.isEmpty)
        }

        @Test func aRequestThatNeverGetsAConnectionCountsAsNotSent() async throws {
            let server = try ScriptedServer { connection in
                connection.readRequest()
                connection.stall()
            }
            let transport = try CurlTransport.forTests { $0.maxConnections = 1 }
            let url = server.url
            let first = Task { try await transport.failure(of: .code(url)) }
            await server.received(1)
            let sent = Counter()
            let second = try await transport.failure(
                of: .code(url, timeout: .milliseconds(50)) { sent.increment() }
            )
            #expect(second.kind == .connectTimeout)
            #expect(!second.wasSent)
            #expect(sent.value == 0)
            server.stop()
            let ended = try await first.value
            #expect(ended.kind == .connectionClosed, "\(ended)")
            #expect(server.requests.count == 1)
        }

        @Test func aServerThatIsNotTLSIsATLSError() async throws {
            let server = try ScriptedServer { connection in
                connection.write("HTTP/1.1 400 Bad Request\r\n\r\n")
                connection.stall()
            }
            let transport = try CurlTransport.forTests()
            let error = try await transport.failure(of: .code("https://127.0.0.1:\(server.port)/"))
            #expect(error.kind == .tls)
            #expect(!error.wasSent)
            #expect(server.requests.isEmpty)
        }

        @Test func aConnectionResetDuringTheHandshakeIsNoTLSError() async throws {
            let server = try ScriptedServer { $0.reset() }
            let transport = try CurlTransport.forTests()
            let error = try await transport.failure(of: .code("https://127.0.0.1:\(server.port)/"))
            #expect(error.kind == .connectionFailed)
            #expect(!error.wasSent)
            #expect(server.requests.isEmpty)
        }

        @Test(arguments: [false, true])
        func aNewConnectionClosedWithoutAnAnswerIsClosedAndSent(byReset: Bool) async throws {
            let server = try ScriptedServer { connection in
                connection.readRequest()
                byReset ? connection.reset() : connection.close()
            }
            let transport = try CurlTransport.forTests()
            let error = try await transport.failure(of: .code(server.url))
            #expect(error.kind == .connectionClosed)
            #expect(error.wasSent)
            #expect(server.requests.count == 1)
        }

        /// What libcurl would do here by itself: send the request a second time, on a second connection.
        @Test(arguments: [false, true])
        func aKeptConnectionClosedWithoutAnAnswerDoesNotRepeatTheRequest(byReset: Bool) async throws {
            let server = try ScriptedServer { connection in
                connection.readRequest()
                connection.answer()
                guard connection.index == 0 else { return connection.stall() }
                connection.readRequest()
                byReset ? connection.reset() : connection.close()
            }
            let sent = Counter()
            let transport = try CurlTransport.forTests()
            let url = server.url
            #expect(try await transport.send(.code(url)).status == 201)
            let error = try await transport.failure(of: .code(url) { sent.increment() })
            #expect(error.kind == .repeatRefused || error.kind == .connectionClosed)
            #expect(byReset || error.kind == .repeatRefused)
            #expect(error.wasSent)
            #expect(sent.value == 1)
            #expect(server.requests.count == 2)
            // The handle that was refused works again.
            #expect(try await transport.send(.code(url)).status == 201)
            #expect(server.requests.count == 3)
        }

        // MARK: The answer comes in part

        @Test(arguments: [
            "HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{\"recovery_code\":\"12",
            "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n14\r\n{\"recovery_code\"",
            "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
            "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n",
            "HTTP/1.1 201 Created\r\nContent-Le",
        ])
        func anAnswerCutShortIsIncompleteAndNamesItsStatus(_ part: String) async throws {
            let server = try ScriptedServer { connection in
                connection.readRequest()
                connection.write(part)
            }
            let transport = try CurlTransport.forTests()
            let error = try await transport.failure(of: .code(server.url))
            #expect(error.kind == .incompleteAnswer)
            #expect(error.wasSent)
            #expect(error.status == 201)
            #expect(!"\(error)".contains("recovery_code"))
            #expect(server.requests.count == 1)
        }

        @Test(arguments: [
            "HTTP/1.1 103 Early Hints\r\nX: 1\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 20",
        ])
        func aConnectionClosedBeforeTheFinalStatusHasNoStatus(_ part: String) async throws {
            let server = try ScriptedServer { connection in
                connection.readRequest()
                connection.write(part)
            }
            let transport = try CurlTransport.forTests()
            let error = try await transport.failure(of: .code(server.url))
            #expect(
                error.kind == .incompleteAnswer || error.kind == .connectionClosed
                    || error.kind == .protocolViolation
            )
            #expect(error.wasSent)
            #expect(error.status == nil)
            #expect(server.requests.count == 1)
        }

        // MARK: The answer is not HTTP, or too much of it

        @Test(arguments: [
            "SSH-2.0-OpenSSH_9.2\r\n", "{\"recovery_code\":\"1\"}", "HTTP/4.2 200 OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc",
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nabcde",
        ])
        func whatIsNotHTTPIsAProtocolViolation(_ bytes: String) async throws {
            let server = try ScriptedServer { connection in
                connection.readRequest()
                connection.write(bytes)
            }
            let transport = try CurlTransport.forTests()
            let error = try await transport.failure(of: .code(server.url))
            #expect(error.kind == .protocolViolation)
            #expect(error.wasSent)
            #expect(!"\(error)".contains("recovery_code"))
            #expect(server.requests.count == 1)
        }

        @Test(arguments: [
            (lines: 201, length: 1), (1, 70_000), (1, 200_000), (1, 1 << 20), (1000, 1024), (70, 1000),
        ])
        func aHeaderBeyondItsLimitsIsAProtocolViolation(lines: Int, length: Int) async throws {
            let field = "X-Field: \(String(repeating: "x", count: length))\r\n"
            let fields = String(repeating: field, count: lines)
            let server = try ScriptedServer { connection in
                connection.readRequest()
                connection.write("HTTP/1.1 201 Created\r\n\(fields)Content-Length: 0\r\n\r\n")
            }
            let transport = try CurlTransport.forTests()
            let error = try await transport.failure(of: .code(server.url))
            #expect(error.kind == .protocolViolation)
            #expect(error.wasSent)
            #expect(error.status == 201)
            #expect(server.requests.count == 1)
        }

        @Test func interimAnswersWithoutEndAreBounded() async throws {
            let server = try ScriptedServer { connection in
                connection.readRequest()
                for _ in 1...10_000 { connection.write("HTTP/1.1 103 Early Hints\r\nX: 1\r\n\r\n") }
            }
            let transport = try CurlTransport.forTests()
            let error = try await transport.failure(of: .code(server.url))
            #expect(error.kind == .protocolViolation)
            #expect(error.status == nil)
            #expect(server.requests.count == 1)
        }
    }
}
