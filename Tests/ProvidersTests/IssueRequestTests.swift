// What is asked for, to the byte, of each provider by each method.

import HTTPTransport
import TestSupport
import Testing
import Model

@testable import Providers

@Suite struct IssueRequestTests {
    private let identity = IdentityID(high: 0x021d_045c_26f8_4316, low: 0x8389_fc0a_c907_34e1)

    private func request(_ provider: Provider, _ issueRequest: IssueRequest) async throws -> HTTPRequest {
        let transport = StubTransport { _ in .success(HTTPResponse(status: 500)) }
        let connection = ServerConnection(
            transport,
            provider: provider,
            server: try ServerURL("https://apis.example.com")
        )
        _ = await RecoveryAPI(connection, issueRequest).issue(for: identity, onSend: nil)
        return try #require(transport.requests.first)
    }

    private static let start = #"{"identity_id":"021d045c-26f8-4316-8389-fc0ac90734e1","expires_in":"72h""#

    @Test(arguments: [
        (Provider.kratos, RecoveryMethod.code, FlowType?.none, "/admin/recovery/code", "}"),
        (.kratos, .code, .browser, "/admin/recovery/code", #","flow_type":"browser"}"#),
        (.kratos, .code, .api, "/admin/recovery/code", #","flow_type":"api"}"#),
        (.kratos, .link, nil, "/admin/recovery/link", "}"),
        (.kratos, .link, .api, "/admin/recovery/link", "}"),
        (.oryNetwork, .code, nil, "/admin/recovery/code", "}"),
        (.oryNetwork, .code, .browser, "/admin/recovery/code", #","flow_type":"browser"}"#),
        (.oryNetwork, .link, .browser, "/admin/recovery/link", "}"),
        (.connhex, .code, nil, "/iam/recovery/code", "}"),
        (.connhex, .code, .api, "/iam/recovery/code", "}"),
        (.connhex, .link, nil, "/iam/recovery/link", "}"),
    ])
    func theBodyIsAsTheServerTakesIt(
        _ provider: Provider,
        _ method: RecoveryMethod,
        _ flowType: FlowType?,
        _ path: String,
        _ end: String
    ) async throws {
        let issueRequest = IssueRequest(method: method, expiresIn: .seconds(72 * 3600), flowType: flowType)
        let request = try await request(provider, issueRequest)
        #expect(request.url == "https://apis.example.com\(path)")
        #expect(String(decoding: request.body, as: UTF8.self) == Self.start + end)
    }

    @Test(arguments: RecoveryMethod.allCases)
    func whereTheUserGoesIsPartOfTheURL(_ method: RecoveryMethod) async throws {
        let issueRequest = IssueRequest(
            method: method,
            expiresIn: .seconds(60),
            returnTo: "https://app.example/welcome?a=1&b=ü"
        )
        let request = try await request(.kratos, issueRequest)
        #expect(
            request.url == "https://apis.example.com/admin/recovery/\(method.rawValue)"
                + "?return_to=https%3A%2F%2Fapp.example%2Fwelcome%3Fa%3D1%26b%3D%C3%BC"
        )
        #expect(!String(decoding: request.body, as: UTF8.self).contains("app.example"))
    }
}
