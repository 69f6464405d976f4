// A server that breaks down and comes back, and knows when its clients are gone.

import Glibc
import IdentitySimulator
import Testing
import Model

@Suite(.serialized) struct BreakdownTests {
    private static let identity = "021d045c-26f8-4316-8389-fc0ac90734e1"

    private func serving(
        script: (@Sendable (SimulatedRequest) -> Delivery?)? = nil,
        _ body: (IdentitySimulator) async throws -> Void
    ) async throws {
        var configuration = SimulatorConfiguration()
        configuration.threads = 1
        configuration.script = script
        let simulator = try await IdentitySimulator.startOnLastingPorts(configuration)
        do {
            try await body(simulator)
        } catch {
            try await simulator.stop()
            throw error
        }
        try await simulator.stop()
    }

    @Test func itIsGoneAndBackWithWhatItKnew() async throws {
        try await serving { simulator in
            let client = try RawClient(port: simulator.adminPort)
            try client.ask(Self.identity)
            let first = try client.receive()
            #expect(first?.status == 201)

            try await simulator.goDown()
            #expect(try client.receiveToEnd().isEmpty, "its connection is cut")
            for port in [simulator.adminPort, simulator.publicPort] {
                let failure = #expect(throws: RawClient.Failure.self) { try RawClient(port: port) }
                #expect(failure?.code == ECONNREFUSED)
            }

            try await simulator.comeBack()
            let another = try RawClient(port: simulator.adminPort)
            try another.ask(Self.identity)
            #expect(try another.receive()?.status == 201)
            #expect(simulator.issued().map(\.request) == [1, 2])
            #expect(simulator.statistics().requestsReceived == 2)
            #expect(try RawClient(port: simulator.publicPort).get("/health/alive").status == 200)
        }
    }

    @Test func anAnswerOnItsWayIsLostWithTheServer() async throws {
        let gate = Gate()
        try await serving(script: { _ in .hold(.gate(gate), then: .answer(.json(200, "{}"))) }) { simulator in
            let client = try RawClient(port: simulator.adminPort)
            try client.ask(Self.identity)
            try await simulator.goDown()
            gate.open()
            #expect(try client.receiveToEnd().isEmpty)
            try await simulator.comeBack()
        }
    }

    @Test func whatWasSentIsTakenInBeforeItIsSettled() async throws {
        try await serving { simulator in
            try await simulator.settled()
            for round in 1...20 {
                for _ in 0..<10 {
                    // Gone without waiting for an answer.
                    let client = try RawClient(port: simulator.adminPort)
                    try client.ask(Self.identity)
                }
                try await simulator.settled()
                #expect(simulator.statistics().requestsReceived == 10 * round)
            }
        }
    }
}
