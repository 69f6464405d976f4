// One change of an account's settings.

import Model

/// A settings flow, which belongs to one identity.
struct SettingsFlow: Sendable {
    let id: IdentityID
    let isBrowser: Bool
    let issuedAt: GoTime
    let expiresAt: GoTime
    let requestURL: String
    var returnTo = ""
    let identity: IdentityID
    var isDone = false
    var csrf: CSRFToken?
    var messages: [UIMessage] = []
    var passwordMessages: [UIMessage] = []

    /// The flow as Kratos shows it.
    func json(csrf: String, action: String, email: String?, identity: FlowJSON) -> FlowJSON {
        var json: FlowJSON = [
            "id": .text(id.text), "type": isBrowser ? "browser" : "api", "expires_at": .time(expiresAt),
            "issued_at": .time(issuedAt), "request_url": .text(requestURL),
        ]
        if !returnTo.isEmpty { json.add("return_to", .text(returnTo)) }
        var ui: FlowJSON = ["action": .text(action), "method": "POST", "nodes": .list(nodes(csrf, email))]
        if !messages.isEmpty { ui.add("messages", .list(messages.map(\.json))) }
        json.add("ui", ui)
        json.add("identity", identity)
        json.add("state", isDone ? "success" : "show_form")
        return json
    }

    private func nodes(_ csrf: String, _ email: String?) -> [FlowJSON] {
        let save = UINode.label(1_070_003, "Save")
        var address: FlowJSON = ["name": "traits.email", "type": "email"]
        address.add("value", email.map(FlowJSON.text))
        for (name, value) in [("required", true), ("autocomplete", "email"), ("disabled", false)]
            as [(String, FlowJSON)]
        {
            address.add(name, value)
        }
        address.add("node_type", "input")
        return [
            UINode.csrf(csrf),
            UINode.input(
                "profile",
                address,
                label: UINode.label(1_070_002, "E-Mail", trait: "traits.email")
            ),
            name("first", "First Name"),
            name("last", "Last Name"),
            UINode.button("profile", "method", "profile", save),
            UINode.password(autocomplete: "new-password", passwordMessages),
            UINode.button("password", "method", "password", save),
        ]
    }

    private func name(_ part: String, _ title: String) -> FlowJSON {
        let name = "traits.name.\(part)"
        return UINode.input(
            "profile",
            ["name": .text(name), "type": "text", "disabled": false, "node_type": "input"],
            label: UINode.label(1_070_002, title, trait: name)
        )
    }
}
