// Connhex IAM: Kratos behind a gateway, below a path of its own.

import Model

extension Provider {
    /// Connhex IAM: `/iam/…`, and a session token that lives about a day.
    package static let connhex = Provider(
        name: "connhex",
        title: "Connhex IAM",
        codePath: "/iam/recovery/code",
        linkPath: "/iam/recovery/link",
        identitiesPath: "/iam/identities",
        sessionsPath: "/iam/sessions",
        tellsActivations: false,
        health: nil,
        serverForm: .url,
        requiresCredential: true,
        rejectedKeyPrefixes: [],
        credentialAdvice: "its tokens live about a day: get a fresh one, and give it by "
            + "\(.apiKeyFile) or \(.apiKeyCommand), which are read again when a token is refused in "
            + "the middle of a run",
        takesFlowType: false,
        resolvesRelativeLinks: false,
        hasPublicPort: false,
        plans: [],
        defaultPlan: nil
    )
}
