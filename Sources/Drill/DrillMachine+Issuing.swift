// How a drill comes by its code or link.

import Providers
import Model

extension DrillMachine {
    /// A token that was refused is read again once; an answer to that is the last one.
    private static let issueTriesMax = 3

    mutating func issue() -> DrillAction {
        phase = .issuing
        issueTries += 1
        return .issue(plan.issueRequest)
    }

    mutating func issued(_ reply: IssueReply) -> DrillAction {
        switch reply.outcome {
        case .issued(let recovery): return received(recovery)
        case .again where issueTries < Self.issueTriesMax: return issue()
        case .again(let failure), .permanent(let failure), .transient(let failure, _, _):
            return fail(
                .issue,
                status: failure.httpStatus,
                failure.reason,
                Diagnosis(failure, plan.way)
            )
        case .fatal(let answer):
            return fail(.issue, status: nil, "\(answer.message)", Diagnosis(answer, plan.way))
        }
    }

    private mutating func received(_ recovery: IssuedCode) -> DrillAction {
        let link = Secret(recovery.link)
        self.link = link
        let expiry = recovery.expiresAt.map { ", valid until \($0.rfc3339)" } ?? ""
        guard plan.way != .link else {
            pass(.issue, 200, "a link\(expiry)")
            return open(link)
        }
        let code = Secret(recovery.code)
        self.code = code
        pass(.issue, 201, "a code\(plan.flowType.map { " of the flow type \($0.rawValue)" } ?? "")\(expiry)")
        guard let flow = link.flowOfLink else {
            return fail(
                .redeem,
                status: nil,
                "the link that came with the code names no flow",
                Diagnosis(
                    "selfservice.flows.recovery.ui_url, or a gateway, changes the link",
                    "look at a recovery_link that the server issues: it ends in ?flow= and an ID"
                )
            )
        }
        self.flow = flow
        phase = .redeeming
        return ask(.redeem(code: code, flow: flow))
    }

    /// Nothing is opened but what --public-server serves.
    private mutating func open(_ link: Secret<String>) -> DrillAction {
        guard link.isLink(to: plan.publicServer) else {
            return fail(
                .openLink,
                status: nil,
                "the link leads to another server than \(plan.publicServer), and was not opened",
                Diagnosis(
                    "serve.public.base_url is not the URL in \(.publicServer), spelt in the same way",
                    "give the URL that links begin with as \(.publicServer), or correct "
                        + "serve.public.base_url: users open these links"
                )
            )
        }
        phase = .openingLink
        return ask(.openLink(link))
    }
}
