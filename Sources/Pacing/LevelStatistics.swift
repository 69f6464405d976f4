// What one level of concurrency was measured to give.

import Foundation

/// The time for one good answer at one level, batch by batch, and how sure its mean is.
///
/// Times, not rates: the mean of times is right also where a batch's ends come in bursts. Old batches fade,
/// so that a server that changes slowly is followed; one that changes at once is noticed.
struct LevelStatistics {
    private(set) var batches = 0.0
    /// Seconds for one good answer.
    private(set) var mean = 0.0
    private var squares = 0.0
    private var recent: [Double] = []
    private var measured: Duration = .zero

    /// Batches beyond which the oldest fade.
    private static let batchesMax = 256.0
    /// What a batch is taken to vary by before it is known, as a part of the mean, and as how many batches
    /// that counts.
    private static let priorDeviation = 0.15
    private static let priorBatches = 2.0
    /// As how many batches old ones count.
    private static let oldMax = 4.0
    /// The batches that make a change known.
    private static let recentMax = 4
    /// The least change, as a ratio, that is taken for another server than before.
    private static let changeMin = 1.25

    /// The square of the mean's standard error, as a part of the mean.
    var error: Double { variance / max(batches, 1) }

    /// The logarithm of the good answers a second.
    var throughput: Double { -log(max(mean, 1e-9)) }

    /// The square of the deviation of a batch, as a part of the mean.
    private var variance: Double {
        let known = squares / max(mean * mean, 1e-18)
        let prior = Self.priorBatches * Self.priorDeviation * Self.priorDeviation
        return (known + prior) / (max(batches, 1) - 1 + Self.priorBatches)
    }

    /// Takes in a batch; says whether the server is not what it was, in which case all before is forgotten.
    mutating func add(secondsEach: Double, at now: Duration) -> Bool {
        measured = now
        recent.append(secondsEach)
        if recent.count > Self.recentMax { recent.removeFirst() }
        guard isChange else {
            take(secondsEach)
            return false
        }
        // The first of them may have begun before the change.
        let values = recent.suffix(2)
        self = LevelStatistics()
        measured = now
        for value in values { take(value) }
        return true
    }

    /// What was measured some time ago weighs little against what will be measured now.
    mutating func fade(at now: Duration) {
        guard now - measured > .seconds(3), batches > Self.oldMax else { return }
        squares *= Self.oldMax / batches
        batches = Self.oldMax
        recent = []
    }

    /// Whether the last batches all lie to one side, and far from what was measured before.
    private var isChange: Bool {
        guard recent.count == Self.recentMax, batches >= Double(2 * Self.recentMax), mean > 0 else {
            return false
        }
        let average = recent.reduce(0, +) / Double(recent.count)
        // Four standard errors of so few.
        let far = max(Self.changeMin, 1 + 2 * variance.squareRoot())
        return recent.allSatisfy { $0 > mean } && average > mean * far
            || recent.allSatisfy { $0 < mean } && average < mean / far
    }

    private mutating func take(_ value: Double) {
        if batches >= Self.batchesMax {
            squares *= (Self.batchesMax - 1) / Self.batchesMax
        } else {
            batches += 1
        }
        let difference = value - mean
        mean += difference / batches
        squares += difference * (value - mean)
    }
}
