// What a server says about its limits in the headers of an answer, and who holds a run up.

package import Vocabulary

/// The limits that one answer told of: `x-ratelimit-limit: 10, 10;w=1, 300;w=60` and its kin, already parsed.
package struct LimitAnnouncement: Hashable, Sendable {
    /// Every window that the answer named; empty where it named none.
    package var windows: [Rate]
    /// The count of the window that `remaining` and `reset` are about; nil where that is not said.
    package var limit: Int?
    /// How many more requests the server takes until `reset`.
    package var remaining: Int?
    /// How long until there are more again, from the answer on.
    package var reset: Duration?

    package init(
        windows: [Rate] = [],
        limit: Int? = nil,
        remaining: Int? = nil,
        reset: Duration? = nil
    ) {
        self.windows = windows
        self.limit = limit
        self.remaining = remaining
        self.reset = reset
    }
}

/// What requests wait for.
package enum LimitedBy: String, Hashable, Sendable {
    /// For the rates that the operator asked for.
    case `operator`
    /// For what the server announced, or made known by refusing.
    case server
    /// For no rate: for places among the requests in flight, or for nothing at all.
    case concurrency
}

extension Rate {
    /// The part of this rate that is ours when others use the rest.
    ///
    /// Where less than one request a window is left, the window is stretched until it holds one.
    ///
    /// - Parameter share: more than 0, at most 1.
    package func shared(_ share: Double) -> Rate {
        precondition(share > 0 && share <= 1, "a share is more than nothing and at most all")
        let part = Double(count) * share
        // A product such as 100 * 0.29 falls short of the whole number it stands for.
        let whole = Int((part + 1e-6).rounded(.down))
        return whole >= 1 ? Rate(count: whole, window: window) : Rate(count: 1, window: window / part)
    }
}
