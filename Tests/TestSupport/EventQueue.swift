// What is going to happen in a simulation, the earliest first.

/// A binary heap; of what happens at the same time, what was put in first comes out first.
package struct EventQueue<Key: Comparable, Event> {
    private var items: [(key: Key, number: Int, event: Event)] = []
    private var lastNumber = 0

    package var count: Int { items.count }
    package var nextKey: Key? { items.first?.key }

    package init() {}

    package mutating func insert(_ event: Event, at key: Key) {
        lastNumber += 1
        items.append((key, lastNumber, event))
        var child = items.count - 1
        while child > 0, isBefore(child, (child - 1) / 2) {
            items.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    package mutating func removeFirst() -> (key: Key, event: Event)? {
        guard let first = items.first else { return nil }
        items.swapAt(0, items.count - 1)
        items.removeLast()
        var parent = 0
        while true {
            let left = 2 * parent + 1
            guard left < items.count else { break }
            let child = left + 1 < items.count && isBefore(left + 1, left) ? left + 1 : left
            guard isBefore(child, parent) else { break }
            items.swapAt(child, parent)
            parent = child
        }
        return (first.key, first.event)
    }

    /// The next event, with the clock moved to it; nil where the clock came to a time to be asked again, or
    /// to the end.
    package mutating func next(moving now: inout Key, askingAt ask: Key?, end: Key) -> Event? {
        if let ask, ask < nextKey ?? end {
            now = ask
            return nil
        }
        guard let (time, event) = removeFirst() else {
            now = ask ?? end
            return nil
        }
        now = time
        return event
    }

    private func isBefore(_ left: Int, _ right: Int) -> Bool {
        (items[left].key, items[left].number) < (items[right].key, items[right].number)
    }
}
