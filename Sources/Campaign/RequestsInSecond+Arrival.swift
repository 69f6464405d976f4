// Earlier runs' requests on this run's clock.

import Ledger
import Pacing
import Vocabulary

extension RequestsInSecond {
    /// When the last of them came to the server at the latest, by a clock that says `elapsed` when it is `now`.
    ///
    /// What a run that was killed had sent may still have been on its way. A clock that was set back leaves times in the
    /// future: they count from now.
    func latestArrival(elapsed: Duration, now: Timestamp) -> Duration {
        elapsed - max(.zero, end.duration(to: now)) + RateLimit.arrivalDelayMax
    }
}
