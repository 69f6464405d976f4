// Single refusals, and those that come of a limit.

/// Tells a limit that has been met from refusals that come one by one, whatever is sent: a gateway's moods, a
/// back end that restarts, faults put in on purpose.
///
/// A limit refuses everything once it is used up, so its refusals follow one another, or are a part of all
/// answers that grows with the rate. Two tests watch for that, answer by answer:
/// - `inRowMax` refusals without an accepted request in between. Where one in a hundred is refused at random,
///   that happens once in a million answers.
/// - A cumulative sum (E. S. Page, "Continuous Inspection Schemes", 1954): a refusal adds 1, an accepted
///   request takes `1 / acceptedPerRefusal` away, and at `sumMax` it is a limit. Where a third is refused
///   that takes some 17 answers, where a tenth is, 70; where one in a hundred is refused at random it happens
///   once in 270,000 answers or so.
///
/// Until anything has been accepted, and after a limit was met until anything is again, each refusal is the
/// limit's. So a limit is sent two requests more than are in flight when it refuses everything, and five
/// refusals more when it refuses a part.
struct LoneRefusals {
    private var sum = 0.0
    private var inRow = 0
    private var hasAccepted = false
    /// The limit was met so many times without an accepted request in between.
    private var repeats = 0
    /// The latest time to which one of the refusals that count now asked to wait.
    private var until: Duration = .zero

    enum Verdict {
        /// Its identity waits, and nobody else.
        case alone
        /// Nobody sends until then.
        ///
        /// - Parameter isNew: whether anything was accepted since a limit was met; else it says nothing about
        ///   the rate.
        case limit(until: Duration, isNew: Bool)
    }

    private static let inRowMax = 3
    private static let acceptedPerRefusal = 32.0
    private static let sumMax = 5.0

    /// The longest wait between two tries of a limit that goes on refusing, where it does not ask for a
    /// longer one.
    private static let waitMax: Duration = .seconds(8)

    /// A request was answered with what was asked for.
    ///
    /// - Parameter isLater: whether it went out after the limit was last met.
    mutating func accepted(isLater: Bool) {
        inRow = 0
        sum = max(0, sum - 1 / Self.acceptedPerRefusal)
        if sum == 0 { until = .zero }
        guard isLater else { return }
        hasAccepted = true
        repeats = 0
    }

    /// A request was refused.
    ///
    /// - Parameters:
    ///   - time: until when the answer asked to wait.
    ///   - isCertain: whether the limit is known to be used up, as where the answer says so.
    mutating func refused(at now: Duration, until time: Duration, isCertain: Bool) -> Verdict {
        until = max(until, time)
        sum += 1
        inRow += 1
        guard isCertain || !hasAccepted || inRow >= Self.inRowMax || sum >= Self.sumMax else { return .alone }
        // A budget that lasts for longer is used up: asked again after one second, then two, four, eight.
        let wait = repeats > 0 ? min(.seconds(1 << min(repeats, 10)), Self.waitMax) : .zero
        let verdict = Verdict.limit(until: max(until, now + wait), isNew: repeats == 0)
        // The next refusals confirm it, if they come soon.
        (sum, inRow, hasAccepted, until) = (Self.sumMax - 1, 0, false, .zero)
        repeats += 1
        return verdict
    }
}
