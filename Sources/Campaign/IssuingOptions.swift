// What bounds a run.

package import Pacing

/// How a run issues.
package struct IssuingOptions: Sendable {
    /// Limits, concurrency, and how long an outage may last.
    package var pacing: PacingOptions
    /// Tries for one identity in one run.
    package var attemptsMax: Int
    /// Issue for that many identities at most; nil for all that are due.
    package var maxIdentities: Int?
    /// As many may fail; nil for any number.
    package var maxFailures: FailureBound?
    /// When the run is to stop, by the time source's elapsed time; nil for never.
    package var deadline: Duration?
    /// The validity asked for, from which an absent expiry is reckoned.
    package var expiresIn: Duration
    package var backoff: Backoff

    /// Identities claimed at a time, whatever their stage: as many can be in doubt after a crash.
    package var claimedMax: Int { 4 * pacing.concurrency.max }

    package init(
        pacing: PacingOptions,
        attemptsMax: Int,
        maxIdentities: Int?,
        maxFailures: FailureBound? = nil,
        deadline: Duration? = nil,
        expiresIn: Duration,
        backoff: Backoff = Backoff()
    ) {
        self.pacing = pacing
        self.attemptsMax = attemptsMax
        self.maxIdentities = maxIdentities
        self.maxFailures = maxFailures
        self.deadline = deadline
        self.expiresIn = expiresIn
        self.backoff = backoff
    }
}
