// The tables again over real sockets: this module and libcurl against a server in this process.

import Foundation
import HTTPTransport
import Providers
import IdentitySimulator
import Synchronization
import Testing
import Model

@Suite(.serialized) struct SocketTests {
    private static func now() -> Timestamp {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }

    private let identity = IdentityID(high: 0x021d_045c_26f8_4316, low: 0x8389_fc0a_c907_34e1)

    private func asking(
        _ change: (inout SimulatorConfiguration) throws -> Void,
        server: (IdentitySimulator) -> String = \.adminURL,
        token: String? = nil,
        timeout: Duration = .seconds(20),
        _ body: (RecoveryAPI, IdentitySimulator) async throws -> Void
    ) async throws {
        var configuration = SimulatorConfiguration()
        try change(&configuration)
        let simulator = try await IdentitySimulator.start(configuration)
        let transport = try CurlTransport(
            configuration: .init(userAgent: "latchstring/0.0.0-tests", proxy: .none)
        )
        let api = RecoveryAPI(
            transport: transport,
            provider: .kratos,
            server: try ServerURL(server(simulator)),
            token: token.flatMap(BearerToken.init),
            expiresIn: .seconds(3600),
            timeout: timeout,
            now: Self.now
        )
        do {
            try await body(api, simulator)
        } catch {
            transport.stop()
            try await simulator.stop()
            throw error
        }
        transport.stop()
        try await simulator.stop()
    }

    @Test func everyScriptedAnswerHasItsOutcome() async throws {
        let cases = AnswerCase.all
        let next = Mutex(0)
        let script: @Sendable (SimulatedRequest) -> Delivery? = { _ in
            let answer = cases[next.withLock { $0 }]
            let headers = answer.headers.map { ($0.name, $0.value) }
            return .answer(Answer(status: answer.status, headers: headers, body: answer.body))
        }
        try await asking({ $0.script = script }) { api, simulator in
            for (index, answer) in cases.enumerated() {
                next.withLock { $0 = index }
                let sends = Mutex(0)
                let reply = await api.issue(for: identity, onSend: { sends.withLock { $0 += 1 } })
                #expect(OutcomeClass(reply.outcome) == answer.expected, "\(answer.name)")
                #expect(reply.wasSent && reply.wasAnswered)
                #expect(sends.withLock { $0 } == 1)
            }
            #expect(simulator.statistics().requestsReceived == cases.count)
        }
    }

