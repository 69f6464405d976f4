// Earlier runs' requests on this run's clock.

import Ledger
import Pacing
import Model

extension Admission {
    /// From when on earlier requests matter: as far back as any window may reach.
    static func memoryBegins(_ now: Timestamp) -> Timestamp {
        now.advanced(by: .zero - RateLimit.memory - .seconds(1))
    }

    /// Counts what earlier runs have sent, by a clock that says `elapsed` when it is `now`; the earliest
    /// first.
    mutating func remember(_ earlier: [RequestsInSecond], elapsed: Duration, now: Timestamp) {
        for past in earlier {
            // What a run that was killed had sent may still have been on its way. A clock that was set back
            // leaves times in the future: they count from now.
            let arrival = elapsed - max(.zero, past.end.duration(to: now)) + RateLimit.arrivalDelayMax
            remember(past.requests, at: arrival)
        }
    }
}
