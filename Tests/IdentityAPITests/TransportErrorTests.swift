// The table of requests without an answer.

import HTTPTransport
import IdentityAPI
import Testing

@Suite struct TransportErrorTests {
    private func reading() throws -> AnswerReading {
        AnswerReading(
            provider: .kratos,
            server: try ServerURL("https://kratos.test"),
            token: BearerToken("ory_pat_s3cret")
        )
    }

    @Test(arguments: [
        (TransportError.Kind.connectionFailed, false, OutcomeClass.transient(.connection)),
        (.connectTimeout, false, .transient(.connection)),
        (.tls, false, .transient(.connection)),
        (.unsupportedURL, false, .transient(.connection)),
        (.invalidRequest, false, .transient(.connection)),
        (.transportStopped, false, .transient(.connection)),
        (.other(code: 55), false, .transient(.connection)),

        (.connectionClosed, true, .transient(.connection, isAmbiguous: true)),
        (.repeatRefused, true, .transient(.connection, isAmbiguous: true)),
        (.transportStopped, true, .transient(.connection, isAmbiguous: true)),
        (.other(code: 56), true, .transient(.connection, isAmbiguous: true)),
        (.timeout, true, .transient(.timeout, isAmbiguous: true)),
        (.incompleteAnswer, true, .transient(.unreadableAnswer, isAmbiguous: true)),
        (.protocolViolation, true, .transient(.unreadableAnswer, isAmbiguous: true)),

        (.hostNotResolved, false, .fatal(.hostNotResolved)),
        (.proxyNotResolved, false, .fatal(.hostNotResolved)),
        (.certificate, false, .fatal(.certificateRefused)),
    ])
    func everyErrorHasItsOutcome(
        _ kind: TransportError.Kind,
        _ wasSent: Bool,
        _ expected: OutcomeClass
    ) throws {
        let error = TransportError(kind: kind, wasSent: wasSent, message: "words")
        #expect(OutcomeClass(try reading().outcome(of: error)) == expected)
    }

    @Test func aFailureKeepsTheWordsAndTheStatus() throws {
        let error = TransportError(
            kind: .incompleteAnswer,
            wasSent: true,
            status: 201,
            message: "cut\nshort at ory_pat_s3cret"
        )
        guard case .transient(let failure, _, _) = try reading().outcome(of: error) else {
            Issue.record("half an answer came to something else")
            return
        }
        #expect(failure.httpStatus == 201)
        #expect(failure.reason == "cut short at [redacted]")
    }

    @Test(arguments: [
        (TransportError.Kind.hostNotResolved, ["https://kratos.test", "--server"]),
        (.proxyNotResolved, ["proxy", "--proxy"]),
        (.certificate, ["https://kratos.test", "expired", "nothing was sent"]),
    ])
    func whatStopsARunSaysWhatToDo(_ kind: TransportError.Kind, _ words: [String]) throws {
        let error = TransportError(kind: kind, wasSent: false, message: "certificate has expired")
        guard case .fatal(let answer) = try reading().outcome(of: error) else {
            Issue.record("\(kind) stops nothing")
            return
        }
        for word in words { #expect(answer.sentence.contains(word)) }
    }
}
