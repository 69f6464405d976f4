// How many retries a run affords: an outage must not multiply the load.

import Model

/// A token bucket for the retries of a whole run, which good answers refill.
///
/// The numbers of the AWS SDKs' standard retry mode: 500 tokens, a retry takes 5; the good answer to a first
/// try gives 1 back, that to a retry its 5. So up to a fifth more requests go out than first tries succeed,
/// beside the hundred of a full bucket, and up to about three in ten requests may fail for ever without a
/// retry having to wait. When it is empty, retries wait rather than fail: each has its turn at a trickle of
/// ten a second, as the retry budgets of Finagle and Linkerd have it, so that a run that has only retries
/// left goes on.
package struct RetryQuota: Sendable {
    /// Whether a retry may go.
    package enum Decision: Hashable, Sendable {
        case go
        /// Ask again at this time.
        case wait(until: Duration)
    }

    private let capacity: Double
    private let cost: Double
    private let tricklePerSecond: Double
    package private(set) var tokens: Double
    private var refilled: Duration = .zero

    /// - Parameters:
    ///   - capacity: the tokens of a full bucket, which it has at first.
    ///   - cost: what a retry takes.
    ///   - tricklePerSecond: how many retries a second go when it is empty, more than 0.
    package init(capacity: Int = 500, cost: Int = 5, tricklePerSecond: Double = 10) {
        precondition(
            cost > 0 && capacity >= cost && tricklePerSecond > 0,
            "a quota affords one retry, and goes on when it is empty"
        )
        self.capacity = Double(capacity)
        self.cost = Double(cost)
        self.tricklePerSecond = tricklePerSecond
        tokens = Double(capacity)
    }

    /// Asks to send a retry at `now`.
    package mutating func retry(at now: Duration) -> Decision {
        trickle(until: now)
        guard tokens < cost else {
            tokens -= cost
            return .go
        }
        let missing = (cost - tokens) / (cost * tricklePerSecond)
        return .wait(until: now + max(.seconds(missing), .milliseconds(1)))
    }

    /// A request had a good answer.
    package mutating func succeeded(wasRetry: Bool) {
        tokens = min(capacity, tokens + (wasRetry ? cost : 1))
    }

    /// A retry that might have gone did not.
    package mutating func withdrawn() {
        tokens = min(capacity, tokens + cost)
    }

    /// An empty bucket fills by itself until there is enough for one retry.
    private mutating func trickle(until now: Duration) {
        let passed = max(.zero, now - refilled).inSeconds
        refilled = max(refilled, now)
        if tokens < cost { tokens = min(cost, tokens + passed * tricklePerSecond * cost) }
    }
}
