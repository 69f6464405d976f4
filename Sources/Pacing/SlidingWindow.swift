// What happened within the last window's length, in memory that does not grow with the limit.

import DequeModule

/// The events of the last `length`, counted so that no interval of that length is ever undercounted.
///
/// Up to `entriesMax` events are kept one by one. A window for more keeps events close together (within a
/// `1/entriesMax` of it) as one entry with the latest of their times, which errs on the side of the limit; so
/// there are never more than about `entriesMax` entries of 40 bytes, whatever the limit. Adding and
/// forgetting take constant time, averaged over all calls.
struct SlidingWindow {
    let length: Duration
    private let grain: Duration
    private var entries: Deque<Entry> = []
    private(set) var count = 0

    /// How many events are told apart: 160 KB.
    static let entriesMax = 4096

    private struct Entry {
        let opened: Duration
        var latest: Duration
        var count: Int
    }

    /// - Parameter limit: the most events that the window is meant for.
    init(length: Duration, limit: Int) {
        self.init(length: length, grain: limit <= Self.entriesMax ? .zero : length / Self.entriesMax)
    }

    /// - Parameter grain: events that lie so close to an entry's first are one entry with it; none where it
    ///   is zero.
    init(length: Duration, grain: Duration) {
        self.length = length
        self.grain = grain
    }

    /// How many entries are kept.
    var entryCount: Int { entries.count }

    /// Notes events; those that come late count from the latest before them.
    mutating func add(_ events: Int = 1, at time: Duration) {
        count += events
        if let last = entries.last, time - last.opened < grain || time < last.latest {
            entries[entries.count - 1].count += events
            entries[entries.count - 1].latest = max(last.latest, time)
        } else {
            entries.append(Entry(opened: time, latest: time, count: events))
        }
    }

    /// Notes what another window remembers.
    mutating func add(contentsOf other: SlidingWindow) {
        for entry in other.entries { add(entry.count, at: entry.latest) }
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
