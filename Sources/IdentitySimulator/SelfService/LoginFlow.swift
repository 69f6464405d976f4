// One login.

import Model

/// A login flow of the type `api`.
struct LoginFlow: Sendable {
    let id: IdentityID
    let issuedAt: GoTime
    let expiresAt: GoTime
    let requestURL: String
    var identifier = ""
    var messages: [UIMessage] = []
    var passwordMessages: [UIMessage] = []

    /// The flow as Kratos shows it.
    func json(action: String, titles: TraitTitles) -> FlowJSON {
        var ui: FlowJSON = [
            "action": .text(action), "method": "POST",
            "nodes": [
                UINode.csrf(""),
                UINode.input(
                    "default",
                    [
                        "name": "identifier", "type": "text", "value": .text(identifier), "required": true,
                        "disabled": false, "node_type": "input",
                    ],
                    label: UINode.label(1_070_002, titles.email, trait: "traits.email")
                ),
                UINode.password(autocomplete: "current-password", passwordMessages),
                UINode.button(
                    "password",
                    "method",
                    "password",
                    UINode.label(1_010_022, "Sign in with password")
                ),
            ],
        ]
        if !messages.isEmpty { ui.add("messages", .list(messages.map(\.json))) }
        return [
            "id": .text(id.text), "organization_id": nil, "type": "api", "expires_at": .time(expiresAt),
            "issued_at": .time(issuedAt), "request_url": .text(requestURL), "ui": ui,
            "created_at": .text(issuedAt.inDatabase), "updated_at": .text(issuedAt.inDatabase),
            "refresh": false, "requested_aal": "aal1", "state": "choose_method",
        ]
    }
}
