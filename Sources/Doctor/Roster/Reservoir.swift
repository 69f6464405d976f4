// A sample of a sequence of unknown length, with memory for the sample alone.

/// Keeps so many elements of all that are added, each with the same chance (Vitter's algorithm R).
struct Reservoir<Element> {
    private(set) var sample: [Element] = []
    private(set) var count = 0
    private let capacity: Int
    private var random: any RandomNumberGenerator

    init(capacity: Int, random: any RandomNumberGenerator) {
        precondition(capacity > 0, "a sample has at least one element")
        self.capacity = capacity
        self.random = random
    }

    mutating func add(_ element: Element) {
        count += 1
        guard sample.count == capacity else {
            sample.append(element)
            return
        }
        let place = Int.random(in: 0..<count, using: &random)
        if place < capacity { sample[place] = element }
    }
}
