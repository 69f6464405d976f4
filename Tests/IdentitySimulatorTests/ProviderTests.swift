// Other kinds of servers, what stands in front of them, and what is wrong with some of them.

import IdentitySimulator
import Testing
import Model

@Suite struct ProviderTests {
    private static let identity = "021d045c-26f8-4316-8389-fc0ac90734e1"

    /// Runs a server for as long as the body takes.
    private func serving(
        _ change: (inout SimulatorConfiguration) -> Void = { _ in },
        _ body: (RawClient, IdentitySimulator) throws -> Void
    ) async throws {
        var configuration = SimulatorConfiguration()
        change(&configuration)
        let simulator = try await IdentitySimulator.start(configuration)
        let result = Result { try body(try RawClient(port: simulator.adminPort), simulator) }
        try await simulator.stop()
        try result.get()
    }

    private static func bearer(_ token: String) -> String { "Authorization: Bearer \(token)\r\n" }

    private static func request(_ extra: String = "") -> String {
        #"{"identity_id":"\#(identity)"\#(extra)}"#
    }

    @Test func connhexHasPathsOfItsOwnAndWantsAToken() async throws {
        try await serving({ $0.provider = .connhex }) { client, _ in
            let token = Self.bearer("anything")
            let refused = try client.send("POST", "/iam/recovery/code", Self.request())
            #expect(refused.status == 401)
            #expect(refused.text.hasPrefix(#"{"errors":[{"detail":""#))
            #expect(
                try client.send("POST", "/iam/recovery/code", Self.request(), headers: token).status == 201
            )
            #expect(
                try client.send("POST", "/iam/recovery/link", Self.request(), headers: token).status == 200
            )
            let list = try client.get("/iam/identities?ids=\(Self.identity)", headers: token)
            #expect(list.ids == [Self.identity])
            #expect(list.header("Link")?.hasPrefix("</admin/identities?ids=") == true)
            let wrong = try client.send("POST", "/admin/recovery/code", Self.request(), headers: token)
            #expect(wrong.status == 404)
            let flow = try client.send(
                "POST",
                "/iam/recovery/code",
                Self.request(#","flow_type":"browser""#),
                headers: token
            )
            #expect(flow.status == 400)
            #expect(flow.text.contains(#"json: unknown field \"flow_type\""#))
        }
    }

    @Test func connhexHasErrorsInTwoShapes() async throws {
        try await serving({
            $0.provider = .connhex
            $0.identities = .listed([])
        }) { client, _ in
            var shapes: [String: Int] = [:]
            for identity in MadeUpIdentities(count: 40, seed: 9) {
                let body = #"{"identity_id":"\#(identity.text)"}"#
                let answers = try (0..<2).map { _ in
                    try client.send("POST", "/iam/recovery/code", body, headers: Self.bearer("t"))
                }
                #expect(answers.map(\.status) == [404, 404])
                #expect(answers[0].text == answers[1].text)
                #expect(answers[0].text.contains("could not find identity"))
                shapes[String(answers[0].text.prefix(9)), default: 0] += 1
            }
            #expect(shapes.keys.sorted() == [#"{"error":"#, #"{"errors""#])
            #expect(shapes.values.allSatisfy { $0 >= 8 })
        }
    }

    @Test(arguments: [
        ("", 401), ("nonsense", 401), ("ory_wak_1", 403), ("ory_pat_1", 201), ("ory_apikey_1", 201),
    ])
    func oryNetworkKnowsItsKeysByTheirBeginning(_ token: String, _ status: Int) async throws {
        try await serving({ $0.provider = .oryNetwork }) { client, _ in
            let headers = token.isEmpty ? "" : Self.bearer(token)
            let answer = try client.send("POST", "/admin/recovery/code", Self.request(), headers: headers)
            #expect(answer.status == status)
        }
    }

    @Test func aPlanHasALimitForASecondAndOneForAMinute() {
        #expect(
            OryPlan.production.writeLimits == [
                RateLimit(count: 8, windowSeconds: 1), RateLimit(count: 175, windowSeconds: 60),
            ]
        )
        for plan in OryPlan.allCases {
            for limits in [plan.writeLimits, plan.listLimits, plan.singleReadLimits] {
                #expect(limits.map(\.windowSeconds) == [1, 60])
                #expect(limits[0].count < limits[1].count)
            }
        }
    }

    @Test func aTokenExpiresAfterItsRequestsAndAnotherGoesOn() async throws {
        try await serving({
            $0.requiredToken = "first"
            $0.nextTokens = ["second"]
            $0.tokenRequestsMax = 2
        }) { client, simulator in
            func status(_ token: String) throws -> Int {
                try client.send("POST", "/admin/recovery/code", Self.request(), headers: Self.bearer(token))
                    .status
            }
            // Reading is no issuing.
            let read = try client.get("/admin/identities/\(Self.identity)", headers: Self.bearer("first"))
            #expect(read.status == 200)
            let before = try ["first", "first", "first", "second", "second", "second"].map(status)
            #expect(before == [201, 201, 401, 201, 201, 201])
            simulator.accept(tokens: ["third"])
            let after = try ["first", "second", "third", "third", "third"].map(status)
            #expect(after == [401, 401, 201, 201, 201])
        }
    }

    @Test func aGatewayWantsItsHeader() async throws {
        try await serving({ $0.requiredHeaders = [("X-Gateway-Key", "sesame")] }) { client, _ in
            let target = "/admin/identities/\(Self.identity)"
            let headers = ["", "X-Gateway-Key: other\r\n", "x-gateway-key: sesame\r\n"]
            let statuses = try headers.map { try client.get(target, headers: $0).status }
            #expect(statuses == [401, 401, 200])
        }
    }

    @Test(arguments: [
        (414, "Request-URI Too Large"), (431, "Request Header Fields Too Large"), (400, "Bad Request"),
    ])
    func aGatewayTakesURLsOfSomeLength(_ status: Int, _ words: String) async throws {
        let target = "/admin/identities?ids=\(Self.identity)"
        try await serving({
            $0.urlBytesMax = target.utf8.count
            $0.urlTooLongStatus = status
        }) { client, _ in
            #expect(try client.get(target).status == 200)
            let answer = try client.get(target + "&")
            #expect(answer.statusLine == "HTTP/1.1 \(status) \(words)")
            #expect(answer.header("Content-Type") == "text/html")
        }
    }

    @Test func everythingIsBelowThePrefix() async throws {
        try await serving({ $0.pathPrefix = "/kratos" }) { client, _ in
            let answer = try client.send("POST", "/kratos/admin/recovery/code", Self.request())
            #expect(answer.status == 201)
            let found = try ["/kratos/health/ready", "/simulator/stats"].map { try client.get($0).status }
            #expect(found == [200, 200])
            let outside = ["/admin/identities", "/health/ready", "/kratos", "/kratosadmin/identities"]
            let pages = try outside.map { try client.get($0).text }
            #expect(Set(pages) == ["404 page not found\n"])
        }
    }

    @Test(arguments: [
        ("v26.2.0", "api", 201), ("v26.2.0", "mail", 400), ("v1.1.0", "mail", 201), ("v0.13.0", "api", 400),
        ("v0.11.1", "browser", 400),
    ])
    func anOldVersionHasItsOwnMindOfFlowTypes(_ version: String, _ flowType: String, _ status: Int)
        async throws
    {
        try await serving({ $0.version = version }) { client, _ in
            let told = try client.get("/version").text
            #expect(told == #"{"version":"\#(version)"}"# + "\n")
            let body = Self.request(#","flow_type":"\#(flowType)""#)
            let answer = try client.send("POST", "/admin/recovery/code", body)
            #expect(answer.status == status)
        }
    }

    @Test func aServerWhoseDatabaseIsDownIsAliveAndNotReady() async throws {
        try await serving({ $0.isReady = false }) { client, simulator in
            #expect(try client.get("/admin/health/alive").status == 200)
            let answer = try client.get("/admin/health/ready")
            #expect(answer.statusLine == "HTTP/1.1 503 Service Unavailable")
            #expect(
                answer.text
                    == #"{"error":{"code":500,"status":"Internal Server Error","message":"failed "#
                    + #"to connect to "#
                    + "`user=kratos database=kratos`: 127.0.0.1:54329 (127.0.0.1): dial error: dial tcp "
                    + #"127.0.0.1:54329: connect: connection refused"}}"# + "\n"
            )
            let atPublic = try RawClient(port: simulator.publicPort).get("/health/ready")
            #expect(atPublic.status == 503)
            #expect(atPublic.text.contains("error may contain sensitive information and was obfuscated"))
        }
    }

    @Test func aClockThatIsAheadShowsInEveryTime() async throws {
        // Beyond the year 2100, where no clock of a machine that runs this is.
        let century = try #require(GoDuration("876000h"))
        try await serving({ $0.clockOffset = century }) { client, _ in
            let answer = try client.send("POST", "/admin/recovery/code", Self.request())
            #expect(answer.text.contains(#""expires_at":"21"#))
            #expect(answer.header("Date")?.contains(#/ 21[0-9]{2} /#) == true)
        }
    }

    @Test func aServerMayIgnoreExpiresIn() async throws {
        try await serving({ $0.ignoresExpiresIn = true }) { client, simulator in
            let answer = try client.send(
                "POST",
                "/admin/recovery/code",
                Self.request(#","expires_in":"876000h""#)
            )
            #expect(answer.status == 201)
            #expect(simulator.issued()[0].expiresAt.hasPrefix("20"))
            let bad = try client.send("POST", "/admin/recovery/code", Self.request(#","expires_in":"30d""#))
            #expect(bad.status == 400)
        }
    }

    @Test func theAdminAPIIsServedOnAUnixSocketToo() async throws {
        let path = "/tmp/latchstring-\(UInt64.random(in: .min ... .max)).sock"
        try await serving({ $0.adminUnixPath = path }) { _, simulator in
            let client = try RawClient(unixPath: path)
            try client.ask(Self.identity)
            #expect(try client.receive()?.status == 201)
            #expect(simulator.statistics().issued == 1)
        }
        #expect(throws: RawClient.Failure.self) { try RawClient(unixPath: path) }
    }
}
