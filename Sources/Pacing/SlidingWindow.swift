// What was sent within the last window's length, in memory that does not grow with the limit.

/// The requests sent in the last `length`, counted so that no interval of that length is ever undercounted.
///
/// Requests close together (within a 1/1000 of the window) are kept as one entry with the latest of their times,
/// which errs on the side of the limit; so there are never more than about 1,000 entries, whatever the limit.
struct SlidingWindow {
    let length: Duration
    private let grain: Duration
    private var entries: [Entry] = []
    /// The first entry still inside; those before it are dropped from time to time.
    private var head = 0
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

    /// Notes a request sent at `time`; times may not go back by more than they are late.
    mutating func add(at time: Duration) {
        count += 1
        if head < entries.count, let last = entries.last, time - last.opened < grain {
            entries[entries.count - 1].count += 1
            entries[entries.count - 1].latest = max(last.latest, time)
        } else {
            entries.append(Entry(opened: time, latest: max(time, entries.last?.latest ?? time), count: 1))
        }
    }

    /// Forgets what left the window before `now`.
    mutating func expire(at now: Duration) {
        while head < entries.count, entries[head].latest + length <= now {
            count -= entries[head].count
            head += 1
        }
        if head > 1024, head * 2 > entries.count {
            entries.removeFirst(head)
            head = 0
        }
    }

    /// When at most `limit` of the requests counted are left in the window.
    func time(whenAtMost limit: Int) -> Duration? {
        var left = count
        var index = head
        while left > limit, index < entries.count {
            left -= entries[index].count
            index += 1
        }
        return index > head ? entries[index - 1].latest + length : nil
    }
}
