// A server of codes that follows a script, keeps within limits of its own, and never forgets what it gave.

import Campaign
import Providers
import Pacing
import TestSupport
import Model

/// What the server knows about an identity from the start.
enum Character: Hashable, Sendable {
    case ordinary
    /// There is no such identity.
    case unknown
    /// No code is made for it: a permanent refusal.
    case refused
    /// A code for it is a 500, always.
    case broken
}

/// What an answer's failure is due to.
enum Misfortune: Hashable, Sendable {
    /// The weather's phase of that number.
    case phase(Int)
    /// The identity's own, or one of bad luck.
    case single
    case rate
}

/// An answer on its way.
struct SimulatedAnswer {
    let reply: IssueReply
    /// From the arrival, or from the attempt to connect.
    let after: Duration
    let fault: Misfortune?
}

/// Serves codes as its weather and its limits allow.
struct SimulatedServer {
    /// How long the client waits for an answer.
    static let patience: Duration = .seconds(30)

    let characters: [Character]
    var forecast: Forecast
    /// Its own limits; none for no limit.
    let rates: [Rate]
    let announces: Bool
    let saysRetryAfter: Bool
    /// How many requests in good weather meet with a single fault.
    let faultShare: Double
    /// The codes given to each identity, by number.
    private(set) var given: [[String]]
    private(set) var codesGiven = 0
    private var random: SeededGenerator
    private var admitted: [Duration] = []

    init(
        characters: [Character],
        forecast: Forecast,
        rates: [Rate],
        announces: Bool,
        saysRetryAfter: Bool,
        faultShare: Double,
        seed: UInt64
    ) {
        self.characters = characters
        self.forecast = forecast
        self.rates = rates
        self.announces = announces
        self.saysRetryAfter = saysRetryAfter
        self.faultShare = faultShare
        given = characters.map { _ in [] }
        random = SeededGenerator(seed: seed)
    }

    /// The end of an attempt to connect that comes to nothing; nil where it succeeds.
    mutating func refusal(at now: Duration) -> SimulatedAnswer? {
        let isSingle = now < forecast.calm && random.chance(faultShare / 4)
        let phase = forecast.phase(at: now)
        guard isSingle || forecast.phases[phase].weather == .refusing else { return nil }
        return SimulatedAnswer(
            reply: .unreached,
            after: random.some(.milliseconds(1), .milliseconds(500)),
            fault: isSingle ? .single : .phase(phase)
        )
    }

    /// A request for an identity arrives.
    mutating func answer(for number: Int, at now: Duration) -> SimulatedAnswer {
        let phase = forecast.phase(at: now)
        let weather = forecast.phases[phase].weather
        let after =
            weather == .slow
            ? random.some(.milliseconds(300), .seconds(8)) : random.some(.milliseconds(3), .milliseconds(80))
        switch weather {
        case .healthy, .slow, .refusing:
            break
        case .losing:
            if random.chance(0.5) { give(number) }
            return SimulatedAnswer(reply: .lost, after: after, fault: .phase(phase))
        case .failing:
            return SimulatedAnswer(reply: .serverError, after: after, fault: .phase(phase))
        case .silent:
            if random.chance(0.5) { give(number) }
            return SimulatedAnswer(reply: .timeout, after: Self.patience, fault: .phase(phase))
        case .storming(let hold):
            return SimulatedAnswer(reply: .rateLimited(holdFor: hold), after: after, fault: .rate)
        }
        if let refusal = limit(at: now) {
            return SimulatedAnswer(reply: refusal, after: after, fault: .rate)
        }
        if now < forecast.calm, random.chance(faultShare) { return bad(number, after) }
        return SimulatedAnswer(
            reply: reply(number, announcement(at: now)),
            after: after,
            fault: characters[number] == .broken ? .single : nil
        )
    }

    private mutating func reply(_ number: Int, _ limits: LimitAnnouncement?) -> IssueReply {
        switch characters[number] {
        case .ordinary: .issued(give(number), limits: limits)
        case .unknown: .unknownIdentity
        case .refused: .refused()
        case .broken: .serverError
        }
    }

    /// A fault without any system.
    private mutating func bad(_ number: Int, _ after: Duration) -> SimulatedAnswer {
        let isServed = random.chance(0.5) && characters[number] == .ordinary
        switch Int.random(in: 0..<5, using: &random) {
        case 0:
            return SimulatedAnswer(reply: .serverError, after: after, fault: .single)
        case 1:
            if isServed { give(number) }
            return SimulatedAnswer(reply: .lost, after: after, fault: .single)
        case 2:
            if isServed { give(number) }
            return SimulatedAnswer(reply: .timeout, after: Self.patience, fault: .single)
        case 3:
            if isServed { give(number) }
            return SimulatedAnswer(reply: .unreadable, after: after, fault: .single)
        default:
            let hold = random.one(of: nil, Duration.zero, .seconds(1))
            return SimulatedAnswer(reply: .rateLimited(holdFor: hold), after: after, fault: .rate)
        }
    }

    @discardableResult
    private mutating func give(_ number: Int) -> String {
        guard characters[number] == .ordinary else { return "" }
        codesGiven += 1
        given[number].append("code-\(codesGiven)")
        return "code-\(codesGiven)"
    }
}

// MARK: - Its own limits

extension SimulatedServer {
    /// Counts an arrival, or refuses it.
    private mutating func limit(at now: Duration) -> IssueReply? {
        for rate in rates where used(rate, at: now) >= rate.count {
            let index = admitted.count - rate.count
            let free = admitted[index] + rate.window - now
            let hold: Duration? =
                saysRetryAfter ? .seconds(max(1, Int(free.inSeconds.rounded(.up)))) : nil
            return .rateLimited(holdFor: hold)
        }
        admitted.append(now)
        return nil
    }

    private func used(_ rate: Rate, at now: Duration) -> Int {
        admitted.count - admitted.countBefore { $0 > now - rate.window }
    }

    private func announcement(at now: Duration) -> LimitAnnouncement? {
        guard announces,
            let rate = rates.min(by: { $0.count - used($0, at: now) < $1.count - used($1, at: now) })
        else { return nil }
        let count = used(rate, at: now)
        let free = count > 0 ? admitted[admitted.count - count] + rate.window - now : rate.window
        return LimitAnnouncement(
            windows: rates,
            limit: rate.count,
            remaining: max(0, rate.count - count),
            reset: .seconds(max(1, Int(free.inSeconds.rounded(.up))))
        )
    }
}

extension Array where Element == Duration {
    /// How many come before the first for which it holds, in an array in ascending order; by bisection.
    func countBefore(_ holds: (Duration) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
