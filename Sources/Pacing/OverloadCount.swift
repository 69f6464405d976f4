// When errors are so many that fewer requests should be in flight.

import Model

/// Counts errors round by round: as many results as are in flight are a round.
///
/// More than a fifth of a round, or five errors in a row, call for a decrease, at most once for the requests
/// that were in flight together. A level at which a part of the requests failed is then left alone, for
/// longer each time.
struct OverloadCount {
    private var results = 0
    private var overloads = 0
    private var inRow = 0
    private var decreasedAt: Duration?
    private var ceiling: (level: Int, until: Duration)?
    private var pause = Self.pauseMin

    private static let roundMin = 40
    private static let part = 0.2
    private static let inRowMax = 5
    private static let pauseMin: Duration = .seconds(4)
    private static let pauseMax: Duration = .seconds(64)

    /// Says whether it is time for a decrease.
    mutating func ended(isOverload: Bool, startedAt: Duration, limit: Int, at now: Duration) -> Bool {
        if let decreasedAt, startedAt < decreasedAt { return false }
        results += 1
        if isOverload { overloads += 1 }
        inRow = isOverload ? inRow + 1 : 0
        let round = max(Self.roundMin, limit)
        let isTime = Double(overloads) > Self.part * Double(round) || inRow >= Self.inRowMax
        if isTime {
            // Where everything fails, the level has nothing to do with it.
            if overloads * 10 < results * 9, limit > 1 { avoid(limit, at: now) }
            decreasedAt = now
            inRow = 0
        }
        if isTime || results >= round { (results, overloads) = (0, 0) }
        return isTime && limit > 1
    }

    /// Whether a level may be tried.
    func allows(level: Int, at now: Duration) -> Bool {
        guard let ceiling else { return true }
        return level < ceiling.level || now >= ceiling.until
    }

    private mutating func avoid(_ level: Int, at now: Duration) {
        if let ceiling, now < ceiling.until + pause {
            pause = min(pause * 2, Self.pauseMax)
        } else {
            pause = Self.pauseMin
        }
        ceiling = (level, now + pause)
    }
}
