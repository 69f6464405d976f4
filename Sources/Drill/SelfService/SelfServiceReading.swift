// From an answer of the public port to what it means for the way from a code to a login.

import Foundation
import Providers
package import HTTPTransport
package import Model

/// What an answer gave, and what the server said with it.
package struct Reading<Value: Sendable>: Sendable {
    package let value: Value
    package let status: Int
    /// The server's words, or what came, without secrets.
    package let serverMessage: String
}

/// The way in that a code or link opened.
package struct RecoveredSession: Hashable, Sendable {
    /// The session of a program; nil where a cookie stands for it.
    package let token: Secret<String>?
    /// The settings flow that follows; nil where the server named none.
    package let settingsFlow: String?
}

/// What became of a code or link.
package enum Redemption: Hashable, Sendable {
    case entered(RecoveredSession)
    /// It was not taken: another recovery flow says why.
    case replaced(flow: String)
}

/// A settings flow's form.
package struct SettingsForm: Sendable {
    package let flow: String
    package let csrf: Secret<String>?
    /// Nil where the flow does not show whose it is.
    package let account: AccountFacts?
}

/// A session by whoever holds its token.
package struct SessionFacts: Sendable {
    package let isActive: Bool
    package let account: AccountFacts?
}

/// Reads answers of the public port.
///
/// Facts: Ory Kratos v26.2, recorded with `feature_flags.use_continue_with_transitions` on and off.
package struct SelfServiceReading: Sendable {
    package typealias ReadingResult<Value: Sendable> = Result<Reading<Value>, SelfServiceRefusal>

    let redactor: Redactor

    /// The longest text of a server's that is shown, in Unicode scalars.
    static let lengthMax = 300

    /// - Parameter secrets: what must not stand in what the server said.
    package init(hiding secrets: [Secret<String>]) {
        redactor = Redactor(hiding: secrets, lengthMax: Self.lengthMax)
    }
}

// MARK: - Recovering

extension SelfServiceReading {
    /// A code that was posted to a flow for programs, or for browsers.
    package func redeemed(_ response: HTTPResponse, asBrowser isBrowser: Bool) -> ReadingResult<Redemption> {
        if response.status == 422, !isBrowser {
            return .failure(refusal(response, as: .transitionsOff))
        }
        if [302, 303, 422].contains(response.status) { return sentOn(response) }
        guard response.status == 200, let flow = flow(response) else { return .failure(refusal(response)) }
        guard flow.state == "passed_challenge" else { return .failure(refusal(flow, 200)) }
        let token = flow.continueWith.compactMap(\.token).first.map(Secret.init)
        let settings = flow.continueWith.first { $0.action == "show_settings_ui" }?.flow
        guard isBrowser || token != nil else {
            return .failure(
                SelfServiceRefusal(.noSessionToken, status: 200, "state passed_challenge, no session token")
            )
        }
        let what = isBrowser ? "a cookie" : "a session token"
        return reading(
            .entered(RecoveredSession(token: isBrowser ? nil : token, settingsFlow: settings)),
            response,
            "state passed_challenge, \(what) and a settings flow"
        )
    }

    /// A link that was opened.
    package func opened(_ response: HTTPResponse) -> ReadingResult<Redemption> {
        [302, 303, 422].contains(response.status) ? sentOn(response) : .failure(refusal(response))
    }

    /// A browser is sent on: to the settings with a session, or else to another recovery.
    private func sentOn(_ response: HTTPResponse) -> ReadingResult<Redemption> {
        guard let place = place(response) else { return .failure(refusal(response)) }
        guard let flow = place.flow else {
            return .failure(
                SelfServiceRefusal(
                    .redirected,
                    status: response.status,
                    redactor.said("sent on to \(place.page), with no flow")
                )
            )
        }
        guard Self.hasSessionCookie(response) else {
            return reading(.replaced(flow: flow), response, "sent on to \(place.page)")
        }
        return reading(
            .entered(RecoveredSession(token: nil, settingsFlow: flow)),
            response,
            "sent on to \(place.page), with a session cookie"
        )
    }

