// Which bearer tokens the server accepts, and for how long.

/// The accepted tokens; the first may be good for a number of issuing requests only.
///
/// It is handed around under a lock and never described: it holds secrets.
struct TokenBook: Sendable {
    enum Verdict: Hashable, Sendable {
        case accepted
        /// No token, or none that is accepted (any more).
        case unknown
        /// A key for another purpose.
        case wrongKind
    }

    private let provider: SimulatedProvider
    private var accepted: [String]
    /// What is left of the first token; nil for a token without an end.
    private var issuingRequestsLeft: Int?

    init(_ configuration: SimulatorConfiguration) {
        provider = configuration.provider
        accepted = (configuration.requiredToken.map { [$0] } ?? []) + configuration.nextTokens
        issuingRequestsLeft = configuration.requiredToken == nil ? nil : configuration.tokenRequestsMax
    }

    /// Accepts these tokens from now on, without an end, and no others.
    mutating func accept(_ tokens: [String]) {
        accepted = tokens
        issuingRequestsLeft = nil
    }

    /// Judges the value of an `Authorization` header; counts it where the request is to issue.
    mutating func judge(_ authorization: String, isIssuing: Bool) -> Verdict {
        guard provider.needsToken || !accepted.isEmpty else { return .accepted }
        guard authorization.hasPrefix("Bearer ") else { return .unknown }
        let token = authorization.dropFirst("Bearer ".count)
        guard !token.isEmpty else { return .unknown }
        if provider == .oryNetwork {
            if token.hasPrefix("ory_wak_") { return .wrongKind }
            guard token.hasPrefix("ory_pat_") || token.hasPrefix("ory_apikey_") else { return .unknown }
        }
        // With no token named, any of the right kind will do.
        if accepted.isEmpty { return .accepted }
        guard let index = accepted.firstIndex(where: { $0 == token }) else { return .unknown }
        guard index == 0, let left = issuingRequestsLeft else { return .accepted }
        guard left > 0 else { return .unknown }
        if isIssuing { issuingRequestsLeft = left - 1 }
        return .accepted
    }
}
