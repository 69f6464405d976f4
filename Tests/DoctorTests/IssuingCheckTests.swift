// The answers to the request for nobody, and what they tell of the admin API, the credential and the method.

import HTTPTransport
import Providers
import Testing
import Model

@testable import Doctor

@Suite struct IssuingCheckTests {
    private func findings(
        _ reply: Reply,
        _ server: String = "http://127.0.0.1:4434",
        provider: Provider = .kratos,
        token: String? = nil,
        headers: [HTTPHeader] = [],
        method: RecoveryMethod = .code
    ) throws -> (adminAPI: Finding, credential: Finding, method: Finding) {
        let connection = try ServerConnection.forTests(
            server,
            provider: provider,
            token: token,
            headers: headers
        )
        let findings = IssuingCheck(
            connection: connection,
            reading: AnswerClassifier(connection, method: method),
            issueRequest: IssueRequest(method: method, expiresIn: .seconds(3600))
        ).findings(reply)
        try #require(findings.map(\.check) == [.adminAPI, .credential, .method])
        return (findings[0], findings[1], findings[2])
    }

    private func findings(_ response: HTTPResponse, method: RecoveryMethod = .code) throws -> (
        adminAPI: Finding, credential: Finding, method: Finding
    ) {
        try findings(.success(response), method: method)
    }

    @Test func nobodyIsUnknownWhereAllIsWell() throws {
        let code = try findings(Recorded.unknownCode)
        code.adminAPI.expect(.ok, .adminAPI, says: "/admin/recovery/code is there")
        code.credential.expect(.ok, .credential, says: "none wanted")
        code.method.expect(.ok, .method, says: "recovery by code is enabled")
        let link = try findings(Recorded.unknownLink, method: .link)
        link.adminAPI.expect(.ok, .adminAPI, says: "/admin/recovery/link is there")
        link.method.expect(.ok, .method, says: "recovery by link is enabled")
    }

    @Test func aCredentialThatWasSentIsAccepted() throws {
        let token = try findings(.success(Recorded.unknownCode), token: "ory_pat_CANARY")
        token.credential.expect(.ok, .credential, says: "accepted")
        let header = HTTPHeader(name: "Authorization", value: "Basic CANARYCANARY")
        try findings(.success(Recorded.unknownCode), headers: [header]).credential
            .expect(.ok, .credential, says: "accepted")
        let plain = HTTPHeader(name: "X-Tenant", value: "blue")
        try findings(.success(Recorded.unknownCode), headers: [plain]).credential
            .expect(.ok, .credential, says: "none given")
    }

    @Test func aMethodThatIsSwitchedOffIsAProblem() throws {
        let code = try findings(Recorded.disabled)
        code.adminAPI.expect(.ok, .adminAPI)
        code.credential.expect(.ok, .credential)
        code.method.expect(
            .problem,
            .method,
            says: "has recovery by code switched off",
            advises: "selfservice.methods.code.enabled"
        )
        #expect(code.method.advice.description.contains("method link"))
        try findings(Recorded.disabled, method: .link).method
            .expect(.problem, .method, says: "by link", advises: "method code")
    }

    @Test func theWrongDoorIsAProblemAndNothingElseShows() throws {
        let doors: [(HTTPResponse, words: String, advice: String)] = [
            (Recorded.forgery, "is the public port", "4434"),
            (
                .plain(
                    307,
                    "",
                    headers: [
                        HTTPHeader(name: "Location", value: "http://h:4434/admin/recovery/code?token=CANARY")
                    ]
                ),
                "redirects to http://h:4434/admin/recovery/code", "final URL"
            ),
            (Recorded.page, "does not exist there (404)", "provider connhex"),
            (.plain(405, "Method Not Allowed"), "does not exist there (405)", "the path of server"),
            (.plain(200, "<html>"), "that is not Ory Kratos's admin API", "server"),
            (
                .json(201, #"{"recovery_link":"http://x","recovery_code":"123456"}"#),
                "issued a code for the nil UUID", "that is not Ory Kratos"
            ),
            (.json(404, #"{"errors":[{"detail":"no route"}]}"#), "answered 404: no route", "provider"),
        ]
        for (response, words, advice) in doors {
            let findings = try findings(response)
            findings.adminAPI.expect(.problem, .adminAPI, says: words, advises: advice)
            findings.credential.expect(.skipped, .credential)
            findings.method.expect(.skipped, .method)
            let lines = [findings.adminAPI, findings.credential, findings.method].map { $0.line() }.joined()
            #expect(!lines.contains("CANARY") && !lines.contains("123456"))
        }
    }

    @Test(arguments: [
        ("http://127.0.0.1:4434/admin", "leave /admin out"),
        ("http://127.0.0.1:4434/x/recovery", "leave /recovery out"),
        ("http://127.0.0.1:4434/kratos", "goes without /admin/recovery/code"),
    ])
    func aPathTooManyIsNamed(_ server: String, _ advice: String) throws {
        try findings(.success(Recorded.page), server).adminAPI.expect(.problem, .adminAPI, advises: advice)
    }

    @Test func aRefusedCredentialIsAProblem() throws {
        let page = HTTPResponse.json(401, #"{"error":{"message":"The request could not be authorized"}}"#)
        let none = try findings(page)
        none.adminAPI.expect(.skipped, .adminAPI)
        none.credential.expect(.problem, .credential, says: "401", "authorized", advises: "api-key-file")
        none.method.expect(.skipped, .method, says: "credential")
        try findings(.success(page), provider: .oryNetwork, token: "ory_pat_CANARY").credential
            .expect(.problem, .credential, says: "401", advises: "this project's")
        let forbidden = HTTPResponse.json(403, #"{"error":{"code":403,"message":"not for you"}}"#)
        try findings(.success(forbidden), token: "ory_pat_CANARY").credential
            .expect(.problem, .credential, says: "403", advises: "may manage identities")
        // A page is a gateway's, and says nothing of the credential.
        try findings(.success(.plain(403, "<p>no")), token: "ory_pat_CANARY").adminAPI
            .expect(.problem, .adminAPI, says: "403", advises: "let it pass there")
    }

    @Test func aParameterThatIsRefusedIsAProblemOfTheRequest() throws {
        let refused = try findings(
            .json(400, #"{"error":{"reason":"Requested return_to URL \"https://x\" is not allowed."}}"#)
        )
        refused.adminAPI.expect(.ok, .adminAPI)
        refused.method.expect(.problem, .method, says: "return_to URL", advises: "return-to")
        let old = try findings(
            .json(400, #"{"error":{"reason":"Unable to decode JSON payload: json: unknown field"}}"#)
        )
        old.credential.expect(.ok, .credential)
        old.method.expect(.problem, .method, says: "400", "unknown field", advises: "flow-type")
    }

    @Test func whatPassesIsAWarning() throws {
        let busy = HTTPResponse.plain(
            429,
            "slow down",
            headers: [HTTPHeader(name: "Retry-After", value: "7")]
        )
        let limited = try findings(busy)
        limited.adminAPI.expect(.warning, .adminAPI, says: "429", advises: "wait 7.0 s")
        limited.method.expect(.skipped, .method)
        try findings(.json(500, #"{"error":{"message":"database is locked"}}"#)).adminAPI
            .expect(.warning, .adminAPI, says: "500", "database is locked", advises: "log")
    }

    @Test func noAnswerIsAProblem() throws {
        let findings = try findings(.failure(.failing(.timeout, sent: true)))
        findings.adminAPI.expect(.problem, .adminAPI, says: "no answer", "curl's words", advises: "timeout")
        findings.credential.expect(.skipped, .credential)
    }
}
