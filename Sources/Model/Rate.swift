// A limit as people and servers write it: so many requests in a window of time.

/// At most `count` requests in any interval of `window`'s length.
package struct Rate: Hashable, Sendable, CustomStringConvertible {
    /// The requests that a window may hold; at least 1, at most `countMax`.
    package let count: Int
    /// The length of the window.
    package let window: Duration

    /// The largest count that is taken: beyond it a limit is no limit.
    package static let countMax = 1_000_000_000

    package init(count: Int, window: Duration) {
        precondition(
            count >= 1 && window > .zero,
            "a rate counts at least one request in a window of some length"
        )
        self.count = count
        self.window = window
    }

    /// Reads `8/s`, `175/m` or `10000/h`; nil for anything else.
    package init?(argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = Int(parts[0]), (1...Self.countMax).contains(count),
            parts[0].utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        switch parts[1] {
        case "s": self.init(count: count, window: .seconds(1))
        case "m": self.init(count: count, window: .seconds(60))
        case "h": self.init(count: count, window: .seconds(3600))
        default: return nil
        }
    }

    package var description: String {
        switch window {
        case .seconds(1): "\(count)/s"
        case .seconds(60): "\(count)/m"
        case .seconds(3600): "\(count)/h"
        default: "\(count)/\(window.components.seconds)s"
        }
    }
}

extension Sequence<Rate> {
    /// `8/s, 500/min`; empty where there are none.
    package var inWords: String { map(\.description).joined(separator: ", ") }
}
