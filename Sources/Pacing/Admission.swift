// When the next request may start: limits, concurrency, retries and outages as one state machine.

package import Model

/// How many requests may be in flight.
package enum Concurrency: Hashable, Sendable {
    case fixed(Int)
    /// What `ConcurrencyLimit` finds, up to `max`.
    case automatic(max: Int)

    package var max: Int {
        switch self {
        case .fixed(let count), .automatic(let count): count
        }
    }
}

/// How a run is paced.
package struct PacingOptions: Sendable {
    /// The operator's limits, which all hold at once.
    package var rates: [Rate]
    /// How many requests may go out at once in the shortest window.
    package var burst: Int
    /// The part of every window that is ours.
    package var share: Double
    package var concurrency: Concurrency
    /// How long an outage may last before the run ends; nil for ever.
    package var giveUpAfter: Duration?

    package init(
        rates: [Rate] = [],
        burst: Int = 1,
        share: Double = 1,
        concurrency: Concurrency,
        giveUpAfter: Duration? = nil
    ) {
        self.rates = rates
        self.burst = burst
        self.share = share
        self.concurrency = concurrency
        self.giveUpAfter = giveUpAfter
    }
}

/// Asked before each request, told of each answer.
///
/// A request starts when the concurrency has room for it, the circuit is closed or wants a probe, the quota
/// affords it where it is a retry, and every window of the limits has room: in this order, so that none takes
/// from a later one what an earlier one refuses.
package struct Admission: Sendable {
    /// A request that may start; it ends with `ended`.
    package struct Ticket: Hashable, Sendable {
        let permit: RateLimit.Permit
        package let startedAt: Duration
        let isRetry: Bool
        /// Whether it is to find out if an outage is over.
        package let isProbe: Bool
    }

    package enum Decision: Sendable {
        case go(Ticket)
        /// Ask again at this time, or when a request has ended.
        case wait(until: Duration)
        /// No retry before this time; another request may.
        case noRetry(until: Duration)
        /// As many are in flight as may be: ask again when one has ended.
        case full
    }

    /// What the end of a request says of the server.
    package enum Ending: Sendable {
        /// It works, also where it says that there is no such identity.
        case good
        /// It fails: a 5xx, a timeout, a lost or refused connection.
        case failure
        /// It fails for this identity, and not for others.
        case failureOfItsOwn
        /// A 429.
        case refusal
        case nothing
    }

    /// Why a run is to end.
    package enum Exhaustion: Sendable {
        /// Nearly everything has failed for that long.
        case outage(Duration)
        /// Nothing but refusals for that long, after the first wait that the server asked for.
        case refusals(Duration)
    }

    private var rateLimit: RateLimit
    private var limit: ConcurrencyLimit?
    private let fixedConcurrency: Int
    private var quota = RetryQuota()
    private var circuit = Circuit()
    private let giveUpAfter: Duration?
    private var inFlight = 0
    /// The end of the first wait that the server asked for since the last good answer.
    private var refusedSince: Duration?

    package init(_ options: PacingOptions) {
        rateLimit = RateLimit(rates: options.rates, burst: options.burst, share: options.share)
        fixedConcurrency = options.concurrency.max
        if case .automatic(let max) = options.concurrency { limit = ConcurrencyLimit(max: max) }
        giveUpAfter = options.giveUpAfter
    }

    /// Counts requests that went out before; the earliest first.
    package mutating func remember(_ requests: Int, at time: Duration) {
        rateLimit.remember(requests, at: time)
    }

    /// Asks to start a request at `now`.
    package mutating func request(isRetry: Bool, at now: Duration) -> Decision {
        guard inFlight < concurrency else { return .full }
        let isProbe: Bool
        switch circuit.mayStart(at: now) {
        case .wait(let until): return .wait(until: until)
        case .go: isProbe = false
        case .probe: isProbe = true
        }
        // A probe multiplies nothing.
        let isPaid = isRetry && !isProbe
        if isPaid, case .wait(let until) = quota.retry(at: now) {
            circuit.withdrawn(isProbe: false)
            return .noRetry(until: until)
        }
        switch rateLimit.request(at: now) {
        case .wait(let until):
            circuit.withdrawn(isProbe: isProbe)
            if isPaid { quota.withdrawn() }
            return .wait(until: until)
        case .go(let permit):
            inFlight += 1
            limit?.started(at: now)
            return .go(Ticket(permit: permit, startedAt: now, isRetry: isPaid, isProbe: isProbe))
        }
    }

    /// The request went out at `now`; only of use where `needsSendTimes`.
    package mutating func sent(_ ticket: Ticket, at now: Duration) {
        rateLimit.sent(ticket.permit, at: now)
    }

    /// A request came to its end.
    ///
    /// - Parameters:
    ///   - wasSent: whether it may have reached the server.
    ///   - announced: what the answer told of the server's limits.
    ///   - holdFor: how long the answer asked to wait.
    /// - Returns: until when the identity waits, where an answer that stands alone asked for that and nobody
    ///   else has to; nil where it may be asked for again with the others.
    @discardableResult
    package mutating func ended(
        _ ticket: Ticket,
        _ ending: Ending,
        wasSent: Bool,
        announced: LimitAnnouncement? = nil,
        holdFor: Duration? = nil,
        at now: Duration,
        using random: inout some RandomNumberGenerator
    ) -> Duration? {
        inFlight -= 1
        if wasSent { rateLimit.answered(ticket.permit, at: now) } else { rateLimit.withdrawn(ticket.permit) }
        if let announced { rateLimit.learn(announced, from: ticket.permit, at: now) }
        limit?.ended(latency: now - ticket.startedAt, outcome: ending.concurrencyOutcome, at: now)
        switch ending {
        case .good:
            quota.succeeded(wasRetry: ticket.isRetry)
            circuit.ended(ok: true, isProbe: ticket.isProbe, at: now, using: &random)
            rateLimit.accepted(ticket.permit, at: now)
            refusedSince = nil
        case .failure:
            circuit.ended(ok: false, isProbe: ticket.isProbe, at: now, using: &random)
        case .failureOfItsOwn where ticket.isProbe:
            circuit.ended(ok: false, at: now, using: &random)
        case .refusal:
            circuit.withdrawn(isProbe: ticket.isProbe)
            return refused(ticket, holdFor, isUsedUp: announced?.remaining == 0, at: now)
        case .failureOfItsOwn, .nothing:
            circuit.withdrawn(isProbe: ticket.isProbe)
        }
        guard let holdFor else { return nil }
        return rateLimit.askedToWait(ticket.permit, holdFor, at: now, isCertain: ticket.isProbe || isOutage)
    }

    /// Nearly everything fails, as is known from elsewhere: nothing but probes goes from now on.
    package mutating func noteOutage(at now: Duration, using random: inout some RandomNumberGenerator) {
        circuit.open(at: now, using: &random)
    }

    /// - Parameter isUsedUp: whether the answer says that nothing remains of a limit.
    private mutating func refused(
        _ ticket: Ticket,
        _ holdFor: Duration?,
        isUsedUp: Bool,
        at now: Duration
    ) -> Duration? {
        let heldUntil = max(rateLimit.heldUntil, now)
        let waitsUntil = rateLimit.refused(
            ticket.permit,
            at: now,
            retryAfter: holdFor,
            isCertain: isUsedUp || ticket.isProbe
        )
        // To wait once as the server asks is no sign of trouble; to be refused again and again after that is.
        guard refusedSince == nil else { return waitsUntil }
        let wait = max(.zero, max(waitsUntil ?? .zero, rateLimit.heldUntil) - heldUntil)
        refusedSince = now + (holdFor == nil ? .zero : wait)
        return waitsUntil
    }
}

