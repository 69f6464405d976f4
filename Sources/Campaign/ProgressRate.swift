// How fast a run goes at the moment.

import Model

/// The identities that end in a second: lately, and over the whole run; pauses and outages are left out.
///
/// Lately is an exponentially weighted mean: what happened `memory` ago counts for a third of what happens
/// now.
package struct ProgressRate: Sendable {
    private var weighted = (count: 0.0, seconds: 0.0)
    private var whole = (count: 0.0, seconds: 0.0)
    private var latest: (done: Int, isPaused: Bool, at: Duration)?

    private static let memory = 30.0
    /// Nothing is said of less.
    private static let secondsMin = 0.2

    package init() {}

    /// So many have ended by `now`; to be told some times a second.
    ///
    /// - Parameter isPaused: whether nothing goes on, because the server asked to wait or fails.
    package mutating func note(done: Int, isPaused: Bool, at now: Duration) {
        defer { latest = (done, isPaused, now) }
        guard let latest, now > latest.at, !isPaused, !latest.isPaused else { return }
        let (count, seconds) = (Double(done - latest.done), (now - latest.at).inSeconds)
        let kept = 1 / (1 + seconds / Self.memory)
        weighted = (weighted.count * kept + count, weighted.seconds * kept + seconds)
        whole = (whole.count + count, whole.seconds + seconds)
    }

    /// Lately; nil while nothing is known.
    package var lately: Double? {
        weighted.seconds >= Self.secondsMin ? weighted.count / weighted.seconds : nil
    }

    /// Over the whole run; nil while nothing is known.
    package var mean: Double? { whole.seconds >= Self.secondsMin ? whole.count / whole.seconds : nil }
}