    /// What the flow says that took the place of the one that a code or link was for.
    ///
    /// Of a flow that expired the next one is shown to nobody who had no cookie before (recorded), so it is
    /// silent.
    package func replacement(_ response: HTTPResponse, status: Int) -> SelfServiceRefusal {
        guard response.status == 200, let flow = flow(response) else {
            return SelfServiceRefusal(
                .flowExpired,
                status: status,
                "sent on to another recovery flow, which is not shown (\(response.status)), as after an "
                    + "expiry"
            )
        }
        return refusal(flow, status)
    }

    /// A recovery that was started; the value is its flow.
    package func recoveryStarted(_ response: HTTPResponse) -> ReadingResult<String> {
        guard response.status == 200, let flow = flow(response) else { return .failure(refusal(response)) }
        let methods = flow.nodes.filter { $0.name == "method" }.compactMap(\.value)
        guard methods.contains("code") else {
            return .failure(
                SelfServiceRefusal(
                    .codeMethodDisabled,
                    status: 200,
                    redactor.said("methods offered: \(methods.joined(separator: ", "))")
                )
            )
        }
        return reading(flow.id, response, "state \(flow.state ?? "unknown")")
    }

    /// A code was asked for by mail; servers say the same of addresses that they don't know.
    package func mailSent(_ response: HTTPResponse) -> ReadingResult<Void> {
        guard response.status == 200, let flow = flow(response) else { return .failure(refusal(response)) }
        guard flow.state == "sent_email" else { return .failure(refusal(flow, 200)) }
        return reading((), response, words(flow) ?? "state sent_email")
    }
}

// MARK: - Changing the password, logging in

extension SelfServiceReading {
    package func settings(_ response: HTTPResponse) -> ReadingResult<SettingsForm> {
        guard response.status == 200, let flow = flow(response) else { return .failure(refusal(response)) }
        let form = SettingsForm(flow: flow.id, csrf: flow.csrfToken, account: flow.identity)
        return reading(form, response, words(flow) ?? "a settings flow")
    }

    /// A new password was posted; the value is whose it is.
    package func passwordSet(_ response: HTTPResponse) -> ReadingResult<AccountFacts?> {
        guard response.status == 200, let flow = flow(response) else {
            return .failure(refusal(response))
        }
        guard flow.state == "success" else { return .failure(refusal(flow, 200)) }
        return reading(flow.identity, response, words(flow) ?? "state success")
    }

    /// A login was started; the value is its flow.
    package func loginStarted(_ response: HTTPResponse) -> ReadingResult<String> {
        guard response.status == 200, let flow = flow(response) else { return .failure(refusal(response)) }
        return reading(flow.id, response, "a login flow")
    }

    /// A password was posted; the value is the session's token.
    package func loggedIn(_ response: HTTPResponse) -> ReadingResult<Secret<String>> {
        guard response.status == 200,
            let answer = try? JSONDecoder().decode(LoginAnswer.self, from: Data(response.body))
        else { return .failure(refusal(response)) }
        return reading(answer.token, response, words(answer.session))
    }

    package func whoami(_ response: HTTPResponse) -> ReadingResult<SessionFacts> {
        guard response.status == 200,
            let session = try? JSONDecoder().decode(SessionAnswer.self, from: Data(response.body))
        else { return .failure(refusal(response)) }
        let facts = SessionFacts(isActive: session.isActive, account: session.identity)
        return reading(facts, response, words(session))
    }

    /// The refusal that no answer is.
    package func refusal(_ error: TransportError) -> SelfServiceRefusal {
        SelfServiceRefusal(
            SelfServiceRefusal.Kind(error.kind),
            status: error.status,
            redactor.said(error.message)
        )
    }
}
