// One request, to the byte, and one reply.

import HTTPTransport
import Providers
import Synchronization
import TestSupport
import Testing
import Model

@Suite struct RecoveryAPITests {
    private let identity = IdentityID(high: 0x021d_045c_26f8_4316, low: 0x8389_fc0a_c907_34e1)
    private let issued = HTTPResponse(
        status: 201,
        body: Array(#"{"recovery_link":"/r?flow=1","recovery_code":"012345"}"#.utf8)
    )

    private func api(
        _ transport: StubTransport,
        server: String = "http://kratos.test:4434/prefix/",
        token: String? = nil,
        expiresIn: Duration = .seconds(86_400)
    ) throws -> RecoveryAPI {
        RecoveryAPI(
            transport: transport,
            provider: .kratos,
            server: try ServerURL(server),
            token: token.flatMap(BearerToken.init),
            expiresIn: expiresIn,
            timeout: .seconds(17),
            now: { Timestamp(milliseconds: 0) }
        )
    }

    @Test func theRequestIsAsKratosWantsIt() async throws {
        let transport = StubTransport { [issued] _ in .success(issued) }
        let reply = await (try api(transport)).issue(for: identity, onSend: {})
        let request = try #require(transport.requests.first)
        #expect(transport.requests.count == 1)
        #expect(request.method == .post)
        #expect(request.url == "http://kratos.test:4434/prefix/admin/recovery/code")
        #expect(request.timeout == .seconds(17))
        #expect(
            request.body
                == Array(#"{"identity_id":"021d045c-26f8-4316-8389-fc0ac90734e1","expires_in":"24h"}"#.utf8)
        )
        #expect(
            request.headers == [
                HTTPHeader(name: "Accept", value: "application/json"),
                HTTPHeader(name: "Content-Type", value: "application/json"),
                HTTPHeader(name: "X-Request-ID", value: reply.requestID),
            ]
        )
    }

    @Test func whatIsOddAboutEveryAnswerIsRemarkedOnOnce() async throws {
        let body = #"{"recovery_link":"/r?flow=1","recovery_code":"1","expires_at":"1970-01-09T00:00:00Z"}"#
        let odd = HTTPResponse(status: 201, body: Array(body.utf8))
        let api = try api(StubTransport { _ in .success(odd) })
        var kinds: [AnswerRemark.Kind] = []
        for _ in 0..<3 { kinds += await api.issue(for: identity, onSend: {}).remarks.map(\.kind) }
        #expect(kinds == [.expiry])
    }

    @Test func aCredentialIsSentAsABearerToken() async throws {
        let transport = StubTransport { [issued] _ in .success(issued) }
        _ = await (try api(transport, token: "ory_pat_1\n")).issue(for: identity, onSend: {})
        let values = transport.requests[0].headers.filter { $0.name == "Authorization" }.map(\.value)
        #expect(values == ["Bearer ory_pat_1"])
    }

    @Test func everyRequestHasAnIDOfItsOwn() async throws {
        let transport = StubTransport { [issued] _ in .success(issued) }
        let api = try api(transport)
        var ids: Set<String> = []
        for _ in 0..<200 {
            let reply = await api.issue(for: identity, onSend: {})
            #expect(IdentityID(reply.requestID)?.text == reply.requestID, "a UUID, in lower case")
            ids.insert(reply.requestID)
        }
        #expect(ids.count == 200)
        #expect(ids == Set(transport.requests.compactMap { $0.headers.last?.value }))
    }

    @Test(arguments: [
        ("1s", "1s"), ("90s", "90s"), ("60s", "1m"), ("5m", "5m"), ("90m", "90m"), ("60m", "1h"),
        ("24h", "24h"),
        ("7d", "168h"), ("30d", "720h"), ("1h30m", "90m"), ("1h1s", "3601s"),
    ])
    func aValidityIsOneNumberWithOneUnit(_ argument: String, _ text: String) async throws {
        let transport = StubTransport { [issued] _ in .success(issued) }
        let duration = try #require(Duration(argument: argument))
        _ = await (try api(transport, expiresIn: duration)).issue(for: identity, onSend: {})
        let body = String(decoding: transport.requests[0].body, as: UTF8.self)
        #expect(body.hasSuffix(#","expires_in":"\#(text)"}"#))
    }

