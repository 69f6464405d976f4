// Follows an issuer, for the line about its progress.

package import Pacing
import Ledger
import Synchronization
import Model
package import Work

/// Figures of a run that is on; from any thread.
package final class ProgressMeter: Sendable {
    private let issuer: StageRunner
    private let time: TimeSource
    private let identitiesMax: Int
    /// Identities that had ended before issuing began.
    private let doneBefore: Int
    /// What the run had done before issuing began.
    private let before: RunProgress
    private let rate = Mutex(ProgressRate())

    /// Nobody can tell what takes longer: a hundred years.
    private static let secondsMax = 3.2e9
    /// So many ends tell how many requests one takes.
    private static let endsMin = 20

    /// - Parameters:
    ///   - doneBefore: identities that had ended before, in earlier runs or in the steps before issuing.
    ///   - identitiesMax: as many are taken at most.
    package init(_ issuer: StageRunner, doneBefore: Int, identitiesMax: Int, time: TimeSource) {
        self.issuer = issuer
        self.doneBefore = doneBefore
        self.identitiesMax = identitiesMax
        self.time = time
        before = issuer.progress
    }

    /// The figures now; to be asked for some times a second, so that the rate is known.
    package func figures() -> ProgressFigures {
        let now = time.elapsed()
        let (progress, pacing) = (issuer.progress, issuer.pacing)
        let ended = progress.issued + progress.failed - before.issued - before.failed
        let taken = min(issuer.due, identitiesMax)
        var figures = ProgressFigures()
        figures.done = doneBefore + ended
        figures.total = doneBefore + taken
        figures.failed = progress.failed
        figures.isTotalGrowing = issuer.isEnrolling && taken < identitiesMax
        figures.limits = pacing.limitInForce
        figures.limitedBy = pacing.limitedBy
        figures.concurrency = pacing.concurrency
        figures.outage = pacing.outageSince.map { now - $0 }
        if pacing.heldUntil > now + .seconds(1) { figures.hold = pacing.heldUntil - now }
        let isPaused = figures.outage != nil || pacing.heldUntil > now
        let rate = rate.withLock { rate in
            rate.note(done: ended, isPaused: isPaused, at: now)
            return rate
        }
        figures.perSecond = pacing.limitedBy == .concurrency ? rate.lately : rate.mean
        let left = max(0, taken - ended)
        let each =
            ended >= Self.endsMin ? max(1, Double(progress.requests - before.requests) / Double(ended)) : 1
        let requests = Int((Double(left) * each).rounded(.up))
        if pacing.limitedBy != .concurrency, let limited = issuer.timeLeft(for: requests, at: now) {
            figures.timeLeft = limited
        } else if let lately = rate.lately, lately > Double(left) / Self.secondsMax {
            figures.timeLeft = .seconds(Double(left) / lately)
        }
        return figures
    }
}
