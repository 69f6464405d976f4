// Recovery: showing flows, starting them, and what is posted to them.

import Model

extension SimulatorCore {
    private static let base = "/self-service/recovery"

    /// Answers `GET /self-service/recovery/flows?id=`.
    func showRecovery(_ visit: SelfServiceVisit, _ state: inout State) -> Reply {
        let csrf = csrf(visit, &state)
        guard let id = IdentityID(visit.query["id"]), let flow = state.selfService.recoveries[id] else {
            return .nothingThere(cookies: csrf.cookies, visit)
        }
        if flow.isBrowser, !flow.isIssued, flow.csrf == nil || flow.csrf != visit.csrf {
            return .forgery(cookies: csrf.cookies, visit)
        }
        guard flow.expiresAt.nanoseconds > visit.now.nanoseconds else {
            return .gone(
                "recovery",
                isBrowser: flow.isBrowser,
                returnTo: flow.returnTo,
                cookies: csrf.cookies,
                visit
            )
        }
        return .ok(json(flow, &state), cookies: csrf.cookies)
    }

    /// Answers `GET /self-service/recovery/api` and `/browser`.
    func startRecovery(_ visit: SelfServiceVisit, _ state: inout State, isBrowser: Bool) -> Reply {
        let csrf = isBrowser ? csrf(visit, &state) : .none
        guard selfServiceSettings.isRecoveryEnabled else {
            var reply = Reply.badRequest("Recovery is not allowed because it was disabled.", visit)
            reply.cookies = csrf.cookies
            return isBrowser ? orErrorPage(reply, visit, &state) : reply
        }
        let flow = newRecovery(visit, &state, isBrowser: isBrowser, csrf: csrf.token)
        state.selfService.recoveries.keep(flow, flow.id)
        if isBrowser, !visit.wantsJSON { return .seeOther(recoveryPage(flow), cookies: csrf.cookies) }
        return .ok(json(flow, &state), cookies: csrf.cookies)
    }

    /// Answers `POST /self-service/recovery?flow=`, and links: `GET /self-service/recovery?flow=&token=`.
    func submitRecovery(_ visit: SelfServiceVisit, _ state: inout State) -> Reply {
        guard let id = IdentityID(visit.query["flow"]) else {
            let reply = Reply.badRequest("The flow query parameter is missing or malformed.", visit)
            return orErrorPage(reply, visit, &state)
        }
        guard var flow = state.selfService.recoveries[id] else {
            let reply = Reply.notFound(
                "The recovery request could not be found. Please restart the flow.",
                visit
            )
            return orErrorPage(reply, visit, &state)
        }
        guard flow.expiresAt.nanoseconds > visit.now.nanoseconds else {
            return replaced(flow, visit, &state)
        }
        if !visit.query["token"].isEmpty {
            guard !state.selfService.switchedOff.contains(.link) else {
                return orErrorPage(.methodDisabled(visit), visit, &state)
            }
            return redeem(visit.query["token"], flow, visit, &state)
        }
        let fields: FormFields
        switch visit.fields() {
        case .success(let read): fields = read
        case .failure(let complaint):
            flow.messages = [.generic(complaint.text)]
            return shown(flow, status: 400, visit, &state)
        }
        let hasEmail = !fields["email"].isEmpty
        if flow.method == .code, flow.state != .chooseMethod, !hasEmail {
            if let refusal = refusal(of: &flow, fields, visit, &state) { return refusal }
            return redeem(code: fields["code"], flow, visit, &state)
        }
        guard !state.selfService.switchedOff.contains(flow.method) else {
            return orErrorPage(.methodDisabled(visit), visit, &state)
        }
        if let refusal = refusal(of: &flow, fields, visit, &state) { return refusal }
        return mail(to: fields["email"], flow, visit, &state)
    }

    /// What keeps a form from being looked at: a method that is off, or no token against forgery.
    private func refusal(
        of flow: inout RecoveryFlow,
        _ fields: FormFields,
        _ visit: SelfServiceVisit,
        _ state: inout State
    ) -> Reply? {
        guard !state.selfService.switchedOff.contains(flow.method) else {
            return orErrorPage(.methodDisabled(visit), visit, &state)
        }
        guard !flow.isIssued else { return nil }
        switch complaintAboutOrigin(isBrowser: flow.isBrowser, fields, visit, &state) {
        case nil: return nil
        case .message(let message):
            flow.messages = [message]
            return shown(flow, status: 400, visit, &state)
        case .refusal(let reply): return orErrorPage(reply, visit, &state)
        }
    }

    /// A user asks for a code or a link: it is mailed, if the address is anybody's.
    private func mail(
        to email: String,
        _ flow: RecoveryFlow,
        _ visit: SelfServiceVisit,
        _ state: inout State
    ) -> Reply {
        var flow = flow
        guard flow.state != .passedChallenge else {
            return anew(flow, .alreadyCompleted, visit, &state)
        }
        flow.messages = []
        flow.emailMessages = []
        guard email.contains("@"), !email.hasPrefix("@"), !email.hasSuffix("@") else {
            flow.emailMessages = [email.isEmpty ? .missing("email") : .badEmail(email)]
            return shown(flow, status: 400, visit, &state)
        }
        flow.state = .sentEmail
        flow.email = email
        flow.isUsed = false
        let isCode = flow.method == .code
        flow.messages = [isCode ? .codeMailed : .linkMailed]
        let account = state.account(email: email)
        flow.identity = account?.identity
        flow.code = isCode && account != nil ? state.selfService.newCode() : nil
        flow.token = !isCode && account != nil ? state.selfService.newLetters(32) : nil
        if let account { send(flow, account, email, visit, &state) }
        // A token in a form is made anew each time the form changes.
        return shown(flow, status: 200, wasRead: true, visit, &state)
    }

