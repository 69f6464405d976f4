// From a refusal to the setting that is the likely reason.

import Drill
import Providers
import Testing
import Model

@Suite struct DiagnosisTests {
    @Test(arguments: [
        (
            SelfServiceRefusal.Kind.transitionsOff, DrillStep.redeem, DrillWay.api,
            "feature_flags.use_continue_with_transitions", "browser"
        ),
        (.transitionsOff, .redeem, .selfService, "cannot finish a recovery", "browser"),
        (.noSessionToken, .redeem, .api, "flow_type", "browser"),
        (.sessionTooOld, .setPassword, .api, "selfservice.flows.settings.privileged_session_max_age", "15m"),
        (.secondFactorNeeded, .settings, .api, "required_aal", "without a second factor"),
        (.accountInactive, .redeem, .api, "inactive", "active"),
        (.codeUsed, .redeem, .api, "already used", "issue another"),
        (.codeLocked, .redeem, .browser, "too many tries", "issue another"),
        (.flowExpired, .redeem, .browser, "expired", "clock"),
        (.codeWrong, .redeem, .selfService, "mailed", "latest mail"),
        (.codeWrong, .redeem, .api, "deleted", "same installation"),
        (.linkRefused, .openLink, .link, "mail scanner", "codes"),
        (.passwordRefused, .setPassword, .api, "selfservice.methods.password.config", "maximum"),
        (.notThePublicPort, .redeem, .api, "public-server", "4433"),
        (.redirected, .redeem, .api, "admin port", "4433"),
        (.flowUnknown, .redeem, .api, "another installation", "database"),
        (.forgerySuspected, .setPassword, .browser, "security_csrf_violation", "cookies.domain"),
        (.forgerySuspected, .redeem, .api, "csrf_token", "public port"),
        (.recoveryDisabled, .startRecovery, .selfService, "selfservice.flows.recovery.enabled", "issue"),
        (.codeMethodDisabled, .startRecovery, .selfService, "selfservice.flows.recovery.use", "code"),
        (.methodDisabled, .openLink, .link, "selfservice.methods.link.enabled", "other"),
        (.methodDisabled, .redeem, .api, "selfservice.methods.code.enabled", "other"),
        (.sessionMissing, .settings, .browser, "cookie", "URL that users' browsers see"),
        (.sessionMissing, .whoami, .browser, "session.lifespan", "database"),
        (.loginRefused, .login, .api, "identifier", "ory.sh/kratos"),
        (.addressNotVerified, .login, .link, "require_verified_address", "verify"),
        (.hostNotFound, .redeem, .api, "no address", "name"),
        (.certificateRefused, .redeem, .api, "certificate", "ca-file"),
        (.timedOut, .redeem, .api, "in time", "timeout"),
        (.notConnected, .redeem, .api, "could not be reached", "host and port"),
    ])
    func aRefusalHasItsSettingAndAdvice(
        _ kind: SelfServiceRefusal.Kind,
        _ step: DrillStep,
        _ way: DrillWay,
        _ reason: String,
        _ advice: String
    ) {
        let diagnosis = Diagnosis(kind, at: step, on: way)
        #expect(diagnosis.reason.description.contains(reason), "\(diagnosis)")
        #expect(diagnosis.advice.description.contains(advice), "\(diagnosis)")
    }

    @Test(arguments: SelfServiceRefusal.Kind.allCases)
    func noKindIsWithoutWords(_ kind: SelfServiceRefusal.Kind) {
        for way in DrillWay.allCases {
            for step in DrillStep.allCases {
                let diagnosis = Diagnosis(kind, at: step, on: way)
                #expect(diagnosis.reason.description.count > 10 && diagnosis.advice.description.count > 10)
                // Only what the server refuses for reasons of its own is said to be that.
                #expect(diagnosis.reason.description.hasPrefix("the server refuses it") == (kind == .refused))
            }
        }
    }
}
