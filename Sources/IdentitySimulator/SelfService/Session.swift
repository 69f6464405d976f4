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
    /// When the database got it, which orders sessions.
    let createdAt: GoTime
    let expiresAt: GoTime
    let device: IdentityID
    let address: String
    /// Empty where the client named none.
    let userAgent: String

    /// The session as `/sessions/whoami` shows it.
    func json(identity: FlowJSON) -> FlowJSON {
        json(active: true, FlowJSON.time, identity: identity, devices: devices)
    }

    /// The session as administrators see it: as the database has it.
    func json(at now: GoTime, identity: FlowJSON, devices: FlowJSON) -> FlowJSON {
        json(active: isActive(at: now), { .text($0.inDatabase) }, identity: identity, devices: devices)
    }

    func isActive(at now: GoTime) -> Bool { expiresAt.nanoseconds > now.nanoseconds }

    var devices: FlowJSON {
        [
            [
                "id": .text(device.text), "ip_address": .text(address),
                "user_agent": userAgent.isEmpty ? nil : .text(userAgent), "location": "",
            ]
        ]
    }

    private func json(
        active isActive: Bool,
        _ time: (GoTime) -> FlowJSON,
        identity: FlowJSON,
        devices: FlowJSON
    ) -> FlowJSON {
        [
            "id": .text(id.text), "active": .truth(isActive), "expires_at": time(expiresAt),
            "authenticated_at": time(issuedAt), "authenticator_assurance_level": "aal1",
            "authentication_methods": [
                ["method": .text(method), "aal": "aal1", "completed_at": .time(issuedAt)]
            ],
            "issued_at": time(issuedAt), "identity": identity, "devices": devices,
        ]
    }
}
