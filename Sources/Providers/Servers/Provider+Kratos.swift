// Ory Kratos, run by its users.

import Model

extension Provider {
    /// Ory Kratos, self-hosted: the admin port, which has neither credential nor limits of its own.
    package static let kratos = Provider(
        name: "kratos",
        title: "Ory Kratos",
        codePath: "/admin/recovery/code",
        linkPath: "/admin/recovery/link",
        identitiesPath: "/admin/identities",
        sessionsPath: "/admin/sessions",
        tellsActivations: true,
        health: HealthPaths(alive: "/health/alive", ready: "/health/ready", version: "/version"),
        serverForm: .url,
        requiresCredential: false,
        rejectedKeyPrefixes: [],
        credentialAdvice: "check that the key is right, has not expired and may manage identities",
        takesFlowType: true,
        resolvesRelativeLinks: false,
        hasPublicPort: true,
        plans: [],
        defaultPlan: nil
    )
}
