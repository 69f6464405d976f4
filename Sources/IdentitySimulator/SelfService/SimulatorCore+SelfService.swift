// The endpoints of self-service, and what all its flows share: cookies, sessions, accounts.

import Synchronization
import Model

extension SimulatorCore {
    var selfServiceSettings: SelfServiceSettings { configuration.selfService }

    /// The answer to a request for self-service; nil where it is none.
    func selfService(_ request: SimulatedRequest) -> Answer? {
        let isOurs = request.path.hasPrefix("/self-service/") || request.path == "/sessions/whoami"
        guard isOurs else { return nil }
        let visit = SelfServiceVisit(request, now: now(), endpoints: currentEndpoints)
        return state.withLock { reply(to: visit, &$0) }?.answer(to: request)
    }

    private func reply(to visit: SelfServiceVisit, _ state: inout State) -> Reply? {
        switch (visit.request.method, visit.request.path) {
        case ("GET", "/self-service/recovery/flows"): showRecovery(visit, &state)
        case ("GET", "/self-service/recovery/api"): startRecovery(visit, &state, isBrowser: false)
        case ("GET", "/self-service/recovery/browser"): startRecovery(visit, &state, isBrowser: true)
        case ("GET", "/self-service/recovery"), ("POST", "/self-service/recovery"):
            submitRecovery(visit, &state)
        case ("GET", "/self-service/settings/flows"): showSettings(visit, &state)
        case ("GET", "/self-service/settings/api"): startSettings(visit, &state, isBrowser: false)
        case ("GET", "/self-service/settings/browser"): startSettings(visit, &state, isBrowser: true)
        case ("POST", "/self-service/settings"): submitSettings(visit, &state)
        case ("GET", "/self-service/login/flows"): showLogin(visit, &state)
        case ("GET", "/self-service/login/api"): startLogin(visit, &state)
        case ("POST", "/self-service/login"): submitLogin(visit, &state)
        case ("GET", "/sessions/whoami"): whoami(visit, &state)
        default: nil
        }
    }

    /// Remembers what was issued, for its code or link to be redeemed.
    func remember(
        _ record: IssuedRecord,
        asBrowser isBrowser: Bool,
        until expiry: GoTime,
        _ request: SimulatedRequest,
        _ time: GoTime,
        _ state: inout State
    ) {
        let link = FormFields(encoded: record.recoveryLink.drop { $0 != "?" }.dropFirst())
        guard let id = IdentityID(link["flow"]) else { return }
        var flow = RecoveryFlow(
            id: id,
            isBrowser: isBrowser,
            issuedAt: time,
            expiresAt: expiry,
            requestURL: currentEndpoints.adminURL + request.uri,
            method: record.endpoint
        )
        flow.returnTo = FormFields(encoded: request.query)["return_to"]
        flow.isIssued = true
        flow.state = record.endpoint == .code ? .sentEmail : .chooseMethod
        flow.identity = record.identity
        flow.code = record.recoveryCode
        flow.token = link["token"]
        state.selfService.recoveries.keep(flow, id)
    }
}

// MARK: cookies

extension SimulatorCore {
    /// A new token against forgery as a cookie.
    func csrfCookie(_ token: CSRFToken) -> String {
        "\(CSRFToken.cookieName)=\(token.cookieValue); Path=/; Max-Age=31536000; HttpOnly; "
            + "Secure; SameSite=Lax"
    }

    /// The client's token, or a new one with the cookie to set for it.
    func csrf(_ visit: SelfServiceVisit, _ state: inout State) -> CSRFGrant {
        if let token = visit.csrf { return CSRFGrant(token: token) }
        return newCSRF(&state)
    }

    func newCSRF(_ state: inout State) -> CSRFGrant {
        guard let token = state.selfService.newCSRF() else { return .none }
        return CSRFGrant(token: token, cookies: [csrfCookie(token)])
    }

    /// Whether a form may go on; the refusal where it may not.
    ///
    /// - Parameter isBrowser: forms of browsers need their token, others must come without cookies.
    func complaintAboutOrigin(
        isBrowser: Bool,
        _ fields: FormFields,
        _ visit: SelfServiceVisit,
        _ state: inout State
    ) -> OriginComplaint? {
        guard isBrowser else {
            let header =
                !visit.request.header("Origin").isEmpty ? "Origin" : visit.hasCookies ? "Cookie" : ""
            return header.isEmpty ? nil : .message(.generic(Self.browserWords(header)))
        }
        let token = visit.csrf
        if let token, token.matches(fields["csrf_token"]) { return nil }
        return .refusal(.forgery(cookies: csrf(visit, &state).cookies, visit))
    }

    enum OriginComplaint {
        case message(UIMessage)
        case refusal(Reply)
    }

