// Answers of a real public port, and what they mean on the way from a code to a login.

import Drill
import HTTPTransport
import Providers
import Testing
import Model

@Suite struct SelfServiceReadingTests {
    private let reading = SelfServiceReading(hiding: [])

    private func kind<Value>(_ result: SelfServiceReading.ReadingResult<Value>) -> SelfServiceRefusal.Kind? {
        switch result {
        case .success: nil
        case .failure(let refusal): refusal.kind
        }
    }

    // MARK: what goes well

    @Test func aCodeOfAProgramOpensASessionAndASettingsFlow() throws {
        let answer = try reading.redeemed(try .recorded("cw_04n_api_ok"), asBrowser: false).get()
        guard case .entered(let session) = answer.value else {
            Issue.record("\(answer)")
            return
        }
        #expect(session.token?.revealed.hasPrefix("ory_st_") == true)
        #expect(session.settingsFlow?.count == 36)
        #expect(answer.status == 200)
        #expect(!answer.serverMessage.contains("ory_st_"))
    }

    @Test(arguments: ["04b_browser_ok_json", "cw_04b_browser_ok_json"])
    func aCodeOfABrowserOpensASettingsFlowByCookie(_ name: String) throws {
        let answer = try reading.redeemed(try .recorded(name), asBrowser: true).get()
        guard case .entered(let session) = answer.value else {
            Issue.record("\(answer)")
            return
        }
        #expect(session.token == nil)
        #expect(session.settingsFlow?.count == 36)
        #expect(!answer.serverMessage.contains("?"))
    }

    @Test(arguments: ["03l_link_redeem_html", "03l3_link_redeem_json", "cw_03l3_link_redeem_json"])
    func aLinkLeadsToTheSettingsWithACookie(_ name: String) throws {
        let answer = try reading.opened(try .recorded(name)).get()
        guard case .entered(let session) = answer.value else {
            Issue.record("\(answer)")
            return
        }
        #expect(session.settingsFlow?.count == 36)
        #expect(answer.status == 303)
        #expect(answer.serverMessage == "sent on to http://127.0.0.1:4455/settings, with a session cookie")
    }

    @Test func settingsShowTheirFormAndWhoseTheyAre() throws {
        let program = try reading.settings(try .recorded("cw_04n3_settings_flow_get")).get()
        #expect(program.value.csrf == nil)
        #expect(program.value.account?.identity?.text == "20802ae2-73b6-43c5-b989-3c7bcc9c159c")
        #expect(program.value.account?.identifier?.revealed == "batch00988@example.test")
        #expect(program.serverMessage.hasPrefix("You successfully recovered your account."))
        let browser = try reading.settings(try .recorded("04b3_settings_flow_get_cookie")).get()
        #expect(browser.value.csrf?.revealed.count == 88)
        #expect(try reading.settings(try .recorded("cw_04n4_settings_new_api")).get().value.flow.count == 36)
    }

    @Test(arguments: ["cw_04n6_settings_pw", "04b5_settings_post_pw", "cw_06f_settings_pw"])
    func aPasswordIsSet(_ name: String) throws {
        let answer = try reading.passwordSet(try .recorded(name)).get()
        #expect(answer.serverMessage == "Your changes have been saved!")
        #expect(answer.value?.identity != nil)
    }

    @Test func aLoginGivesATokenAndTheSessionTellsWhoseItIs() throws {
        #expect(try reading.loginStarted(try .recorded("cw_04n7_login_api")).get().value.count == 36)
        let login = try reading.loggedIn(try .recorded("cw_04n9_login_ok")).get()
        #expect(login.value.revealed.hasPrefix("ory_st_"))
        #expect(login.serverMessage == "an active session by password, aal1")
        let whoami = try reading.whoami(try .recorded("cw_04n10_whoami")).get()
        #expect(whoami.value.isActive)
        #expect(whoami.value.account?.identity?.text == "20802ae2-73b6-43c5-b989-3c7bcc9c159c")
    }

