// What users meet where no recording leads: sessions that are too old, forms that are not theirs, memory that
// ends.

import IdentitySimulator
import Testing
import Model

@Suite struct SelfServiceTests {
    private static let identity = IdentityID(high: 0x021d_045c_26f8_4316, low: 0x8389_fc0a_c907_34e1)

    private func serving(
        _ change: (inout SelfServiceSettings) -> Void = { _ in },
        _ body: (User, IdentitySimulator) throws -> Void
    ) async throws {
        var configuration = SimulatorConfiguration()
        configuration.selfService.usesTransitions = true
        change(&configuration.selfService)
        let simulator = try await IdentitySimulator.start(configuration)
        let result = Result { try body(User(simulator), simulator) }
        try await simulator.stop()
        try result.get()
    }

    @Test func anOldSessionChangesNoPassword() async throws {
        try await serving({ $0.privilegedFor = GoDuration(nanoseconds: 0) }) { user, simulator in
            let recovered = try user.recover(Self.identity)
            let answer = try user.post(
                recovered.settings,
                recovered.token,
                #"{"method":"password","password":"x"}"#
            )
            #expect(answer.status == 403)
            #expect(answer.header("Ory-Error-Id") == "session_refresh_required")
            let back = "http%3A%2F%2F127.0.0.1%3A\(simulator.publicPort)%2Fself-service%2Fsettings%3Fflow%3D"
            #expect(answer.text.contains("/self-service/login/browser?refresh=true&return_to=\(back)"))
        }
    }

