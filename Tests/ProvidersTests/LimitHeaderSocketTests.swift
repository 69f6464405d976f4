// A server that announces its limits, over real sockets, and what is read of it.

import Foundation
import HTTPTransport
import Providers
import IdentitySimulator
import Testing
import Model

@Suite(.serialized) struct LimitHeaderSocketTests {
    private static let now: @Sendable () -> Timestamp = {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }

    private func asking(
        _ form: LimitHeaderForm,
        _ body: (ServerConnection) async throws -> Void
    ) async throws {
        var configuration = SimulatorConfiguration()
        configuration.limitHeaders = form
        configuration.rateLimits = [
            RateLimit(count: 3, windowSeconds: 3600), RateLimit(count: 2, windowSeconds: 600),
        ]
        configuration.readRateLimits = [RateLimit(count: 1, windowSeconds: 600)]
        let simulator = try await IdentitySimulator.start(configuration)
        let transport = try CurlTransport(
            configuration: .init(userAgent: "latchstring/0.0.0-tests", proxy: .none)
        )
        let result: Result<Void, any Error>
        do {
            let server = try ServerURL(simulator.adminURL)
            result = .success(try await body(ServerConnection(transport, server: server, now: Self.now)))
        } catch {
            result = .failure(error)
        }
        transport.stop()
        try await simulator.stop()
        try result.get()
    }

    private func expect(
        _ limits: LimitAnnouncement?,
        windows: [Rate],
        limit: Int,
        remaining: Int,
        _ sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(limits?.windows == windows, sourceLocation: sourceLocation)
        #expect(limits?.limit == limit, sourceLocation: sourceLocation)
        #expect(limits?.remaining == remaining, sourceLocation: sourceLocation)
        // However slow the machine is.
        let reset = limits?.reset ?? .zero
        #expect((.seconds(400) ... .seconds(600)).contains(reset), sourceLocation: sourceLocation)
    }

    @Test(arguments: [LimitHeaderForm.ory, .ietf, .ietf07])
    func everyAnswerTellsWhatTheServerCounts(_ form: LimitHeaderForm) async throws {
        let identity = IdentityID.random()
        let windows = [Rate(count: 2, window: .seconds(600)), Rate(count: 3, window: .seconds(3600))]
        try await asking(form) { connection in
            let api = RecoveryAPI(connection, IssueRequest(expiresIn: .seconds(3600)))
            let first = await api.issue(for: identity, onSend: nil)
            if case .issued = first.outcome {} else { Issue.record("\(first.outcome)") }
            expect(first.limits, windows: windows, limit: 2, remaining: 1)
            // Nobody has it; that counts as well.
            let second = await api.issue(for: .null, onSend: nil)
            #expect(OutcomeClass(second.outcome) == .permanent(.unknownIdentity))
            expect(second.limits, windows: windows, limit: 2, remaining: 0)
            let third = await api.issue(for: identity, onSend: nil)
            expect(third.limits, windows: windows, limit: 2, remaining: 0)
            #expect(
                OutcomeClass(third.outcome) == .transient(.rateLimited, holdFor: third.limits?.reset)
            )

            let lookup = IdentityLookup(connection, columns: [])
            let once = [Rate(count: 1, window: .seconds(600))]
            let found = await lookup.lookUp([identity], onSend: nil)
            expect(found.limits, windows: once, limit: 1, remaining: 0)
            let refused = await lookup.lookUp([identity], onSend: nil)
            expect(refused.limits, windows: once, limit: 1, remaining: 0)
            if case .transient(let failure, let hold) = refused.outcome {
                #expect(failure.kind == .rateLimited)
                #expect(hold == refused.limits?.reset)
            } else {
                Issue.record("\(refused.outcome)")
            }
        }
    }

    @Test func aServerThatTellsNothingNamesNoTime() async throws {
        try await asking(.none) { connection in
            let api = RecoveryAPI(connection, IssueRequest(expiresIn: .seconds(3600)))
            for _ in 0..<2 {
                #expect(await api.issue(for: .random(), onSend: nil).limits == nil)
            }
            let refused = await api.issue(for: .random(), onSend: nil)
            #expect(OutcomeClass(refused.outcome) == .transient(.rateLimited))
            #expect(refused.limits == nil)
        }
    }
}
