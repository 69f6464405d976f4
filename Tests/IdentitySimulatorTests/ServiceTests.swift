// The service on real sockets: what waits for it, and what does not.

import IdentitySimulator
import Testing

@Suite(.serialized) struct ServiceTests {
    private static let identity = "021d045c-26f8-4316-8389-fc0ac90734e1"

    private func serving(
        _ change: (inout SimulatorConfiguration) -> Void,
        _ body: (IdentitySimulator) throws -> Void
    ) async throws {
        var configuration = SimulatorConfiguration()
        change(&configuration)
        let simulator = try await IdentitySimulator.start(configuration)
        let result = Result { try body(simulator) }
        try await simulator.stop()
        try result.get()
    }

    @Test func requestsWaitForALaneOverAllConnections() async throws {
        try await serving({
            $0.serviceTime = .milliseconds(20)
            $0.serviceLanes = 2
        }) { simulator in
            let clients = try (0..<10).map { _ in try RawClient(port: simulator.adminPort) }
            let took = try ContinuousClock().measure {
                for client in clients { try client.ask(Self.identity) }
                for client in clients { #expect(try client.receive()?.status == 201) }
            }
            // Five after another in each of two lanes.
            #expect(took >= .milliseconds(100))
        }
    }

    @Test func aTimeOfAMillisecondIsNoLess() async throws {
        try await serving({ $0.serviceTime = .milliseconds(1) }) { simulator in
            let client = try RawClient(port: simulator.adminPort)
            let took = try ContinuousClock().measure {
                for _ in 0..<50 {
                    try client.ask(Self.identity)
                    #expect(try client.receive()?.status == 201)
                }
            }
            #expect(took >= .milliseconds(50))
        }
    }

    @Test func whatIsRefusedAtTheDoorTakesNoLane() async throws {
        try await serving({
            $0.serviceTime = .seconds(3600)
            $0.requiredToken = "ory_pat_secret"
            $0.rateLimits = [RateLimit(count: 2, windowSeconds: 3600)]
        }) { simulator in
            let bearer = "Authorization: Bearer ory_pat_secret\r\n"
            let first = try RawClient(port: simulator.adminPort)
            let second = try RawClient(port: simulator.adminPort)
            // Without its credential a request counts for the limit, and is refused at once.
            try second.ask(Self.identity)
            #expect(try second.receive()?.status == 401)
            try first.ask(Self.identity, headers: bearer)
            #expect(!first.hasAnswer(within: 50))
            try second.ask(Self.identity, headers: bearer)
            #expect(try second.receive()?.status == 429)
            #expect(try second.get("/health/alive").status == 200)
            #expect(simulator.statistics().requestsReceived == 3)
        }
    }

    @Test func faultsComeAfterTheService() async throws {
        try await serving({
            $0.serviceTime = .milliseconds(60)
            $0.faults = (try? FaultPlan([Fault(.serverError, share: 1)])) ?? .none
        }) { simulator in
            let client = try RawClient(port: simulator.adminPort)
            let took = try ContinuousClock().measure {
                try client.ask(Self.identity)
                #expect(try client.receive()?.status == 500)
            }
            #expect(took >= .milliseconds(60))
        }
    }
}
