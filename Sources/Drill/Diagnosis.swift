// From a refusal to the setting that is the likely reason: the table.

import Providers
package import Model

/// Why a drill failed, as far as the answer tells, and what to do.
package struct Diagnosis: Hashable, Sendable {
    /// The likely reason, with the setting's name where a setting is one.
    package let reason: Wording
    package let advice: Wording

    package init(_ reason: Wording, _ advice: Wording) {
        self.reason = reason
        self.advice = advice
    }
}

extension Diagnosis {
    /// Of a refusal by the public port, or of its silence.
    package init(_ kind: SelfServiceRefusal.Kind, at step: DrillStep, on way: DrillWay) {
        self =
            Self.ofCode(kind, way) ?? Self.ofSettings(kind, way) ?? Self.ofWay(kind, step, way)
            ?? Self.ofServer(kind)
    }

    /// The code or the link itself.
    private static func ofCode(_ kind: SelfServiceRefusal.Kind, _ way: DrillWay) -> Diagnosis? {
        let once: Wording = "issue another one, and look for who used it: each works once"
        switch kind {
        case .codeWrong where way == .selfService:
            return Diagnosis(
                "the code is not the one that was mailed, or the address is no account's recovery address",
                "take the code of the latest mail; see in the server's courier whether one was sent"
            )
        case .codeWrong:
            return Diagnosis(
                "the code is not this flow's, or the account was deleted in the meantime",
                "check that \(.server) and \(.publicServer) are the same installation, and that the "
                    + "account exists"
            )
        case .codeUsed: return Diagnosis("the code was already used", once)
        case .linkRefused:
            return Diagnosis(
                "the link was already used: whoever opens it first uses it up, a mail scanner too",
                "issue another one; codes (\(.method, "code")) are not used up by being looked at"
            )
        case .codeLocked:
            return Diagnosis(
                "the flow is locked after too many tries (5, unless configured)",
                "issue another code: this one works no more"
            )
        case .flowExpired:
            return Diagnosis(
                "the code or its flow has expired: expires_in, or selfservice.flows.recovery.lifespan and "
                    + "selfservice.methods.code.config.lifespan",
                "ask for a longer validity (\(.expiresIn) of run), and compare the server's clock with this "
                    + "one"
            )
        case .flowUnknown:
            return Diagnosis(
                "the server does not know the flow: \(.publicServer) is another installation than \(.server)",
                "give the public URL of the same server, and see that all its instances share one database"
            )
        case .accountInactive:
            return Diagnosis(
                "the account is inactive (state: inactive)",
                "set its state to active; run \(.verify) finds such accounts before anything is issued"
            )
        default: return nil
        }
    }

    /// The settings of the server.
    private static func ofSettings(_ kind: SelfServiceRefusal.Kind, _ way: DrillWay) -> Diagnosis? {
        switch kind {
        case .transitionsOff where way == .selfService:
            return Diagnosis(
                "feature_flags.use_continue_with_transitions is off on the server: a native client cannot "
                    + "finish a recovery there",
                "switch it on, or let users recover in a browser; \(.browser) drills that with an issued code"
            )
        case .transitionsOff:
            return Diagnosis(
                "feature_flags.use_continue_with_transitions is off on the server: a native client cannot "
                    + "redeem codes there",
                "switch it on, or issue codes for browsers (\(.flowType, "browser")) and drill with "
                    + "\(.browser)"
            )
        case .noSessionToken:
            return Diagnosis(
                "the code's flow is a browser's: the server knows no flow_type (Kratos before v1.2), or "
                    + "ignores it",
                "drill with \(.browser), or upgrade the server"
            )
        case .sessionTooOld:
            return Diagnosis(
                "selfservice.flows.settings.privileged_session_max_age is too short: the session of the "
                    + "recovery was no longer privileged when the password was set",
                "make it long enough for users to think of a password, 15m or so"
            )
        case .secondFactorNeeded:
            return Diagnosis(
                "the account has a second factor, and selfservice.flows.settings.required_aal or "
                    + "session.whoami.required_aal is highest_available: a recovery alone gives aal1",
                "drill on an account without a second factor; users who have one need it after the recovery, "
                    + "too"
            )
        case .forgerySuspected:
            return Diagnosis(
                "a form of the browser type came without its csrf_token or cookie (security_csrf_violation)",
                way.usesCookies
                    ? "see that the server's cookie domain (cookies.domain) fits \(.publicServer), "
                        + "that both are https or this machine, and that no gateway takes cookies out"
                    : "see that \(.publicServer) is the public port, and no gateway adds or changes cookies"
            )
        case .recoveryDisabled:
            return Diagnosis(
                "selfservice.flows.recovery.enabled is false: users cannot start a recovery",
                "switch it on; codes that an administrator issues work all the same"
            )
        case .codeMethodDisabled:
            return Diagnosis(
                "selfservice.methods.code.enabled, or selfservice.flows.recovery.use, lets users recover by "
                    + "link only",
                "set selfservice.flows.recovery.use to code"
            )
        case .methodDisabled:
            return Diagnosis(
                "selfservice.methods.\(way == .link ? "link" : "code").enabled is false on the server",
                "switch the method on, or drill the other one"
            )
        default: return nil
        }
    }

