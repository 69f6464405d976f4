// What a flow shows its user: fields, buttons and messages.

/// A message of a form or of one of its fields.
struct UIMessage: Sendable {
    let id: Int64
    let text: String
    /// `info`, `error` or `success`.
    var type = "error"
    var context: FlowJSON?

    var json: FlowJSON {
        var json: FlowJSON = ["id": .number(id), "text": .text(text), "type": .text(type)]
        json.add("context", context)
        return json
    }

    /// A refusal in words of its own.
    static func generic(_ reason: String) -> UIMessage {
        UIMessage(id: 4_000_001, text: reason, context: ["reason": .text(reason)])
    }

    static func missing(_ property: String) -> UIMessage {
        UIMessage(
            id: 4_000_002,
            text: "Property \(property) is missing.",
            context: ["property": .text(property)]
        )
    }

    static func badEmail(_ value: String) -> UIMessage {
        UIMessage(id: 4_000_040, text: "Enter a valid email address", context: ["value": .text(value)])
    }

    static let wrongCode = UIMessage(
        id: 4_060_006,
        text: "The recovery code is invalid or has already been used. Please try again."
    )
    static let wrongToken = UIMessage(
        id: 4_060_004,
        text: "The recovery token is invalid or has already been used. Please retry the flow."
    )
    static let alreadyCompleted = UIMessage(
        id: 4_060_001,
        text: "The request was already completed successfully and can not be retried."
    )
    static let codeMailed = UIMessage(
        id: 1_060_003,
        text:
            "An email containing a recovery code has been sent to the email address you provided. If you "
            + "have not received an email, check the spelling of the address and make sure to use the "
            + "address you registered with.",
        type: "info"
    )
    static let linkMailed = UIMessage(
        id: 1_060_002,
        text:
            "An email containing a recovery link has been sent to the email address you provided. If you "
            + "have not received an email, check the spelling of the address and make sure to use the "
            + "address you registered with.",
        type: "info"
    )
    static let saved = UIMessage(id: 1_050_001, text: "Your changes have been saved!", type: "success")
    static let wrongPassword = UIMessage(
        id: 4_000_006,
        text:
            "The provided credentials are invalid, check for spelling mistakes in your password or username, "
            + "email address, or phone number."
    )
    static let similarPassword = UIMessage(
        id: 4_000_031,
        text: "The password can not be used because it is too similar to the identifier."
    )

    static func shortPassword(_ length: Int, min: Int) -> UIMessage {
        UIMessage(
            id: 4_000_032,
            text: "The password must be at least \(min) characters long, but got \(length).",
            context: ["actual_length": .number(Int64(length)), "min_length": .number(Int64(min))]
        )
    }

    /// - Parameter kind: `recovery`, `settings` or `login`.
    static func expired(_ kind: String, at expiry: GoTime, now: GoTime) -> UIMessage {
        let id: Int64 = kind == "recovery" ? 4_060_005 : kind == "settings" ? 4_050_001 : 4_010_001
        return UIMessage(
            id: id,
            text: "The \(kind) flow expired \((now - expiry).minutes) minutes ago, please try again.",
            context: ["expired_at": .time(expiry), "expired_at_unix": .number(expiry.unixSeconds)]
        )
    }

    static func recovered(now: GoTime, privilegedFor: GoDuration) -> UIMessage {
        let end = now + privilegedFor
        return UIMessage(
            id: 1_060_001,
            text:
                "You successfully recovered your account. Please change your password or set up an "
                + "alternative login method (e.g. social sign in) within the next \(privilegedFor.minutes) "
                + "minutes.",
            type: "success",
            context: [
                "privilegedSessionExpiresAt": .time(end),
                "privileged_session_expires_at": .time(end),
                "privileged_session_expires_at_unix": .number(end.unixSeconds),
            ]
        )
    }
}

/// One field or button of a form.
enum UINode {
    static func input(
        _ group: String,
        _ attributes: FlowJSON,
        label: FlowJSON? = nil,
        messages: [UIMessage] = []
    ) -> FlowJSON {
        var meta: FlowJSON = [:]
        meta.add("label", label)
        return [
            "type": "input", "group": .text(group), "attributes": attributes,
            "messages": .list(messages.map(\.json)), "meta": meta,
        ]
    }

    static func label(_ id: Int64, _ text: String, trait name: String? = nil) -> FlowJSON {
        var label: FlowJSON = ["id": .number(id), "text": .text(text), "type": "info"]
        if let name { label.add("context", ["name": .text(name), "title": .text(text)]) }
        return label
    }

    static func csrf(_ value: String) -> FlowJSON {
        input(
            "default",
            [
                "name": "csrf_token", "type": "hidden", "value": .text(value), "required": true,
                "disabled": false, "node_type": "input",
            ]
        )
    }

    static func button(
        _ group: String,
        _ name: String,
        _ value: String,
        _ label: FlowJSON?,
        type: String = "submit"
    ) -> FlowJSON {
        input(
            group,
            [
                "name": .text(name), "type": .text(type), "value": .text(value), "disabled": false,
                "node_type": "input",
            ],
            label: label
        )
    }

    static func password(autocomplete: String, _ messages: [UIMessage] = []) -> FlowJSON {
        input(
            "password",
            [
                "name": "password", "type": "password", "required": true, "autocomplete": .text(autocomplete),
                "disabled": false, "node_type": "input",
            ],
            label: label(1_070_001, "Password"),
            messages: messages
        )
    }
}
