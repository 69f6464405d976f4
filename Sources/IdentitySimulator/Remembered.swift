// Memory with an end: what is oldest is forgotten where there is too much.

/// Values by their keys, as many as there is room for.
struct Remembered<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let countMax: Int
    private var values: [Key: Value] = [:]
    /// The keys in the order of their coming, in a ring once there is no more room.
    private var keys: ContiguousArray<Key> = []
    private var oldest = 0

    init(max: Int) {
        countMax = max
    }

    var count: Int { keys.count }

    /// The value that was kept last but `index` others; nil where there are not as many.
    func latest(_ index: Int) -> Value? {
        guard keys.indices.contains(index) else { return nil }
        let place = keys.count < countMax ? keys.count - 1 - index : oldest - 1 - index
        return values[keys[place < 0 ? place + keys.count : place]]
    }

    subscript(key: Key) -> Value? { values[key] }

    /// Keeps a value, in place of the one with that key if there is one.
    mutating func keep(_ value: Value, _ key: Key) {
        guard values.updateValue(value, forKey: key) == nil else { return }
        guard keys.count == countMax else { return keys.append(key) }
        values[keys[oldest]] = nil
        keys[oldest] = key
        oldest = (oldest + 1) % countMax
    }
}
