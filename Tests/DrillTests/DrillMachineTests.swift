// The state machine, fed with what a real server answered.

import Drill
import HTTPTransport
import Providers
import RecordedExchanges
import Testing
import Model

@Suite struct DrillMachineTests {
    private static let password = Secret("Brand-New-Pw-9182")
    private static let identity = "20802ae2-73b6-43c5-b989-3c7bcc9c159c"
    private static let flow = "e75adc57-de74-4bad-8ea8-11ab952fbcbe"

    private func machine(
        _ way: DrillWay,
        identity: String = DrillMachineTests.identity,
        provider: Provider = .kratos
    ) throws -> DrillMachine {
        let id = try #require(IdentityID(identity))
        let server = try ServerURL("http://127.0.0.1:4433")
        let plan =
            way == .selfService
            ? DrillPlan(selfService: "mail339516@example.test", identity: nil, publicServer: server)
            : DrillPlan(way, identity: id, publicServer: server, provider: provider)
        return DrillMachine(plan, password: Self.password)
    }

    private func recorded(_ name: String) throws -> DrillEvent {
        let answer = try #require(RecordedStory.answer(named: name), "\(name)")
        return .answered(
            .success(
                HTTPResponse(
                    status: answer.status,
                    headers: HTTPHeaders(answer.headers.map { HTTPHeader(name: $0.0, value: $0.1) }),
                    body: Array(answer.body.utf8)
                )
            )
        )
    }

    private func issued(code: String = "561342", link: String? = nil) -> DrillEvent {
        let link = link ?? "http://127.0.0.1:4455/recovery?flow=\(Self.flow)"
        let recovery = IssuedCode(code: code, link: link, expiresAtText: "2026-11-21T00:48:48Z")
        return .issued(
            IssueReply(outcome: .issued(recovery), requestID: "r", wasSent: true, wasAnswered: true)
        )
    }

    /// What the requests of a machine look like, in a word each.
    private func word(_ action: DrillAction) -> String {
        switch action {
        case .issue: "issue"
        case .readIdentity: "identity"
        case .ask(let request, let withCookies): "\(request)\(withCookies ? " with cookies" : "")"
        case .readCode: "code"
        case .finish: "finish"
        }
    }

    /// Runs a machine over events, each taking 10 ms; returns the actions.
    private func run(_ machine: inout DrillMachine, _ events: [DrillEvent]) -> [String] {
        var actions = [word(machine.start())]
        for event in events {
            actions.append(word(machine.received(event, after: .milliseconds(10))))
        }
        return actions
    }

    private func expectNoSecret(_ machine: DrillMachine, besides secrets: [String] = []) {
        var dumped = machine.report.json() + machine.report.closingWords()
        for step in machine.report.steps { dumped += step.words }
        dump(machine, to: &dumped)
        for secret in secrets + [Self.password.revealed, "561342", "ory_st_", "token=", "csrf_token_"] {
            #expect(!dumped.contains(secret), "\(secret)")
        }
    }

    // MARK: the whole way

