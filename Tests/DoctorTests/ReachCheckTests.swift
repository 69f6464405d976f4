// The way to a server, by where it ended.

import HTTPTransport
import Providers
import Testing
import Model

@testable import Doctor

@Suite struct ReachCheckTests {
    private func finding(_ reply: Reply, _ server: String = "https://kratos.example.com:4434") throws
        -> Finding
    {
        try ReachCheck(connection: .forTests(server)).finding(reply)
    }

    @Test func anAnswerTellsTheAddressAndTheTimes() throws {
        let facts = ConnectionFacts(
            address: "10.0.0.7",
            port: 4434,
            nameLookup: .milliseconds(1),
            connected: .milliseconds(3),
            secured: .microseconds(12_340),
            answered: .milliseconds(20)
        )
        let response = HTTPResponse(status: 200, httpVersion: .http2, connection: facts)
        try finding(.success(response)).expect(
            .ok,
            .reach,
            says: "answers over HTTP/2",
            "connected to 10.0.0.7 port 4434",
            "TLS after 12.3 ms",
            "answer after 20.0 ms"
        )
    }

    @Test func aTunnelTellsOfItsProxy() throws {
        let facts = ConnectionFacts(address: "10.0.0.1", port: 3128, proxyStatus: 200)
        try finding(.success(HTTPResponse(status: 200, connection: facts)))
            .expect(.ok, .reach, says: "through the proxy at 10.0.0.1 port 3128")
    }

    @Test func eachPhaseHasItsAdvice() throws {
        let connected = ConnectionFacts(address: "10.0.0.7", nameLookup: .milliseconds(1))
        let named = ConnectionFacts(nameLookup: .milliseconds(1))
        let refusedByProxy = ConnectionFacts(
            address: "10.0.0.1",
            proxyStatus: 407,
            nameLookup: .milliseconds(1)
        )
        try finding(.failure(.failing(.hostNotResolved)))
            .expect(.problem, .reach, says: "has no address", "curl's words", advises: "DNS")
        try finding(.failure(.failing(.proxyNotResolved)))
            .expect(.problem, .reach, says: "the proxy's host has no address", advises: "proxy")
        try finding(.failure(.failing(.connectionFailed, named)))
            .expect(.problem, .reach, says: "no connection", advises: "check that the server runs")
        try finding(.failure(.failing(.connectTimeout, named)))
            .expect(.problem, .reach, says: "no connection", advises: "firewalls")
        try finding(.failure(.failing(.connectionFailed, refusedByProxy)))
            .expect(.problem, .reach, says: "no connection", advises: "answered 407")
        try finding(.failure(.failing(.connectionFailed)), "unix:/run/kratos.sock")
            .expect(.problem, .reach, says: "unix:/run/kratos.sock", advises: "socket")
        try finding(.failure(.failing(.timeout, sent: true, connected)))
            .expect(.problem, .reach, says: "does not answer", advises: "timeout")
        try finding(.failure(.failing(.protocolViolation, sent: true, connected)))
            .expect(.problem, .reach, says: "does not answer", advises: "http or https")
        try finding(.failure(.failing(.invalidRequest)))
            .expect(.problem, .reach, says: "nothing could be sent", advises: "server")
    }

    /// That is the matter of the check of TLS, which follows.
    @Test func aFailureOfTLSWasAtLeastAConnection() throws {
        try finding(.failure(.failing(.certificate))).expect(.ok, .reach, says: "came about")
        try finding(.failure(.failing(.tls))).expect(.ok, .reach, says: "came about")
    }

    @Test func whatTheTransportSaysIsWithoutTheCredential() throws {
        let error = TransportError(
            kind: .hostNotResolved,
            wasSent: false,
            message: "no ory_pat_CANARY\u{1b}[31m"
        )
        let connection = try ServerConnection.forTests(token: "ory_pat_CANARY")
        let finding = ReachCheck(connection: connection).finding(.failure(error))
        finding.expect(.problem, .reach, says: "[redacted]", advises: "DNS")
        #expect(!finding.line().contains("CANARY") && !finding.line().contains("\u{1b}"))
    }
}
