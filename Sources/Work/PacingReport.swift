// What holds a run up, for people and summaries.

import Pacing
package import Model

/// The limits that hold, and what the run waits for.
package struct PacingReport: Sendable {
    /// The rates that hold now, the operator's and the server's, the shortest window first; empty without
    /// limits.
    package let limitInForce: [Rate]
    package let limitedBy: LimitedBy
    /// How many requests may be in flight.
    package let concurrency: Int
    /// Since when nearly everything has failed, by the time source's elapsed time; nil where it does not.
    package let outageSince: Duration?
    /// Until when the server asked everybody to wait, by the time source's elapsed time.
    package let heldUntil: Duration
}

extension PacingReport {
    init(_ admission: Admission) {
        limitInForce = admission.limitInForce
        limitedBy = admission.limitedBy
        concurrency = admission.concurrency
        outageSince = admission.outageSince
        heldUntil = admission.heldUntil
    }
}