    private static func browserWords(_ header: String) -> String {
        let client = header == "Origin" ? "as part of an AJAX request in a Browser" : "by a Browser"
        return
            "The HTTP Request Header included the \"\(header)\" key, indicating that this request was made "
            + "\(client). The flow however was initiated as an API request. To prevent potential misuse and "
            + "mitigate several attack vectors including CSRF, the request has been blocked. Please consult "
            + "the documentation."
    }
}

// MARK: sessions and accounts

extension SimulatorCore {
    /// Logs an identity in: a session and the secret that stands for it.
    func newSession(
        _ identity: IdentityID,
        by method: String,
        asBrowser isBrowser: Bool,
        _ visit: SelfServiceVisit,
        _ state: inout State
    ) -> (session: Session, secret: String) {
        let session = Session(
            id: state.selfService.newID(),
            identity: identity,
            method: method,
            issuedAt: visit.now,
            createdAt: state.selfService.sessionTime(visit.now),
            expiresAt: visit.now + selfServiceSettings.sessionLifespan,
            device: state.selfService.newID(),
            address: "127.0.0.1:\(32_768 + visit.request.connection % 28_000)",
            userAgent: visit.request.header("User-Agent")
        )
        state.selfService.keep(session)
        return (session, newSecret(of: session, asBrowser: isBrowser, &state))
    }

    func newSecret(of session: Session, asBrowser isBrowser: Bool, _ state: inout State) -> String {
        let secret =
            isBrowser
            ? Base64.encoded(state.selfService.bytes(289)) : "ory_st_" + state.selfService.newLetters(32)
        state.selfService.secrets.keep(session.id, secret)
        return secret
    }

    /// The cookie of a session, which lives for the whole seconds that are left of it.
    func cookie(_ session: Session, _ secret: String, _ visit: SelfServiceVisit) -> String {
        // A session lasts a little less than it did when it began, however fast this was.
        let left = (session.expiresAt - visit.now).nanoseconds - 1
        let seconds = max(0, left / 1_000_000_000)
        let end = (visit.now + GoDuration(nanoseconds: seconds * 1_000_000_000)).httpDate
        return
            "\(Session.cookieName)=\(secret); Path=/; Expires=\(end); Max-Age=\(seconds); HttpOnly; Secure; "
            + "SameSite=Lax"
    }

    /// The live session of a request with its account.
    func session(_ visit: SelfServiceVisit, _ state: State) -> (session: Session, account: Account)? {
        guard let secret = visit.sessionSecret, let id = state.selfService.secrets[secret],
            let session = state.selfService.sessions[id],
            session.expiresAt.nanoseconds > visit.now.nanoseconds,
            let account = state.account(session.identity), account.isActive
        else { return nil }
        return (session, account)
    }

    /// The account as Kratos shows it to its user.
    func json(_ account: Account, _ state: State) -> FlowJSON {
        let profile = state.selfService.profiles[account.identity]
        var json = account.json(schemaURL: accountWriter.schemaURL)
        guard let email = account.email else {
            json.add(times: account)
            return json
        }
        let verifiedAt = profile?.verifiedAt
        let isVerified = account.isVerified || verifiedAt != nil
        let status = isVerified ? "completed" : profile?.hasVerificationMail == true ? "sent" : "pending"
        let created = FlowJSON.text(account.createdAt.inDatabase)
        var address: FlowJSON = [
            "id": .text(accountWriter.addressID(account, 1)), "value": .text(email),
            "verified": .truth(isVerified), "via": "email", "status": .text(status),
        ]
        address.add("verified_at", verifiedAt.map(FlowJSON.time))
        address.add("created_at", created)
        address.add("updated_at", created)
        json.add("verifiable_addresses", [address])
        let recovery: FlowJSON = [
            "id": .text(accountWriter.addressID(account, 2)), "value": .text(email), "via": "email",
            "created_at": created, "updated_at": created,
        ]
        json.add("recovery_addresses", [recovery])
        json.add(times: account)
        return json
    }
}

extension Account {
    /// The identity as sessions show it, as far as its addresses.
    func json(schemaURL: String) -> FlowJSON {
        var json: FlowJSON = ["id": .text(identity.text)]
        if !externalID.isEmpty { json.add("external_id", .text(externalID)) }
        json.add("schema_id", "default")
        json.add("schema_url", .text(schemaURL))
        json.add("state", isActive ? "active" : "inactive")
        json.add("state_changed_at", .time(stateChangedAt))
        json.add("traits", .tree(traits))
        return json
    }
}

extension FlowJSON {
    /// Adds what comes after the addresses of an identity.
    mutating func add(times account: Account) {
        add("metadata_public", .tree(account.metadataPublic))
        add("created_at", .text(account.createdAt.inDatabase))
        add("updated_at", .text(account.updatedAt.inDatabase))
        add("organization_id", FlowJSON.null)
    }
}
