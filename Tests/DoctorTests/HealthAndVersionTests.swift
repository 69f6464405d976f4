// What a server says of itself.

import HTTPTransport
import Providers
import Testing
import Model

@testable import Doctor

@Suite struct HealthCheckTests {
    private func finding(_ check: Check, _ reply: Reply) throws -> Finding {
        let connection = try ServerConnection.forTests(token: "ory_pat_CANARY")
        return HealthCheck(
            check: check,
            path: check == .ready ? "/health/ready" : "/health/alive",
            connection: connection,
            reading: AnswerClassifier(connection, method: .code)
        ).finding(reply)
    }

    @Test func okIsOK() throws {
        let ok = Reply.success(.json(200, #"{"status":"ok"}"#))
        try finding(.alive, ok).expect(.ok, .alive, says: "alive")
        try finding(.ready, ok).expect(.ok, .ready, says: "database")
    }

    @Test func aDatabaseThatIsAwayIsAProblem() throws {
        try finding(.ready, .success(Recorded.databaseDown))
            .expect(.problem, .ready, says: "503", "failed to connect", advises: "database")
        try finding(.alive, .success(.plain(502, "Bad Gateway")))
            .expect(.problem, .alive, says: "502", advises: "log")
        try finding(.alive, .failure(.failing(.timeout, sent: true)))
            .expect(.problem, .alive, says: "no answer", "curl's words", advises: "timeout")
    }

    @Test func whatAGatewayHidesIsAWarning() throws {
        try finding(.alive, .success(.plain(401, "no"))).expect(
            .warning,
            .alive,
            says: "401",
            advises: "gateway"
        )
        try finding(.alive, .success(Recorded.page)).expect(
            .warning,
            .alive,
            says: "404",
            advises: "server"
        )
        try finding(.alive, .success(.plain(307, ""))).expect(
            .warning,
            .alive,
            says: "307",
            advises: "server"
        )
        try finding(.ready, .success(.plain(200, "<html>")))
            .expect(.warning, .ready, says: "not as Ory Kratos does", advises: "provider")
    }

    @Test func anEchoedCredentialIsTakenOut() throws {
        let body = #"{"error":{"message":"you sent ory_pat_CANARY"}}"#
        let finding = try finding(.ready, .success(.json(500, body)))
        finding.expect(.problem, .ready, says: "[redacted]", advises: "database")
        #expect(!finding.line().contains("CANARY"))
    }
}

@Suite struct VersionCheckTests {
    private func finding(
        _ reply: Reply,
        _ provider: Provider = .kratos,
        flowType: FlowType? = nil
    ) throws -> Finding {
        VersionCheck(
            connection: try .forTests(provider: provider),
            issueRequest: IssueRequest(expiresIn: .seconds(3600), flowType: flowType)
        ).finding(reply)
    }

    private func told(_ version: String, flowType: FlowType? = nil) throws -> Finding {
        try finding(.success(.json(200, #"{"version":"\#(version)"}"#)), flowType: flowType)
    }

    @Test func eachVersionLacksWhatCameLater() throws {
        try told("v26.2.0").expect(.ok, .version, says: "v26.2.0, which lacks nothing")
        try told("v25.4.0").expect(.ok, .version, says: "lacks nothing")
        let tries = try told("v1.3.1")
        tries.expect(.ok, .version, says: "5 tries")
        #expect(
            !tries.message.description.contains("flow_type")
                && !tries.message.description.contains("page_token")
        )
        let ignoring = try told("v1.1.0")
        ignoring.expect(.ok, .version, says: "ignores flow_type")
        #expect(!ignoring.message.description.contains("page_token"))
        try told("v1.0.0").expect(
            .warning,
            .version,
            says: "ignores flow_type",
            "page_token",
            advises: "verify"
        )
        try told("v0.13.0").expect(
            .warning,
            .version,
            says: "refuses flow_type",
            "page_token",
            advises: "verify"
        )
        try told("v0.11.1").expect(.warning, .version, says: "refuses flow_type", advises: "verify")
        try told("v0.10.1").expect(.warning, .version, says: "older", advises: "upgrade")
    }

    @Test func aFlowTypeThatIsNotUnderstoodIsAWarning() throws {
        try told("v1.1.0", flowType: .api).expect(.warning, .version, advises: "leave flow-type out")
        try told("v1.2.0", flowType: .api).expect(.ok, .version, says: "5 tries")
        try told("v0.13.0", flowType: .browser)
            .expect(.warning, .version, advises: "without verify and columns, and leave flow-type out")
    }

    @Test(arguments: ["master", "0a1b2c3d", "v26", ""])
    func aBuildThatIsNoReleaseIsOK(_ text: String) throws {
        try told(text).expect(.ok, .version, says: "\(text), which is no release")
    }

    @Test(arguments: [
        ("v26.2.0", ServerVersion(26, 2)), ("1.3.1-pre.0", ServerVersion(1, 3)),
        ("v25.4", ServerVersion(25, 4)),
        ("v26.2.17-e1f2", ServerVersion(26, 2)),
    ])
    func releasesAreRead(_ text: String, _ version: ServerVersion) {
        #expect(ServerVersion(text) == version)
    }

    @Test func noVersionMeansSomethingForKratosAlone() throws {
        try finding(.success(Recorded.page)).expect(.warning, .version, says: "404", advises: "admin port")
        try finding(.success(Recorded.page), .oryNetwork).expect(.skipped, .version, says: "Ory Network")
        try finding(.success(.plain(200, "v26.2.0"))).expect(
            .warning,
            .version,
            says: "200",
            advises: "admin port"
        )
        try finding(.failure(.failing(.timeout, sent: true)))
            .expect(.warning, .version, says: "does not tell", advises: "admin port")
    }
}
