// How long to wait before another try: exponential backoff with full jitter.

/// The waits between the tries for one identity.
///
/// Full jitter (Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015): a random time
/// between nothing and a ceiling that doubles with each try, so that clients who failed together don't return
/// together.
package struct Backoff: Sendable {
    /// The ceiling after the first failure.
    package var base: Duration
    /// The highest ceiling.
    package var ceiling: Duration

    package init(base: Duration = .milliseconds(500), ceiling: Duration = .seconds(30)) {
        self.base = base
        self.ceiling = ceiling
    }

    /// The wait after the given number of failures, at least 1.
    package func delay(afterFailures failures: Int, using random: inout some RandomNumberGenerator)
        -> Duration
    {
        precondition(failures >= 1, "there is no wait before a first failure")
        let doublings = min(failures - 1, 30)
        let bound = min(base * (1 << doublings), ceiling)
        return bound * Double.random(in: 0...1, using: &random)
    }
}
