// Cookies: none unless they are asked for, and then in memory, for the host that set them.

import HTTPTransport
import Testing

extension CurlTests {
    @Suite struct CurlCookieTests {
        /// A cookie as Kratos sets it, `Secure` although the server speaks plain HTTP on loopback.
        private static let secure =
            "Set-Cookie: csrf_token_1=abc; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"

        /// Sets the cookies at every request to `/set`, and answers every other.
        private func server(setting cookies: [String]) throws -> ScriptedServer {
            try ScriptedServer { connection in
                while let request = connection.readRequest() {
                    connection.answer("200 OK", headers: request.line.contains("/set") ? cookies : [])
                }
            }
        }

        private func get(_ url: String, by transport: CurlTransport) async throws {
            _ = try await transport.send(HTTPRequest(url: url, timeout: .seconds(20)))
        }

        @Test func cookiesAreIgnoredUnlessTheyAreAskedFor() async throws {
            let server = try server(setting: [Self.secure])
            let transport = try CurlTransport.forTests()
            for path in ["set", "set", "other"] {
                try await get("http://127.0.0.1:\(server.port)/\(path)", by: transport)
            }
            #expect(server.requests.map { $0.has(headerNamed: "Cookie") } == [false, false, false])
        }

        @Test(arguments: ["127.0.0.1", "localhost"])
        func aSecureCookieComesBackToLoopbackOnEveryPath(_ host: String) async throws {
            let server = try server(setting: [Self.secure])
            let transport = try CurlTransport.forTests { $0.keepsCookies = true }
            for path in ["set", "self-service/recovery?flow=1", "sessions/whoami"] {
                try await get("http://\(host):\(server.port)/\(path)", by: transport)
            }
            #expect(
                server.requests.map { $0.has(header: "Cookie: csrf_token_1=abc") } == [false, true, true]
            )
        }

        @Test(arguments: [("127.0.0.1", "localhost"), ("localhost", "127.0.0.1")])
        func aCookieGoesToNoOtherHost(_ own: String, _ other: String) async throws {
            let server = try server(setting: [Self.secure, "Set-Cookie: plain=1"])
            let transport = try CurlTransport.forTests { $0.keepsCookies = true }
            try await get("http://\(own):\(server.port)/set", by: transport)
            try await get("http://\(other):\(server.port)/", by: transport)
            #expect(server.requests.map { $0.has(headerNamed: "Cookie") } == [false, false])
        }

        /// The servers of all hosts are one proxy here.
        @Test func overPlainHTTPToAnyOtherHostASecureCookieIsNeitherTakenNorSent() async throws {
            let proxy = try server(setting: [
                Self.secure, "Set-Cookie: plain=1", "Set-Cookie: x=1; Domain=b.example",
            ])
            let transport = try CurlTransport.forTests {
                $0.keepsCookies = true
                $0.proxy = .url("http://127.0.0.1:\(proxy.port)")
            }
            for url in ["http://a.example/set", "http://a.example/", "http://b.example/"] {
                try await get(url, by: transport)
            }
            let sent = proxy.requests.map { $0.headers.filter { $0.lowercased().hasPrefix("cookie:") } }
            #expect(sent == [[], ["Cookie: plain=1"], []])
        }

        @Test func allTransfersShareTheirCookiesAndNoOtherTransportHasThem() async throws {
            let gate = Gate()
            let server = try ScriptedServer { connection in
                while let request = connection.readRequest() {
                    let sets = request.line.contains("/set")
                    if !sets { gate.wait() }
                    connection.answer("200 OK", headers: sets ? ["Set-Cookie: a=1"] : [])
                }
            }
            let url = "http://127.0.0.1:\(server.port)/"
            let transport = try CurlTransport.forTests { $0.keepsCookies = true }
            try await get("\(url)set", by: transport)
            try await withThrowingTaskGroup { group in
                for _ in 0..<8 { group.addTask { try await get(url, by: transport) } }
                await server.received(9)
                gate.open()
                try await group.waitForAll()
            }
            #expect(server.connections == 8)
            #expect(server.requests.filter { $0.has(header: "Cookie: a=1") }.count == 8)

            try await get(url, by: try CurlTransport.forTests { $0.keepsCookies = true })
            #expect(server.requests.last?.has(headerNamed: "Cookie") == false)
        }

        @Test func aCookieThatTheServerTakesBackIsGone() async throws {
            let server = try ScriptedServer { connection in
                for cookie in ["a=1", "a=2", "a=; Max-Age=0", "b=1"] {
                    connection.readRequest()
                    connection.answer(headers: ["Set-Cookie: \(cookie)"])
                }
            }
            let transport = try CurlTransport.forTests { $0.keepsCookies = true }
            for _ in 1...4 { try await get(server.url, by: transport) }
            let sent = server.requests.map { $0.headers.filter { $0.hasPrefix("Cookie:") } }
            #expect(sent == [[], ["Cookie: a=1"], ["Cookie: a=2"], []])
        }
    }
}
