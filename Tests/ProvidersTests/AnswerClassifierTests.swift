// The table of answers, and what is said of each.

import HTTPTransport
import Providers
import Testing
import Model

@Suite struct AnswerClassifierTests {
    private let now = Timestamp(milliseconds: 1_790_000_000_000)

    private func reading(token: String? = nil) throws -> AnswerClassifier {
        AnswerClassifier(
            provider: .kratos,
            server: try ServerURL("http://kratos.test:4434"),
            token: token.flatMap(BearerToken.init)
        )
    }

    @Test(arguments: AnswerCase.all)
    func everyAnswerHasItsOutcome(_ answer: AnswerCase) throws {
        let outcome = try reading().outcome(of: answer.response, now: now)
        #expect(OutcomeClass(outcome) == answer.expected)
    }

    @Test func theTableHasEveryKindThatAnAnswerCanCometo() {
        let kinds = Set(
            AnswerCase.all.compactMap { answer -> FailureKind? in
                switch answer.expected {
                case .permanent(let kind), .transient(let kind, _, _): kind
                default: nil
                }
            }
        )
        // What is missing comes without an answer, or of looking up.
        #expect(
            kinds == Set(FailureKind.allCases).subtracting([.connection, .inactiveIdentity, .notActivated])
        )
    }

    /// What was cut at the transport's limit is never parsed, even where its beginning looks whole.
    @Test(arguments: [
        (200, OutcomeClass.unreadable),
        (201, .unreadable),
        (307, .fatal(.redirected)),
        (400, .unreadable),
        (401, .fatal(.credentialRefused)),
        (403, .fatal(.gatewayRefused)),
        (404, .unreadable),
        (405, .fatal(.wrongURL)),
        (429, .transient(.rateLimited)),
        (500, .transient(.serverError)),
    ])
    func anAnswerBeyondAllMeasureIsNotRead(_ status: Int, _ expected: OutcomeClass) throws {
        let whole = #"{"recovery_link":"/r","recovery_code":"1","error":{"id":"security_csrf_violation"}}"#
        let response = HTTPResponse(
            status: status,
            body: Array(whole.utf8) + [UInt8](repeating: 0x20, count: 1 << 20),
            isBodyTruncated: true
        )
        #expect(OutcomeClass(try reading().outcome(of: response, now: now)) == expected)
    }

    @Test(arguments: [0, 100, 199, 600, 999])
    func aStatusOutsideOfHTTPIsNoAnswer(_ status: Int) throws {
        let outcome = try reading().outcome(of: HTTPResponse(status: status), now: now)
        #expect(OutcomeClass(outcome) == .unreadable)
    }

    @Test func ofTwoCodesUnderOneNameOneIsTaken() throws {
        let body = #"{"recovery_code":"1","recovery_link":"/a","recovery_code":"2"}"#
        let response = HTTPResponse(status: 201, body: Array(body.utf8))
        guard case .issued(let recovery) = try reading().outcome(of: response, now: now) else {
            Issue.record("an answer with two codes came to nothing")
            return
        }
        #expect(["1", "2"].contains(recovery.code))
    }

    @Test func aRefusalKeepsWhatTheServerSays() throws {
        let body = #"{"error":{"id":"some_id","reason":"the reason","message":"the message"}}"#
        let failure = try #require(permanent(try reading(), 409, body))
        #expect(failure.httpStatus == 409)
        #expect(failure.errorID == "some_id")
        #expect(failure.reason == "the reason")
        #expect(try permanent(reading(), 409, #"{"error":{"id":"","message":"m"}}"#)?.reason == "m")
        #expect(try permanent(reading(), 409, #"{"error":{"id":"","message":"m"}}"#)?.errorID == nil)
    }

    @Test func aReasonIsOneLineOfBoundedLength() throws {
        let long = String(repeating: " éé", count: 5000)
        let body = #"{"error":{"reason":"a\r\nb\u001b[31mc\#(long)"}}"#
        let reason = try #require(permanent(try reading(), 409, body)?.reason)
        #expect(reason.count == 500)
        #expect(reason.hasPrefix("a b [31mc éé"))
        #expect(reason.hasSuffix("…"))
        #expect(reason.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
    }

    @Test func aReasonOfOneEndlessCharacterIsCut() throws {
        let accents = "e" + String(repeating: "\u{301}", count: 5000)
        let failure = try #require(permanent(try reading(), 409, ##"{"error":{"reason":"\##(accents)"}}"##))
        #expect(failure.reason.unicodeScalars.count == 500)
    }

    @Test(arguments: [
        (##"{"error":{"reason":"","message":"the message"}}"##, "the message"),
        (##"{"errors":[{"detail":"","title":"the title"}]}"##, "the title"),
        (
            ##"{"error":{"reason":"","message":""}}"##,
            "an answer without words, which is no error of Ory Kratos's (no type)"
        ),
    ])
    func anEmptyReasonIsNone(_ body: String, _ expected: String) throws {
        #expect(permanent(try reading(), 409, body)?.reason == expected)
    }

    @Test(arguments: [
        (
            "text/html; charset=x", "<TITLE>\n Attention  Required! | Cloudflare</TITLE>",
            "a page titled \"Attention Required! | Cloudflare\""
        ),
        ("text/html", "<h1>Access <b>Denied</b></h1>", "a page titled \"Access Denied\""),
        ("text/html", "<p>x", "a page without words"), ("text/html", "", "an empty answer"),
        ("text/plain", "\n\n error code: 1020\nmore", "an answer that says \"error code: 1020\""),
        ("text/plain", "your code is 123456", "an answer that says \"your code is [redacted]\""),
        ("application/json", #"{"message":"Forbidden"}"#, "an answer that says \"Forbidden\""),
        ("application/json", #"{"fault":{"faultstring":"no key"}}"#, "an answer that says \"no key\""),
        ("application/json", #"{"errors":[{"message":"no"}]}"#, "an answer that says \"no\""),
        ("application/json", "{}", "an answer without words"),
    ])
    func ofAForeignBodyItsTitleIsKept(_ type: String, _ body: String, _ expected: String) throws {
        let response = HTTPResponse(
            status: 418,
            headers: [HTTPHeader(name: "content-type", value: type)],
            body: Array(body.utf8)
        )
        guard case .transient(let failure, _, _) = try reading().outcome(of: response, now: now) else {
            Issue.record("418 came to something else")
            return
        }
        #expect(
            failure.reason.hasPrefix("\(expected), which is no error of Ory Kratos's ("),
            "\(failure.reason)"
        )
    }

    @Test func whatStopsARunSaysWhatToDo() throws {
        let sentences: [(AnswerCase, [String])] = AnswerCase.all.compactMap { answer in
            guard case .fatal(let code) = answer.expected else { return nil }
            let words =
                switch code {
                case .credentialRefused: ["\(answer.status)", "api-key-file", "or api-key"]
                case .publicPort: ["public port", "admin port"]
                case .methodDisabled: ["selfservice.methods.code.enabled"]
                case .wrongURL: ["/admin/recovery/code", "server"]
                case .redirected: ["redirects to", "server"]
                case .parameterRefused: ["refuses", "change"]
                case .notKratos: ["server"]
                case .proxyRefused: ["407", "into proxy"]
                case .plainHTTP: ["TLS", "server", "https://"]
                case .gatewayRefused: ["403", "kratos.test:4434", "gateway"]
                case .clientCertificateRefused: ["client-cert"]
                default: ["never"]
                }
            return (answer, words + ["kratos.test:4434"])
        }
        #expect(sentences.count > 20)
        for (answer, words) in sentences {
            guard case .fatal(let fatal) = try reading().outcome(of: answer.response, now: now) else {
                Issue.record("\(answer.name) stops nothing")
                continue
            }
            for word in words {
                #expect(fatal.description.contains(word), "\(answer.name): \(fatal.description)")
            }
        }
    }

    @Test func aRedirectIsNamedWithoutItsQuery() throws {
        let response = HTTPResponse(
            status: 302,
            headers: [HTTPHeader(name: "Location", value: "https://login.test/start?token=s3cret#f")]
        )
        guard case .fatal(let answer) = try reading().outcome(of: response, now: now) else {
            Issue.record("a redirect stops nothing")
            return
        }
        #expect(answer.description.contains("https://login.test/start;"))
        #expect(!answer.description.contains("s3cret"))
    }

    @Test func aRefusedKeyIsNotAskedForAgain() throws {
        let response = HTTPResponse(status: 401)
        guard case .fatal(let answer) = try reading(token: "ory_pat_1").outcome(of: response, now: now)
        else {
            Issue.record("401 stops nothing")
            return
        }
        #expect(answer.description.contains("check that the key is right"))
        #expect(!answer.description.contains("api-key-file"))
    }

    private func permanent(_ reading: AnswerClassifier, _ status: Int, _ body: String) -> Failure? {
        let response = HTTPResponse(status: status, body: Array(body.utf8))
        guard case .permanent(let failure) = reading.outcome(of: response, now: now) else { return nil }
        return failure
    }
}
