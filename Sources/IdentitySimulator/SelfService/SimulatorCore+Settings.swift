// Settings: what a recovered user posts a new password to.

import Model

extension SimulatorCore {
    private static let base = "/self-service/settings"

    /// Answers `GET /self-service/settings/flows?id=`.
    func showSettings(_ visit: SelfServiceVisit, _ state: inout State) -> Reply {
        let csrf = csrf(visit, &state)
        guard let (session, account) = session(visit, state) else {
            return .unauthorized(Self.missingSession, cookies: csrf.cookies, visit)
        }
        guard let id = IdentityID(visit.query["id"]), let flow = state.selfService.settings[id] else {
            return .nothingThere(cookies: csrf.cookies, visit)
        }
        guard flow.identity == session.identity else {
            return .error(
                id: "security_identity_mismatch",
                403,
                reason:
                    "The request was made for another identity and has been blocked for security reasons.",
                message: "The requested action was forbidden",
                cookies: csrf.cookies,
                visit
            )
        }
        if selfServiceSettings.requiresSecondFactor { return secondFactor(visit) }
        guard flow.expiresAt.nanoseconds > visit.now.nanoseconds else {
            return .gone(
                "settings",
                isBrowser: flow.isBrowser,
                returnTo: flow.returnTo,
                cookies: csrf.cookies,
                visit
            )
        }
        return .ok(json(flow, account, &state), cookies: csrf.cookies)
    }

    /// Answers `GET /self-service/settings/api` and `/browser`.
    func startSettings(_ visit: SelfServiceVisit, _ state: inout State, isBrowser: Bool) -> Reply {
        let csrf = isBrowser ? csrf(visit, &state) : .none
        guard let (_, account) = session(visit, state) else {
            return loginNeeded(cookies: csrf.cookies, isAPI: !isBrowser, visit)
        }
        if selfServiceSettings.requiresSecondFactor { return secondFactor(visit) }
        let flow = newSettings(account, isBrowser: isBrowser, csrf: csrf.token, visit, &state)
        guard visit.wantsJSON || !isBrowser else {
            return .seeOther(settingsPage(flow), cookies: csrf.cookies)
        }
        return .ok(json(flow, account, &state), cookies: csrf.cookies)
    }

    /// Answers `POST /self-service/settings?flow=`.
    func submitSettings(_ visit: SelfServiceVisit, _ state: inout State) -> Reply {
        guard let (session, account) = session(visit, state) else {
            return loginNeeded(cookies: [], isAPI: false, visit)
        }
        guard let id = IdentityID(visit.query["flow"]) else {
            let reply = Reply.badRequest("The flow query parameter is missing or malformed.", visit)
            return orErrorPage(reply, visit, &state)
        }
        guard var flow = state.selfService.settings[id] else {
            let reply = Reply.notFound(
                "The settings request could not be found. Please restart the flow.",
                visit
            )
            return orErrorPage(reply, visit, &state)
        }
        if selfServiceSettings.requiresSecondFactor { return secondFactor(visit) }
        guard flow.expiresAt.nanoseconds > visit.now.nanoseconds else {
            return replaced(flow, account, visit, &state)
        }
        guard flow.identity == session.identity else {
            let reply = Reply.error(
                id: "security_identity_mismatch",
                400,
                reason:
                    "You must restart the flow because the resumable session was initiated by "
                    + "another person.",
                message: "The request was malformed or contained invalid parameters",
                visit
            )
            return orErrorPage(reply, visit, &state)
        }
        flow.messages = []
        flow.passwordMessages = []
        flow.isDone = false
        let fields: FormFields
        switch visit.fields() {
        case .success(let read): fields = read
        case .failure(let complaint):
            flow.messages = [.generic(complaint.text)]
            return refused(flow, account, visit, &state)
        }
        switch complaintAboutOrigin(isBrowser: flow.isBrowser, fields, visit, &state) {
        case nil: break
        case .message(let message):
            flow.messages = [message]
            return refused(flow, account, visit, &state)
        case .refusal(let reply): return orErrorPage(reply, visit, &state)
        }
        guard fields["method"] == "password" || !fields["password"].isEmpty else {
            flow.messages = [Self.noMethod]
            return refused(flow, account, visit, &state)
        }
        let privilegedUntil = session.issuedAt + selfServiceSettings.privilegedFor
        guard privilegedUntil.nanoseconds > visit.now.nanoseconds else { return freshLogin(flow, visit) }
        let password = fields["password"]
        let rule = PasswordRule(lengthMin: selfServiceSettings.passwordLengthMin)
        if let complaint = rule.complaint(about: password, of: account.email) {
            flow.passwordMessages = [complaint]
            return refused(flow, account, visit, &state)
        }
        return saved(password, flow, session, account, visit, &state)
    }

    private func saved(
        _ password: String,
        _ flow: SettingsFlow,
        _ session: Session,
        _ account: Account,
        _ visit: SelfServiceVisit,
        _ state: inout State
    ) -> Reply {
        var flow = flow
        var profile = state.selfService.profiles[account.identity] ?? SelfServiceState.Profile()
        profile.password = password
        profile.changedAt = visit.now
        let isToBeVerified = selfServiceSettings.verifiesAddresses && profile.verifiedAt == nil
        if let email = account.email, isToBeVerified, !profile.hasVerificationMail {
            profile.hasVerificationMail = true
            let mail = Mail(
                id: state.selfService.newID(),
                recipient: email,
                template: "verification_code_valid",
                sentAt: visit.now,
                code: nil
            )
            state.selfService.keep(mail)
        }
        state.selfService.profiles.keep(profile, account.identity)
        // What follows shows it with its new times.
        let account = state.account(account.identity) ?? account
        flow.isDone = true
        flow.messages = [.saved]
        state.selfService.settings.keep(flow, flow.id)

        let next = flow.returnTo.isEmpty ? settingsPage(flow) : flow.returnTo
        // Kratos shows the URL of a flow that nobody has.
        let action = "\(visit.endpoints.publicURL)\(Self.base)?flow=\(state.selfService.newID().text)"
        guard flow.isBrowser else { return .ok(json(flow, account, action: action, &state)) }
        let secret = newSecret(of: session, asBrowser: true, &state)
        let cookies = [cookie(session, secret, visit)]
        guard visit.wantsJSON else { return .seeOther(next, cookies: cookies) }
        var json = json(flow, account, action: action, &state)
        json.add(
            "continue_with",
            [["action": "redirect_browser_to", "redirect_browser_to": .text(next)]]
        )
        return .ok(json, cookies: cookies)
    }
}

