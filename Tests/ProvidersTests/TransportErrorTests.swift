// The table of requests without an answer.

import HTTPTransport
import Providers
import TestSupport
import Testing
import Model

@Suite struct TransportErrorTests {
    private func reading() throws -> AnswerClassifier {
        AnswerClassifier(
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
        (.proxyNotResolved, false, .fatal(.proxyNotResolved)),
        (.certificate, false, .fatal(.certificateRefused)),
        (.proxyRefused(status: 407), false, .fatal(.proxyRefused)),
        (.proxyRefused(status: 403), false, .fatal(.proxyRefused)),
        (.proxyRefused(status: nil), false, .fatal(.proxyRefused)),

        (.notProcessed, true, .again),
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
        (TransportError.Kind.hostNotResolved, ["https://kratos.test", "server"]),
        (.proxyNotResolved, ["proxy", "proxy"]),
        (.certificate, ["https://kratos.test", "expired", "nothing was sent"]),
    ])
    func whatStopsARunSaysWhatToDo(_ kind: TransportError.Kind, _ words: [String]) throws {
        let error = TransportError(kind: kind, wasSent: false, message: "certificate has expired")
        guard case .fatal(let answer) = try reading().outcome(of: error) else {
            Issue.record("\(kind) stops nothing")
            return
        }
        for word in words { #expect(answer.description.contains(word)) }
    }

    /// Of a proxy that refuses, a run says which it is, who named it, and how to change it.
    @Test(
        arguments: [
            (
                407, nil, false,
                ["a proxy that is named nowhere here", "answered 407", "proxy none"]
            ),
            (
                407, "https_proxy", false,
                ["the proxy http://p.test:3128 (from https_proxy)", "it wants a user name"]
            ),
            (
                407, "--proxy", false,
                ["(from --proxy)", "leave out proxy and put http://USER:PASSWORD@HOST:PORT"]
            ),
            (407, "LATCHSTRING_PROXY", true, ["it refuses the user name and password"]),
            (
                403, "ALL_PROXY", false,
                ["(from ALL_PROXY)", "answered 403", "proxy names another proxy"]
            ),
            (nil, "all_proxy", true, ["(from all_proxy)", "refused the connection"]),
        ] as [(Int?, String?, Bool, [String])]
    )
    func aProxyThatRefusesIsNamed(_ status: Int?, _ origin: String?, _ hasUser: Bool, _ words: [String])
        throws
    {
        let transport = StubTransport { _ in
            .failure(TransportError(kind: .transportStopped, wasSent: false, message: "nothing is sent"))
        }
        let connection = ServerConnection(
            provider: .kratos,
            server: try ServerURL("https://kratos.test"),
            credential: Credential(nil),
            timeout: .seconds(1),
            proxy: origin.map { ProxyInUse(url: "http://p.test:3128", origin: $0, hasUser: hasUser) },
            transport: transport,
            now: { Timestamp(milliseconds: 1_790_000_000_000) }
        )
        let error = TransportError(kind: .proxyRefused(status: status), wasSent: false, message: "no tunnel")
        guard case .fatal(let answer) = AnswerClassifier(connection, method: .code).outcome(of: error) else {
            Issue.record("a proxy's refusal stops nothing")
            return
        }
        for word in words + ["proxy none", "https://kratos.test"] {
            #expect(answer.description.contains(word), "\(answer.description)")
        }
    }
}