    @Test func aSecondFactorIsAskedFor() async throws {
        try await serving({ $0.requiresSecondFactor = true }) { user, _ in
            let recovered = try user.recover(Self.identity)
            let body = #"{"method":"password","password":"Brand-New-Pw-9182"}"#
            let answer = try user.post(recovered.settings, recovered.token, body)
            #expect(answer.status == 403)
            #expect(answer.header("Ory-Error-Id") == "session_aal2_required")
            #expect(
                answer.text.contains(
                    #""redirect_browser_to":"\#(user.base)/self-service/login/browser?aal=aal2"}"#
                )
            )
            #expect(try user.get("/sessions/whoami", recovered.token).status == 403)
            #expect(
                try user.get(recovered.settings.replacing("?flow=", with: "/flows?id="), recovered.token)
                    .status == 403
            )
        }
    }

    @Test func aLateFormNamesTheNextFlow() async throws {
        try await serving({ $0.flowLifespan = GoDuration(nanoseconds: 1) }) { user, _ in
            let recovered = try user.recover(Self.identity)
            let body = #"{"method":"password","password":"Brand-New-Pw-9182"}"#
            let answer = try user.post(recovered.settings, recovered.token, body)
            #expect(answer.status == 410)
            #expect(answer.header("Ory-Error-Id") == "self_service_flow_expired")
            #expect(answer.text.contains(#""use_flow_id":""#))
            let shown = try user.get(
                recovered.settings.replacing("?flow=", with: "/flows?id="),
                recovered.token
            )
            #expect(shown.status == 410)
            #expect(shown.text.contains(#""details":{"api":"\#(user.base)/self-service/settings/api"}"#))
            let login = try user.newFlow("/self-service/login/api")
            #expect(
                try user.post("/self-service/login?flow=\(login)", "", #"{"password":"x"}"#).status == 410
            )
        }
    }

    @Test func settingsWantASessionOfTheirOwner() async throws {
        try await serving { user, _ in
            let recovered = try user.recover(Self.identity)
            let other = try user.recover(IdentityID(high: 1, low: 2))
            let body = #"{"method":"password","password":"Brand-New-Pw-9182"}"#
            let nobody = try user.post(recovered.settings, "", body)
            #expect(nobody.status == 401)
            #expect(nobody.text.contains("A valid Ory Session Cookie or Ory Session Token is missing."))
            #expect(try user.post(recovered.settings, other.token, body).status == 400)
            let shown = try user.get(recovered.settings.replacing("?flow=", with: "/flows?id="), other.token)
            #expect(shown.status == 403)
            #expect(try user.post("/self-service/settings?flow=x", other.token, body).status == 400)
            #expect(
                try user.post("/self-service/settings?flow=\(Self.identity)", other.token, body).status == 404
            )
            #expect(
                try user.post(recovered.settings, recovered.token, #"{"method":"profile"}"#).status == 400
            )
        }
    }

    @Test func formsOfAPIFlowsComeWithoutCookies() async throws {
        try await serving { user, _ in
            let recovered = try user.recover(Self.identity)
            let body = #"{"method":"password","password":"Brand-New-Pw-9182"}"#
            let answer = try user.post(recovered.settings, recovered.token, body, headers: "Cookie: a=b\r\n")
            #expect(answer.status == 400)
            #expect(answer.text.contains(#"The HTTP Request Header included the \"Cookie\" key"#))
            #expect(try user.post(recovered.settings, recovered.token, body).status == 200)
        }
    }

    @Test func inactiveAccountsAreLoggedOut() async throws {
        try await serving { user, simulator in
            let recovered = try user.recover(Self.identity)
            #expect(try user.get("/sessions/whoami", recovered.token).status == 200)
            simulator.change(Account(Self.identity, email: "a@example.test", isActive: false))
            #expect(try user.get("/sessions/whoami", recovered.token).status == 401)
        }
    }

    @Test func aMailedCodeIsReplacedByTheNext() async throws {
        try await serving { user, simulator in
            simulator.change(Account(Self.identity, email: "Ann@Example.test"))
            let flow = try user.newFlow("/self-service/recovery/api")
            let target = "/self-service/recovery?flow=\(flow)"
            let ask = #"{"method":"code","email":"ann@example.test"}"#
            #expect(try user.post(target, "", ask).status == 200)
            #expect(try user.post(target, "", ask).status == 200)
            let mails = simulator.mailedCodes()
            try #require(mails.count == 2)
            #expect(mails.allSatisfy { $0.identity == Self.identity && $0.flow.text == flow })
            let codes = mails.map { $0.recoveryCode ?? "" }
            #expect(!"\(mails)".contains(codes[0]))
            #expect(try user.post(target, "", #"{"code":"\#(codes[0])"}"#).text.contains(#"{"id":4060006,"#))
            let passed = try user.post(target, "", #"{"code":"\#(codes[1])"}"#)
            #expect(passed.text.contains(#""state":"passed_challenge""#))
            // Only now could the address be asked for again, and it is too late.
            let late = try user.post(target, "", ask)
            #expect(late.status == 400)
            #expect(
                late.text.contains("The request was already completed successfully and can not be retried.")
            )
        }
    }

    @Test func theCourierListsMailsWithoutWhatTheySay() async throws {
        try await serving { user, simulator in
            simulator.change(Account(Self.identity, email: "ann@example.test"))
            let flow = try user.newFlow("/self-service/recovery/api")
            let ask = #"{"method":"code","email":"ann@example.test"}"#
            for _ in 0..<3 { _ = try user.post("/self-service/recovery?flow=\(flow)", "", ask) }
            let client = try RawClient(port: simulator.adminPort)
            try client.send("GET /admin/courier/messages?page_size=2 HTTP/1.1\r\nHost: x\r\n\r\n")
            let first = try #require(try client.receive())
            let mail =
                #""status":"sent","type":"email","recipient":"ann@example.test","#
                + #""body":"\u003credacted-unless-dev-mode\u003e","#
                + #""subject":"\u003credacted-unless-dev-mode\u003e","#
                + #""template_type":"recovery_code_valid","channel":"email","send_count":1,"created_at":""#
            #expect(first.text.components(of: mail) == 2)
            let link = try #require(first.header("Link"))
            let next = try #require(link.firstMatch(of: #/,<([^>]+)>; rel="next"$/#)).1
            try client.send("GET \(next) HTTP/1.1\r\nHost: x\r\n\r\n")
            let second = try #require(try client.receive())
            #expect(second.text.components(of: mail) == 1)
            #expect(second.header("Link")?.contains("next") == false)
            try client.send("POST /admin/courier/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
            #expect(try client.receive()?.status == 405)
        }
    }

    @Test func withoutMemoryNothingIssuedCanBeRedeemed() async throws {
        var configuration = SimulatorConfiguration()
        configuration.keepsIssued = false
        let simulator = try await IdentitySimulator.start(configuration)
        let result = Result {
            let client = try RawClient(port: simulator.adminPort)
            try client.ask(Self.identity.text)
            let issued = try #require(try client.receive())
            let flow = try #require(issued.text.firstMatch(of: #/flow=([0-9a-f-]{36})/#)).1
            let code = try #require(issued.text.firstMatch(of: #/"recovery_code":"([0-9]{6})"/#)).1
            let user = User(simulator)
            let answer = try user.post("/self-service/recovery?flow=\(flow)", "", #"{"code":"\#(code)"}"#)
            #expect(answer.status == 404)
            #expect(simulator.issued().isEmpty)
        }
        try await simulator.stop()
        try result.get()
    }
}

extension String {
    /// How often another text stands in this one.
    fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
