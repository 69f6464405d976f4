// What a drill is to try: the way, and on whose account.

package import Providers
package import Model

/// The way from the server's answer to the account; the raw values are part of `--json`.
package enum DrillWay: String, Sendable, CaseIterable {
    /// A code of a program's flow, redeemed as a native client does.
    case api
    /// A code of a browser's flow, redeemed with cookies.
    case browser
    /// A link, opened as a browser does.
    case link
    /// A code that the user asks for and gets by mail.
    case selfService = "self_service"

    /// Whether cookies stand for the session, until the login.
    var usesCookies: Bool { self == .browser || self == .link }
}

/// One step of a drill; the raw values are part of `--json`.
package enum DrillStep: String, Sendable, CaseIterable {
    case startRecovery = "start_recovery"
    case sendMail = "send_mail"
    case issue
    case redeem
    case openLink = "open_link"
    case settings
    case setPassword = "set_password"
    case login
    case whoami
}

/// What is tried, and on which account.
package struct DrillPlan: Sendable {
    package let way: DrillWay
    /// Whose account it is; nil where only the address is known.
    package let identity: IdentityID?
    /// To whom the server mails a code, where the way begins with that.
    package let email: String?
    /// The public port, which links have to lead to.
    package let publicServer: ServerURL
    /// How the kinds of flow are asked for; nil where the server knows none.
    let flowType: FlowType?

    /// How long a code or link is to be valid, should nobody come to use it.
    static let expiresIn: Duration = .seconds(15 * 60)

    /// On an account that an administrator names.
    package init(_ way: DrillWay, identity: IdentityID, publicServer: ServerURL, provider: Provider) {
        self.way = way
        self.identity = identity
        self.publicServer = publicServer
        email = nil
        flowType = provider.takesFlowType ? (way == .api ? .api : way == .browser ? .browser : nil) : nil
    }

    /// On the account of an address, as its user would; with its ID where that is to be checked.
    package init(selfService email: String, identity: IdentityID?, publicServer: ServerURL) {
        way = .selfService
        self.identity = identity
        self.publicServer = publicServer
        self.email = email
        flowType = nil
    }

    /// What the server is asked to issue.
    package var issueRequest: IssueRequest {
        IssueRequest(
            method: way == .link ? .link : .code,
            expiresIn: Self.expiresIn,
            flowType: flowType
        )
    }
}

extension Provider {
    /// Why this way cannot be gone at such a server; nil where nothing speaks against it.
    package func refusal(of way: DrillWay) -> Wording? {
        guard way == .api, !takesFlowType else { return nil }
        return
            "\(title) cannot be asked for codes of API flows, so a native client cannot redeem what it "
            + "issues: try \(.browser) or \(.link), or \(.selfService) with an address"
    }
}
