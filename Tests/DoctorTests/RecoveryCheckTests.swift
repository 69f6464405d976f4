// The public server's answers to somebody who wants to recover.

import HTTPTransport
import Providers
import Testing
import Model

@testable import Doctor

@Suite struct RecoveryCheckTests {
    private func finding(_ reply: Reply) throws -> Finding {
        let connection = try ServerConnection.forTests("https://auth.example.com")
        return RecoveryCheck(connection: connection, reading: AnswerClassifier(connection, method: .code))
            .finding(reply)
    }

    @Test func theKindIsSaid() throws {
        try finding(.success(.json(200, Recorded.flow("code")))).expect(.ok, .recovery, says: "by code")
        try finding(.success(.json(200, Recorded.flow("link")))).expect(.ok, .recovery, says: "by link")
        let silent = #"{"id":"7166bdaa-6254-487a-b1ac-6da93c2fcaf9","ui":{}}"#
        try finding(.success(.json(200, silent))).expect(.ok, .recovery, says: "not told")
    }

    @Test func switchedOffIsAWarningForCodesWorkAllTheSame() throws {
        try finding(.success(Recorded.recoveryOff))
            .expect(.warning, .recovery, says: "switched off", advises: "selfservice.flows.recovery.enabled")
    }

    @Test func anythingElseIsNoPublicServer() throws {
        try finding(.success(.plain(307, ""))).expect(
            .problem,
            .recovery,
            says: "307",
            advises: "public port"
        )
        try finding(.success(Recorded.page)).expect(
            .problem,
            .recovery,
            says: "404",
            advises: "public-server"
        )
        try finding(.success(.plain(200, "<html>")))
            .expect(.problem, .recovery, says: "without a recovery flow", advises: "public-server")
        try finding(.success(.json(400, #"{"error":{"reason":"what?"}}"#)))
            .expect(.problem, .recovery, says: "400: what?", advises: "public-server")
        try finding(.failure(.failing(.connectionFailed)))
            .expect(.problem, .recovery, says: "curl's words", advises: "public-server")
    }

    @Test func whatPassesIsAWarning() throws {
        try finding(.success(.plain(429, ""))).expect(.warning, .recovery, says: "429", advises: "later")
        try finding(.success(.plain(502, ""))).expect(.warning, .recovery, says: "502", advises: "later")
    }
}