// MARK: - What holds now

extension Admission {
    /// How many may be in flight.
    package var concurrency: Int { limit?.limit ?? fixedConcurrency }

    /// Whether it matters when exactly a request goes out.
    package var needsSendTimes: Bool { rateLimit.hasWindows }

    /// Whether nearly everything fails, so that nothing but probes goes.
    package var isOutage: Bool { circuit.isOpen }

    /// Whether a request was under way in an outage, which may be over since: a timeout takes its time.
    package func wasOutage(during ticket: Ticket) -> Bool {
        circuit.isOpen || circuit.openUntil.map { ticket.startedAt < $0 } ?? false
    }

    /// Since when nearly everything has failed; nil where it does not.
    package var outageSince: Duration? { circuit.isOpen ? circuit.failingSince ?? circuit.openSince : nil }

    /// Until when the server asked everybody to wait.
    package var heldUntil: Duration { rateLimit.heldUntil }

    /// The rates that hold now, the operator's and the server's.
    package var limitInForce: [Rate] { rateLimit.limitsFound }

    /// How many a second the shortest window lets go; nil without limits.
    package var perSecond: Double? { rateLimit.perSecond }

    /// How long from `now` until the last of so many more goes out, those in flight among them, as far as the
    /// limits have a say; nil where there are no limits.
    package func timeLeft(for requests: Int, at now: Duration) -> Duration? {
        rateLimit.timeLeft(for: max(0, requests - inFlight), at: now)
    }

    /// What requests waited for lately.
    package var limitedBy: LimitedBy { rateLimit.limitedBy }

    /// Why the run is to end at `now`; nil while it is not.
    package func exhaustion(at now: Duration) -> Exhaustion? {
        guard let giveUpAfter else { return nil }
        if circuit.isOpen, let since = circuit.failingSince, now - since >= giveUpAfter {
            return .outage(now - since)
        }
        if let refusedSince, now - refusedSince >= giveUpAfter { return .refusals(now - refusedSince) }
        return nil
    }
}

extension Admission.Ending {
    fileprivate var concurrencyOutcome: ConcurrencyLimit.Outcome {
        switch self {
        case .good: .ok
        case .failure: .overload
        case .failureOfItsOwn, .refusal, .nothing: .other
        }
    }
}
