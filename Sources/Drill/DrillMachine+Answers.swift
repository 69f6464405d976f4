// What each answer of the public port leads to.

import HTTPTransport
import Providers
import Model

extension DrillMachine {
    mutating func answered(_ response: HTTPResponse) -> DrillAction {
        switch phase {
        case .startingRecovery: return recoveryStarted(response)
        case .mailing: return mailed(response)
        case .redeeming:
            return redeemed(.redeem, reading.redeemed(response, asBrowser: plan.way.usesCookies))
        case .openingLink: return redeemed(.openLink, reading.opened(response))
        case .seeingWhy(let step, let status):
            return fail(step, reading.replacement(response, status: status))
        case .settings: return settingsShown(response)
        case .settingPassword: return passwordSet(response)
        case .identifying:
            if let better = AccountFacts(response)?.identifier { identifier = better }
            return startLogin()
        case .startingLogin: return loginStarted(response)
        case .loggingIn: return loggedIn(response)
        case .checkingSession: return sessionShown(response)
        case .idle, .issuing, .readingCode, .finished:
            preconditionFailure("no request to the public port is under way")
        }
    }

    /// The refusal, or the silence, that ends the present step.
    mutating func refused(_ refusal: SelfServiceRefusal, wasSent: Bool) -> DrillAction {
        switch phase {
        case .startingRecovery: return fail(.startRecovery, refusal)
        case .mailing: return fail(.sendMail, refusal)
        case .redeeming: return fail(.redeem, refusal)
        case .openingLink: return fail(.openLink, refusal)
        case .seeingWhy(let step, _): return fail(step, refusal)
        case .settings: return fail(.settings, refusal)
        case .settingPassword:
            // It may be set, and nobody would know.
            report.passwordChange = wasSent ? .unsure : .none
            return fail(.setPassword, refusal)
        case .startingLogin, .loggingIn: return fail(.login, refusal)
        case .checkingSession: return fail(.whoami, refusal)
        case .idle, .issuing, .readingCode, .identifying, .finished:
            preconditionFailure("no request to the public port is under way")
        }
    }
}

// MARK: - Recovering

extension DrillMachine {
    private mutating func recoveryStarted(_ response: HTTPResponse) -> DrillAction {
        switch reading.recoveryStarted(response) {
        case .failure(let refusal): return fail(.startRecovery, refusal)
        case .success(let reading):
            pass(.startRecovery, reading)
            flow = reading.value
            phase = .mailing
            return ask(.sendMail(to: plan.email ?? "", flow: flow))
        }
    }

    private mutating func mailed(_ response: HTTPResponse) -> DrillAction {
        switch reading.mailSent(response) {
        case .failure(let refusal): return fail(.sendMail, refusal)
        case .success(let reading):
            pass(.sendMail, reading)
            phase = .readingCode
            return .readCode
        }
    }

    private mutating func redeemed(
        _ step: DrillStep,
        _ redemption: SelfServiceReading.ReadingResult<Redemption>
    ) -> DrillAction {
        switch redemption {
        case .failure(let refusal): return fail(step, refusal)
        case .success(let reading):
            switch reading.value {
            case .replaced(let flow):
                phase = .seeingWhy(step, status: reading.status)
                return ask(.recoveryFlow(flow))
            case .entered(let session):
                pass(step, reading)
                return enter(session)
            }
        }
    }

    private mutating func enter(_ session: RecoveredSession) -> DrillAction {
        token = session.token
        settingsFlow = session.settingsFlow
        phase = .settings
        if let settingsFlow { return ask(.settingsFlow(settingsFlow, token: token)) }
        if let token { return ask(.newSettingsFlow(token: token)) }
        return fail(
            .settings,
            SelfServiceRefusal(.unreadable, status: nil, "the server named no settings flow")
        )
    }
}

// MARK: - Changing the password

extension DrillMachine {
    private mutating func settingsShown(_ response: HTTPResponse) -> DrillAction {
        switch reading.settings(response) {
        case .failure(let refusal): return fail(.settings, refusal)
        case .success(let reading):
            if let failure = mismatch(reading.value.account, at: .settings, reading.status) { return failure }
            csrf = reading.value.csrf
            pass(.settings, reading)
            phase = .settingPassword
            return ask(.setPassword(password, flow: reading.value.flow, csrf: csrf, token: token))
        }
    }

    private mutating func passwordSet(_ response: HTTPResponse) -> DrillAction {
        switch reading.passwordSet(response) {
        case .failure(let refusal):
            let isUnsure = refusal.kind == .serverError || refusal.kind == .unreadable
            report.passwordChange = isUnsure ? .unsure : .none
            return fail(.setPassword, refusal)
        case .success(let reading):
            report.passwordChange = .made
            pass(.setPassword, reading)
            if plan.email == nil { identifier = reading.value?.identifier ?? identifier }
            guard plan.way != .selfService else { return startLogin() }
            // The password's own identifiers are shown to administrators, now that there is a password.
            phase = .identifying
            return .readIdentity
        }
    }

    /// Notes whose account it is; the failure where it is another than the one to be drilled on.
    private mutating func mismatch(
        _ account: AccountFacts?,
        at step: DrillStep,
        _ status: Int
    ) -> DrillAction? {
        guard let account, let identity = account.identity else { return nil }
        if plan.email == nil, identifier == nil { identifier = account.identifier }
        guard let expected = report.identity else {
            report.identity = identity
            return nil
        }
        guard expected != identity else { return nil }
        return fail(
            step,
            status: status,
            "this is the account of \(identity)",
            Diagnosis(
                "the server let us into another account than \(expected)",
                "stop handing out codes and find out why; with \(.selfService) check that the address is "
                    + "this identity's"
            )
        )
    }
}

// MARK: - Logging in

extension DrillMachine {
    /// A login is a program's, without the cookies of the recovery: as on another device.
    mutating func startLogin() -> DrillAction {
        guard identifier != nil else {
            return fail(
                .login,
                status: nil,
                "the identity shows nothing that its user could log in by",
                Diagnosis(
                    "the identity has no login identifier: no trait, no address",
                    "check the identity's schema (ory.sh/kratos, credentials.password.identifier)"
                )
            )
        }
        phase = .startingLogin
        return .ask(.startLogin, withCookies: false)
    }

    private mutating func loginStarted(_ response: HTTPResponse) -> DrillAction {
        switch reading.loginStarted(response) {
        case .failure(let refusal): return fail(.login, refusal)
        case .success(let reading):
            phase = .loggingIn
            let identifier = identifier ?? Secret("")
            return .ask(.logIn(identifier, password: password, flow: reading.value), withCookies: false)
        }
    }

    private mutating func loggedIn(_ response: HTTPResponse) -> DrillAction {
        switch reading.loggedIn(response) {
        case .failure(let refusal): return fail(.login, refusal)
        case .success(let reading):
            loginToken = reading.value
            pass(.login, reading)
            phase = .checkingSession
            return .ask(.whoami(token: reading.value), withCookies: false)
        }
    }

    private mutating func sessionShown(_ response: HTTPResponse) -> DrillAction {
        switch reading.whoami(response) {
        case .failure(let refusal): return fail(.whoami, refusal)
        case .success(let reading):
            if let failure = mismatch(reading.value.account, at: .whoami, reading.status) { return failure }
            guard reading.value.isActive else {
                return fail(
                    .whoami,
                    SelfServiceRefusal(.sessionMissing, status: reading.status, reading.serverMessage)
                )
            }
            pass(.whoami, reading)
            report.isOK = true
            phase = .finished
            return .finish
        }
    }
}
