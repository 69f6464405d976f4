// Ory Network: Kratos as a service, with keys and limits.

import Model

extension Provider {
    /// Ory Network: a project's URL, a project API key, and the limits of its plan.
    package static let oryNetwork = Provider(
        name: "ory-network",
        title: "Ory Network",
        codePath: "/admin/recovery/code",
        linkPath: "/admin/recovery/link",
        identitiesPath: "/admin/identities",
        sessionsPath: "/admin/sessions",
        tellsActivations: true,
        health: HealthPaths(alive: "/health/alive", ready: "/health/ready", version: "/version"),
        serverForm: .oryProject,
        requiresCredential: true,
        rejectedKeyPrefixes: [
            UselessKey(
                prefix: "ory_wak_",
                reason:
                    "it is a workspace API key (ory_wak_…), which cannot manage identities: make a project "
                    + "API key (ory_pat_… or ory_apikey_…) in the project's settings"
            )
        ],
        credentialAdvice: "check that the key is this project's and has not been deleted",
        takesFlowType: true,
        resolvesRelativeLinks: true,
        hasPublicPort: false,
        plans: [developer, production, growth, enterprise, staging],
        defaultPlan: developer
    )

    // Ory's documentation, 2026-06: issuing is in the bucket kratos-admin-low, which every write to
    // identities shares, listing in kratos-admin-medium, reading one in kratos-admin-high; burst per second,
    // sustained per minute.
    private static let developer = plan("developer", issuing: (5, 80), listing: (5, 25), reading: (5, 40))
    private static let production = plan("production", issuing: (8, 175), listing: (5, 90), reading: (5, 80))
    private static let growth = plan("growth", issuing: (18, 425), listing: (9, 200), reading: (23, 550))
    private static let enterprise = plan(
        "enterprise",
        issuing: (35, 850),
        listing: (17, 400),
        reading: (45, 1100)
    )
    /// The development and staging environments of paid plans.
    private static let staging = plan("staging", issuing: (8, 175), listing: (5, 90), reading: (5, 80))

    private static func plan(
        _ name: String,
        issuing: (perSecond: Int, perMinute: Int),
        listing: (perSecond: Int, perMinute: Int),
        reading: (perSecond: Int, perMinute: Int)
    ) -> ServicePlan {
        ServicePlan(
            name: name,
            issuing: rates(issuing),
            listing: rates(listing),
            reading: rates(reading)
        )
    }

    private static func rates(_ limits: (perSecond: Int, perMinute: Int)) -> [Rate] {
        [
            Rate(count: limits.perSecond, window: .seconds(1)),
            Rate(count: limits.perMinute, window: .seconds(60)),
        ]
    }
}
