// Logging in with a password, and who a session belongs to.

import Model

extension SimulatorCore {
    private static let base = "/self-service/login"

    /// Answers `GET /self-service/login/api`.
    func startLogin(_ visit: SelfServiceVisit, _ state: inout State) -> Reply {
        let flow = newLogin(visit, &state)
        return .ok(json(flow))
    }

    /// Answers `GET /self-service/login/flows?id=`.
    func showLogin(_ visit: SelfServiceVisit, _ state: inout State) -> Reply {
        let csrf = csrf(visit, &state)
        guard let id = IdentityID(visit.query["id"]), let flow = state.selfService.logins[id] else {
            return .nothingThere(cookies: csrf.cookies, visit)
        }
        guard flow.expiresAt.nanoseconds > visit.now.nanoseconds else {
            return .gone("login", isBrowser: false, returnTo: "", cookies: csrf.cookies, visit)
        }
        return .ok(json(flow), cookies: csrf.cookies)
    }

    /// Answers `POST /self-service/login?flow=`.
    func submitLogin(_ visit: SelfServiceVisit, _ state: inout State) -> Reply {
        guard let id = IdentityID(visit.query["flow"]) else {
            return .badRequest("The flow query parameter is missing or malformed.", visit)
        }
        guard var flow = state.selfService.logins[id] else {
            return .notFound("The login request could not be found. Please restart the flow.", visit)
        }
        guard flow.expiresAt.nanoseconds > visit.now.nanoseconds else {
            var next = newLogin(visit, &state)
            next.messages = [.expired("login", at: flow.expiresAt, now: visit.now)]
            state.selfService.logins.keep(next, next.id)
            return .expired(at: flow.expiresAt, next: next.id.text, action: nil, visit)
        }
        flow.messages = []
        flow.passwordMessages = []
        let fields: FormFields
        switch visit.fields() {
        case .success(let read): fields = read
        case .failure(let complaint): return refused(&flow, .generic(complaint.text), &state)
        }
        switch complaintAboutOrigin(isBrowser: false, fields, visit, &state) {
        case nil: break
        case .message(let message): return refused(&flow, message, &state)
        case .refusal(let reply): return reply
        }
        flow.identifier = fields["identifier"]
        guard !fields["password"].isEmpty else {
            flow.passwordMessages = [.missing("password")]
            return refused(&flow, nil, &state)
        }
        guard let account = state.account(email: flow.identifier),
            account.password == fields["password"]
        else { return refused(&flow, .wrongPassword, &state) }
        guard account.isActive else {
            return .accountDisabled(account.identity.text, cookies: [], visit)
        }
        let (session, secret) = newSession(account.identity, by: "password", asBrowser: false, visit, &state)
        return .ok([
            "session_token": .text(secret), "session": session.json(identity: json(account, state)),
            "continue_with": nil,
        ])
    }

    /// Answers `GET /sessions/whoami`.
    func whoami(_ visit: SelfServiceVisit, _ state: inout State) -> Reply {
        guard let (session, account) = session(visit, state) else {
            return .unauthorized("No valid session credentials found in the request.", visit)
        }
        if selfServiceSettings.requiresSecondFactor { return secondFactor(visit) }
        var reply = Reply.ok(session.json(identity: json(account, state)))
        reply.identity = account.identity.text
        return reply
    }

    private func newLogin(_ visit: SelfServiceVisit, _ state: inout State) -> LoginFlow {
        let flow = LoginFlow(
            id: state.selfService.newID(),
            issuedAt: visit.now,
            expiresAt: visit.now + selfServiceSettings.flowLifespan,
            requestURL: visit.url
        )
        state.selfService.logins.keep(flow, flow.id)
        return flow
    }

    /// The form again with what is wrong with it.
    private func refused(_ flow: inout LoginFlow, _ message: UIMessage?, _ state: inout State) -> Reply {
        if let message { flow.messages = [message] }
        state.selfService.logins.keep(flow, flow.id)
        return .ok(json(flow), status: 400)
    }

    private func json(_ flow: LoginFlow) -> FlowJSON {
        flow.json(
            action: "\(currentEndpoints.publicURL)\(Self.base)?flow=\(flow.id.text)",
            titles: selfServiceSettings.titles
        )
    }
}
