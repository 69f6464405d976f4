// A credential or a code never stands in anything that is printed, even when the server sends it back.

import HTTPTransport
import Providers
import TestSupport
import Testing
import Model

@Suite struct SecrecyTests {
    private static let key = "ory_pat_Zx81s3cretKeyQ"
    private let identity = IdentityID(high: 0x021d_045c_26f8_4316, low: 0x8389_fc0a_c907_34e1)

    /// A server that repeats the credential wherever something is kept.
    private static let echoes: [HTTPResponse] = [
        200, 201, 302, 400, 401, 403, 404, 405, 409, 418, 429, 500, 700,
    ]
    .flatMap { status in
        let error = """
            {"error":{"id":"\(key)","reason":"Bearer \(key) \(key)","message":"expires_in \(key)"}}
            """
        let expiry = """
            {"error":{"id":"\(key)","reason":"Unable to parse \\"expires_in\\" of \(key)"}}
            """
        return ["", key, error, expiry].map { body in
            HTTPResponse(
                status: status,
                headers: [
                    HTTPHeader(name: "Location", value: "http://\(key).test/\(key)"),
                    HTTPHeader(name: "Content-Type", value: key),
                    HTTPHeader(name: "Retry-After", value: key),
                ],
                body: Array(body.utf8)
            )
        }
    }

    @Test func theKeyStandsInNothingThatAnOutcomeHolds() async throws {
        let error = TransportError(kind: .certificate, wasSent: false, message: "CN=\(Self.key)")
        let results: [Result<HTTPResponse, TransportError>] =
            Self.echoes.map { .success($0) } + [.failure(error)]
        for result in results {
            let api = RecoveryAPI(
                transport: StubTransport { _ in result },
                provider: .kratos,
                server: try ServerURL("http://kratos.test"),
                token: BearerToken(Self.key),
                expiresIn: .seconds(60),
                timeout: .seconds(1),
                now: { Timestamp(milliseconds: 0) }
            )
            let reply = await api.issue(for: identity, onSend: {})
            var dumped = "\(reply) \(reply.outcome)"
            dump(reply, to: &dumped)
            #expect(!dumped.contains(Self.key))
        }
    }

    /// What is kept of a refusal with that body.
    private func failure(of body: String, token: BearerToken?) throws -> Failure {
        let reading = AnswerClassifier(
            provider: .kratos,
            server: try ServerURL("http://kratos.test"),
            token: token
        )
        let response = HTTPResponse(status: 409, body: Array(body.utf8))
        let outcome = reading.outcome(of: response, now: Timestamp(milliseconds: 0))
        guard case .permanent(let failure) = outcome else {
            Issue.record("409 came to something else")
            throw CancellationError()
        }
        return failure
    }

    /// What it says of an error is kept, without what may open an account.
    @Test func codesAndLinksInErrorsAreTakenOut() throws {
        let body = """
            {"error":{"id":"code_424242 424242","reason":"424242 of https://a.test/r?flow=f0&token=t0 is \
            taken"}}
            """
        let failure = try failure(of: body, token: nil)
        #expect(failure.reason == "[redacted] of https://a.test/r?[redacted] is taken")
        #expect(failure.errorID == "code_424242 [redacted]")
    }

    @Test func theEchoIsKeptWithTheKeyTakenOut() throws {
        let body = #"{"error":{"reason":"no right for \#(Self.key) here"}}"#
        let failure = try failure(of: body, token: BearerToken(Self.key))
        #expect(failure.reason == "no right for [redacted] here")
    }

    @Test func theKeyStandsNowhereInTheAPIItself() throws {
        let api = RecoveryAPI(
            transport: StubTransport { _ in .success(HTTPResponse(status: 500)) },
            provider: .kratos,
            server: try ServerURL("http://kratos.test"),
            token: BearerToken(Self.key),
            expiresIn: .seconds(60),
            timeout: .seconds(1),
            now: { Timestamp(milliseconds: 0) }
        )
        var dumped = "\(api) \(String(reflecting: api))"
        dump(api, to: &dumped)
        #expect(!dumped.contains(Self.key))
    }

    @Test func aCodeIsNotPrinted() throws {
        let recovery = IssuedCode(code: "c0dec0de", link: "http://l1nk", expiresAtText: "2026")
        let outcome = IssueOutcome.issued(recovery)
        var dumped = "\(recovery) \(String(reflecting: recovery)) \(outcome)"
        dump(outcome, to: &dumped)
        #expect(!dumped.contains("c0dec0de") && !dumped.contains("l1nk"))
    }
}
