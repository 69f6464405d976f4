// Why nothing was issued, in a drill's terms.

import Providers
import Model

extension Diagnosis {
    /// Of an identity's failure.
    init(_ failure: Failure, _ way: DrillWay) {
        let again: Wording = "see that the server is well, then drill again"
        switch failure.kind {
        case .unknownIdentity:
            self.init(
                "the server has no identity with this ID",
                "check \(.identity), and that \(.server) is meant"
            )
        case .inactiveIdentity:
            self = Diagnosis(.accountInactive, at: .issue, on: way)
        case .rejectedByServer:
            self.init("the server refuses it for a reason of its own", "see what it says above, and its log")
        case .serverError: self.init("the server failed", again)
        case .rateLimited: self.init("the server limits how often it is asked", again)
        case .timeout: self.init("\(.server) did not answer in time", again)
        case .connection:
            self.init(
                "\(.server) could not be reached, or broke off",
                "check the host and port of \(.server)"
            )
        case .unreadableAnswer:
            self.init(
                "the answer is not the one that Kratos gives",
                "ask the server itself, past any gateway"
            )
        default:
            self.init("a gateway before the server refuses it", "ask the server itself, past any gateway")
        }
    }

    /// Of an answer that every identity would get.
    init(_ answer: FatalAnswer, _ way: DrillWay) {
        switch answer.code {
        case .methodDisabled: self = Diagnosis(.methodDisabled, at: .issue, on: way)
        case .parameterRefused:
            self.init(
                "the server does not take the request: an old one knows no flow_type (Kratos before v1.0)",
                way == .api || way == .browser ? "upgrade the server, or drill with \(.link)" : answer.advice
            )
        default: self.init(answer.message, answer.advice)
        }
    }
}
