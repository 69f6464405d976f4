// Asking a server for identities, as many at a time as everything on the way there takes.

package import IdentityAPI
package import Pacing
package import Vocabulary

/// Looks identities up one request after the other: at a rate, in batches that fit, and again where that may help.
package struct LookupSession {
    /// Why looking up ended before its time.
    package struct Stopped: Error {
        package let reason: StopReason
    }

    private let api: any IdentityLookingUp
    private let limiter: Limiter
    private let time: TimeSource
    private let attemptsMax: Int
    private let backoff: Backoff
    private var random: any RandomNumberGenerator & Sendable
    private let control: RunControl
    private let willSend: @Sendable () async throws -> Void

    /// How many identities a request names at most; halved when one is too long for something on the way.
    package private(set) var batchSize = IdentityLookup.batchMax
    /// Requests that were sent.
    package private(set) var requests = 0
    private var isProbed = false

    /// - Parameters:
    ///   - share: the part of every window that is ours.
    ///   - attemptsMax: tries for one request.
    ///   - control: looked at before each request.
    ///   - willSend: called before each request, to count it.
    package init(
        _ api: any IdentityLookingUp,
        rates: [Rate],
        share: Double = 1,
        sent: [(requests: Int, at: Duration)] = [],
        attemptsMax: Int,
        backoff: Backoff = Backoff(),
        time: TimeSource,
        random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(),
        control: RunControl,
        willSend: @escaping @Sendable () async throws -> Void = {}
    ) {
        self.api = api
        limiter = Limiter(rates: rates, share: share, time: time)
        for past in sent { limiter.remember(past.requests, at: past.at) }
        self.attemptsMax = attemptsMax
        self.backoff = backoff
        self.time = time
        self.random = random
        self.control = control
        self.willSend = willSend
    }

    /// The identities with these IDs that there are; at most `batchSize` IDs are asked for at a time.
    ///
    /// - Throws: `Stopped`; `CancellationError` when the task is cancelled in a wait.
    package mutating func identities(_ ids: [IdentityID]) async throws -> [ListedIdentity] {
        if !isProbed {
            _ = try await ask([], isProbe: true)
            isProbed = true
        }
        var found: [ListedIdentity] = []
        var rest = ids[...]
        while !rest.isEmpty {
            let batch = Array(rest.prefix(batchSize))
            // Nil: the batch was too long, and is smaller now.
            guard let identities = try await ask(batch, isProbe: false) else { continue }
            found.append(contentsOf: identities)
            rest = rest.dropFirst(batch.count)
        }
        return found
    }

    private mutating func ask(_ ids: [IdentityID], isProbe: Bool) async throws -> [ListedIdentity]? {
        var (failures, resends) = (0, 0)
        while true {
            let (reply, waitsUntil) = try await send(ids, isProbe: isProbe)
            switch reply.outcome {
            case .found(let identities):
                limiter.accepted()
                return identities
            case .again(let wasUnprocessed):
                resends += wasUnprocessed ? 1 : 0
                guard resends <= IssuingState.Work.resendsMax else {
                    throw Stopped(reason: .fatal(unprocessed))
                }
            case .fatal(let answer): throw Stopped(reason: .fatal(answer))
            case .tooLong(let answer):
                guard ids.count > 1 else { throw Stopped(reason: .fatal(answer)) }
                batchSize = max(1, ids.count / 2)
                return nil
            case .transient(let failure, _):
                failures += 1
                guard failures < attemptsMax else {
                    throw Stopped(reason: .fatal(unreachable(failure, failures)))
                }
                let delay = backoff.delay(afterFailures: failures, using: &random)
                try await time.sleep(max(time.elapsed() + delay, waitsUntil ?? .zero))
            }
        }
    }

    /// - Returns: the answer, and until when this request waits, where the limiter holds no other back.
    private mutating func send(_ ids: [IdentityID], isProbe: Bool) async throws -> (LookupReply, Duration?) {
        let permit = try await limiter.acquire()
        if let reason = control.stop {
            limiter.withdrawn(permit)
            throw Stopped(reason: reason)
        }
        try await willSend()
        let onSend = limiter.onSend(permit)
        let reply = isProbe ? await api.probe(onSend: onSend) : await api.lookUp(ids, onSend: onSend)
        return (reply, note(reply, permit))
    }

    /// Tells the limiter what became of a permit, and what the server said.
    ///
    /// - Returns: until when this request waits, where the limiter holds no other back.
    private mutating func note(_ reply: LookupReply, _ permit: RateLimit.Permit) -> Duration? {
        guard reply.wasSent else {
            limiter.withdrawn(permit)
            return nil
        }
        requests += 1
        limiter.answered(permit)
        if let limits = reply.limits { limiter.learn(limits, from: permit) }
        guard case .transient(let failure, let hold) = reply.outcome else { return nil }
        if failure.kind == .rateLimited {
            let isUsedUp = reply.limits?.remaining == 0
            return limiter.refused(permit, retryAfter: hold, isCertain: isUsedUp)
        }
        if let hold { limiter.hold(for: hold) }
        return nil
    }

    private var unprocessed: FatalAnswer {
        FatalAnswer(
            .unreachable,
            "the server has refused a look-up unread \(IssuingState.Work.resendsMax) times in a row: check that it is "
                + "well, and what stands before it"
        )
    }

    private func unreachable(_ failure: Failure, _ failures: Int) -> FatalAnswer {
        FatalAnswer(
            .unreachable,
            "identities cannot be looked up (\(failure.reason)), after \(failures) tries: check that the server runs "
                + "and that --server names it"
        )
    }
}