    private func send(
        _ flow: RecoveryFlow,
        _ account: Account,
        _ email: String,
        _ visit: SelfServiceVisit,
        _ state: inout State
    ) {
        let url = "\(visit.endpoints.publicURL)\(Self.base)?flow=\(flow.id.text)&token="
        let code = MailedCode(
            identity: account.identity,
            email: email,
            flow: flow.id,
            recoveryCode: flow.code,
            recoveryLink: flow.token.map { url + $0 }
        )
        let mail = Mail(
            id: state.selfService.newID(),
            recipient: email,
            template: flow.code != nil ? "recovery_code_valid" : "recovery_valid",
            sentAt: visit.now,
            code: code
        )
        state.selfService.keep(mail)
        mailLog?.write(mail.logLine(code))
    }
}

// MARK: flows and their pages

extension SimulatorCore {
    func newRecovery(
        _ visit: SelfServiceVisit,
        _ state: inout State,
        isBrowser: Bool,
        csrf: CSRFToken?,
        requestURL: String? = nil,
        returnTo: String? = nil
    ) -> RecoveryFlow {
        var flow = RecoveryFlow(
            id: state.selfService.newID(),
            isBrowser: isBrowser,
            issuedAt: visit.now,
            expiresAt: visit.now + selfServiceSettings.flowLifespan,
            requestURL: requestURL ?? visit.url,
            method: state.selfService.switchedOff.contains(.code) ? .link : .code
        )
        flow.returnTo = returnTo ?? visit.query["return_to"]
        flow.csrf = csrf
        return flow
    }

    /// The flow as it is shown now.
    func json(_ flow: RecoveryFlow, _ state: inout State) -> FlowJSON {
        let hasField = !flow.isIssued || flow.method == .link || flow.csrf != nil
        return flow.json(
            csrf: hasField ? state.selfService.masked(flow.csrf) : nil,
            action: "\(currentEndpoints.publicURL)\(Self.base)?flow=\(flow.id.text)"
        )
    }

    func recoveryPage(_ flow: RecoveryFlow) -> String {
        "\(configuration.uiURL)/recovery?flow=\(flow.id.text)"
    }

    /// Keeps a flow that was posted to and shows it, or sends a browser back to its page.
    ///
    /// - Parameter wasRead: whether the form was understood, which shows in the answer.
    func shown(
        _ flow: RecoveryFlow,
        status: Int,
        wasRead: Bool = false,
        _ visit: SelfServiceVisit,
        _ state: inout State
    ) -> Reply {
        state.selfService.recoveries.keep(flow, flow.id)
        if flow.isBrowser, !visit.wantsJSON { return .seeOther(recoveryPage(flow)) }
        var json = json(flow, &state)
        if wasRead { json.add("transient_payload", [:]) }
        return .ok(json, status: status)
    }

    /// A flow was used too late: another takes its place.
    private func replaced(
        _ flow: RecoveryFlow,
        _ visit: SelfServiceVisit,
        _ state: inout State
    ) -> Reply {
        var next = newRecovery(
            visit,
            &state,
            isBrowser: flow.isBrowser,
            // The token is the client's own, and no cookie is set for one that has none.
            csrf: flow.isBrowser ? visit.csrf : nil,
            requestURL: flow.requestURL,
            returnTo: flow.returnTo
        )
        next.messages = [.expired("recovery", at: flow.expiresAt, now: visit.now)]
        state.selfService.recoveries.keep(next, next.id)
        if selfServiceSettings.usesTransitions, !flow.isBrowser {
            return .expired(at: flow.expiresAt, next: next.id.text, action: "show_recovery_ui", visit)
        }
        guard visit.wantsJSON || !flow.isBrowser else { return .seeOther(recoveryPage(next)) }
        return .seeOther("\(visit.endpoints.publicURL)\(Self.base)/flows?id=\(next.id.text)")
    }

    /// A flow cannot be gone on with: another begins, which says why.
    func anew(
        _ flow: RecoveryFlow,
        _ message: UIMessage,
        alwaysToPage: Bool = false,
        _ visit: SelfServiceVisit,
        _ state: inout State
    ) -> Reply {
        let csrf = newCSRF(&state)
        var next = newRecovery(visit, &state, isBrowser: flow.isBrowser, csrf: csrf.token)
        next.messages = [message]
        state.selfService.recoveries.keep(next, next.id)
        guard visit.wantsJSON, !alwaysToPage else {
            return .seeOther(recoveryPage(next), cookies: csrf.cookies)
        }
        guard selfServiceSettings.usesTransitions else {
            let url = "\(visit.endpoints.publicURL)\(Self.base)/flows?id=\(next.id.text)"
            return .seeOther(url, cookies: csrf.cookies)
        }
        return .error(
            400,
            reason: message.text,
            details: [
                "continue_with": [["action": "show_recovery_ui", "flow": ["id": .text(next.id.text)]]]
            ],
            message: "The request was malformed or contained invalid parameters",
            cookies: csrf.cookies,
            visit
        )
    }

    /// An error for a client that reads JSON; a browser is sent to the page that shows it.
    func orErrorPage(_ reply: Reply, _ visit: SelfServiceVisit, _ state: inout State) -> Reply {
        guard !visit.wantsJSON else { return reply }
        let url = "\(configuration.uiURL)/error?id=\(state.selfService.newID().text)"
        return .seeOther(url, cookies: reply.cookies)
    }
}
