// Who is logged in.

import Model

/// One session, got with a token or a cookie.
struct Session: Sendable {
    static let cookieName = "ory_kratos_session"

    let id: IdentityID
    let identity: IdentityID
    /// `code_recovery`, `link_recovery` or `password`.
    let method: String
    let issuedAt: GoTime
    let expiresAt: GoTime
    let device: IdentityID
    let address: String
    /// Empty where the client named none.
    let userAgent: String

    /// The session as `/sessions/whoami` shows it.
    func json(identity: FlowJSON) -> FlowJSON {
        [
            "id": .text(id.text), "active": true, "expires_at": .time(expiresAt),
            "authenticated_at": .time(issuedAt), "authenticator_assurance_level": "aal1",
            "authentication_methods": [
                ["method": .text(method), "aal": "aal1", "completed_at": .time(issuedAt)]
            ],
            "issued_at": .time(issuedAt), "identity": identity,
            "devices": [
                [
                    "id": .text(device.text), "ip_address": .text(address),
                    "user_agent": userAgent.isEmpty ? nil : .text(userAgent), "location": "",
                ]
            ],
        ]
    }
}
