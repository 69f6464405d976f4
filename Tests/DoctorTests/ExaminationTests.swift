// Whole examinations of a simulated server, over real sockets.

import Foundation
import HTTPTransport
import Providers
import IdentitySimulator
import Roster
import Synchronization
import TestSupport
import Testing
import Model

@testable import Doctor

/// One at a time: each has ports of its own, and an event loop.
@Suite(.serialized) struct ExaminationTests {
    /// What an examination found, and what the server heard of it.
    private struct Result {
        let report: DoctorReport
        let requests: [String]
        let issued: Int

        subscript(check: Check) -> Finding? { report.findings.first { $0.check == check } }
    }

    private struct Setting: Sendable {
        var server: @Sendable (IdentitySimulator) -> String = \.adminURL
        var isPublicServerAsked = false
        var provider = Provider.kratos
        var token: String?
        var method = RecoveryMethod.code
        var roster: String?
        var timeout: Duration = .seconds(20)
        var answer: @Sendable (SimulatedRequest) -> Delivery? = { _ in nil }
        var configure: @Sendable (inout SimulatorConfiguration) -> Void = { _ in }
    }

    private func examine(_ setting: Setting, in folder: TemporaryFolder) async throws -> Result {
        let heard = Mutex<[String]>([])
        var configuration = SimulatorConfiguration()
        configuration.script = { request in
            heard.withLock { $0.append("\(request.method) \(request.path)") }
            return setting.answer(request)
        }
        setting.configure(&configuration)
        let simulator = try await IdentitySimulator.start(configuration)
        let transport = try CurlTransport(configuration: .init(userAgent: "latchstring/tests", proxy: .none))
        defer { transport.stop() }
        func connection(_ url: String, _ token: String?) throws -> ServerConnection {
            ServerConnection(
                provider: setting.provider,
                server: try ServerURL(url),
                credential: Credential(token.flatMap(BearerToken.init)),
                timeout: setting.timeout,
                transport: transport,
                now: { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }
            )
        }
        let examination = Examination(
            server: .open(
                try connection(setting.server(simulator), setting.token),
                credentialRefusal: nil
            ),
            publicServer: setting.isPublicServerAsked ? try connection(simulator.publicURL, nil) : nil,
            issueRequest: IssueRequest(method: setting.method, expiresIn: .seconds(3600)),
            rates: [],
            roster: setting.roster.map { .init($0, options: RosterOptions()) },
            outputFolder: folder("reports"),
            campaignFolder: folder("reports/people")
        )
        var told: [Finding] = []
        let report = try await examination.report { told.append($0) }
        let issued = simulator.issued().count
        try await simulator.stop()
        #expect(report.findings.map(\.check) == Check.allCases)
        #expect(told == report.findings)
        #expect(issued == 0)
        return Result(report: report, requests: heard.withLock { $0 }, issued: issued)
    }

    private let people = (1...3).map {
        IdentityID(high: 0x021d_045c_26f8_4316, low: 0x8389_fc0a_c907_3400 + $0)
    }

    /// The list of identities that a server with these gives, whoever is asked for.
    private func listing(_ identities: [IdentityID]) -> @Sendable (SimulatedRequest) -> Delivery? {
        { request in
            guard request.path == "/admin/identities" else {
                guard request.path == RecoveryCheck.path, request.port == .public else { return nil }
                return .answer(.json(200, Recorded.flow("code")))
            }
            let known = identities.filter { request.query.contains("ids=\($0.text)") }.map {
                #"{"id":"\#($0.text)","state":"active","recovery_addresses":[{"value":"a@example.org"}]}"#
            }
            return .answer(.json(200, "[\(known.joined(separator: ","))]"))
        }
    }

    private func roster(in folder: TemporaryFolder) throws -> String {
        try folder.write("identity_id\n" + people.map { "\($0)\n" }.joined(), to: "people.csv")
    }

