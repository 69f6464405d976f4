// Certificates, good and bad, and how long they last.

import HTTPTransport
import Providers
import Testing
import Model

@testable import Doctor

@Suite struct CertificateCheckTests {
    private let certificate = ConnectionFacts.Certificate(
        subject: "O = Example, CN = kratos.example.com",
        issuer: "CN = Example Authority",
        start: CertificateDate("Nov  1 00:00:00 2026 GMT"),
        expire: CertificateDate("Dec  5 00:00:00 2026 GMT"),
        alternativeNames: "DNS:kratos.example.com"
    )

    private func finding(
        _ reply: Reply,
        _ server: String = "https://kratos.example.com",
        now: Timestamp = recordedTime
    ) throws -> Finding {
        try CertificateCheck(connection: .forTests(server, now: now)).finding(reply)
    }

    private func accepted(_ certificate: ConnectionFacts.Certificate) -> Reply {
        .success(HTTPResponse(status: 200, connection: ConnectionFacts(certificates: [certificate])))
    }

    private func refused(_ problem: ConnectionFacts.CertificateProblem?, isShown: Bool = true) -> Reply {
        let facts = ConnectionFacts(
            certificates: isShown ? [certificate] : [],
            certificateProblem: problem
        )
        return .failure(.failing(.certificate, facts))
    }

    @Test func aGoodOneTellsHowLongItLasts() throws {
        try finding(accepted(certificate)).expect(
            .ok,
            .tls,
            says: "another 14 d 0 h",
            "CN = kratos.example.com",
            "CN = Example Authority"
        )
    }

    @Test func oneThatExpiresWithinTwoWeeksIsAWarning() throws {
        // A second less than 14 days before its end, and a second more.
        let end = try #require(Timestamp(rfc3339: "2026-12-05T00:00:00Z"))
        let edge = end.advanced(by: .zero - CertificateCheck.remainderMin)
        try finding(accepted(certificate), now: edge.advanced(by: .seconds(1)))
            .expect(.warning, .tls, says: "14 d 0 h", "Dec  5", advises: "renew")
        try finding(accepted(certificate), now: edge).expect(.ok, .tls, says: "14 d 0 h")
    }

    @Test func datesThatCannotBeReadAreNoWarning() throws {
        var odd = certificate
        odd.expire = CertificateDate("whenever")
        try finding(accepted(odd)).expect(.ok, .tls, says: "is good")
        try finding(.success(HTTPResponse(status: 200))).expect(.ok, .tls, says: "is good")
    }

    @Test func whatIsWrongWithOneIsSaid() throws {
        try finding(refused(.expired)).expect(.problem, .tls, says: "expired on Dec  5", advises: "renew")
        try finding(refused(.notYetValid)).expect(.problem, .tls, says: "before Nov  1", advises: "clock")
        try finding(refused(.selfSigned)).expect(.problem, .tls, says: "self-signed", advises: "ca-file")
        try finding(refused(.unknownAuthority))
            .expect(.problem, .tls, says: "not known here", "Example Authority", advises: "ca-file")
        try finding(refused(.otherName))
            .expect(.problem, .tls, says: "but for DNS:kratos.example.com", advises: "server")
        try finding(refused(.other(code: 23))).expect(
            .problem,
            .tls,
            says: "curl's words",
            advises: "authority"
        )
        try finding(refused(.expired, isShown: false)).expect(
            .problem,
            .tls,
            says: "expired",
            advises: "renew"
        )
        try finding(refused(nil, isShown: false))
            .expect(.problem, .tls, says: "does not verify", advises: "authority")
    }

    @Test func otherFailuresOfTLSAreSaid() throws {
        try finding(.failure(.failing(.clientCertificate)))
            .expect(.problem, .tls, says: "this client's", advises: "client-cert")
        try finding(.failure(.failing(.tls))).expect(.problem, .tls, says: "encrypted", advises: "https")
        try finding(.failure(.failing(.hostNotResolved))).expect(.skipped, .tls, says: "no connection")
    }

    @Test func withoutTLSItDependsOnWhoIsBetween() throws {
        let answer = Reply.success(HTTPResponse(status: 200))
        try finding(answer, "http://127.0.0.1:4434").expect(.skipped, .tls, says: "this machine")
        try finding(answer, "unix:/run/kratos.sock").expect(.skipped, .tls, says: "Unix socket")
        try finding(answer, "http://kratos.example.com").expect(
            .warning,
            .tls,
            says: "unencrypted",
            advises: "https"
        )
    }
}
