// The steps of a drill as a state machine: an answer in, the next request out, no network and no clock.

package import HTTPTransport
package import Providers
package import Model

/// What to do next.
package enum DrillAction: Sendable {
    /// Ask the admin port for a code or link.
    case issue(IssueRequest)
    /// Ask the admin port for the identity, for what its user logs in by.
    case readIdentity
    /// Ask the public port; with the cookies that it set, or without any.
    case ask(SelfServiceRequest, withCookies: Bool)
    /// Get the code that was mailed.
    case readCode
    /// Nothing: the report is complete.
    case finish
}

/// What came of an action.
package enum DrillEvent: Sendable {
    case issued(IssueReply)
    case answered(Result<HTTPResponse, TransportError>)
    /// The code of a mail.
    case code(Secret<String>)
    /// Nobody gave a code; a sentence says why.
    case noCode(String)
}

/// One drill, from its first request to its report.
///
/// `start` gives the first action; whoever executes it hands what came of it to `received`, which gives the
/// next one, until that is `finish`.
package struct DrillMachine: Sendable {
    enum Phase: Sendable {
        case idle
        case issuing, startingRecovery, mailing, readingCode
        case redeeming, openingLink
        /// Looking at the flow that took the place of the one asked, with the status that said so.
        case seeingWhy(DrillStep, status: Int)
        case settings, settingPassword
        case identifying, startingLogin, loggingIn
        case checkingSession
        case finished
    }

    let plan: DrillPlan
    let password: Secret<String>
    var phase: Phase = .idle
    package var report: DrillReport
    /// What the requests of the present step took.
    var spent: Duration = .zero
    var issueTries = 0

    // What was learnt on the way.
    var code: Secret<String>?
    var link: Secret<String>?
    var flow = ""
    var token: Secret<String>?
    var csrf: Secret<String>?
    var settingsFlow: String?
    var identifier: Secret<String>?
    var loginToken: Secret<String>?

    /// - Parameter password: what the account is to have from now on.
    package init(_ plan: DrillPlan, password: Secret<String>) {
        self.plan = plan
        self.password = password
        report = DrillReport(way: plan.way, identity: plan.identity)
        identifier = plan.email.map(Secret.init)
    }

    /// The first action.
    package mutating func start() -> DrillAction {
        guard plan.way == .selfService else { return issue() }
        phase = .startingRecovery
        return ask(.startRecovery)
    }

    /// The action that follows from what came of the last one.
    ///
    /// - Parameter duration: what it took; not counted where it was a person who took it.
    package mutating func received(_ event: DrillEvent, after duration: Duration) -> DrillAction {
        switch event {
        case .issued(let reply):
            spent += duration
            return issued(reply)
        case .answered(let result):
            spent += duration
            return answered(result)
        case .code(let code):
            self.code = code
            phase = .redeeming
            return ask(.redeem(code: code, flow: flow))
        case .noCode(let sentence):
            return fail(
                .redeem,
                status: nil,
                sentence,
                Diagnosis(
                    "there is no code to redeem",
                    "give the code of the mail, or a \(.codeCommand) that prints it"
                )
            )
        }
    }

    private mutating func answered(_ result: Result<HTTPResponse, TransportError>) -> DrillAction {
        switch result {
        case .success(let response): return answered(response)
        case .failure(let error):
            // The identity is only looked at for the login identifier, which may be known otherwise.
            if case .identifying = phase { return startLogin() }
            return refused(reading.refusal(error), wasSent: error.wasSent)
        }
    }

    /// What must not stand in the report.
    var reading: SelfServiceReading {
        SelfServiceReading(hiding: [password, code, link, token, csrf, loginToken].compactMap { $0 })
    }

    func ask(_ request: SelfServiceRequest) -> DrillAction {
        .ask(request, withCookies: plan.way.usesCookies)
    }

    // MARK: The end of a step

    mutating func pass(_ step: DrillStep, _ status: Int?, _ serverMessage: String) {
        report.steps.append(
            StepReport(
                step: step,
                isOK: true,
                seconds: spent.inSeconds,
                status: status,
                serverMessage: serverMessage
            )
        )
        spent = .zero
    }

    mutating func pass<Value>(_ step: DrillStep, _ reading: Reading<Value>) {
        pass(step, reading.status, reading.serverMessage)
    }

    mutating func fail(
        _ step: DrillStep,
        status: Int?,
        _ serverMessage: String,
        _ diagnosis: Diagnosis
    ) -> DrillAction {
        report.steps.append(
            StepReport(
                step: step,
                isOK: false,
                seconds: spent.inSeconds,
                status: status,
                serverMessage: serverMessage
            )
        )
        report.diagnosis = diagnosis
        phase = .finished
        return .finish
    }

    mutating func fail(_ step: DrillStep, _ refusal: SelfServiceRefusal) -> DrillAction {
        fail(
            step,
            status: refusal.status,
            refusal.serverMessage,
            Diagnosis(refusal.kind, at: step, on: plan.way)
        )
    }
}