    @Test func aServerInOrderHasNoProblems() async throws {
        let folder = try TemporaryFolder()
        let path = try roster(in: folder)
        let setting = Setting(isPublicServerAsked: true, roster: path, answer: listing(people))
        let result = try await examine(setting, in: folder)
        #expect(result.report.problems == 0 && result.report.warnings == 0)
        let skipped = result.report.findings.filter { $0.state == .skipped }.map(\.check)
        #expect(skipped == [.tls])
        result[.reach]?.expect(.ok, .reach, says: "connected to 127.0.0.1 port", "answer after")
        result[.clock]?.expect(.ok, .clock, says: "the clocks ")
        #expect(
            result.requests == [
                "GET /health/alive", "GET /health/ready", "GET /version", "POST /admin/recovery/code",
                "GET /self-service/recovery/api", "GET /admin/identities",
            ]
        )
        #expect(try names(inFolder: folder.path) == ["people.csv"])
    }

    @Test func linksAreAskedForByTheirOwnPath() async throws {
        let result = try await examine(Setting(method: .link), in: TemporaryFolder())
        result[.method]?.expect(.ok, .method, says: "recovery by link is enabled")
        #expect(result.requests.last == "POST /admin/recovery/link")
    }

    @Test(arguments: [IssuingEndpoint.code, .link])
    func aMethodThatIsSwitchedOffIsFound(_ endpoint: IssuingEndpoint) async throws {
        let method = RecoveryMethod(rawValue: endpoint.rawValue) ?? .code
        let setting = Setting(method: method, configure: { $0.disabledEndpoints = [endpoint] })
        let result = try await examine(setting, in: TemporaryFolder())
        result[.method]?.expect(
            .problem,
            .method,
            says: "by \(endpoint.rawValue) switched off",
            advises: "method"
        )
        #expect(result.report.problems == 1)
    }

    @Test func thePublicPortIsFoundAndNobodyIsLookedUpThere() async throws {
        let folder = try TemporaryFolder()
        let setting = Setting(server: \.publicURL, roster: try roster(in: folder))
        let result = try await examine(setting, in: folder)
        result[.adminAPI]?.expect(.problem, .adminAPI, says: "public port", advises: "admin port")
        result[.version]?.expect(.warning, .version, says: "404", advises: "admin port")
        result[.identities]?.expect(.skipped, .identities)
        #expect(!result.requests.contains("GET /admin/identities"))
    }

    @Test func aPathTooManyIsFound() async throws {
        let setting = Setting(server: { $0.adminURL + "/admin/" })
        let result = try await examine(setting, in: TemporaryFolder())
        result[.adminAPI]?.expect(.problem, .adminAPI, says: "404", advises: "leave /admin out")
        result[.limits]?.expect(.skipped, .limits)
    }

    @Test func aCredentialThatIsRefusedIsFound() async throws {
        let folder = try TemporaryFolder()
        let wrong = Setting(
            provider: .oryNetwork,
            token: "ory_pat_CANARY",
            roster: try roster(in: folder),
            configure: { $0.requiredToken = "ory_pat_other" }
        )
        let refused = try await examine(wrong, in: folder)
        refused[.credential]?.expect(.problem, .credential, says: "401", advises: "this project's")
        refused[.identities]?.expect(.skipped, .identities)
        #expect(!refused.report.json().contains("CANARY"))
        var right = wrong
        right.token = "ory_pat_other"
        try await examine(right, in: folder)[.credential]?.expect(.ok, .credential, says: "accepted")
    }

    @Test func aServerThatNobodyRunsLeavesTheRestUnasked() async throws {
        let folder = try TemporaryFolder()
        let setting = Setting(server: { _ in "http://127.0.0.1:1" }, roster: try roster(in: folder))
        let result = try await examine(setting, in: folder)
        result[.reach]?.expect(.problem, .reach, says: "no connection", advises: "check that the server runs")
        let server: [Check] = [.alive, .ready, .version, .adminAPI, .credential, .method, .limits, .clock]
        for check in server { #expect(result[check]?.state == .skipped) }
        #expect(result.requests.isEmpty)
        // What is here is looked at all the same.
        result[.roster]?.expect(.ok, .roster, says: "3 rows")
        result[.outputFolder]?.expect(.ok, .outputFolder)
    }

    @Test func httpsToAServerWithoutItIsFound() async throws {
        let setting = Setting(server: { $0.adminURL.replacingOccurrences(of: "http:", with: "https:") })
        let result = try await examine(setting, in: TemporaryFolder())
        result[.reach]?.expect(.ok, .reach, says: "came about")
        result[.tls]?.expect(.problem, .tls, says: "no encrypted connection", advises: "and not http")
        result[.method]?.expect(.skipped, .method)
    }

    @Test func aServerThatNeverAnswersTakesOneTimeout() async throws {
        let setting = Setting(timeout: .milliseconds(50), answer: { _ in .hold(.forever, then: .close) })
        let result = try await examine(setting, in: TemporaryFolder())
        result[.reach]?.expect(.problem, .reach, says: "does not answer", advises: "timeout")
        #expect(result.requests.count == 1)
    }

    @Test func connhexHasNoHealthToAskFor() async throws {
        let setting = Setting(
            provider: .connhex,
            token: "CANARYCANARY",
            answer: { request in
                request.method == "POST"
                    ? .answer(
                        .json(
                            404,
                            #"{"error":{"reason":"could not find identity","message":"Unable to "#
                                + #"locate the resource"}}"#
                        )
                    ) : .answer(.json(405, "{}"))
            }
        )
        let result = try await examine(setting, in: TemporaryFolder())
        for check in [Check.alive, .ready, .version] {
            result[check]?.expect(.skipped, check, says: "Connhex")
        }
        result[.method]?.expect(.ok, .method)
        #expect(result.requests == ["GET /iam/recovery/code", "POST /iam/recovery/code"])
    }

    @Test func whoeverIsMissingIsCounted() async throws {
        let folder = try TemporaryFolder()
        let path = try roster(in: folder)
        let some = try await examine(Setting(roster: path, answer: listing([people[0]])), in: folder)
        some[.identities]?.expect(
            .warning,
            .identities,
            says: "of 3 looked up, 2 unknown",
            advises: "verify"
        )
        let none = try await examine(Setting(roster: path, answer: listing([])), in: folder)
        none[.identities]?.expect(.problem, .identities, says: "none of 3", advises: "id-column")
        #expect(none.report.problems == 1)
    }

    @Test func aRosterThatIsNoneIsAProblem() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("", to: "empty.csv")
        let result = try await examine(Setting(roster: path), in: folder)
        result[.roster]?.expect(.problem, .roster, says: "empty", advises: "refuse")
        #expect(result[.identities]?.state == .skipped && result[.diskSpace]?.state == .skipped)
    }

    @Test func theCredentialStaysWithItsServer() async throws {
        let authorized = Mutex<[String]>([])
        let setting = Setting(
            isPublicServerAsked: true,
            token: "ory_pat_CANARY",
            answer: { request in
                if !request.header("Authorization").isEmpty {
                    authorized.withLock { $0.append("\(request.port) \(request.path)") }
                }
                return nil
            }
        )
        _ = try await examine(setting, in: TemporaryFolder())
        let seen = authorized.withLock { $0 }
        #expect(seen.contains("admin /admin/recovery/code"))
        #expect(!seen.contains { $0.hasPrefix("public") })
    }
}