    @Test func aUserStartsARecoveryAndIsMailedACode() throws {
        #expect(
            try reading.recoveryStarted(try .recorded("cw_06a_recovery_api_init")).get().value.count == 36
        )
        let mailed = try reading.mailSent(try .recorded("cw_06b_recovery_api_submit_email")).get()
        #expect(mailed.serverMessage.hasPrefix("An email containing a recovery code has been sent"))
    }

    // MARK: what does not

    @Test(arguments: [
        ("04n_api_ok", SelfServiceRefusal.Kind.transitionsOff), ("04m_api_wrong", .codeWrong),
        ("cw_04m_api_wrong", .codeWrong), ("04a_browser_wrong", .codeWrong), ("04k_deleted", .codeWrong),
        ("cw_04o_api_reuse", .codeUsed), ("cw_04c_browser_reuse_nocookie", .codeUsed),
        ("cw_04q_api_try6_wrong", .codeLocked), ("cw_04q9_api_correct_after_lock", .codeLocked),
        ("cw_04f9_browser_correct_after_lock", .codeLocked), ("cw_04p_api_expired", .flowExpired),
        ("04j_inactive", .accountInactive), ("cw_04j_inactive", .accountInactive),
        ("04h_unknown_flow", .flowUnknown), ("04h2_malformed_flow", .refused),
        ("05off_code_redeem_earlier_code", .methodDisabled),
        ("cw_06i2_recovery_browser_nocsrf", .forgerySuspected),
    ])
    func aCodeIsRefusedForAReason(_ name: String, _ expected: SelfServiceRefusal.Kind) throws {
        for isBrowser in [false, true] where expected != .transitionsOff || !isBrowser {
            let result = reading.redeemed(try .recorded(name), asBrowser: isBrowser)
            #expect(kind(result) == expected, "\(name) \(result)")
        }
    }

    /// Where the transitions flag is off, refusals are redirects to another flow, which says why.
    @Test(arguments: [
        ("04o_api_reuse", "04o9_api_reuse_follow", SelfServiceRefusal.Kind.codeUsed),
        ("04q9_api_correct_after_lock", "04q9b_api_lock_follow", .codeLocked),
        ("04p_api_expired", "04p9_api_expired_follow", .flowExpired),
        ("04c_browser_reuse_nocookie", "04c9_browser_reuse_follow", .codeUsed),
        ("04f9_browser_correct_after_lock", "04f9b_browser_lock_follow", .codeLocked),
        ("04e_browser_expired", "04e9_browser_expired_follow", .flowExpired),
    ])
    func aRedirectIsReadForTheFlowThatSaysWhy(
        _ name: String,
        _ next: String,
        _ expected: SelfServiceRefusal.Kind
    ) throws {
        let answer = try reading.redeemed(try .recorded(name), asBrowser: name.contains("browser")).get()
        guard case .replaced(let flow) = answer.value else {
            Issue.record("\(answer)")
            return
        }
        #expect(flow.count == 36)
        let refusal = reading.replacement(try .recorded(next), status: answer.status)
        #expect(refusal.kind == expected)
        #expect(refusal.status == 303)
    }

    @Test(arguments: [
        "03l2_link_reuse_html", "03l4_link_reuse_json", "cw_03l4_link_reuse_json", "03l5_link_expired_json",
    ])
    func aLinkThatIsUsedOrExpiredLeadsToAnotherRecovery(_ name: String) throws {
        let answer = try reading.opened(try .recorded(name)).get()
        guard case .replaced = answer.value else {
            Issue.record("\(answer)")
            return
        }
    }

    @Test func aLinkOfAMethodThatIsOffIsRefused() throws {
        let result = reading.opened(try .recorded("05off_link_redeem_earlier_link"))
        #expect(kind(result) != nil)
    }

    @Test(arguments: ["cw_04n5_settings_short_pw", "cw_04n5b_settings_similar_pw"])
    func aPolicyRefusesAPassword(_ name: String) throws {
        let result = reading.passwordSet(try .recorded(name))
        #expect(kind(result) == .passwordRefused)
        guard case .failure(let refusal) = result else { return }
        #expect(refusal.serverMessage.hasPrefix("The password "))
    }

    @Test func otherStepsAreRefusedForTheirReasons() throws {
        #expect(
            kind(reading.settings(try .recorded("cw_04n3b_settings_flow_get_notoken"))) == .sessionMissing
        )
        #expect(kind(reading.passwordSet(try .recorded("04b4_settings_post_nocsrf"))) == .forgerySuspected)
        #expect(kind(reading.loggedIn(try .recorded("cw_04n8_login_wrong"))) == .loginRefused)
        #expect(kind(reading.whoami(try .recorded("cw_04n11_whoami_none"))) == .sessionMissing)
        #expect(kind(reading.whoami(try .recorded("cw_04n12_whoami_bad"))) == .sessionMissing)
        #expect(kind(reading.mailSent(try .recorded("cw_06h2_recovery_api_bad_email"))) == .emailRefused)
        let off = reading.recoveryStarted(try .recorded("05off_recovery_selfservice_api_init"))
        #expect(kind(off) == .recoveryDisabled)
        let byLink = reading.recoveryStarted(try .recorded("05off_code_selfservice_api_init"))
        #expect(kind(byLink) == .codeMethodDisabled)
    }

    /// Documented, not recorded: Kratos v26.2, `session/manager.go`, `settings/error.go`.
    @Test(arguments: [
        (
            403, #"{"error":{"id":"session_refresh_required","reason":"too old"}}"#,
            SelfServiceRefusal.Kind.sessionTooOld
        ),
        (403, #"{"error":{"id":"session_aal2_required","reason":"more"}}"#, .secondFactorNeeded),
        (
            422,
            #"{"error":{"id":"browser_location_change_required"},"#
                + #""redirect_browser_to":"https://x/login?aal=aal2"}"#,
            .secondFactorNeeded
        ),
        (
            400, #"{"id":"1","ui":{"messages":[{"id":4000010,"text":"Account not active yet."}]}}"#,
            .addressNotVerified
        ),
        (403, "<html>no</html>", .forbidden), (404, "404 page not found", .notThePublicPort),
        (405, "Method Not Allowed", .notThePublicPort), (307, "", .redirected), (429, "", .rateLimited),
        (502, "<html>", .serverError), (200, "<html>hello</html>", .notThePublicPort), (418, "", .refused),
    ])
    func theRestIsToldByStatusThenIDThenWords(
        _ status: Int,
        _ body: String,
        _ expected: SelfServiceRefusal.Kind
    ) {
        let response = HTTPResponse(
            status: status,
            headers: [
                HTTPHeader(
                    name: "Content-Type",
                    value: body.hasPrefix("{") ? "application/json" : "text/html"
                )
            ],
            body: Array(body.utf8)
        )
        #expect(kind(reading.passwordSet(response)) == expected)
    }

    @Test func silenceIsToldByItsCause() {
        let kinds: [(TransportError.Kind, SelfServiceRefusal.Kind)] = [
            (.hostNotResolved, .hostNotFound), (.certificate, .certificateRefused), (.timeout, .timedOut),
            (.connectionFailed, .notConnected), (.incompleteAnswer, .unreadable),
        ]
        for (kind, expected) in kinds {
            let error = TransportError(kind: kind, wasSent: false, message: "so it is")
            #expect(reading.refusal(error) == SelfServiceRefusal(expected, status: nil, "so it is"))
        }
    }
}
