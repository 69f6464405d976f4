// Limits that the server makes known: by announcing them, and by refusing.

package import Model

extension RateLimit {
    /// Takes in what an answer said about the server's limits.
    ///
    /// The windows hold beside the operator's from now on, and replace those announced before. `remaining`
    /// counts where others use the limit too: then no more than that many go out until `reset` has passed,
    /// less those on their way that the server may not have counted. Where our own requests explain what the
    /// server has used up, our own windows know better when it comes back: a reset is rounded to seconds,
    /// which would halve a pace of 8 a second.
    ///
    /// - Parameter permit: of the request that was answered; tells those sent after it from those before.
    package mutating func learn(
        _ announcement: LimitAnnouncement,
        from permit: Permit? = nil,
        at now: Duration
    ) {
        if !announcement.windows.isEmpty, announcement.windows != learnt.windows {
            learnt.windows = announcement.windows
            arrangeWindows()
        }
        guard let remaining = announcement.remaining, let reset = announcement.reset else { return }
        learnt.reset = now + reset
        guard !isOurs(announcement, remaining, at: now) else {
            learnt.budget = nil
            return
        }
        let uncounted: Int
        if let permit {
            let earlier = inUse.keys.count { $0.number < permit.number }
            uncounted = lastNumber - permit.number + earlier
        } else {
            uncounted = inUse.count
        }
        learnt.budget = LearntLimits.Budget(
            permissions: max(0, remaining - uncounted),
            until: now + reset,
            after: lastNumber
        )
    }

    /// The server refused a request with a 429.
    ///
    /// One that stands alone, as `LoneRefusals` has it, keeps only its own identity waiting. Where a limit
    /// was met, nobody sends until the time has passed that the refusals asked for, then the pace starts
    /// again slowly. Refusals of requests that went out before a limit was met say nothing new: they hold,
    /// but don't slow.
    ///
    /// - Parameters:
    ///   - permit: of the request that was refused, to tell old refusals from new ones.
    ///   - retryAfter: as the answer had it; nil where it had none: then the reset announced last, or one
    ///     second.
    ///   - isCertain: whether a limit is known to be used up, as where the answer says that nothing remains.
    /// - Returns: until when its identity waits, where nobody else does; nil where everybody does.
    @discardableResult
    package mutating func refused(
        _ permit: Permit? = nil,
        at now: Duration,
        retryAfter: Duration? = nil,
        isCertain: Bool = false
    ) -> Duration? {
        let isNew = permit.map { $0.number > learnt.refusedUpTo } ?? (now >= heldUntil)
        let until =
            now
            + (retryAfter ?? learnt.reset.map { $0 - now }.flatMap { $0 > .zero ? $0 : nil } ?? .seconds(1))
        pace.noteRefusal()
        guard isNew else {
            hold(until: until)
            return nil
        }
        guard case .limit(let end, let isNewLimit) = lone.refused(at: now, until: until, isCertain: isCertain)
        else { return until }
        hold(until: end)
        learnt.refusedUpTo = lastNumber
        guard isNewLimit else {
            pace.refusedAgain(until: heldUntil)
            return nil
        }
        pace.refused(
            at: now,
            until: heldUntil,
            measured: meter.perSecond(at: now),
            isMeasured: meter.isMeasured(at: now),
            limit: perSecond,
            isAnnounced: !learnt.windows.isEmpty
        )
        return nil
    }

    /// An answer that is no 429 asked to wait, as a 503 with `Retry-After` does; it slows nothing.
    ///
    /// - Returns: until when its identity waits, where nobody else does; nil where everybody does.
    package mutating func askedToWait(
        _ permit: Permit,
        _ duration: Duration,
        at now: Duration,
        isCertain: Bool = false
    ) -> Duration? {
        let until = now + duration
        guard permit.number > learnt.refusedUpTo else {
            hold(until: until)
            return nil
        }
        guard case .limit(let end, _) = lone.refused(at: now, until: until, isCertain: isCertain) else {
            return until
        }
        hold(until: end)
        learnt.refusedUpTo = lastNumber
        return nil
    }

    /// A request was answered with what was asked for.
    package mutating func accepted(_ permit: Permit? = nil, at now: Duration) {
        lone.accepted(isLater: permit.map { $0.number > learnt.refusedUpTo } ?? true)
        pace.accepted(at: now)
    }

    /// The rates that hold now, the operator's and the server's, and the slower pace after a refusal.
    package var inForce: [Rate] { limits(pace.rate) }

    /// The same for people: while the pace starts again, the rate that it makes for, as far as one is known.
    package var limitsFound: [Rate] { limits(pace.goal) }

    private func limits(_ pace: Double?) -> [Rate] {
        let limits = windows.map { Rate(count: $0.count, window: $0.window) }
        guard let pace, perSecond.map({ pace < $0 }) ?? true else { return limits }
        let rate =
            pace >= 1
            ? Rate(count: Int(pace.rounded()), window: .seconds(1))
            : Rate(count: max(1, Int((pace * 60).rounded())), window: .seconds(60))
        return [rate] + limits.filter { $0.window != rate.window }
    }

    /// Whether our own requests account for all that the server counts in the window it speaks of.
    private mutating func isOurs(_ announcement: LimitAnnouncement, _ remaining: Int, at now: Duration)
        -> Bool
    {
        for announced in learnt.windows {
            guard announcement.limit == nil || announcement.limit == announced.count else { continue }
            let length = announced.shared(share).window
            guard let index = windows.firstIndex(where: { $0.window == length }) else { continue }
            windows[index].events.expire(at: now)
            if windows[index].events.count + inUse.count >= announced.count - remaining { return true }
        }
        return false
    }
}

/// What the server has said.
struct LearntLimits {
    /// So many permissions until then.
    struct Budget {
        var permissions: Int
        let until: Duration
        /// The number of the last permission before it.
        let after: Int
    }

    var windows: [Rate] = []
    var budget: Budget?
    var reset: Duration?
    /// Refusals of permits up to this number belong to the last refusal.
    var refusedUpTo = 0

    mutating func wait(at now: Duration) -> Duration? {
        guard let budget else { return nil }
        if now >= budget.until {
            self.budget = nil
            return nil
        }
        return budget.permissions > 0 ? nil : budget.until
    }

    mutating func permitted(_ permit: RateLimit.Permit) {
        budget?.permissions -= 1
    }

    mutating func withdrawn(_ permit: RateLimit.Permit) {
        if let budget, permit.number > budget.after { self.budget?.permissions += 1 }
    }
}

/// How many a second were permitted within the last one to two seconds.
struct SendMeter {
    private var opened: Duration = .zero
    private var before = 0
    private var current = 0

    mutating func permitted(at now: Duration) {
        if now >= opened + .seconds(1) {
            before = now < opened + .seconds(2) ? current : 0
            opened = now
            current = 0
        }
        current += 1
    }

    /// Whether a whole second was measured.
    func isMeasured(at now: Duration) -> Bool { before > 0 && now < opened + .seconds(2) }

    func perSecond(at now: Duration) -> Double {
        guard now < opened + .seconds(2) else { return 1 }
        let span = max(.zero, now - opened).inSeconds
        return Double(max(1, before + current)) / (before > 0 ? 1 + span : max(1, span))
    }
}
