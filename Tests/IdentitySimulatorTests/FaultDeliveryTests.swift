// Every fault and every scripted answer as a client sees it on the wire.

import IdentitySimulator
import Testing
import Model

@Suite(.serialized) struct FaultDeliveryTests {
    private static let identity = "021d045c-26f8-4316-8389-fc0ac90734e1"

    private func serving(
        _ faults: [Fault] = [],
        script: (@Sendable (SimulatedRequest) -> Delivery?)? = nil,
        _ body: (IdentitySimulator, RawClient) throws -> Void
    ) async throws {
        var configuration = SimulatorConfiguration()
        configuration.faults = try FaultPlan(faults)
        configuration.script = script
        let simulator = try await IdentitySimulator.start(configuration)
        let result = Result { try body(simulator, RawClient(port: simulator.adminPort)) }
        try await simulator.stop()
        try result.get()
    }

    @Test(arguments: [
        (
            Fault(.serverError, share: 1), 500, "application/json",
            #"{"error":{"code":500,"status":"Internal Server Error","#
                + #""message":"sqlite select one: database is locked"}}"# + "\n"
        ),
        (
            Fault(.serialize, share: 1), 400, "application/json",
            #"{"error":{"code":400,"status":"Bad Request","message":"Unable to serialize access due to a "#
                + #"concurrent update in another session"}}"# + "\n"
        ),
        (
            Fault(.html, share: 1), 502, "text/html",
            "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
                + "<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n"
                + "</body>\r\n</html>\r\n"
        ),
    ])
    func refusalsIssueNothing(_ fault: Fault, _ status: Int, _ type: String, _ body: String) async throws {
        try await serving([fault]) { simulator, client in
            try client.ask(Self.identity)
            let answer = try #require(try client.receive())
            #expect(answer.status == status)
            #expect(answer.header("Content-Type") == type)
            #expect(answer.text == body)
            #expect(simulator.issued().isEmpty)
            #expect(simulator.statistics().byFault == [fault.kind.rawValue: 1])
        }
    }

    @Test(arguments: [nil, 2]) func a429MayNameATime(_ seconds: Int?) async throws {
        let fault = Fault(.tooManyRequests, share: 1, retryAfterSeconds: seconds)
        try await serving([fault]) { simulator, client in
            try client.ask(Self.identity)
            let answer = try #require(try client.receive())
            #expect(answer.status == 429)
            #expect(answer.header("Retry-After") == seconds.map(String.init))
            #expect(simulator.issued().isEmpty)
        }
    }

    @Test(arguments: [FaultKind.close, .closeAfter])
    func aKeptConnectionMayEndInsteadOfAnAnswer(_ kind: FaultKind) async throws {
        let identities = MadeUpIdentities(count: 1000, seed: 1)
        let plan = try FaultPlan([Fault(kind, share: 0.2)])
        let hit = identities.filter { plan.fault(seed: 1, identity: $0, timesBefore: 0) != nil }
        let spared = identities.filter { plan.fault(seed: 1, identity: $0, timesBefore: 0) == nil }
        try await serving(plan.faults) { simulator, client in
            try client.ask(spared[0].text)
            #expect(try client.receive()?.status == 201)
            try client.ask(hit[0].text)
            #expect(try client.receive() == nil)
            let expected = kind == .closeAfter ? [spared[0], hit[0]] : [spared[0]]
            #expect(simulator.issued().map(\.identity) == expected)
            #expect(simulator.statistics().byStatus == [201: 1, 0: 1])
        }
    }

    @Test func halfAnAnswerPromisesMoreThanItHolds() async throws {
        try await serving([Fault(.half, share: 1)]) { simulator, client in
            try client.ask(Self.identity)
            let answer = try #require(try client.receive())
            #expect(answer.status == 201)
            #expect(!answer.isComplete)
            #expect(answer.body.count >= 50)
            #expect(simulator.issued().map(\.fault) == [.half])
        }
    }

    @Test func aHugeAnswerIs10MiBLong() async throws {
        try await serving([Fault(.huge, share: 1)]) { simulator, client in
            try client.ask(Self.identity)
            let answer = try #require(try client.receive())
            #expect(answer.status == 201)
            #expect(answer.isComplete)
            #expect(answer.body.count == 10 << 20)
            #expect(simulator.issued().count == 1)
        }
    }

    @Test func aStalledAnswerIsIssuedAndHeld() async throws {
        try await serving([Fault(.stall, share: 1)]) { simulator, client in
            try client.ask(Self.identity)
            #expect(!client.hasAnswer(within: 100))
            #expect(simulator.issued().map(\.fault) == [.stall])
        }
        try await serving([Fault(.stall, share: 1, stallTime: .milliseconds(50))]) { _, client in
            try client.ask(Self.identity)
            #expect(try client.receive()?.status == 201)
        }
    }

    @Test func scriptedAnswersAreSentAsGiven() async throws {
        let gate = Gate()
        let script: @Sendable (SimulatedRequest) -> Delivery? = { request in
            switch request.requestID {
            case "json": .answer(.json(418, "{}", headers: [("Retry-After", "1")]))
            case "raw": .raw(Array("HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n".utf8), thenClose: false)
            case "gate": .hold(.gate(gate), then: .answer(.json(200, request.identity?.text ?? "")))
            case "reset": .reset
            default: nil
            }
        }
        try await serving(script: script) { simulator, client in
            try client.ask(Self.identity, headers: "X-Request-ID: json\r\n")
            let json = try #require(try client.receive())
            #expect(json.statusLine == "HTTP/1.1 418 status code 418")
            #expect(json.header("Retry-After") == "1")

            try client.ask(Self.identity, headers: "X-Request-ID: raw\r\n")
            #expect(try client.receive()?.headerLines == ["Content-Length: 0"])

            try client.ask(Self.identity, headers: "X-Request-ID: gate\r\n")
            #expect(!client.hasAnswer(within: 50))
            gate.open()
            #expect(try client.receive()?.text == Self.identity)

            try client.ask(Self.identity)
            #expect(try client.receive()?.status == 201)

            try client.ask(Self.identity, headers: "X-Request-ID: reset\r\n")
            #expect(throws: RawClient.Failure.self) { try client.receive() }
            #expect(simulator.statistics().byFault == ["scripted": 4])
            #expect(simulator.statistics().requestsReceived == 5)
        }
    }
}
