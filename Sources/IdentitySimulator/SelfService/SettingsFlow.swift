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
    func json(
        csrf: String,
        action: String,
        account: Account,
        titles: TraitTitles,
        identity: FlowJSON
    ) -> FlowJSON {
        var json: FlowJSON = [
            "id": .text(id.text), "type": isBrowser ? "browser" : "api", "expires_at": .time(expiresAt),
            "issued_at": .time(issuedAt), "request_url": .text(requestURL),
        ]
        if !returnTo.isEmpty { json.add("return_to", .text(returnTo)) }
        var ui: FlowJSON = [
            "action": .text(action), "method": "POST", "nodes": .list(nodes(csrf, account, titles)),
        ]
        if !messages.isEmpty { ui.add("messages", .list(messages.map(\.json))) }
        json.add("ui", ui)
        json.add("identity", identity)
        json.add("state", isDone ? "success" : "show_form")
        return json
    }

    private func nodes(_ csrf: String, _ account: Account, _ titles: TraitTitles) -> [FlowJSON] {
        let save = UINode.label(1_070_003, "Save")
        var address: FlowJSON = ["name": "traits.email", "type": "email"]
        address.add("value", account.email.map(FlowJSON.text))
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
                label: UINode.label(1_070_002, titles.email, trait: "traits.email")
            ),
            name("first", titles.firstName, account),
            name("last", titles.lastName, account),
            UINode.button("profile", "method", "profile", save),
            UINode.password(autocomplete: "new-password", passwordMessages),
            UINode.button("password", "method", "password", save),
        ]
    }

    private func name(_ part: String, _ title: String?, _ account: Account) -> FlowJSON {
        let name = "traits.name.\(part)"
        var attributes: FlowJSON = ["name": .text(name), "type": "text"]
        attributes.add("value", account.traits["name"]?[part].map(FlowJSON.tree))
        attributes.add("disabled", false)
        attributes.add("node_type", "input")
        let label = title.map { UINode.label(1_070_002, $0, trait: name) }
        return UINode.input("profile", attributes, label: label)
    }
}
