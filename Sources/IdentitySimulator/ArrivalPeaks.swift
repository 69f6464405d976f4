// The most requests that ever arrived within a second and within a minute: what a client's pacing is judged
// by.

/// Counts arrivals in windows that slide with every arrival, exactly.
///
/// Memory grows with what arrives in a minute: 8 bytes a request.
struct ArrivalPeaks: Sendable {
    private struct Window {
        let length: Int64
        /// The position of the oldest arrival in the window, counted from the very first arrival.
        var first = 0
        var peak = 0
    }

    private var times: ContiguousArray<Int64> = []
    /// How many arrivals have been dropped from the front of `times`.
    private var dropped = 0
    private var second = Window(length: 1_000_000_000)
    private var minute = Window(length: 60_000_000_000)

    var peakInSecond: Int { second.peak }
    var peakInMinute: Int { minute.peak }

    /// - Parameter now: nanoseconds on a clock that never goes back.
    mutating func arrive(at now: Int64) {
        // Two threads may read the clock in one order and arrive here in the other.
        let now = max(now, times.last ?? now)
        times.append(now)
        slide(&second, to: now)
        slide(&minute, to: now)
        // Dropping is a copy of the rest, so it waits until half the array is of no use.
        let unused = minute.first - dropped
        if unused > 4096, unused > times.count / 2 {
            times.removeFirst(unused)
            dropped += unused
        }
    }

    private func slide(_ window: inout Window, to now: Int64) {
        while times[window.first - dropped] <= now - window.length { window.first += 1 }
        window.peak = max(window.peak, dropped + times.count - window.first)
    }
}
