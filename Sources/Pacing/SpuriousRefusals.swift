// Refusals that don't come from the pace.

import Model

/// Tells refusals that a slower pace would avoid from those that it would not: a gateway's moods, others who
/// use the same limit up, faults put in on purpose.
///
/// A limit that refuses at one pace does not refuse at less than half of what it let pass a moment ago; where
/// that happens again and again, and most requests are taken nevertheless, the pace has nothing to do with
/// it. Slowing down would go on for ever then.
struct SpuriousRefusals {
    /// How many the server took in the latest seconds in which it took any.
    private var taken: [(second: Int64, count: Int)] = []
    private var takenSince = 0
    private var strays = 0
    /// The part of the latest answers that are refusals.
    private var part = 0.0

    private static let secondsKept = 20
    /// A server that took so many since it refused the last one has not used up a limit.
    private static let takenMin = 5
    /// So many stray ones are usual.
    private static let usual = 3
    /// Where more are refused than that, it is the pace after all.
    private static let partMax = 0.25
    /// The answers that `part` is about.
    private static let memory = 32.0

    /// How many requests a second the server took in the best of the latest seconds.
    var perSecond: Double { Double(taken.lazy.map(\.count).max() ?? 0) }

    /// Whether the pace has nothing to do with refusals, as far as is known.
    var areUsual: Bool { strays >= Self.usual }

    mutating func accepted(at now: Duration) {
        takenSince += 1
        part -= part / Self.memory
        let second = now.components.seconds
        if taken.last?.second != second {
            if taken.count == Self.secondsKept { taken.removeFirst() }
            taken.append((second, 0))
        }
        taken[taken.count - 1].count += 1
    }

    mutating func refused() {
        part += (1 - part) / Self.memory
    }

    /// Whether the refusal that has just come is a stray one.
    ///
    /// - Parameter rate: the pace that was kept, in requests a second; nil where there was none.
    mutating func isStray(rate: Double?) -> Bool {
        defer { takenSince = 0 }
        if part > Self.partMax {
            // What it took before is no measure any more.
            (strays, taken, part) = (0, [], 0)
            return false
        }
        if areUsual { return true }
        guard let rate, rate < perSecond / 2, takenSince >= Self.takenMin else { return false }
        strays += 1
        return true
    }
}
