// The kinds of servers that can be simulated, and how they differ.

/// A kind of server that speaks Kratos' API.
package enum SimulatedProvider: String, CaseIterable, Sendable {
    /// Ory Kratos, self-hosted.
    case kratos
    case oryNetwork = "ory-network"
    /// Connhex IAM.
    case connhex

    /// Whether nothing is answered without a bearer token.
    var needsToken: Bool { self != .kratos }
}

/// A plan of Ory Network, with its limits of June 2026.
package enum OryPlan: String, CaseIterable, Sendable {
    case developer, production, growth, enterprise
    /// Development and staging environments of paid plans.
    case staging

    /// The bucket `kratos-admin-low`: codes, links and every write of an identity.
    package var writeLimits: [RateLimit] {
        switch self {
        case .developer: Self.limits(5, 80)
        case .production, .staging: Self.limits(8, 175)
        case .growth: Self.limits(18, 425)
        case .enterprise: Self.limits(35, 850)
        }
    }

    /// The bucket `admin-medium`: lists of identities.
    package var listLimits: [RateLimit] {
        switch self {
        case .developer: Self.limits(5, 25)
        case .production, .staging: Self.limits(5, 90)
        case .growth: Self.limits(9, 200)
        case .enterprise: Self.limits(17, 400)
        }
    }

    /// The bucket `admin-high`: single identities.
    package var singleReadLimits: [RateLimit] {
        switch self {
        case .developer: Self.limits(5, 40)
        case .production, .staging: Self.limits(5, 80)
        case .growth: Self.limits(23, 550)
        case .enterprise: Self.limits(45, 1100)
        }
    }

    private static func limits(_ inSecond: Int, _ inMinute: Int) -> [RateLimit] {
        [RateLimit(count: inSecond, windowSeconds: 1), RateLimit(count: inMinute, windowSeconds: 60)]
    }
}

/// What the server makes of a `flow_type` in an issuing body.
enum FlowTypeRule: Sendable {
    case known
    /// Not looked at, as by Kratos v1.0 and v1.1.
    case ignored
    /// An unknown field, as to Connhex, and to Kratos before v1.0.
    case refused

    init(_ provider: SimulatedProvider, version: String) {
        if provider == .connhex || version.hasPrefix("v0.") {
            self = .refused
        } else if version.hasPrefix("v1.0.") || version.hasPrefix("v1.1.") {
            self = .ignored
        } else {
            self = .known
        }
    }
}
