// The other method's answers, and the other dialect's.

import HTTPTransport
import Providers
import Testing
import Model

@Suite struct AnswerDialectTests {
    private let now = Timestamp(milliseconds: 1_790_000_000_000)

    private func reading(_ provider: Provider, _ method: RecoveryMethod) throws -> AnswerClassifier {
        let server = try ServerURL("https://apis.example.com")
        return AnswerClassifier(
            provider: provider,
            server: server,
            token: BearerToken("t0ken-12345"),
            method: method
        )
    }

    @Test(arguments: AnswerCase.links)
    func everyAnswerOfALinkHasItsOutcome(_ answer: AnswerCase) throws {
        let outcome = try reading(.kratos, .link).outcome(of: answer.response, now: now)
        #expect(OutcomeClass(outcome) == answer.expected)
    }

    @Test(arguments: AnswerCase.connhex)
    func bothShapesOfErrorsAreRead(_ answer: AnswerCase) throws {
        for method in RecoveryMethod.allCases {
            let outcome = try reading(.connhex, method).outcome(of: answer.response, now: now)
            #expect(OutcomeClass(outcome) == answer.expected)
        }
    }

    @Test(
        arguments: [
            (#"{"errors":[{"detail":"the detail","title":"the title","code":"E1"}]}"#, "E1", "the detail"),
            (#"{"errors":[{"title":"the title","code":7}]}"#, nil, "the title"),
            (#"{"errors":[{"detail":"first"},{"detail":"second"}]}"#, nil, "first"),
            (#"{"error":{"id":"e","reason":"Kratos"},"errors":[{"detail":"the gateway"}]}"#, "e", "Kratos"),
        ] as [(String, String?, String)]
    )
    func aGatewaysWordsAreKept(_ body: String, _ id: String?, _ reason: String) throws {
        let response = HTTPResponse(status: 409, body: Array(body.utf8))
        guard case .permanent(let failure) = try reading(.connhex, .code).outcome(of: response, now: now)
        else {
            Issue.record("409 came to something else")
            return
        }
        #expect((failure.errorID, failure.reason) == (id, reason))
    }

    @Test(arguments: [
        #"{"errors":[]}"#, #"{"errors":[7]}"#, #"{"errors":{"detail":"x"}}"#, #"{"errors":[{}]}"#,
    ])
    func errorsWithoutWordsAreNotTheirs(_ body: String) throws {
        let response = HTTPResponse(status: 409, body: Array(body.utf8))
        let outcome = try reading(.connhex, .code).outcome(of: response, now: now)
        #expect(OutcomeClass(outcome) == .transient(.serverError))
    }

    /// What to do depends on the method and the provider.
    @Test func aSentenceSpeaksOfWhatWasAskedFor() throws {
        func sentence(_ provider: Provider, _ method: RecoveryMethod, _ status: Int, _ body: String) throws
            -> String
        {
            let response = HTTPResponse(status: status, body: Array(body.utf8))
            guard case .fatal(let answer) = try reading(provider, method).outcome(of: response, now: now)
            else {
                return "\(status) stops nothing"
            }
            return answer.description
        }
        let off = #"{"error":{"reason":"This endpoint was disabled by system administrator"}}"#
        let noLinks = try sentence(.kratos, .link, 404, off)
        #expect(noLinks.contains("selfservice.methods.link.enabled") && noLinks.contains("method code"))
        let noCodes = try sentence(.kratos, .code, 404, off)
        #expect(noCodes.contains("selfservice.methods.code.enabled") && noCodes.contains("method link"))
        #expect(try sentence(.connhex, .link, 404, "").contains("/iam/recovery/link"))
        #expect(try sentence(.connhex, .code, 401, "").contains("about a day"))
        #expect(try sentence(.oryNetwork, .code, 401, "").contains("this project's"))
        #expect(try sentence(.kratos, .link, 204, "").contains("without a link"))
    }
}
