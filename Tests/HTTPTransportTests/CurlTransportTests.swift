// What goes over the wire, and how answers come back.

import HTTPTransport
import Testing

extension CurlTests {
    @Suite struct CurlTransportTests {
        @Test func aRequestArrivesAsItWasMeantAndItsAnswerComesBackWhole() async throws {
            let server = try ScriptedServer { connection in
                connection.readRequest()
                connection.answer(
                    headers: ["Retry-After: 7", "X-Two: a", "x-two:b "],
                    body: #"{"recovery_code":"1"}"#
                )
            }
            let transport = try CurlTransport.forTests()
            var request = HTTPRequest.code(server.url)
            request.headers.append(HTTPHeader(name: "Authorization", value: "Bearer ory_pat_x"))
            request.headers.append(HTTPHeader(name: "X-Empty", value: ""))
            let response = try await transport.send(request)

            #expect(response.status == 201)
            #expect(response.httpVersion == .http1_1)
            #expect(String(decoding: response.body, as: UTF8.self) == #"{"recovery_code":"1"}"#)
            #expect(!response.isBodyTruncated)
            #expect(response.headers["retry-after"] == "7")
            #expect(response.headers["absent"] == nil)
            #expect(response.headers.values("X-TWO") == ["a", "b"])

            let received = try #require(server.requests.first)
            #expect(received.line == "POST /admin/recovery/code HTTP/1.1")
            #expect(received.body == request.body)
            #expect(received.has(header: "User-Agent: latchstring/0.0.0-tests"))
            #expect(received.has(header: "Accept-Encoding: gzip"))
            #expect(received.has(header: "Content-Type: application/json"))
            #expect(received.has(header: "Authorization: Bearer ory_pat_x"))
            #expect(received.has(headerNamed: "X-Empty"))
            #expect(!received.has(headerNamed: "Expect"))
            #expect(!received.has(headerNamed: "Cookie"))
        }

        @Test(arguments: [HTTPRequest.Method.get, .head, .post, .put, .patch, .delete])
        func everyMethodIsSentByItsNameInAnyOrder(_ method: HTTPRequest.Method) async throws {
            let server = try ScriptedServer { connection in
                while let request = connection.readRequest() {
                    connection.answer("200 OK", body: request.line.hasPrefix("HEAD") ? "" : "yes")
                }
            }
            let transport = try CurlTransport.forTests()
            let methods: [HTTPRequest.Method] = [.post, method, .get, method, method, .delete, .post]
            for method in methods {
                let body = method == .get || method == .head ? [] : Array("body of \(method)".utf8)
                let request = HTTPRequest(method: method, url: server.url, body: body, timeout: .seconds(20))
                #expect(try await transport.send(request).status == 200)
                let received = try #require(server.requests.last)
                #expect(received.line.hasPrefix("\(method.rawValue) "))
                #expect(received.body == body)
                #expect(!received.has(headerNamed: "Content-Type"))
            }
            #expect(server.connections == 1)
        }

        @Test func aBodyOfTwoMebibytesIsSentWithoutAskingFirst() async throws {
            let server = try ScriptedServer { connection in
                connection.readRequest()
                connection.answer()
            }
            var request = HTTPRequest.code(server.url)
            request.body = Array(repeating: UInt8(ascii: "x"), count: 2 << 20)
            let transport = try CurlTransport.forTests()
            #expect(try await transport.send(request).status == 201)
            #expect(server.requests.first?.body.count == 2 << 20)
            #expect(server.requests.first?.has(headerNamed: "Expect") == false)
        }