    @Test func theWayOfANativeClient() throws {
        var machine = try machine(.api)
        let actions = run(
            &machine,
            [
                issued(), try recorded("cw_04n_api_ok"), try recorded("cw_04n3_settings_flow_get"),
                try recorded("cw_04n6_settings_pw"), .answered(.success(HTTPResponse(status: 404))),
                try recorded("cw_04n7_login_api"), try recorded("cw_04n9_login_ok"),
                try recorded("cw_04n10_whoami"),
            ]
        )
        #expect(
            actions == [
                "issue", "POST /self-service/recovery", "GET /self-service/settings/flows",
                "POST /self-service/settings", "identity", "GET /self-service/login/api",
                "POST /self-service/login", "GET /sessions/whoami", "finish",
            ]
        )
        let report = machine.report
        #expect(report.isOK)
        #expect(report.steps.map(\.step) == [.issue, .redeem, .settings, .setPassword, .login, .whoami])
        #expect(!report.steps.contains { !$0.isOK })
        #expect(report.steps.map(\.status) == [201, 200, 200, 200, 200, 200])
        // The look at the identity, and the start of the login, belong to the login.
        #expect(report.steps.map(\.seconds) == [0.01, 0.01, 0.01, 0.01, 0.03, 0.01])
        #expect(report.passwordChange == .made)
        #expect(report.diagnosis == nil && report.failedStep == nil)
        expectNoSecret(machine)
    }

    /// Recorded with the flag off: the answer to the code is a 422 with cookies.
    @Test func theWayOfABrowserKeepsCookiesUntilTheLogin() throws {
        var machine = try machine(.browser, identity: "0da31689-9a8b-498c-800f-0fc181ae5c25")
        let actions = run(
            &machine,
            [
                issued(), try recorded("04b_browser_ok_json"), try recorded("04b3_settings_flow_get_cookie"),
                try recorded("04b5_settings_post_pw"), .answered(.success(HTTPResponse(status: 403))),
            ]
        )
        #expect(
            actions == [
                "issue", "POST /self-service/recovery with cookies",
                "GET /self-service/settings/flows with cookies", "POST /self-service/settings with cookies",
                "identity", "GET /self-service/login/api",
            ]
        )
        #expect(machine.report.steps.map(\.status) == [201, 422, 200, 200])
        expectNoSecret(machine)
    }

    @Test func theWayOfALink() throws {
        var machine = try machine(.link)
        let link = "http://127.0.0.1:4433/self-service/recovery?flow=1&token=T0KEN"
        let actions = run(&machine, [issued(code: "", link: link), try recorded("03l3_link_redeem_json")])
        #expect(
            actions == [
                "issue", "GET /self-service/recovery with cookies",
                "GET /self-service/settings/flows with cookies",
            ]
        )
        #expect(machine.report.steps.map(\.step) == [.issue, .openLink])
        expectNoSecret(machine, besides: ["T0KEN"])
    }

    @Test func theWayOfAUserWhoForgot() throws {
        var machine = try machine(.selfService)
        let actions = run(
            &machine,
            [
                try recorded("cw_06a_recovery_api_init"), try recorded("cw_06b_recovery_api_submit_email"),
                .code(Secret("989042")), try recorded("cw_06d_recovery_api_code"),
                try recorded("cw_06e_settings_get"), try recorded("cw_06f_settings_pw"),
                try recorded("cw_04n7_login_api"), try recorded("cw_06g_login"),
            ]
        )
        #expect(
            actions == [
                "GET /self-service/recovery/api", "POST /self-service/recovery", "code",
                "POST /self-service/recovery", "GET /self-service/settings/flows",
                "POST /self-service/settings", "GET /self-service/login/api", "POST /self-service/login",
                "GET /sessions/whoami",
            ]
        )
        #expect(
            machine.report.steps.map(\.step) == [
                .startRecovery, .sendMail, .redeem, .settings, .setPassword, .login,
            ]
        )
        #expect(machine.report.identity?.text == "8b47aab9-5cb7-4a42-82c6-9f31d5da9c89")
        expectNoSecret(machine, besides: ["989042"])
    }

    // MARK: where it ends

    @Test func withTheTransitionsFlagOffANativeClientCannotRedeem() throws {
        var machine = try machine(.api)
        let actions = run(&machine, [issued(), try recorded("04n_api_ok")])
        #expect(actions.last == "finish")
        let report = machine.report
        #expect(!report.isOK && report.failedStep == .redeem)
        #expect(report.steps.last?.status == 422)
        #expect(
            report.diagnosis?.reason.description.contains("feature_flags.use_continue_with_transitions")
                == true
        )
        #expect(report.passwordChange == .none)
        expectNoSecret(machine, besides: ["cb06bc40"])
    }

    /// With the flag off a refusal is a redirect; the flow that it leads to is asked why.
    @Test(arguments: [
        ("04o_api_reuse", "04o9_api_reuse_follow", "already used"),
        ("04q9_api_correct_after_lock", "04q9b_api_lock_follow", "too many tries"),
        ("04p_api_expired", "04p9_api_expired_follow", "expired"),
        ("04e_browser_expired", "04e9_browser_expired_follow", "expired"),
    ])
    func aRedirectIsFollowedByItsFlowAlone(_ name: String, _ next: String, _ reason: String) throws {
        var machine = try machine(name.contains("browser") ? .browser : .api)
        let actions = run(&machine, [issued(), try recorded(name), try recorded(next)])
        #expect(actions[2].hasPrefix("GET /self-service/recovery/flows"))
        #expect(actions[3] == "finish")
        #expect(machine.report.failedStep == .redeem)
        #expect(machine.report.steps.last?.status == 303)
        #expect(machine.report.diagnosis?.reason.description.contains(reason) == true)
    }

    @Test func aLinkToAnotherServerIsNotOpened() throws {
        for link in [
            "http://evil.test/self-service/recovery?flow=1&token=2", "/self-service/recovery?flow=1",
        ] {
            var machine = try machine(.link)
            #expect(run(&machine, [issued(code: "", link: link)]) == ["issue", "finish"])
            #expect(machine.report.failedStep == .openLink)
            #expect(machine.report.diagnosis?.reason.description.contains("serve.public.base_url") == true)
        }
    }

    @Test func aCodeWithoutAFlowIsNotRedeemed() throws {
        var machine = try machine(.api)
        #expect(run(&machine, [issued(link: "http://127.0.0.1:4455/recovery")]) == ["issue", "finish"])
        #expect(machine.report.failedStep == .redeem)
    }

    @Test func anotherAccountThanTheOneAskedForIsAFailure() throws {
        var machine = try machine(.api, identity: "00000000-0000-4000-8000-000000000001")
        let actions = run(
            &machine,
            [issued(), try recorded("cw_04n_api_ok"), try recorded("cw_04n3_settings_flow_get")]
        )
        #expect(actions.last == "finish")
        #expect(machine.report.failedStep == .settings)
        #expect(machine.report.passwordChange == .none)
    }

    @Test func aPasswordThatWasSentWithoutAnAnswerMayBeSet() throws {
        for wasSent in [true, false] {
            var machine = try machine(.api)
            let error = TransportError(kind: .timeout, wasSent: wasSent, message: "too slow")
            _ = run(
                &machine,
                [
                    issued(), try recorded("cw_04n_api_ok"), try recorded("cw_04n3_settings_flow_get"),
                    .answered(.failure(error)),
                ]
            )
            #expect(machine.report.failedStep == .setPassword)
            #expect(machine.report.passwordChange == (wasSent ? .unsure : .none))
            #expect(machine.report.steps.last?.status == nil)
        }
    }

    @Test func noCodeIsAFailureOfRedeeming() throws {
        var machine = try machine(.selfService)
        let actions = run(
            &machine,
            [
                try recorded("cw_06a_recovery_api_init"), try recorded("cw_06b_recovery_api_submit_email"),
                .noCode("the command failed"),
            ]
        )
        #expect(actions.last == "finish")
        #expect(machine.report.failedStep == .redeem)
        #expect(machine.report.steps.last?.serverMessage == "the command failed")
    }

    @Test func whatIsNotIssuedEndsThere() throws {
        let failure = Failure(
            kind: .unknownIdentity,
            httpStatus: 404,
            errorID: nil,
            reason: "could not find identity"
        )
        let outcomes: [(IssueOutcome, Int?, String)] = [
            (.permanent(failure), 404, "no identity"),
            (.fatal(FatalAnswer(.publicPort, "the public port")), nil, "public port"),
            (.fatal(FatalAnswer(.methodDisabled, "off")), nil, "selfservice.methods.code.enabled"),
            (.fatal(FatalAnswer(.credentialRefused, "no")), nil, "no"),
            (
                .transient(
                    Failure(kind: .timeout, httpStatus: nil, errorID: nil, reason: "slow"),
                    isAmbiguous: true,
                    holdFor: nil
                ), nil, "in time"
            ),
        ]
        for (outcome, status, reason) in outcomes {
            var machine = try machine(.api)
            let event = DrillEvent.issued(
                IssueReply(outcome: outcome, requestID: "r", wasSent: true, wasAnswered: true)
            )
            #expect(run(&machine, [event]) == ["issue", "finish"])
            #expect(machine.report.failedStep == .issue)
            #expect(machine.report.steps.last?.status == status)
            #expect(machine.report.diagnosis?.reason.description.contains(reason) == true, "\(reason)")
        }
    }

    @Test func aTokenReadAgainIsTriedAFewTimesOnly() throws {
        var machine = try machine(.api)
        let failure = Failure(kind: .rejectedByServer, httpStatus: 401, errorID: nil, reason: "expired")
        let event = DrillEvent.issued(
            IssueReply(outcome: .again(failure), requestID: "r", wasSent: true, wasAnswered: true)
        )
        #expect(run(&machine, [event, event, event]) == ["issue", "issue", "issue", "finish"])
    }

    // MARK: what is asked for

    @Test func flowsAreAskedForByTheirTypeWhereTheServerKnowsTypes() throws {
        let issueRequest = { (way: DrillWay, provider: Provider) in
            DrillPlan(
                way,
                identity: .null,
                publicServer: try ServerURL("https://auth.example.com"),
                provider: provider
            ).issueRequest
        }
        #expect(try issueRequest(.api, .kratos).flowType == .api)
        #expect(try issueRequest(.browser, .oryNetwork).flowType == .browser)
        #expect(try issueRequest(.browser, .connhex).flowType == nil)
        #expect(try issueRequest(.link, .kratos).method == .link)
        #expect(try issueRequest(.link, .kratos).flowType == nil)
        #expect(Provider.connhex.refusal(of: .api)?.description.contains("browser") == true)
        #expect(Provider.connhex.refusal(of: .browser) == nil)
        #expect(Provider.kratos.refusal(of: .api) == nil)
    }
}
