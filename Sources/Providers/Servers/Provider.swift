// What differs between the servers that speak Kratos' API.

package import Model

/// One kind of server: its endpoints, its credential, its limits and its quirks.
///
/// A new provider is another static value in a file of its own, its name in `all`, and a row in the provider
/// tests.
///
/// ## Topics
/// - Choosing: `named`, `all`
/// - Endpoints: `issuePath`, `identitiesPath`, `sessionsPath`, `health`
/// - Its base URL: `serverURL(_:)`
/// - Its credential: `requiresCredential`, `refusal(of:)`
/// - Its limits: `plans`, `plan(named:)`, `defaultPlan`
package struct Provider: Hashable, Sendable {
    /// The word that `--provider` takes.
    package let name: String
    /// The name for people.
    package let title: String

    // Paths are appended to the base URL and begin with a slash.
    let codePath: String
    let linkPath: String
    /// The list of identities; one identity is below it.
    package let identitiesPath: String
    /// The list of the sessions of all identities.
    let sessionsPath: String
    /// Whether identities tell when their credentials were set, as far as is known.
    package let tellsActivations: Bool
    /// Where the server tells of itself; nil where it does not.
    package let health: HealthPaths?

    let serverForm: ServerForm
    package let requiresCredential: Bool
    /// Beginnings of keys that cannot do the work, and why.
    let rejectedKeyPrefixes: [UselessKey]
    /// What to check when a credential is refused.
    package let credentialAdvice: Wording

    /// Whether codes can be asked for a kind of flow.
    package let takesFlowType: Bool
    /// Whether relative links belong to the server itself.
    package let resolvesRelativeLinks: Bool
    /// Whether it has a public port beside, which people may give by mistake.
    package let hasPublicPort: Bool

    /// What customers may ask how often; none where the server sets no limits of its own.
    package let plans: [ServicePlan]
    /// The plan that holds unless another is named; nil where there are none.
    package let defaultPlan: ServicePlan?

    /// Every provider that there is.
    package static let all: [Provider] = [.kratos, .oryNetwork, .connhex]

    /// The provider of that name.
    package static func named(_ name: String) -> Provider? { all.first { $0.name == name } }

    /// The plan of that name.
    package func plan(named name: String) -> ServicePlan? { plans.first { $0.name == name } }

    /// The endpoint that issues.
    package func issuePath(_ method: RecoveryMethod) -> String {
        switch method {
        case .code: codePath
        case .link: linkPath
        }
    }
}

extension Provider: CustomStringConvertible {
    package var description: String { title }
}

/// The endpoints that tell how a server is.
package struct HealthPaths: Hashable, Sendable {
    /// The process answers.
    package let alive: String
    /// Its database does, too.
    package let ready: String
    /// `{"version":"v26.2.0"}`.
    package let version: String
}

/// What `--server` takes besides a URL.
enum ServerForm: Hashable, Sendable {
    case url
    /// A project's slug, or a domain without its scheme.
    case oryProject
}

/// A kind of key that the server knows, and that cannot manage identities.
struct UselessKey: Hashable, Sendable {
    let prefix: String
    /// Why, and which key to take.
    let reason: String
}

/// How often the customers of one plan may ask.
package struct ServicePlan: Hashable, Sendable {
    package let name: String
    /// Issuing codes and links.
    package let issuing: [Rate]
    /// Listing identities, also by their IDs.
    package let listing: [Rate]
    /// Reading one identity.
    package let reading: [Rate]
}