@Suite struct ClosedExaminationTests {
    private func examination(_ server: Examination.Server, in folder: TemporaryFolder) -> Examination {
        Examination(
            server: server,
            publicServer: nil,
            issueRequest: IssueRequest(expiresIn: .seconds(3600)),
            rates: [],
            roster: nil,
            outputFolder: folder.path,
            campaignFolder: nil
        )
    }

    @Test func aConnectionThatCannotBeMadeIsOneProblem() async throws {
        let folder = try TemporaryFolder()
        let problem = Finding.problem(.tls, "the certificate file x cannot be read", "check client-cert")
        let report = try await examination(.closed(problem), in: folder).report()
        #expect(report.findings.map(\.check) == Check.allCases)
        #expect(report.findings.filter { $0.state == .problem } == [problem])
    }

    @Test func withoutItsCredentialTheServerIsNotAskedForNobody() async throws {
        let folder = try TemporaryFolder()
        let transport = StubTransport { _ in .success(.json(200, #"{"status":"ok","version":"v26.2.0"}"#)) }
        let problem = Finding.problem(.credential, "the API key file x is open to others", "mend that first")
        let server = Examination.Server.open(
            try .forTests(transport: transport),
            credentialRefusal: problem
        )
        let report = try await examination(server, in: folder).report()
        #expect(report.findings.filter { $0.state == .problem } == [problem])
        #expect(report.findings.first { $0.check == .ready }?.state == .ok)
        #expect(!transport.requests.contains { $0.method == .post })
    }

    /// The nil UUID, with everything else as a run would send it.
    @Test func theRequestForNobodyIsThatOfARun() async throws {
        let folder = try TemporaryFolder()
        let transport = StubTransport { request in
            .success(request.method == .post ? Recorded.unknownCode : .json(200, #"{"status":"ok"}"#))
        }
        _ = try await Examination(
            server: .open(try .forTests(token: "ory_pat_x", transport: transport), credentialRefusal: nil),
            publicServer: nil,
            issueRequest: IssueRequest(
                expiresIn: .seconds(7200),
                flowType: .api,
                returnTo: "https://example.com/x"
            ),
            rates: [],
            roster: nil,
            outputFolder: folder.path,
            campaignFolder: nil
        ).report()
        let posts = transport.requests.filter { $0.method == .post }
        #expect(posts.count == 1)
        let post = try #require(posts.first)
        #expect(
            post.url == "http://127.0.0.1:4434/admin/recovery/code?return_to=https%3A%2F%2Fexample.com%2Fx"
        )
        #expect(
            String(decoding: post.body, as: UTF8.self)
                == #"{"identity_id":"00000000-0000-0000-0000-000000000000","expires_in":"2h","#
                + #""flow_type":"api"}"#
        )
        #expect(post.headers.contains(HTTPHeader(name: "Authorization", value: "Bearer ory_pat_x")))
        #expect(transport.requests.allSatisfy { $0.timeout == .seconds(20) })
        #expect(transport.requests.map(\.wantsConnectionFacts) == [true, false, false, false])
    }
}
