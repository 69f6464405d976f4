// Requests for single identities and for sessions, to the byte, and what every kind of answer comes to.

import HTTPTransport
import TestSupport
import Testing
import Model

@testable import Providers

@Suite struct IdentityReaderTests {
    private static let ingrid = RecordedLife.ingrid

    private func reader(
        _ response: HTTPResponse,
        provider: Provider = .kratos
    ) throws -> (IdentityReader, StubTransport) {
        let transport = StubTransport { _ in .success(response) }
        let server = try ServerURL("https://apis.example.com")
        return (IdentityReader(ServerConnection(transport, provider: provider, server: server)), transport)
    }

    private func response(_ status: Int, _ body: String) -> HTTPResponse {
        HTTPResponse(status: status, headers: HTTPHeaders([]), body: Array(body.utf8))
    }

    /// A reply in one word.
    private func word<Value>(_ reply: ReadReply<Value>) -> String {
        switch reply.outcome {
        case .found: "found"
        case .transient(let failure, _): failure.kind.rawValue
        case .again: "again"
        case .unread: "unread"
        case .fatal(let answer): answer.code.rawValue
        }
    }

    @Test func nothingIsAskedThatWouldBringSecrets() async throws {
        let id = try #require(IdentityID(Self.ingrid))
        let (reader, transport) = try reader(response(200, "[]"))
        _ = await reader.identity(id, onSend: nil)
        _ = await reader.sessions(of: id, onSend: nil)
        _ = await reader.sessions(page: nil, onSend: nil)
        _ = await reader.sessions(page: "a/b=", onSend: nil)
        let base = "https://apis.example.com/admin"
        #expect(
            transport.requests.map(\.url) == [
                "\(base)/identities/\(Self.ingrid)",
                "\(base)/identities/\(Self.ingrid)/sessions?page_size=500",
                "\(base)/sessions?expand=identity&page_size=500",
                "\(base)/sessions?expand=identity&page_size=500&page_token=a%2Fb%3D",
            ]
        )
        #expect(transport.requests.allSatisfy { $0.method == .get && $0.body.isEmpty })
    }

    @Test func recordedAnswersAreRead() async throws {
        let id = try #require(IdentityID(Self.ingrid))
        let (one, _) = try reader(try RecordedLife.response("24_password_set_identity_ingrid"))
        guard case .found(let shown?) = await one.identity(id, onSend: nil).outcome else {
            Issue.record("not read")
            return
        }
        #expect(shown.credentials?.map(\.kind) == ["password"])
        let (all, _) = try reader(try RecordedLife.response("28b_all_sessions"))
        guard case .found(let page) = await all.sessions(page: nil, onSend: nil).outcome else {
            Issue.record("not read")
            return
        }
        #expect(page.sessions.map(\.identity?.text) == [RecordedLife.zofia, Self.ingrid, RecordedLife.tomas])
        #expect(page.next?.hasPrefix("aWQ9MTA4NTgxYjkt") == true)
        let (none, _) = try reader(try RecordedLife.response("28e_sessions_none_aiko"))
        guard case .found(let sessions) = await none.sessions(of: id, onSend: nil).outcome else {
            Issue.record("not read")
            return
        }
        #expect(sessions.isEmpty)
    }

    @Test func anIdentityThatIsNotThereIsFoundToBeNone() async throws {
        let id = try #require(IdentityID(Self.ingrid))
        let missing =
            #"{"error":{"code":404,"status":"Not Found","message":"Unable to locate the resource"}}"#
        let (known, _) = try reader(response(404, missing))
        guard case .found(nil) = await known.identity(id, onSend: nil).outcome else {
            Issue.record("not found to be none")
            return
        }
        // A path that nobody serves says nothing of an identity.
        for body in ["404 page not found\n", "<html>", #"{"error":{"message":"no route"}}"#] {
            let (unknown, _) = try reader(response(404, body))
            #expect(word(await unknown.identity(id, onSend: nil)) == "lookup_refused")
        }
    }

    @Test(arguments: [
        (200, "", "unreadable_answer"), (200, "[]", "unreadable_answer"),
        (200, #"{"id":"00003575-85a1-4509-a017-a4d45c9eac0a"}"#, "unreadable_answer"),
        (429, "{}", "rate_limited"), (500, #"{"error":{"message":"x"}}"#, "server_error"),
        (503, #"{"error":{"message":"x"}}"#, "server_error"),
        (401, #"{"error":{"message":"x"}}"#, "credential_refused"),
    ])
    func otherAnswersSayNothingOfTheIdentity(_ status: Int, _ body: String, _ expected: String) async throws {
        let (reader, _) = try reader(response(status, body))
        let id = try #require(IdentityID(Self.ingrid))
        #expect(word(await reader.identity(id, onSend: nil)) == expected)
    }

    @Test func aListOfSomethingElseIsNoSessions() throws {
        for body in ["{}", "[1]", #"[{"id":7}]"#, "", "[{}]"] {
            #expect(ShownSession.list(in: Array(body.utf8)) == nil)
        }
        let odd = #"[{"id":"x","identity":"y","authentication_methods":[{"method":1}],"authenticated_at":3}]"#
        let sessions = try #require(ShownSession.list(in: Array(odd.utf8)))
        #expect(sessions == [ShownSession(identity: nil, authenticatedAt: nil, methods: [])])
    }
}
