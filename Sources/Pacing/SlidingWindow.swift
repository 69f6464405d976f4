// What happened within the last window's length, in memory that does not grow with the limit.

import DequeModule

/// The events of the last `length`, counted so that no interval of that length is ever undercounted.
///
/// Events close together (within a 1/1000 of the window) are kept as one entry with the latest of their times, which
/// errs on the side of the limit; so there are never more than about 1,000 entries, whatever the limit.
struct SlidingWindow {
    let length: Duration
    private let grain: Duration
    private var entries: Deque<Entry> = []
    private(set) var count = 0

    private struct Entry {
        let opened: Duration
        var latest: Duration
        var count: Int
    }

    init(length: Duration) {
        self.length = length
        grain = length / 1000
    }

    /// Notes events; those that come late count from the latest before them.
    mutating func add(_ events: Int = 1, at time: Duration) {
        count += events
        if let last = entries.last, time - last.opened < grain {
            entries[entries.count - 1].count += events
            entries[entries.count - 1].latest = max(last.latest, time)
        } else {
            entries.append(Entry(opened: time, latest: time, count: events))
        }
    }

    /// Forgets what left the window by `now`.
    mutating func expire(at now: Duration) {
        while let first = entries.first, first.latest + length <= now {
            count -= first.count
            entries.removeFirst()
        }
    }

    /// When at most `limit` of the events counted are left in the window; nil when that is so already.
    func time(whenAtMost limit: Int) -> Duration? {
        var left = count
        for entry in entries {
            if left <= limit { return nil }
            left -= entry.count
            if left <= limit { return entry.latest + length }
        }
        return nil
    }
}
