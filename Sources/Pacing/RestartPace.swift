// The pace after a refusal: slow at first, then back to what the server took, then gently beyond.

import Model

/// A bound on requests a second that exists from a 429 until the pace is back where it was.
///
/// Taken from the field: slow start and a threshold as TCP has them (RFC 5681): the pace doubles each second
/// up to the threshold. Above it, the growth of CUBIC (RFC 9438), as in the adaptive retry mode of the AWS
/// SDKs: quickly at first, level around the rate at which the server refused (the plateau), then faster and
/// faster in search of more. A refusal sets the plateau to the rate that was refused, though to no less than
/// `decrease` of what the server took in one of the latest seconds (as TCP Westwood measures it), and the
/// threshold to `decrease` of the plateau. `SpuriousRefusals` are waited for, and slow nothing. The pace
/// grows by what it permits: where it holds nobody up it stays as it is.
struct RestartPace {
    /// Requests a second; nil while nothing but the limits counts.
    private(set) var rate: Double?
    /// The pace doubles below it.
    private var threshold = 0.0
    /// The rate at which the server refused.
    private var plateau = 0.0
    /// How long the pace has grown above the threshold.
    private var grownFor = 0.0
    /// When the next request may go.
    private var next: Duration = .zero
    private var previous: Duration = .zero
    private var endedAt: Duration?
    private var strays = SpuriousRefusals()

    /// What is left of the rate that was refused.
    private static let decrease = 0.85
    /// The part of the rate with which it starts again.
    private static let restart = 0.25
    /// Seconds from the threshold to the plateau.
    private static let recovery = 30.0
    /// The slowest start, in requests a second.
    private static let rateMin = 0.1
    /// Beyond it a pace is no pace.
    private static let rateMax = 1e6
    private static let lateness: Duration = .milliseconds(20)

    /// The rate that it grows to at first, then the rate itself; nil while there is none, or nothing is known
    /// of it.
    var goal: Double? {
        guard let rate, threshold < Self.rateMax else { return nil }
        return max(rate, threshold)
    }

    /// A request was answered with what was asked for.
    mutating func accepted(at now: Duration) { strays.accepted(at: now) }

    /// A request was refused, whenever it was sent.
    mutating func noteRefusal() { strays.refused() }

    /// A limit was met: a request was refused, and not by itself.
    ///
    /// - Parameters:
    ///   - until: when sending goes on.
    ///   - measured: how many a second were sent.
    ///   - isMeasured: whether for a second at least.
    ///   - limit: how many a second the limits in force allow; nil where there are none.
    ///   - isAnnounced: whether the server told its limit, so that the refusal says nothing new about the
    ///     rate.
    mutating func refused(
        at now: Duration,
        until: Duration,
        measured: Double,
        isMeasured: Bool,
        limit: Double?,
        isAnnounced: Bool
    ) {
        let proven = strays.perSecond
        if !isAnnounced, strays.isStray(rate: rate) {
            if strays.areUsual { rate = nil }
            (next, previous) = (max(next, until), until)
            return
        }
        let isRepeated = rate != nil || endedAt.map { now - $0 < .seconds(Self.recovery) } ?? false
        let refused = min(rate ?? measured, limit ?? .infinity, Self.rateMax)
        if isAnnounced, !isRepeated, let limit {
            plateau = limit
            threshold = limit
        } else {
            plateau = isAnnounced ? refused : max(refused, min(proven, limit ?? .infinity) * Self.decrease)
            // Nothing is known of the rate that the server takes before it was asked for some time: slow
            // start finds it.
            threshold = isMeasured || limit != nil || isRepeated ? plateau * Self.decrease : Self.rateMax
        }
        // Where nothing is known yet, one for each wait that the server asked for, or a part of what it took.
        let isKnown = limit != nil || rate != nil
        let asked = max(1 / max((until - now).inSeconds, 0.001), proven * Self.restart)
        let start = isKnown ? plateau * Self.restart : asked
        let rate = min(max(start, Self.rateMin), max(threshold, Self.rateMin))
        self.rate = rate
        grownFor = 0
        // Where the server asks for no wait, that of the pace.
        next = until > now ? until : now + .seconds(1 / rate)
        previous = until
    }

    /// A limit goes on refusing, with nothing taken in between: that tells how long it lasts, and nothing
    /// about the rate.
    mutating func refusedAgain(until: Duration) {
        guard let rate else { return }
        self.rate = min(rate, max(plateau * Self.restart, Self.rateMin))
        grownFor = 0
        (next, previous) = (max(next, until), until)
    }

    /// When the next request may go; nil when now.
    func wait(at now: Duration) -> Duration? {
        rate != nil && now < next ? next : nil
    }

    /// A request may go at `now`.
    ///
    /// - Parameter limit: how many a second the limits in force allow; the pace ends there.
    mutating func permitted(at now: Duration, limit: Double?) {
        guard var rate else { return }
        let interval = Duration.seconds(1 / rate)
        let holdsUp = now < next + interval + Self.lateness
        if holdsUp { rate = grown(rate, by: min(max(.zero, now - previous).inSeconds, 1)) }
        previous = now
        if rate >= min(limit ?? Self.rateMax, Self.rateMax) {
            endedAt = now
            self.rate = nil
            return
        }
        self.rate = rate
        next = max(next, now - Self.lateness) + .seconds(1 / rate)
    }

    /// A permission was not used.
    mutating func withdrawn() {
        if let rate { next -= .seconds(1 / rate) }
    }

    private mutating func grown(_ rate: Double, by seconds: Double) -> Double {
        // The logarithm of 2: it doubles in a second.
        if rate < threshold { return min(threshold, rate * (1 + 0.693 * seconds)) }
        grownFor += seconds
        let distance = (grownFor - Self.recovery) / Self.recovery
        return max(rate, plateau * (1 + (1 - Self.decrease) * distance * distance * distance))
    }
}
