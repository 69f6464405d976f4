// The server on real sockets: ports, connections, limits, credentials and its memory.

import IdentitySimulator
import Testing
import Model

@Suite(.serialized) struct IdentitySimulatorTests {
    private static let identity = "021d045c-26f8-4316-8389-fc0ac90734e1"

    /// Runs a server for as long as the body takes.
    private func serving(
        _ configuration: SimulatorConfiguration = SimulatorConfiguration(),
        _ body: (IdentitySimulator) throws -> Void
    ) async throws {
        let simulator = try await IdentitySimulator.start(configuration)
        let result = Result { try body(simulator) }
        try await simulator.stop()
        try result.get()
    }

    @Test func serversOnFreePortsRunSideBySide() async throws {
        let first = try await IdentitySimulator.start()
        let second = try await IdentitySimulator.start()
        let ports = [first.adminPort, first.publicPort, second.adminPort, second.publicPort]
        #expect(Set(ports).count == 4)
        #expect(!ports.contains(0))
        let client = try RawClient(port: second.adminPort)
        try client.ask(Self.identity)
        #expect(try client.receive()?.status == 201)
        try await first.stop()
        try await second.stop()
        // Another test's server may have got one of them meanwhile.
        #expect(ports.count { (try? RawClient(port: $0)) == nil } >= 3)
    }

    @Test func aTakenPortIsToldAndNothingIsLeftBehind() async throws {
        let first = try await IdentitySimulator.start()
        var configuration = SimulatorConfiguration()
        configuration.publicPort = first.adminPort
        await #expect(throws: (any Error).self) { try await IdentitySimulator.start(configuration) }
        try await first.stop()
    }

    @Test func pipelinedRequestsAreAnsweredInTheirOrder() async throws {
        var configuration = SimulatorConfiguration()
        configuration.latency = .milliseconds(5)
        try await serving(configuration) { simulator in
            let client = try RawClient(port: simulator.adminPort)
            let identities = MadeUpIdentities(count: 20, seed: 1)
            for identity in identities { try client.ask(identity.text) }
            for identity in identities {
                let answer = try #require(try client.receive())
                let record = try #require(simulator.issued().first { $0.identity == identity })
                #expect(answer.text.contains(record.recoveryLink))
            }
            #expect(simulator.statistics().connectionsAccepted == 1)
        }
    }

