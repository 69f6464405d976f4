// What a server says about its limits in the header of one answer.

/// The limits that one answer told of: `x-ratelimit-limit: 10, 10;w=1, 300;w=60` and its kin, already read.
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
