// Look-ups: one request, to the byte, and what every kind of answer comes to.

import Foundation
import HTTPTransport
import RecordedExchanges
import Synchronization
import TestSupport
import Testing
import Model

@testable import Providers

@Suite struct IdentityLookupTests {
    private static let first = "00003575-85a1-4509-a017-a4d45c9eac0a"
    private static let second = "0055bb97-6ea6-4847-8709-0e2c30edc4dc"

    /// An outcome without its sentences.
    private enum Class: Hashable {
        case found([String])
        case tooLong
        case transient(FailureKind, holdFor: Duration?)
        case again
        case unread
        case fatal(FatalAnswer.Code)

        init(_ outcome: LookupOutcome) {
            switch outcome {
            case .found(let identities): self = .found(identities.map(\.id.text))
            case .tooLong: self = .tooLong
            case .transient(let failure, let hold): self = .transient(failure.kind, holdFor: hold)
            case .again: self = .again
            case .unread: self = .unread
            case .fatal(let answer): self = .fatal(answer.code)
            }
        }
    }

    private func lookup(
        _ transport: StubTransport,
        provider: Provider = .kratos,
        credential: Credential = Credential(nil),
        columns: [String] = []
    ) throws -> IdentityLookup {
        let connection = ServerConnection(
            transport,
            provider: provider,
            server: try ServerURL("https://apis.example.com"),
            credential: credential
        )
        return IdentityLookup(
            connection,
            columns: try columns.map { try #require(LookedUpColumn(argument: $0)) }
        )
    }

    private func outcome(
        _ response: HTTPResponse,
        asked ids: [String] = [first, second],
        columns: [String] = []
    ) async throws -> LookupOutcome {
        let ids = try ids.map { try #require(IdentityID($0)) }
        return await (try lookup(StubTransport { _ in .success(response) }, columns: columns))
            .lookUp(ids, onSend: nil).outcome
    }

    private func response(_ status: Int, _ body: String = "", _ headers: [String: String] = [:])
        -> HTTPResponse
    {
        HTTPResponse(
            status: status,
            headers: HTTPHeaders(headers.map { HTTPHeader(name: $0.key, value: $0.value) }),
            body: Array(body.utf8)
        )
    }

    // MARK: - The request

    @Test(arguments: [
        (Provider.kratos, "/admin/identities"), (.oryNetwork, "/admin/identities"),
        (.connhex, "/iam/identities"),
    ])
    func theRequestNamesEveryIdentity(_ provider: Provider, _ path: String) async throws {
        let transport = StubTransport { _ in .success(HTTPResponse(status: 200, body: Array("[]".utf8))) }
        let lookup = try lookup(transport, provider: provider, credential: Credential(BearerToken("t0ken")))
        let sends = Mutex(0)
        let ids = try [Self.first, Self.second].map { try #require(IdentityID($0)) }
        let reply = await lookup.lookUp(ids, onSend: { sends.withLock { $0 += 1 } })
        let request = try #require(transport.requests.first)
        #expect(request.method == .get && request.body.isEmpty)
        #expect(
            request.url
                == "https://apis.example.com\(path)?page_size=500&ids=\(Self.first)&ids=\(Self.second)"
        )
        #expect(request.headers.map(\.name) == ["Accept", "Authorization"])
        #expect(request.answerBytesMax == IdentityLookup.answerSizeMax)
        #expect(reply.wasSent && sends.withLock { $0 } == 1)
        #expect(Class(reply.outcome) == .found([]))
    }

    @Test func aProbeAsksForSomebodyElseEachTime() async throws {
        let transport = StubTransport { _ in .success(HTTPResponse(status: 200, body: Array("[]".utf8))) }
        let lookup = try lookup(transport)
        for _ in 0..<3 { #expect(Class(await lookup.probe(onSend: nil).outcome) == .found([])) }
        let asked = transport.requests.map { $0.url.split(separator: "&ids=").dropFirst().map(String.init) }
        #expect(Set(asked).count == 3)
        for ids in asked { #expect(ids.count == 1 && IdentityID(ids[0]) != nil) }
    }

    @Test func aServerThatAnswersAProbeWithItsFirstOnesIsTooOld() async throws {
        let list = response(200, #"[{"id":"\#(Self.first)"}]"#)
        let reply = await (try lookup(StubTransport { _ in .success(list) })).probe(onSend: nil)
        #expect(Class(reply.outcome) == .fatal(.lookupUnsupported))
    }

    // MARK: - Recorded answers

    private static let lists = RecordedExchange.all.filter { $0.request.hasPrefix("GET /admin/identities?") }

    @Test(arguments: lists)
    func everyRecordedListIsRead(_ exchange: RecordedExchange) async throws {
        let columns = [
            "mail=traits.email", "state=state", "meta=metadata_public", "via=recovery_addresses.0.via",
            "x=traits.x",
        ]
        let response = exchange.response
        guard response.status == 200 else {
            #expect(Class(try await outcome(response, columns: columns)) == .tooLong)
            return
        }
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(response.body)) as? [[String: Any]]
        )
        let ids = try json.map { try #require($0["id"] as? String) }
        guard case .found(let identities) = try await outcome(response, asked: ids, columns: columns) else {
            Issue.record("it came to something else")
            return
        }
        #expect(identities.map(\.id.text) == ids)
        for (identity, json) in zip(identities, json) {
            let mail = try #require((json["traits"] as? [String: Any])?["email"] as? String)
            #expect(identity.isActive && identity.hasRecoveryAddress)
            #expect(identity.columns == [mail, "active", "", "email", nil])
        }
        guard !ids.isEmpty else { return }
        #expect(Class(try await outcome(response, asked: [])) == .fatal(.lookupUnsupported))
    }

    @Test func theRecordingsHoldBothKindsOfAnswer() {
        #expect(Self.lists.count { $0.status.hasPrefix("200") } >= 7)
        #expect(Self.lists.count { $0.status.hasPrefix("400") } >= 5)
    }

    // MARK: - Other answers

    @Test func whoIsNotInTheListIsNotThere() async throws {
        let list = response(200, #"[{"id":"\#(Self.second)","state":"inactive"}]"#)
        guard case .found(let identities) = try await outcome(list) else {
            Issue.record("it came to something else")
            return
        }
        #expect(identities.map(\.id.text) == [Self.second])
        #expect(identities.allSatisfy { !$0.isActive && !$0.hasRecoveryAddress && $0.columns.isEmpty })
    }

    @Test func anIdentityThatIsListedTwiceCountsOnce() async throws {
        let list = response(
            200,
            #"[{"id":"\#(Self.first)","n":1},{"id":"\#(Self.first.uppercased())","n":2},"#
                + #"{"id":"\#(Self.second)"}]"#
        )
        guard case .found(let identities) = try await outcome(list, columns: ["n=n"]) else {
            Issue.record("it came to something else")
            return
        }
        #expect(identities.map(\.id.text) == [Self.first, Self.second])
        #expect(identities.map(\.columns) == [["1"], [nil]])
    }

    @Test func anIdentityThatNobodyAskedForIsASignOfAnOldServer() async throws {
        let list = response(200, #"[{"id":"\#(Self.first)"},{"id":"\#(Self.second)"}]"#)
        #expect(Class(try await outcome(list, asked: [Self.first])) == .fatal(.lookupUnsupported))
    }

    @Test(arguments: [
        "<html>It works!</html>", "", "null", "{}", #"[{"id":"00003575-85a1-4509-a017-a4d45c9eac0a","sta"#,
        #"[{"id":"not-a-uuid"}]"#, #"{"error":{"message":"no"}}"#,
    ])
    func whatIsNoListIsAskedForAgain(_ body: String) async throws {
        #expect(Class(try await outcome(response(200, body))) == .transient(.unreadableAnswer, holdFor: nil))
    }

    /// Where a gateway drops or caps `page_size`, the rest is on the next page, and not unknown.
    @Test func aPageThatIsNotTheWholeAnswerIsAskedForInPieces() async throws {
        let link = "</admin/identities?page_size=1&page_token=x>; rel=\"first\","
        let body = Array(#"[{"id":"\#(Self.first)","state":"active"}]"#.utf8)
        func answer(_ link: String) -> HTTPResponse {
            HTTPResponse(
                status: 200,
                headers: HTTPHeaders([HTTPHeader(name: "Link", value: link)]),
                body: body
            )
        }
        let cut = answer(link + "</admin/identities?page_size=1&page_token=y>; rel=\"next\"")
        #expect(Class(try await outcome(cut)) == .tooLong)
        #expect(Class(try await outcome(answer(link))) == .found([Self.first]))
    }

    /// Cut at the limit, its beginning may look whole; fewer identities make a shorter one.
    @Test func anAnswerBeyondAllMeasureIsAskedForInPieces() async throws {
        var list = response(200, #"[{"id":"\#(Self.first)"}]"#)
        list.isBodyTruncated = true
        #expect(Class(try await outcome(list)) == .tooLong)
    }

    @Test(arguments: [400, 413, 414, 431])
    func aRequestThatIsTooLongIsAskedInPieces(_ status: Int) async throws {
        guard case .tooLong(let answer) = try await outcome(response(status, "<html></html>")) else {
            Issue.record("\(status) came to something else")
            return
        }
        #expect(answer.code == .lookupRefused)
        #expect(answer.description.contains("https://apis.example.com/admin/identities answered \(status)"))
    }

    @Test(arguments: [
        (403, "", FatalAnswer.Code.gatewayRefused), (401, "", .credentialRefused),
        (403, #"{"error":{"message":"no"}}"#, .credentialRefused), (407, "", .proxyRefused),
        (400, "Client sent an HTTP request to an HTTPS server.", .plainHTTP),
        (403, #"{"error":{"id":"security_csrf_violation"}}"#, .publicPort), (307, "", .redirected),
        (404, "404 page not found", .lookupRefused), (404, #"{"error":{"message":"x"}}"#, .lookupRefused),
        (409, #"{"error":{"message":"x"}}"#, .lookupRefused), (418, "", .lookupRefused),
        (204, "", .lookupRefused),
        (206, "[]", .lookupRefused),
    ])
    func whatEveryIdentityWouldGetStopsTheRun(_ status: Int, _ body: String, _ code: FatalAnswer.Code)
        async throws
    {
        #expect(Class(try await outcome(response(status, body))) == .fatal(code))
    }

    @Test(
        arguments: [
            (429, ["Retry-After": "7"], FailureKind.rateLimited, Duration.seconds(7)),
            (429, [:], .rateLimited, nil), (429, ["RateLimit": "a;r=0;t=7"], .rateLimited, .seconds(7)),
            (500, [:], .serverError, nil), (409, [:], .serverError, nil), (421, [:], .serverError, nil),
            (503, [:], .serverError, nil), (503, ["Retry-After": "7"], .serverError, .seconds(7)),
            (408, [:], .timeout, nil),
        ] as [(Int, [String: String], FailureKind, Duration?)]
    )
    func whatPassesIsAskedForAgain(
        _ status: Int,
        _ headers: [String: String],
        _ kind: FailureKind,
        _ hold: Duration?
    ) async throws {
        #expect(Class(try await outcome(response(status, "", headers))) == .transient(kind, holdFor: hold))
    }

    @Test(arguments: [
        (
            TransportError(kind: .connectionFailed, wasSent: false, message: "refused"),
            Class.transient(.connection, holdFor: nil)
        ),
        (TransportError(kind: .timeout, wasSent: true, message: "late"), .transient(.timeout, holdFor: nil)),
        (
            TransportError(kind: .incompleteAnswer, wasSent: true, message: "cut"),
            .transient(.unreadableAnswer, holdFor: nil)
        ),
        (TransportError(kind: .hostNotResolved, wasSent: false, message: "?"), .fatal(.hostNotResolved)),
        (TransportError(kind: .certificate, wasSent: false, message: "?"), .fatal(.certificateRefused)),
    ])
    private func withoutAnAnswerItIsToldWhetherItWentOut(_ error: TransportError, _ expected: Class)
        async throws
    {
        let reply = await (try lookup(StubTransport { _ in .failure(error) })).probe(onSend: nil)
        #expect(Class(reply.outcome) == expected)
        #expect(reply.wasSent == error.wasSent)
    }

    // MARK: - A credential that is refused

    @Test func aTokenThatIsRefusedIsReadAgain() async throws {
        let list = response(200, "[]")
        let refusal = response(401)
        let transport = StubTransport { request in
            .success(request.headers.contains { $0.value == "Bearer new-token" } ? list : refusal)
        }
        let credential = Credential(
            BearerToken("old-token"),
            renewal: { try #require(BearerToken("new-token")) }
        )
        let lookup = try lookup(transport, credential: credential)
        #expect(Class(await lookup.probe(onSend: nil).outcome) == .again)
        #expect(Class(await lookup.probe(onSend: nil).outcome) == .found([]))
        // Taken once, it may be replaced again.
        #expect(await credential.hasOther(than: credential.token) == false)
        #expect(credential.renewals == 1)
    }

    @Test func aTokenThatIsNoBetterStopsTheRun() async throws {
        let refusal = response(401)
        let credential = Credential(
            BearerToken("old-token"),
            renewal: { try #require(BearerToken("bad-token")) }
        )
        let lookup = try lookup(StubTransport { _ in .success(refusal) }, credential: credential)
        #expect(Class(await lookup.probe(onSend: nil).outcome) == .again)
        #expect(Class(await lookup.probe(onSend: nil).outcome) == .fatal(.credentialRefused))
    }
}