    /// What is on the wire instead of an answer, and what it has to be read as.
    @Test func everyBrokenAnswerHasItsOutcome() async throws {
        let whole = "HTTP/1.1 201 Created\r\nContent-Length: 60\r\n\r\n"
        let cases: [(String, Delivery, OutcomeClass)] = [
            ("closed", .close, .transient(.connection, isAmbiguous: true)),
            ("reset", .reset, .transient(.connection, isAmbiguous: true)),
            (
                "half a status line", .raw(Array("HTTP/1.1 20".utf8), thenClose: true),
                .transient(.connection, isAmbiguous: true)
            ),
            (
                "half a header", .raw(Array("HTTP/1.1 201 Created\r\nConte".utf8), thenClose: true),
                .unreadable
            ),
            (
                "half a body",
                .raw(Array("\(whole){\"recovery_link\":\"/r\"".utf8), thenClose: true), .unreadable
            ),
            ("half a JSON answer", .half(.json(201, #"{"recovery_link":"/r"}"#)), .unreadable),
            ("no HTTP", .raw(Array("SSH-2.0-OpenSSH_9.2\r\n".utf8), thenClose: true), .unreadable),
            (
                "lengths that differ",
                .raw(Array("HTTP/1.1 201 C\r\nContent-Length: x\r\n\r\n{}".utf8), thenClose: true),
                .unreadable
            ),
        ]
        let next = Mutex(0)
        try await asking({ $0.script = { _ in cases[next.withLock { $0 }].1 } }) { api, _ in
            for index in cases.indices {
                next.withLock { $0 = index }
                let reply = await api.issue(for: identity, onSend: {})
                #expect(OutcomeClass(reply.outcome) == cases[index].2, "\(cases[index].0): \(reply.outcome)")
                #expect(reply.wasSent)
            }
        }
    }

    @Test(arguments: [
        (FaultKind.serverError, OutcomeClass.transient(.serverError)),
        (.serialize, .transient(.serverError)),
        (.tooManyRequests, .transient(.rateLimited, holdFor: .seconds(3))),
        (.close, .transient(.connection, isAmbiguous: true)),
        (.closeAfter, .transient(.connection, isAmbiguous: true)),
        (.half, .unreadable),
        (.html, .transient(.serverError)),
        (.huge, .unreadable),
    ])
    func everyFaultHasItsOutcome(_ kind: FaultKind, _ expected: OutcomeClass) async throws {
        let fault = Fault(kind, share: 1, retryAfterSeconds: kind == .tooManyRequests ? 3 : nil)
        try await asking({ $0.faults = try FaultPlan([fault]) }) { api, _ in
            let reply = await api.issue(for: identity, onSend: {})
            #expect(OutcomeClass(reply.outcome) == expected)
            #expect(reply.wasSent)
        }
    }

    @Test func anAnswerThatDoesNotComeIsAnAmbiguousTimeout() async throws {
        let plan = try FaultPlan([Fault(.stall, share: 1)])
        try await asking({ $0.faults = plan }, timeout: .milliseconds(300)) { api, simulator in
            let reply = await api.issue(for: identity, onSend: {})
            #expect(OutcomeClass(reply.outcome) == .transient(.timeout, isAmbiguous: true))
            #expect(simulator.issued().map(\.requestID) == [reply.requestID])
        }
    }

    @Test func aCodeIsTheServersOwn() async throws {
        try await asking({ $0.requiredToken = "ory_pat_1" }, token: "ory_pat_1") { api, simulator in
            let reply = await api.issue(for: identity, onSend: {})
            let record = try #require(simulator.issued().first)
            #expect(record.identity == identity)
            #expect(record.requestID == reply.requestID)
            let expected = OutcomeClass.issued(
                code: try #require(record.recoveryCode),
                link: record.recoveryLink,
                expiresAt: record.expiresAt
            )
            #expect(OutcomeClass(reply.outcome) == expected)
            let expiry = try #require(Timestamp(rfc3339: record.expiresAt))
            #expect(abs(Self.now().duration(to: expiry).inSeconds - 3600) < 60)
        }
    }

    @Test func theServersOwnRefusalsHaveTheirOutcomes() async throws {
        try await asking({ $0.identities = .listed([]) }) { api, _ in
            let reply = await api.issue(for: identity, onSend: {})
            #expect(OutcomeClass(reply.outcome) == .permanent(.unknownIdentity))
        }
        try await asking({ $0.disabledEndpoints = [.code] }) { api, _ in
            let reply = await api.issue(for: identity, onSend: {})
            #expect(OutcomeClass(reply.outcome) == .fatal(.methodDisabled))
        }
        try await asking({ $0.requiredToken = "right" }, token: "wrong") { api, _ in
            let reply = await api.issue(for: identity, onSend: {})
            #expect(OutcomeClass(reply.outcome) == .fatal(.credentialRefused))
        }
        try await asking({ $0.gatewayStatus = 403 }) { api, _ in
            let reply = await api.issue(for: identity, onSend: {})
            #expect(OutcomeClass(reply.outcome) == .fatal(.gatewayRefused))
        }
        try await asking({ _ in }, server: \.publicURL) { api, _ in
            let reply = await api.issue(for: identity, onSend: {})
            #expect(OutcomeClass(reply.outcome) == .fatal(.publicPort))
        }
        try await asking({ _ in }, server: { $0.adminURL + "/wrong" }) { api, _ in
            let reply = await api.issue(for: identity, onSend: {})
            #expect(OutcomeClass(reply.outcome) == .fatal(.wrongURL))
        }
    }

    @Test func aServerThatIsNotThereHasReceivedNothing() async throws {
        var url = ""
        try await asking({ _ in }) { _, simulator in url = simulator.adminURL }
        try await asking({ _ in }, server: { _ in url }) { api, _ in
            let reply = await api.issue(for: identity, onSend: { Issue.record("nothing goes out") })
            #expect(OutcomeClass(reply.outcome) == .transient(.connection))
            #expect(!reply.wasSent && !reply.wasAnswered)
        }
        try await asking({ _ in }, server: { _ in "http://no-such-host.invalid" }) { api, _ in
            let reply = await api.issue(for: identity, onSend: { Issue.record("nothing goes out") })
            #expect(OutcomeClass(reply.outcome) == .fatal(.hostNotResolved))
            #expect(!reply.wasSent)
        }
    }
}
