// The mails that the server would have sent.

package import Model

/// A code or link that was mailed to a user who asked for it.
package struct MailedCode: Sendable, CustomStringConvertible {
    package let identity: IdentityID
    package let email: String
    /// The recovery flow in which the code works.
    package let flow: IdentityID
    /// Nil with a link.
    package let recoveryCode: String?
    /// Nil with a code.
    package let recoveryLink: String?

    /// Whom the code is for, without the code.
    package var description: String { "mail to \(identity)" }
}

/// One mail, as the courier keeps it.
struct Mail: Sendable {
    let id: IdentityID
    let recipient: String
    let template: String
    let sentAt: GoTime
    /// Nil where the mail is about something else.
    let code: MailedCode?

    /// The mail as `/admin/courier/messages` lists it: without what it says.
    var json: FlowJSON {
        let secret: FlowJSON = .text("<redacted-unless-dev-mode>")
        return [
            "id": .text(id.text), "status": "sent", "type": "email", "recipient": .text(recipient),
            "body": secret, "subject": secret, "template_type": .text(template), "channel": "email",
            "send_count": 1, "created_at": .text(sentAt.inDatabase), "updated_at": .text(sentAt.inDatabase),
        ]
    }

    /// The line of the mail log.
    func logLine(_ code: MailedCode) -> [UInt8] {
        var line: FlowJSON = [
            "t": .time(sentAt), "recipient": .text(recipient), "template_type": .text(template),
            "identity_id": .text(code.identity.text), "flow": .text(code.flow.text),
        ]
        line.add("recovery_code", code.recoveryCode.map(FlowJSON.text))
        line.add("recovery_link", code.recoveryLink.map(FlowJSON.text))
        return line.body
    }
}
