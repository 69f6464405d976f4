// What bounds a run.

package import Pacing

/// How a run works at a stage.
package struct StageOptions: Sendable {
    /// Limits, concurrency, and how long an outage may last.
    package var pacing: PacingOptions
    /// Tries for one identity in one run.
    package var attemptsMax: Int
    /// Take that many identities at most; nil for all that are due.
    package var maxIdentities: Int?
    /// As many may fail; nil for any number.
    package var maxFailures: FailureBound?
    package var backoff: Backoff
    /// How many requests' worth of identities are claimed for each request that may be in flight.
    package var claimsPerRequest: Int

    /// Requests' worth of identities claimed at a time, whatever became of them: as many can be in doubt
    /// after a crash.
    package var claimedMax: Int { claimsPerRequest * pacing.concurrency.max }

    package init(
        pacing: PacingOptions,
        attemptsMax: Int,
        maxIdentities: Int? = nil,
        maxFailures: FailureBound? = nil,
        backoff: Backoff = Backoff(),
        claimsPerRequest: Int = 4
    ) {
        self.pacing = pacing
        self.attemptsMax = attemptsMax
        self.maxIdentities = maxIdentities
        self.maxFailures = maxFailures
        self.backoff = backoff
        self.claimsPerRequest = claimsPerRequest
    }
}
