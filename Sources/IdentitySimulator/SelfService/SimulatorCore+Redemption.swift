// Redeeming codes and links: who has the right one is logged in and sent on to the settings.

import Model

extension SimulatorCore {
    /// A code that was posted to its flow.
    func redeem(
        code: String,
        _ flow: RecoveryFlow,
        _ visit: SelfServiceVisit,
        _ state: inout State
    ) -> Reply {
        var flow = flow
        flow.messages = []
        flow.tries += 1
        state.selfService.recoveries.keep(flow, flow.id)
        if flow.tries > selfServiceSettings.triesMax {
            let reason = "The request was submitted too often. Please request another code."
            return anew(flow, .generic(reason), visit, &state)
        }
        guard let expected = flow.code, expected == code, let identity = flow.identity,
            let account = state.account(identity)
        else {
            flow.messages = [.wrongCode]
            return shown(flow, status: 200, wasRead: true, visit, &state)
        }
        guard !flow.isUsed else {
            return anew(
                flow,
                .generic("The code was already used. Please request another code."),
                visit,
                &state
            )
        }
        flow.isUsed = true
        return loggedIn(account, flow, by: "code_recovery", visit, &state)
    }

    /// A link that was opened: even a scanner of mails that does so uses it up.
    func redeem(
        _ token: String,
        _ flow: RecoveryFlow,
        _ visit: SelfServiceVisit,
        _ state: inout State
    ) -> Reply {
        var flow = flow
        guard !flow.isUsed, flow.token == token, let identity = flow.identity,
            let account = state.account(identity)
        else { return anew(flow, .wrongToken, alwaysToPage: true, visit, &state) }
        flow.isUsed = true
        return loggedIn(account, flow, by: "link_recovery", visit, &state)
    }

    private func loggedIn(
        _ account: Account,
        _ flow: RecoveryFlow,
        by method: String,
        _ visit: SelfServiceVisit,
        _ state: inout State
    ) -> Reply {
        var flow = flow
        state.selfService.recoveries.keep(flow, flow.id)
        guard account.isActive else {
            let reply = Reply.accountDisabled(account.identity.text, cookies: newCSRF(&state).cookies, visit)
            return orErrorPage(reply, visit, &state)
        }
        flow.state = .passedChallenge
        if !flow.isIssued { verify(account, visit, &state) }

        let usesTransitions = selfServiceSettings.usesTransitions && method == "code_recovery"
        let csrf = flow.isBrowser ? newCSRF(&state) : .none
        let isSilent = !flow.isBrowser && !usesTransitions
        var cookies = csrf.cookies
        var token: String?
        // Without transitions nobody is told the token of an API flow's session.
        if !isSilent {
            let (session, secret) = newSession(
                account.identity,
                by: method,
                asBrowser: flow.isBrowser,
                visit,
                &state
            )
            if flow.isBrowser { cookies.append(cookie(session, secret, visit)) } else { token = secret }
        }
        if usesTransitions, flow.isBrowser { flow.csrf = csrf.token }
        state.selfService.recoveries.keep(flow, flow.id)

        let settings = recoveredSettings(flow, account, csrf.token, visit, &state)
        let page = "\(configuration.uiURL)/settings?flow=\(settings.text)"
        if method == "link_recovery" { return .seeOther(page, cookies: cookies) }
        guard usesTransitions else {
            return visit.wantsJSON
                ? .locationChange(to: page, cookies: cookies, visit) : .seeOther(page, cookies: cookies)
        }
        guard visit.wantsJSON || !flow.isBrowser else { return .seeOther(page, cookies: cookies) }
        var steps: [FlowJSON] = []
        if let token { steps.append(["action": "set_ory_session_token", "ory_session_token": .text(token)]) }
        steps.append([
            "action": "show_settings_ui", "flow": ["id": .text(settings.text), "url": .text(page)],
        ])
        var json = json(flow, &state)
        json.add("continue_with", .list(steps))
        json.add("transient_payload", [:])
        return .ok(json, cookies: cookies)
    }

    /// The settings flow that follows a recovery.
    private func recoveredSettings(
        _ flow: RecoveryFlow,
        _ account: Account,
        _ csrf: CSRFToken?,
        _ visit: SelfServiceVisit,
        _ state: inout State
    ) -> IdentityID {
        var settings = SettingsFlow(
            id: state.selfService.newID(),
            isBrowser: flow.isBrowser,
            issuedAt: visit.now,
            expiresAt: visit.now + selfServiceSettings.flowLifespan,
            requestURL: visit.url,
            identity: account.identity
        )
        settings.returnTo = flow.returnTo
        settings.csrf = csrf
        settings.messages = [
            .recovered(now: visit.now, privilegedFor: selfServiceSettings.privilegedFor)
        ]
        state.selfService.settings.keep(settings, settings.id)
        return settings.id
    }

    /// A code that came by mail shows that the address is the user's; one from an administrator doesn't.
    private func verify(_ account: Account, _ visit: SelfServiceVisit, _ state: inout State) {
        var profile = state.selfService.profiles[account.identity] ?? SelfServiceState.Profile()
        profile.verifiedAt = profile.verifiedAt ?? visit.now
        state.selfService.profiles.keep(profile, account.identity)
    }
}
