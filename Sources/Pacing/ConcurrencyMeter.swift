// Measures a server at a level of concurrency, batch by batch.

import Model

/// Follows requests as they start and end, and cuts their ends into batches with a rate each.
///
/// A batch counts only while the level is the bottleneck: where something else holds requests up (a rate
/// limit, the end of the roster), its rate says nothing about the level.
struct ConcurrencyMeter {
    /// One batch of requests that ended.
    struct Batch {
        /// Seconds for one good answer.
        let secondsEach: Double
        /// Whether as many as may be were in flight for most of the time.
        let isFull: Bool
        /// From the first to the last of its ends.
        let duration: Duration
    }

    private(set) var inFlight = 0
    private var level: Int
    /// Ends to let pass after a change of level, until what ends was started at the new one.
    private var skipped: Int
    private var good = 0
    private var opened: Duration = .zero
    private var last: Duration = .zero
    private var full: Duration = .zero

    /// The fewest good answers in a batch.
    private static let batchMin = 8
    /// How much of a batch's time the level must be the bottleneck.
    private static let fullMin = 0.5

    init(level: Int) {
        self.level = level
        skipped = 0
    }

    /// From now on so many are in flight.
    mutating func change(to level: Int, at now: Duration) {
        pass(to: now)
        skipped = max(self.level, level, inFlight)
        self.level = level
        open(at: now)
    }

    mutating func started(at now: Duration) {
        // The time in which nothing was asked for belongs to no batch.
        if inFlight == 0, good == 0 { open(at: now) }
        pass(to: now)
        inFlight += 1
    }

    /// A request ended; returns the batch that it completes.
    mutating func ended(isGood: Bool, at now: Duration) -> Batch? {
        pass(to: now)
        inFlight = max(0, inFlight - 1)
        if skipped > 0 {
            skipped -= 1
            if skipped == 0 { open(at: now) }
            return nil
        }
        if isGood { good += 1 }
        guard good >= max(Self.batchMin, level) else { return nil }
        let duration = now - opened
        defer { open(at: now) }
        return Batch(
            secondsEach: duration.inSeconds / Double(good),
            isFull: full >= duration * Self.fullMin,
            duration: duration
        )
    }

    /// A request ended that says nothing about the server.
    mutating func left(at now: Duration) {
        pass(to: now)
        inFlight = max(0, inFlight - 1)
    }

    private mutating func pass(to now: Duration) {
        if inFlight >= level { full += max(.zero, now - last) }
        last = max(last, now)
    }

    private mutating func open(at now: Duration) {
        (good, full) = (0, .zero)
        opened = now
        last = now
    }
}
