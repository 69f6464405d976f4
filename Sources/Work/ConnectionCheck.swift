// Whether there is a server at all, and one that gives what a Kratos gives.

import Model

/// What a run knows of its server before the first useful answer.
///
/// A wrong address, or something in between that alters answers, is told from an outage by never having
/// worked: the run stops early instead of waiting for better times, and before many codes are made that
/// nobody has.
struct ConnectionCheck: Sendable {
    /// Whether a request of this run ever went out on a connection.
    private(set) var isReached = false
    /// Tries in a row that reached nothing.
    private(set) var failuresToReach = 0
    /// Whether the server ever answered what a Kratos answers.
    private(set) var hasUsefulAnswer = false
    /// Identities that got nothing that can be used.
    private var useless = 0

    /// Identities that get nothing usable from a server that never gave anything else.
    static let uselessMax = 20
    /// Tries to reach a server that nothing has ever been sent to.
    static let triesToReach = 4

    mutating func noteReached() { isReached = true }

    mutating func noteUseful() { hasUsefulAnswer = true }

    /// Nothing could be sent, and nothing ever was; returns why to stop, once that is plain.
    mutating func failedToReach(_ failure: Failure, _ traits: StageTraits) -> FatalAnswer? {
        failuresToReach += 1
        guard failuresToReach >= Self.triesToReach else { return nil }
        return FatalAnswer(.unreachable, traits.unreachable(failure.reason, failuresToReach))
    }

    /// A request failed for a while; returns why to stop, where the server never gave anything that can be
    /// used.
    ///
    /// Every further request might make a code that nobody has.
    ///
    /// - Parameters:
    ///   - isFirst: whether it is the identity's first failure, as each counts once.
    ///   - words: a sentence for what is no server of identities.
    mutating func failed(
        _ failure: Failure,
        _ contact: Contact,
        isFirst: Bool,
        useless words: (@Sendable (_ reason: String, _ identities: Int) -> Wording)? = nil
    ) -> FatalAnswer? {
        guard !hasUsefulAnswer else { return nil }
        guard [.unreadableAnswer, .gatewayError].contains(failure.kind) || contact != .answered else {
            hasUsefulAnswer = true
            return nil
        }
        if isFirst { useless += 1 }
        guard useless >= Self.uselessMax else { return nil }
        if let words { return FatalAnswer(.unreachable, words(failure.reason, useless)) }
        if failure.kind == .gatewayError {
            return FatalAnswer(
                .gatewayRefused,
                "\(useless) identities have got nothing but refusals that are not the server's, the last "
                    + "\(failure.httpStatus.map(String.init) ?? "one") with \(failure.reason): see what "
                    + "stands before the server, and whether \(.server) names its admin API; no identity was "
                    + "marked as failed for it"
            )
        }
        return FatalAnswer(
            .unreachable,
            "the server gave none of \(useless) identities an answer that can be used (\(failure.reason)): "
                + "check that \(.server) names the server's admin API, and nothing stands between that "
                + "alters answers"
        )
    }
}
