// The lanes of a service: who comes first is served first. Pure arithmetic; time and chance are handed in.

/// Says of each request, when it arrives, when its service will have ended.
///
/// That is known at once, since who is in the server stays: a request whose client has gone holds its place,
/// and its lane, as one does whose query is under way.
struct ServiceLanes: Sendable {
    private let shape: ServiceShape
    private let timeNs: Double
    /// When each lane has done with what it was given so far.
    private var freeAt: ContiguousArray<Int64>
    /// When those who are in the server, waiting or being served, leave it.
    private var leavingAt: ContiguousArray<Int64> = []

    /// Nil where nobody waits for anything.
    init?(_ shape: ServiceShape) {
        guard shape.time > .zero else { return nil }
        self.shape = shape
        let (seconds, attoseconds) = shape.time.components
        timeNs = Double(seconds) * 1e9 + Double(attoseconds) / 1e9
        freeAt = ContiguousArray(repeating: .min, count: max(1, shape.lanes))
    }

    /// When the service of a request that arrives now ends.
    ///
    /// - Parameters:
    ///   - now: nanoseconds on a clock that never goes back.
    ///   - chance: from 0 to 1, where in the jitter it falls.
    mutating func arrive(at now: Int64, chance: Double) -> Int64 {
        leavingAt.removeAll { $0 <= now }
        let lane = freeAt.indices.min { freeAt[$0] < freeAt[$1] } ?? 0
        let end = max(now, freeAt[lane]) + Int64(holdingNs(inside: leavingAt.count + 1, chance))
        freeAt[lane] = end
        leavingAt.append(end)
        return end
    }

    /// How long one of so many that are in the server holds its lane.
    private func holdingNs(inside: Int, _ chance: Double) -> Double {
        let busy = min(inside, freeAt.count)
        let shared = 1 + shape.sharing * Double(busy - 1)
        let crowded = 1 + shape.contention * (1 - Double(busy) / Double(inside))
        return timeNs * shared * crowded * (1 + shape.jitter * (2 * chance - 1))
    }
}
