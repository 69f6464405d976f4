// One recovery: issued by an administrator, or started by a user.

import Model

/// A recovery flow with its code or token.
struct RecoveryFlow: Sendable {
    enum State: String, Sendable {
        case chooseMethod = "choose_method"
        case sentEmail = "sent_email"
        case passedChallenge = "passed_challenge"
    }

    let id: IdentityID
    /// Whether it is of the type `browser`; the other is `api`.
    let isBrowser: Bool
    let issuedAt: GoTime
    let expiresAt: GoTime
    let requestURL: String
    var returnTo = ""
    let method: IssuingEndpoint
    var state = State.chooseMethod
    /// Whether an administrator issued it: then forms carry no token against forgery, and need none.
    var isIssued = false
    var csrf: CSRFToken?

    /// Whom the code or the token is for; nil before any was made, or where it was made for nobody.
    var identity: IdentityID?
    var code: String?
    var token: String?
    var isUsed = false
    /// How often a code was submitted.
    var tries = 0
    /// The address that a user gave; nil where none did.
    var email: String?
    var messages: [UIMessage] = []
    var emailMessages: [UIMessage] = []

    /// The flow as Kratos shows it.
    ///
    /// - Parameters:
    ///   - csrf: the token for the form; nil where it has no field for one.
    ///   - action: the URL to post to.
    func json(csrf: String?, action: String) -> FlowJSON {
        var json: FlowJSON = [
            "id": .text(id.text), "type": isBrowser ? "browser" : "api", "expires_at": .time(expiresAt),
            "issued_at": .time(issuedAt), "request_url": .text(requestURL),
        ]
        if !returnTo.isEmpty { json.add("return_to", .text(returnTo)) }
        json.add("active", .text(method.rawValue))
        var ui: FlowJSON = ["action": .text(action), "method": "POST", "nodes": .list(nodes(csrf))]
        if !messages.isEmpty { ui.add("messages", .list(messages.map(\.json))) }
        json.add("ui", ui)
        json.add("state", .text(state.rawValue))
        return json
    }

    private func nodes(_ csrf: String?) -> [FlowJSON] {
        let token = csrf.map { [UINode.csrf($0)] } ?? []
        let goOn = UINode.label(1_070_009, "Continue")
        let group = method.rawValue
        let submit = UINode.button(group, "method", group, goOn)
        // What an administrator issued gets its token, if any, only after it was passed, at the end.
        if isIssued, method == .code { return [Self.codeField, submit] + token }
        guard state != .chooseMethod, method == .code else { return token + [emailField, submit] }
        var nodes = token
        nodes += [Self.codeField, UINode.button("code", "method", "code", nil, type: "hidden"), submit]
        if let email {
            nodes.append(UINode.button("code", "email", email, UINode.label(1_070_008, "Resend code")))
        }
        return nodes
    }

    private var emailField: FlowJSON {
        UINode.input(
            method.rawValue,
            [
                "name": "email", "type": "email", "required": true, "disabled": false, "node_type": "input",
            ],
            label: UINode.label(1_070_007, "Email"),
            messages: emailMessages
        )
    }

    private static let codeField = UINode.input(
        "code",
        [
            "name": "code", "type": "text", "required": true, "pattern": "[0-9]+", "disabled": false,
            "maxlength": 6, "node_type": "input",
        ],
        label: UINode.label(1_070_010, "Recovery code")
    )
}
