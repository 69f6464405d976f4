// When requests came to a server, and what clocks that jump take from the promise about them.

import Model

/// Counts arrivals by a clock that stands for what a run can know of earlier ones.
///
/// Runs are tied together by the time of day. One that was set back makes earlier requests count for longer.
/// One that was set forward makes them look older than they are, from the start of the next run: by that much
/// a window is shorter across this start, and no promise is made. So this clock leaps with every start by as
/// much as the time of day may have been set forward since the start before.
struct ArrivalLog {
    /// Ascending, by the leaping clock.
    private var times: [Duration] = []
    private var leapt: Duration = .zero
    private var offset: Duration = .zero
    private var offsetMin: Duration = .zero

    mutating func clockJumped(to offset: Duration) {
        self.offset = offset
        offsetMin = min(offsetMin, offset)
    }

    mutating func runBegins() {
        leapt += offset - offsetMin
        offsetMin = offset
    }

    mutating func arrives(at now: Duration) { times.append(now + leapt) }

    /// How many came within a time that ends now.
    func count(within length: Duration, until now: Duration) -> Int {
        times.count - times.countBefore { $0 > now + leapt - length }
    }
}