    /// The way from the code to the login.
    private static func ofWay(
        _ kind: SelfServiceRefusal.Kind,
        _ step: DrillStep,
        _ way: DrillWay
    ) -> Diagnosis? {
        switch kind {
        case .sessionMissing where way.usesCookies && step != .whoami:
            return Diagnosis(
                "the session's cookie did not come back: cookies.domain does not fit the host of "
                    + "\(.publicServer), or the cookie is Secure and \(.publicServer) is http",
                "give the URL that users' browsers see; browsers would drop the cookie as well"
            )
        case .sessionMissing:
            return Diagnosis(
                "the session is not known any more: session.lifespan is too short, or \(.publicServer) is "
                    + "several servers without a common database",
                "check session.lifespan, and that all instances share one database and the same secrets"
            )
        case .passwordRefused:
            return Diagnosis(
                "the password policy refuses a random password of 32 characters: "
                    + "selfservice.methods.password.config, or a web hook",
                "see what the server says above; it may have a maximum length or ask for other characters"
            )
        case .loginRefused:
            return Diagnosis(
                "the server does not take the new password with this login identifier: the schema's password "
                    + "identifier is another trait, or selfservice.methods.password is off",
                "check the identity's schema (ory.sh/kratos, credentials.password.identifier); with "
                    + "\(.selfService) give the address that the user logs in by"
            )
        case .addressNotVerified:
            return Diagnosis(
                "selfservice.flows.login.after.password.hooks has require_verified_address, and an issued "
                    + "code or link does not verify the address",
                "verify the address on import, or have users verify it; \(.selfService) does so by its mail"
            )
        case .emailRefused:
            return Diagnosis("the address is none that the server takes", "check \(.selfService)")
        default: return nil
        }
    }

    /// The server, or what stands before it.
    private static func ofServer(_ kind: SelfServiceRefusal.Kind) -> Diagnosis {
        let isThere: Wording = "check that the server runs, and the host and port of \(.publicServer)"
        switch kind {
        case .notThePublicPort:
            return Diagnosis(
                "\(.publicServer) is not the server's public port: there is no self-service there",
                "give the URL of the public port (4433 unless configured otherwise), with its path if it has "
                    + "one"
            )
        case .redirected:
            return Diagnosis(
                "\(.publicServer) redirects: it is the admin port, or http where https is served",
                "give the final URL of the public port (4433 unless configured otherwise)"
            )
        case .forbidden:
            return Diagnosis(
                "a gateway, or a setting of the server, forbids it",
                "see the gateway's rules for /self-service/ and /sessions/whoami"
            )
        case .rateLimited:
            return Diagnosis("the server limits how often it is asked", "wait a minute and drill again")
        case .serverError:
            return Diagnosis("the server failed", "see its log, then drill again")
        case .unreadable:
            return Diagnosis(
                "the answer is not the one that Kratos gives: a gateway changes it, or the server is "
                    + "another version",
                "ask the server itself, past the gateway"
            )
        case .hostNotFound:
            return Diagnosis(
                "the host of \(.publicServer), or the proxy, has no address",
                "check the name, and \(.proxy)"
            )
        case .certificateRefused:
            return Diagnosis(
                "the certificate of \(.publicServer) does not verify",
                "check its name, its dates and its authority; \(.authorities) names an authority of your own"
            )
        case .timedOut:
            return Diagnosis(
                "\(.publicServer) did not answer in time",
                isThere + "; \(.timeout) lets it take longer"
            )
        case .notConnected:
            return Diagnosis("\(.publicServer) could not be reached, or broke off", isThere)
        default:
            return Diagnosis(
                "the server refuses it for a reason of its own",
                "see what it says above, and its log"
            )
        }
    }
}