    @Test func aRequestIDComesBackInErrors() async throws {
        try await serving { simulator in
            let client = try RawClient(port: simulator.adminPort)
            try client.ask("nobody", headers: "X-Request-ID: row-7 \"x\"\r\n")
            let answer = try #require(try client.receive())
            #expect(
                answer.text.hasPrefix(
                    #"{"error":{"code":400,"status":"Bad Request","request":"row-7 \"x\"","#
                )
            )
        }
    }

    @Test func aConnectionEndsWhereTheClientWantsItTo() async throws {
        try await serving { simulator in
            let client = try RawClient(port: simulator.adminPort)
            try client.ask(Self.identity, headers: "Connection: close\r\n")
            #expect(try client.receive()?.header("Connection") == "close")
            #expect(try client.receiveToEnd() == "")
        }
    }

    @Test func aKeptConnectionEndsWithoutAWordWhenToldTo() async throws {
        var configuration = SimulatorConfiguration()
        configuration.answersPerConnectionMax = 2
        try await serving(configuration) { simulator in
            let client = try RawClient(port: simulator.adminPort)
            for _ in 0..<2 {
                try client.ask(Self.identity)
                let answer = try #require(try client.receive())
                #expect(answer.status == 201)
                #expect(answer.header("Connection") == nil)
            }
            #expect(try client.receiveToEnd() == "")
        }
    }

    @Test func aBodyOfMoreThan5MBIsRefused() async throws {
        try await serving { simulator in
            let client = try RawClient(port: simulator.adminPort)
            let padding = String(repeating: " ", count: 5 << 20)
            try client.ask("\(Self.identity)\(padding)")
            let answer = try #require(try client.receive())
            #expect(answer.status == 400)
            #expect(answer.text.contains(#""code":500"#))
        }
    }

    @Test func chunkedBodiesAreRead() async throws {
        try await serving { simulator in
            let client = try RawClient(port: simulator.adminPort)
            let head =
                "POST /admin/recovery/code HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
            try client.send(head + "10\r\n{\"identity_id\":\"\r\n26\r\n\(Self.identity)\"}\r\n0\r\n\r\n")
            #expect(try client.receive()?.status == 201)
            try client.send(head + "0\r\n\r\n")
            #expect(try client.receive()?.text.contains("Unable to decode JSON payload: EOF") == true)
        }
    }

    @Test func whatIsNoHTTPIsRefused() async throws {
        try await serving { simulator in
            let client = try RawClient(port: simulator.adminPort)
            try client.send("hello\r\n\r\n")
            #expect(try client.receiveToEnd().hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        }
    }

    @Test(arguments: LimitHeaderForm.allCases)
    func limitsAreToldAsAskedFor(_ form: LimitHeaderForm) async throws {
        var configuration = SimulatorConfiguration()
        configuration.limitHeaders = form
        configuration.rateLimits = [
            RateLimit(count: 1, windowSeconds: 60), RateLimit(count: 9, windowSeconds: 3600),
        ]
        configuration.readRateLimits = [RateLimit(count: 5, windowSeconds: 3600)]
        // Its gateway has errors in two shapes, and limits in both.
        configuration.provider = .connhex
        configuration.requiredToken = "token"
        try await serving(configuration) { simulator in
            let client = try RawClient(port: simulator.adminPort)
            var expected: [String: String] = [:]
            switch form {
            case .ory:
                expected = ["x-ratelimit-limit": "1, 1;w=60, 9;w=3600", "x-ratelimit-remaining": "0"]
            case .ietf: expected = ["RateLimit-Policy": #""per-60s";q=1;w=60, "per-3600s";q=9;w=3600"#]
            case .ietf07: expected = ["RateLimit-Policy": "1;w=60, 9;w=3600"]
            case .none: break
            }
            for number in 0..<12 {
                let body = #"{"identity_id":"\#(Self.identity)","expires_in":"\#(number + 1)h"}"#
                try client.send(
                    "POST /iam/recovery/code HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer token\r\n"
                        + "Content-Type: application/json\r\nContent-Length: "
                        + "\(body.utf8.count)\r\n\r\n\(body)"
                )
                let answer = try #require(try client.receive())
                #expect(answer.status == (number == 0 ? 201 : 429))
                for name in ["x-ratelimit-limit", "x-ratelimit-remaining", "RateLimit-Policy"] {
                    #expect(answer.header(name) == expected[name], "\(name)")
                }
                switch form {
                case .ietf: #expect(answer.header("RateLimit")?.hasPrefix(#""per-60s";r=0;t="#) == true)
                case .ietf07:
                    #expect(answer.header("RateLimit")?.hasPrefix("limit=1, remaining=0, reset=") == true)
                case .ory, .none: #expect(answer.header("RateLimit") == nil)
                }
            }
            try client.send(
                "GET /iam/identities HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer token\r\n\r\n"
            )
            let list = try #require(try client.receive())
            #expect(list.header("x-ratelimit-limit") == (form == .ory ? "5, 5;w=3600" : nil))
            #expect(
                list.header("RateLimit") == (form == .ietf ? #""per-3600s";r=4;t=3600"# : nil)
                    || form == .ietf07
            )
        }
    }

    @Test func limitsAreToldAndKept() async throws {
        var configuration = SimulatorConfiguration()
        configuration.rateLimits = [
            RateLimit(count: 2, windowSeconds: 60), RateLimit(count: 9, windowSeconds: 3600),
        ]
        try await serving(configuration) { simulator in
            let client = try RawClient(port: simulator.adminPort)
            var answers: [RawAnswer] = []
            for endpoint in ["code", "link", "code"] {
                try client.ask(Self.identity, endpoint)
                answers.append(try #require(try client.receive()))
            }
            #expect(answers.map(\.status) == [201, 200, 429])
            #expect(answers.map { $0.header("x-ratelimit-remaining") } == ["1", "0", "0"])
            #expect(answers[2].header("x-ratelimit-limit") == "2, 2;w=60, 9;w=3600")
            #expect(answers[2].header("x-ratelimit-reset") == "60")
            #expect(answers[2].header("Retry-After") == nil)
            #expect(answers[2].text.hasPrefix(#"{"error":{"code":429,"status":"Too Many Requests","#))
            #expect(simulator.statistics().rateLimited == 1)
            #expect(simulator.statistics().peakInSecond == 3)
        }
    }

    @Test func credentialsAreAskedForWhereTheyAreNeeded() async throws {
        var configuration = SimulatorConfiguration()
        configuration.requiredToken = "ory_pat_secret"
        try await serving(configuration) { simulator in
            let client = try RawClient(port: simulator.adminPort)
            for (header, status) in [
                ("", 401), ("Authorization: Bearer ory_pat_other\r\n", 401),
                ("Authorization: Bearer ory_pat_secret\r\n", 201),
            ] {
                try client.ask(Self.identity, headers: header)
                let answer = try #require(try client.receive())
                #expect(answer.status == status)
                #expect(
                    status == 201 || answer.text.hasPrefix(#"{"error":{"code":401,"status":"Unauthorized","#)
                )
            }
        }
    }

    @Test(arguments: [401, 403])
    func aGatewayRefusesWithItsOwnPage(_ status: Int) async throws {
        var configuration = SimulatorConfiguration()
        configuration.gatewayStatus = status
        try await serving(configuration) { simulator in
            let client = try RawClient(port: simulator.adminPort)
            try client.ask(Self.identity)
            let answer = try #require(try client.receive())
            #expect(answer.status == status)
            #expect(answer.header("Content-Type") == "text/html")
        }
    }

    @Test func linksMayBeRelative() async throws {
        var configuration = SimulatorConfiguration()
        configuration.hasRelativeLinks = true
        try await serving(configuration) { simulator in
            let client = try RawClient(port: simulator.adminPort)
            try client.ask(Self.identity)
            #expect(try client.receive()?.text.hasPrefix(#"{"recovery_link":"/ui/recovery?flow="#) == true)
        }
    }

    @Test func theStatisticsAreServedAsJSON() async throws {
        try await serving { simulator in
            let client = try RawClient(port: simulator.adminPort)
            try client.ask(Self.identity)
            try client.ask("nobody")
            _ = try client.receive()
            _ = try client.receive()
            try client.send("GET /simulator/stats HTTP/1.1\r\nHost: x\r\n\r\n")
            let expected =
                #"{"requests_received":2,"issued":1,"rate_limited":0,"by_status":{"201":1,"400":1},"#
                + #""by_fault":{},"peak_1s":2,"peak_60s":2,"connections_accepted":1,"#
                + #""identity_reads":0,"identity_writes":0,"read_peak_1s":0,"read_peak_60s":0}"#
            #expect(try client.receive()?.text == expected + "\n")
        }
    }
}