// MARK: refusals

extension SimulatorCore {
    static let missingSession = "A valid Ory Session Cookie or Ory Session Token is missing."
    private static let noMethod = UIMessage(
        id: 4_050_002,
        text: "Could not find any strategy to update your settings. Did you choose the correct one?"
    )

    private func loginNeeded(cookies: [String], isAPI: Bool, _ visit: SelfServiceVisit) -> Reply {
        guard visit.wantsJSON || isAPI else {
            return .seeOther("\(visit.endpoints.publicURL)/self-service/login/browser", cookies: cookies)
        }
        return .unauthorized(Self.missingSession, cookies: cookies, visit)
    }

    /// The form again with what is wrong with it.
    private func refused(
        _ flow: SettingsFlow,
        _ account: Account,
        _ visit: SelfServiceVisit,
        _ state: inout State
    ) -> Reply {
        state.selfService.settings.keep(flow, flow.id)
        guard visit.wantsJSON || !flow.isBrowser else { return .seeOther(settingsPage(flow)) }
        return .ok(json(flow, account, &state), status: 400)
    }

    private func replaced(
        _ flow: SettingsFlow,
        _ account: Account,
        _ visit: SelfServiceVisit,
        _ state: inout State
    ) -> Reply {
        var next = newSettings(account, isBrowser: flow.isBrowser, csrf: visit.csrf, visit, &state)
        next.messages = [.expired("settings", at: flow.expiresAt, now: visit.now)]
        state.selfService.settings.keep(next, next.id)
        guard visit.wantsJSON || !flow.isBrowser else { return .seeOther(settingsPage(next)) }
        return .expired(at: flow.expiresAt, next: next.id.text, action: nil, visit)
    }

    /// The session is too old for changing a password (Kratos, `settings/error.go`).
    private func freshLogin(_ flow: SettingsFlow, _ visit: SelfServiceVisit) -> Reply {
        var escaped = ""
        for byte in visit.url.utf8 {
            let isPlain =
                (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || byte == 0x2d
                || (0x61...0x7a).contains(byte) || byte == 0x2e || byte == 0x5f || byte == 0x7e
            let hex = String(byte, radix: 16, uppercase: true)
            escaped += isPlain ? String(Unicode.Scalar(byte)) : byte < 16 ? "%0\(hex)" : "%\(hex)"
        }
        let url = "\(visit.endpoints.publicURL)/self-service/login/browser?refresh=true&return_to=\(escaped)"
        guard visit.wantsJSON || !flow.isBrowser else { return .seeOther(url) }
        return .error(
            id: "session_refresh_required",
            403,
            reason: "The login session is too old and thus not allowed to update these fields. "
                + "Please re-authenticate.",
            message: "The requested action was forbidden",
            beside: [("redirect_browser_to", .text(url))],
            visit
        )
    }

    /// The session lacks a second factor that its identity has (Kratos, `session/manager.go`).
    func secondFactor(_ visit: SelfServiceVisit) -> Reply {
        let url = "\(visit.endpoints.publicURL)/self-service/login/browser?aal=aal2"
        return .error(
            id: "session_aal2_required",
            403,
            reason:
                "An active session was found but it does not fulfill the requested Authenticator Assurance "
                + "Level. Please verify yourself with a second factor to resolve this issue.",
            details: ["redirect_browser_to": .text(url)],
            message: "Session does not fulfill the requested Authenticator Assurance Level",
            beside: [("redirect_browser_to", .text(url))],
            visit
        )
    }
}

// MARK: flows and their pages

extension SimulatorCore {
    private func newSettings(
        _ account: Account,
        isBrowser: Bool,
        csrf: CSRFToken?,
        _ visit: SelfServiceVisit,
        _ state: inout State
    ) -> SettingsFlow {
        var flow = SettingsFlow(
            id: state.selfService.newID(),
            isBrowser: isBrowser,
            issuedAt: visit.now,
            expiresAt: visit.now + selfServiceSettings.flowLifespan,
            requestURL: visit.url,
            identity: account.identity
        )
        flow.returnTo = visit.query["return_to"]
        flow.csrf = isBrowser ? csrf : nil
        state.selfService.settings.keep(flow, flow.id)
        return flow
    }

    private func settingsPage(_ flow: SettingsFlow) -> String {
        "\(configuration.uiURL)/settings?flow=\(flow.id.text)"
    }

    private func json(
        _ flow: SettingsFlow,
        _ account: Account,
        action: String? = nil,
        _ state: inout State
    ) -> FlowJSON {
        let csrf = state.selfService.masked(flow.csrf)
        return flow.json(
            csrf: csrf,
            action: action ?? "\(currentEndpoints.publicURL)\(Self.base)?flow=\(flow.id.text)",
            account: account,
            titles: selfServiceSettings.titles,
            identity: json(account, state)
        )
    }
}