        @Test func aKeptConnectionIsUsedAgain() async throws {
            let server = try ScriptedServer { connection in
                while connection.readRequest() != nil { connection.answer() }
            }
            let transport = try CurlTransport.forTests()
            for _ in 1...20 { #expect(try await transport.send(.code(server.url)).status == 201) }
            #expect(server.requests.count == 20)
            #expect(server.connections == 1)
        }

        @Test func aRedirectIsAnAnswerAndNotFollowed() async throws {
            let server = try ScriptedServer { connection in
                while connection.readRequest() != nil {
                    connection.answer("307 Temporary Redirect", headers: ["Location: /elsewhere"])
                }
            }
            let transport = try CurlTransport.forTests()
            let response = try await transport.send(.code(server.url))
            #expect(response.status == 307)
            #expect(response.headers["Location"] == "/elsewhere")
            #expect(server.requests.count == 1)
        }

        /// A second answer to one request would else pass for the answer to the next one: a code for another
        /// identity.
        @Test func whatFollowsAnAnswerUnaskedIsNotTheNextAnswer() async throws {
            let server = try ScriptedServer { connection in
                while let request = connection.readRequest() {
                    let identity = String(decoding: request.body, as: UTF8.self)
                    let answer =
                        "HTTP/1.1 201 Created\r\nContent-Length: \(identity.utf8.count)\r\n\r\n\(identity)"
                    connection.write(answer + answer)
                }
            }
            let transport = try CurlTransport.forTests()
            for number in 1...20 {
                var request = HTTPRequest.code(server.url)
                request.body = Array("identity \(number)".utf8)
                #expect(try await transport.send(request).body == request.body)
            }
            #expect(server.requests.count == 20)
        }

        @Test func aProxyReceivesTheRequestAndItCountsOnce() async throws {
            let proxy = try ScriptedServer { connection in
                while connection.readRequest() != nil { connection.answer("502 Bad Gateway") }
            }
            let sent = Counter()
            let transport = try CurlTransport.forTests { $0.proxy = .url("http://127.0.0.1:\(proxy.port)") }
            let response = try await transport.send(.code("http://kratos.invalid/code") { sent.increment() })
            #expect(response.status == 502)
            #expect(sent.value == 1)
            #expect(proxy.requests.map(\.line) == ["POST http://kratos.invalid/code HTTP/1.1"])
        }

        @Test func interimAnswersAreSkipped() async throws {
            let server = try ScriptedServer { connection in
                connection.readRequest()
                connection.write("HTTP/1.1 100 Continue\r\nX-From: 100\r\n\r\n")
                connection.write("HTTP/1.1 103 Early Hints\r\nX-From: 103\r\nLink: </style.css>\r\n\r\n")
                connection.answer("200 OK", headers: ["X-From: 200"], body: "final")
            }
            let transport = try CurlTransport.forTests()
            let response = try await transport.send(.code(server.url))
            #expect(response.status == 200)
            #expect(response.headers.values("X-From") == ["200"])
            #expect(response.headers["Link"] == nil)
            #expect(String(decoding: response.body, as: UTF8.self) == "final")
        }

        @Test func anAnswerMayComeBeforeItsRequestIsRead() async throws {
            let server = try ScriptedServer { connection in
                connection.answer(body: "\(connection.index)")
                connection.readRequest()
                connection.stall()
            }
            let transport = try CurlTransport.forTests()
            var request = HTTPRequest.code(server.url)
            request.body = [UInt8](repeating: 0x20, count: 8 << 20)
            // What comes of it is one of two things, and in time: an answer, or an error that says it was
            // sent.
            do {
                let response = try await transport.send(request)
                #expect(response.status == 201)
                #expect(String(decoding: response.body, as: UTF8.self) == "0")
            } catch {
                #expect(error.wasSent)
            }
        }

        /// An answer too many stays in the connection: it must not pass for the next identity's.
        @Test func anAnswerTooManyIsNobodys() async throws {
            let server = try ScriptedServer { connection in
                while let request = connection.readRequest() {
                    let name = request.headers.first { $0.hasPrefix("X-Name: ") } ?? ""
                    let answer = "HTTP/1.1 201 Created\r\nContent-Length: \(name.utf8.count)\r\n\r\n\(name)"
                    connection.write(answer + answer.replacing("X-Name", with: "Y-Name"))
                }
            }
            let transport = try CurlTransport.forTests()
            for name in ["a", "b", "c"] {
                var request = HTTPRequest.code(server.url)
                request.headers.append(HTTPHeader(name: "X-Name", value: name))
                let response = try await transport.send(request)
                #expect(String(decoding: response.body, as: UTF8.self) == "X-Name: \(name)")
            }
            #expect(server.connections == 3)
        }

        @Test func chunkedBodiesAreJoinedAndTrailersPassForNoField() async throws {
            let server = try ScriptedServer { connection in
                connection.readRequest()
                connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Late\r\n\r\n")
                connection.write("3\r\nabc\r\n2\r\nde\r\n0\r\nX-Late: 1\r\n\r\n")
            }
            let transport = try CurlTransport.forTests()
            let response = try await transport.send(.code(server.url))
            #expect(String(decoding: response.body, as: UTF8.self) == "abcde")
            #expect(response.headers["X-Late"] == nil)
        }

        @Test func aThousandRequestsAtOnceAreAllAnsweredWithinTheConnectionsAllowed() async throws {
            let server = try ScriptedServer { connection in
                while let request = connection.readRequest() {
                    connection.answer(body: String(decoding: request.body, as: UTF8.self))
                }
            }
            let sent = Counter()
            let transport = try CurlTransport.forTests { $0.maxConnections = 16 }
            let url = server.url
            let right = await withTaskGroup { group in
                for number in 0..<1000 {
                    group.addTask {
                        var request = HTTPRequest.code(url, timeout: .seconds(60)) { sent.increment() }
                        request.body = Array("\(number)".utf8)
                        return (try? await transport.send(request))?.body == request.body
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(right == 1000)
            #expect(sent.value == 1000)
            #expect(server.requests.count == 1000)
            #expect(server.connections <= 16)
        }

        @Test func onSendIsCalledOnceAndBeforeTheAnswer() async throws {
            let server = try ScriptedServer { connection in
                while connection.readRequest() != nil { connection.answer() }
            }
            let sent = Counter()
            let transport = try CurlTransport.forTests()
            for count in 1...3 {
                _ = try await transport.send(.code(server.url) { sent.increment() })
                #expect(sent.value == count)
            }
        }

        @Test func cancellingTheTaskDoesNotAbortTheRequest() async throws {
            let gate = Gate()
            let server = try ScriptedServer { connection in
                connection.readRequest()
                gate.wait()
                connection.answer(body: "the code")
            }
            let transport = try CurlTransport.forTests()
            let url = server.url
            let task = Task { try await transport.send(.code(url)) }
            await server.received(1)
            task.cancel()
            gate.open()
            #expect(try await String(decoding: task.value.body, as: UTF8.self) == "the code")
        }

        @Test func stoppingFailsWhatIsUnderWayAndWhatComesLater() async throws {
            let server = try ScriptedServer { connection in
                connection.readRequest()
                connection.stall()
            }
            let transport = try CurlTransport.forTests()
            let url = server.url
            let tasks = (0..<8).map { _ in Task { try await transport.failure(of: .code(url)) } }
            await server.received(8)
            transport.stop()
            for task in tasks {
                let error = try await task.value
                #expect(error.kind == .transportStopped)
                #expect(error.wasSent)
            }
            let late = try await transport.failure(of: .code(url))
            #expect(late.kind == .transportStopped)
            #expect(!late.wasSent)
            transport.stop()
            #expect(server.requests.count == 8)
        }
    }
}
