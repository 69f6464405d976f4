// Requests as they are put together, and texts without what was sent along.

import HTTPTransport
import TestSupport
import Testing

@testable import Providers

@Suite struct ServerConnectionTests {
    private let transport = StubTransport { _ in .success(HTTPResponse(status: 200)) }

    @Test func theOperatorsHeadersComeFirst() throws {
        let own = HTTPHeader(name: "X-Tenant", value: "blue")
        let connection = ServerConnection(
            transport,
            server: try ServerURL("https://apis.example.com/iam"),
            headers: [own],
            timeout: .seconds(5)
        )
        let request = connection.request(
            .patch,
            "/x",
            query: [("a", "1"), ("b", "")],
            headers: [HTTPHeader(name: "X-More", value: "2")],
            body: [1, 2],
            token: BearerToken("t0ken")
        )
        #expect(request.method == .patch)
        #expect(request.url == "https://apis.example.com/iam/x?a=1&b=")
        #expect(request.body == [1, 2] && request.timeout == .seconds(5))
        #expect(
            request.headers == [
                own, HTTPHeader(name: "Accept", value: "application/json"),
                HTTPHeader(name: "X-More", value: "2"),
                HTTPHeader(name: "Authorization", value: "Bearer t0ken"),
            ]
        )
    }

    @Test func throughASocketTheHostIsLocalhost() throws {
        let connection = ServerConnection(transport, server: try ServerURL("unix:/run/kratos.sock"))
        #expect(connection.request(.get, "/health/alive").url == "http://localhost/health/alive")
        #expect(connection.request(.get, "/x").headers.map(\.name) == ["Accept"])
    }

    @Test(arguments: [
        ("a b", "a%20b"), ("a&b=c", "a%26b%3Dc"), ("http://x/?y#z", "http%3A%2F%2Fx%2F%3Fy%23z"),
        ("ü+%", "%C3%BC%2B%25"), ("A-z_0.9~", "A-z_0.9~"), ("\r\n", "%0D%0A"),
    ])
    func aQueryIsEncoded(_ value: String, _ encoded: String) {
        #expect(ServerConnection.text(of: [("k", value)]) == "?k=\(encoded)")
        #expect(ServerConnection.text(of: [(value, "v"), ("k", "")]) == "?\(encoded)=v&k=")
    }

    @Test func withoutAQueryThereIsNoMark() {
        #expect(ServerConnection.text(of: []) == "")
    }
}

@Suite struct RedactionTests {
    private func redaction(_ token: String? = nil, _ headers: [String] = []) -> Redaction {
        Redaction(
            credential: Credential(token.flatMap(BearerToken.init)),
            headers: headers.map { HTTPHeader(name: "X", value: $0) }
        )
    }

    @Test func theTokenAndTheHeadersAreTakenOut() {
        let redaction = redaction("ory_pat_12345678", ["Basic dXNlcjpwYXNz", "blue"])
        #expect(
            redaction.bounded("ory_pat_12345678 / Basic dXNlcjpwYXNz / dXNlcjpwYXNz / blue")
                == "[redacted] / [redacted] / [redacted] / blue"
        )
    }

    /// Else the first would leave the rest of the second.
    @Test func ofTwoThatBeginAlikeTheLongerIsTakenOut() {
        for values in [["abcdefgh", "abcdefgh-ijklmnop"], ["abcdefgh-ijklmnop", "abcdefgh"]] {
            #expect(
                redaction(nil, values).bounded("<abcdefgh-ijklmnop> <abcdefgh>")
                    == "<[redacted]> <[redacted]>"
            )
        }
    }

    @Test func aSecretBesideACombiningMarkIsTakenOut() {
        #expect(!redaction("t0ken-abcdef").bounded("t0ken-abcdef\u{301}").contains("t0ken-abcde"))
    }

    @Test func everyTokenThatThereWasIsTakenOut() async throws {
        let credential = Credential(
            BearerToken("first-token"),
            renewal: { try #require(BearerToken("second-token")) }
        )
        let redaction = Redaction(credential: credential, headers: [])
        #expect(redaction.bounded("second-token") == "second-token")
        #expect(await credential.hasOther(than: credential.token))
        #expect(redaction.bounded("first-token second-token") == "[redacted] [redacted]")
    }

    @Test func aTextIsOneLineOfBoundedLength() {
        #expect(redaction().bounded("a\r\nb\u{1b}[2Jc\u{9b}d\te") == "a  b [2Jc d e")
        #expect(redaction().bounded(String(repeating: "é", count: 500)).count == 500)
        let cut = redaction().bounded(String(repeating: "é", count: 501))
        #expect(cut.count == 500 && cut.hasSuffix("é…"))
    }

    /// Cut first, half of it would be left at the end.
    @Test func aSecretAtTheEndIsTakenOutBeforeTheTextIsCut() {
        let text = String(repeating: "x", count: 492) + "t0ken-abcdef and more"
        #expect(!redaction("t0ken-abcdef").bounded(text).contains("t0k"))
    }
}