    @Test func aReplyTellsHowFarTheRequestCame() async throws {
        let answered = await (try api(StubTransport { [issued] _ in .success(issued) }))
            .issue(for: identity, onSend: {})
        #expect(answered.wasSent && answered.wasAnswered)
        #expect(
            OutcomeClass(answered.outcome) == .issued(code: "012345", link: "/r?flow=1", expiresAt: nil)
        )

        let refused = TransportError(kind: .connectionFailed, wasSent: false, message: "refused")
        let unsent = await (try api(StubTransport { _ in .failure(refused) }))
            .issue(for: identity, onSend: {})
        #expect(!unsent.wasSent && !unsent.wasAnswered)
        #expect(OutcomeClass(unsent.outcome) == .transient(.connection))

        let closed = TransportError(kind: .connectionClosed, wasSent: true, message: "closed")
        let lost = await (try api(StubTransport { _ in .failure(closed) }))
            .issue(for: identity, onSend: {})
        #expect(lost.wasSent && !lost.wasAnswered)
        #expect(OutcomeClass(lost.outcome) == .transient(.connection, isAmbiguous: true))
    }

    @Test(arguments: [200, 201, 400, 401, 404, 429, 500, 503, 600])
    func everyAnswersLimitsAreHandedOn(_ status: Int) async throws {
        let headers = [
            ("x-ratelimit-limit", "10, 10;w=1"), ("x-ratelimit-remaining", "8"), ("x-ratelimit-reset", "1"),
        ]
        .map { HTTPHeader(name: $0.0, value: $0.1) }
        let limited = HTTPResponse(status: status, headers: HTTPHeaders(headers))
        let plain = HTTPResponse(status: status)
        let reply = await (try api(StubTransport { _ in .success(limited) })).issue(for: identity, onSend: {})
        #expect(
            reply.limits
                == LimitAnnouncement(
                    windows: [Rate(count: 10, window: .seconds(1))],
                    limit: 10,
                    remaining: 8,
                    reset: .seconds(1)
                )
        )
        let other = await (try api(StubTransport { _ in .success(plain) })).issue(for: identity, onSend: {})
        #expect(other.limits == nil)
    }

    @Test func theSendIsToldOnce() async throws {
        let count = Mutex(0)
        let onSend: @Sendable () -> Void = { count.withLock { $0 += 1 } }
        _ = await (try api(StubTransport { [issued] _ in .success(issued) }))
            .issue(for: identity, onSend: onSend)
        #expect(count.withLock { $0 } == 1)
    }

    // MARK: - A credential that is refused

    private let refusal = HTTPResponse(
        status: 401,
        body: Array(#"{"error":{"reason":"token expired"}}"#.utf8)
    )

    /// A server that takes one token only.
    private func server(taking token: String) -> StubTransport {
        StubTransport { [issued, refusal] request in
            let isRight = request.headers.contains { $0.value == "Bearer \(token)" }
            return .success(isRight ? issued : refusal)
        }
    }

    private func api(_ transport: StubTransport, _ credential: Credential) throws -> RecoveryAPI {
        RecoveryAPI(
            ServerConnection(
                transport,
                provider: .connhex,
                server: try ServerURL("https://apis.example.com"),
                credential: credential
            ),
            IssueRequest(expiresIn: .seconds(3600))
        )
    }

    @Test func whatWasRefusedForAnOldTokenIsAskedForAgain() async throws {
        let transport = server(taking: "new-token")
        let credential = Credential(
            BearerToken("old-token"),
            renewal: { try #require(BearerToken("new-token")) }
        )
        let api = try api(transport, credential)
        let reply = await api.issue(for: identity, onSend: nil)
        guard case .again(let failure) = reply.outcome else {
            Issue.record("it came to \(OutcomeClass(reply.outcome))")
            return
        }
        #expect((failure.httpStatus, failure.reason) == (401, "token expired"))
        #expect(reply.wasSent && reply.wasAnswered)
        #expect(transport.requests.count == 1, "asking again is the campaign's")

        let second = await api.issue(for: identity, onSend: nil)
        #expect(OutcomeClass(second.outcome) == .issued(code: "012345", link: "/r?flow=1", expiresAt: nil))
        #expect(second.requestID != reply.requestID)
        #expect(credential.renewals == 1)
    }

    @Test func manyAreAskedForAgainAfterOneRenewal() async throws {
        let reads = Mutex(0)
        let credential = Credential(
            BearerToken("old-token"),
            renewal: {
                reads.withLock { $0 += 1 }
                return try #require(BearerToken("new-token"))
            }
        )
        let api = try api(server(taking: "new-token"), credential)
        let outcomes = await withTaskGroup { group in
            for _ in 0..<100 {
                group.addTask { OutcomeClass(await api.issue(for: self.identity, onSend: nil).outcome) }
            }
            return await group.reduce(into: Set<OutcomeClass>()) { $0.insert($1) }
        }
        // Some may have found the new token already.
        #expect(
            outcomes.subtracting([.again, .issued(code: "012345", link: "/r?flow=1", expiresAt: nil)]).isEmpty
        )
        #expect(outcomes.contains(.again))
        #expect(reads.withLock { $0 } == 1)
    }

    @Test(arguments: [nil, "old-token", "bad-token"] as [String?])
    func aTokenThatIsNoBetterStopsTheRun(_ token: String?) async throws {
        let credential = Credential(
            BearerToken("old-token"),
            renewal: {
                guard let token = token.flatMap(BearerToken.init) else { throw CancellationError() }
                return token
            }
        )
        let api = try api(server(taking: "new-token"), credential)
        var outcomes: [OutcomeClass] = []
        for _ in 0..<3 { outcomes.append(OutcomeClass(await api.issue(for: identity, onSend: nil).outcome)) }
        // What was read is tried, once.
        let first: OutcomeClass = token == "bad-token" ? .again : .fatal(.credentialRefused)
        #expect(outcomes == [first, .fatal(.credentialRefused), .fatal(.credentialRefused)])
    }

    @Test func withoutARenewalARefusalStopsTheRun() async throws {
        let api = try api(server(taking: "new-token"), Credential(BearerToken("old-token")))
        let reply = await api.issue(for: identity, onSend: nil)
        #expect(OutcomeClass(reply.outcome) == .fatal(.credentialRefused))
    }

    @Test func aMissingRightIsNotRenewed() async throws {
        let credential = Credential(
            BearerToken("old-token"),
            renewal: { try #require(BearerToken("new-token")) }
        )
        let body = Array(#"{"error":{"code":403,"message":"The requested action was forbidden"}}"#.utf8)
        let api = try api(StubTransport { _ in .success(HTTPResponse(status: 403, body: body)) }, credential)
        let reply = await api.issue(for: identity, onSend: nil)
        #expect(OutcomeClass(reply.outcome) == .fatal(.credentialRefused))
        #expect(credential.renewals == 0)
    }

    @Test func anExpiryThatIsNotTheOneAskedForIsRemarked() async throws {
        let body = #"{"recovery_link":"/r?flow=1","recovery_code":"1","expires_at":"1970-01-01T01:00:00Z"}"#
        let answer = HTTPResponse(status: 201, body: Array(body.utf8))
        let transport = StubTransport { _ in .success(answer) }
        let early = await (try api(transport)).issue(for: identity, onSend: nil)
        #expect(early.remarks == [.expiry(.unexplained(by: .seconds(3600 - 86_400)))])
        let right = await (try api(transport, expiresIn: .seconds(3600))).issue(for: identity, onSend: nil)
        #expect(right.remarks.isEmpty)
    }

    @Test func aLinkToAnotherHostIsRemarked() async throws {
        let links = Mutex([
            "/r?flow=1", "https://ui.example.com/r?flow=2", "https://UI.example.com:8443/", "/r",
            "https://ui.example.org/r?flow=3",
        ])
        let transport = StubTransport { _ in
            let body = #"{"recovery_link":"\#(links.withLock { $0.removeFirst() })","recovery_code":"1"}"#
            return .success(HTTPResponse(status: 201, body: Array(body.utf8)))
        }
        let api = try api(transport)
        for _ in 1...4 {
            #expect(await api.issue(for: identity, onSend: nil).remarks.isEmpty)
        }
        let other = await api.issue(for: identity, onSend: nil)
        #expect(other.remarks == [.otherHost(first: "ui.example.com", other: "ui.example.org")])
        guard case .issued = other.outcome else {
            Issue.record("a code was thrown away")
            return
        }
    }
}
