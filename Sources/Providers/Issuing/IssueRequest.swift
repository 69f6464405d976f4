// What to ask for, the same for every identity of a run.

import Model

/// A way of recovering an account.
package enum RecoveryMethod: String, Hashable, Sendable, CaseIterable {
    /// A short code, typed into a page that the link opens.
    case code
    /// A link that opens the account by itself; whoever opens it first uses it up, a mail scanner too.
    case link

    /// The status of a success.
    var successStatus: Int {
        switch self {
        case .code: 201
        case .link: 200
        }
    }
}

/// What a code's flow is for.
package enum FlowType: String, Hashable, Sendable, CaseIterable {
    case browser, api
}

/// What every request of a run asks for.
package struct IssueRequest: Hashable, Sendable {
    package var method: RecoveryMethod
    /// The validity to ask for, in whole seconds.
    package var expiresIn: Duration
    /// Sent only where it is given: old servers refuse it.
    package var flowType: FlowType?
    /// Where the user goes afterwards.
    package var returnTo: String?

    package init(
        method: RecoveryMethod = .code,
        expiresIn: Duration,
        flowType: FlowType? = nil,
        returnTo: String? = nil
    ) {
        self.method = method
        self.expiresIn = expiresIn
        self.flowType = flowType
        self.returnTo = returnTo
    }

    /// What follows the identity's ID in the body.
    func bodyEnd(for provider: Provider) -> String {
        var text = "\",\"expires_in\":\"\(Self.goDuration(expiresIn))\""
        if let flowType, method == .code, provider.takesFlowType {
            text += ",\"flow_type\":\"\(flowType.rawValue)\""
        }
        return text + "}"
    }

    /// A duration as every version of Kratos takes it: one whole number with one unit, of `h`, `m` and `s`
    /// the largest that it is a multiple of (`72h`; the pattern of old versions is
    /// `^[0-9]+(ns|us|ms|s|m|h)$`).
    static func goDuration(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        if seconds % 3600 == 0 { return "\(seconds / 3600)h" }
        if seconds % 60 == 0 { return "\(seconds / 60)m" }
        return "\(seconds)s"
    }
}
