// How a simulated server does from one hour to the next.

import TestSupport
import Model

/// What a server, and the network before it, do for a while.
enum Weather: Hashable, Sendable {
    case healthy
    /// Answers take seconds.
    case slow
    /// No connection comes about.
    case refusing
    /// Requests are taken, and their connections lost; some of them made a code.
    case losing
    /// Every answer is a 5xx.
    case failing
    /// No answer comes within the client's patience; some of the requests made a code.
    case silent
    /// Every answer is a 429; nil for one that does not say until when.
    case storming(retryAfter: Duration?)

    /// Whether no identity gets anything but failures that are not its own.
    var isOutage: Bool {
        switch self {
        case .healthy, .slow, .storming: false
        case .refusing, .losing, .failing, .silent: true
        }
    }
}

/// The weather of a whole campaign: phases one after the other, and good weather in the end.
struct Forecast {
    struct Phase {
        let start: Duration
        let weather: Weather
    }

    private(set) var phases = [Phase(start: .zero, weather: .healthy)]
    private var current = 0

    /// When it stays good.
    let calm: Duration

    /// - Parameters:
    ///   - calm: phases are made up until then.
    ///   - mean: how long bad weather lasts on average; good weather lasts twice as long.
    init(until calm: Duration, mean: Duration, using random: inout SeededGenerator) {
        self.calm = calm
        var time = random.exponential(mean)
        if random.chance(0.1) { time = .zero }
        while time < calm {
            phases.append(Phase(start: time, weather: Self.bad(&random)))
            time += random.exponential(mean)
            if time < calm, random.chance(0.7) {
                phases.append(Phase(start: time, weather: random.chance(0.3) ? .slow : .healthy))
                time += random.exponential(mean * 2)
            }
        }
        phases.append(Phase(start: calm, weather: .healthy))
    }

    /// The number of the phase at a time that is no earlier than the last one asked for.
    mutating func phase(at time: Duration) -> Int {
        while current + 1 < phases.count, phases[current + 1].start <= time { current += 1 }
        return current
    }

    mutating func weather(at time: Duration) -> Weather { phases[phase(at: time)].weather }

    private static func bad(_ random: inout SeededGenerator) -> Weather {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: .refusing
        case 1: .losing
        case 2: .failing
        case 3: .silent
        case 4: .storming(retryAfter: nil)
        default: .storming(retryAfter: .seconds(Int.random(in: 0...300, using: &random)))
        }
    }
}

extension SeededGenerator {
    /// True so often.
    mutating func chance(_ probability: Double) -> Bool {
        probability > 0 && Double.random(in: 0..<1, using: &self) < probability
    }

    /// Any time between the two.
    mutating func some(_ least: Duration, _ most: Duration) -> Duration {
        least + (most - least) * Double.random(in: 0...1, using: &self)
    }

    /// Mostly shorter than the mean, at times much longer; in whole microseconds.
    mutating func exponential(_ mean: Duration) -> Duration {
        // Twelve halvings at most: no more than about eight times the mean.
        var length = mean * Double.random(in: 0.2...1, using: &self)
        while chance(0.4), length < mean * 8 { length = length * 1.8 }
        return .microseconds(Int64(length.inSeconds * 1e6))
    }

    /// Any of the values; there is at least one.
    mutating func one<T>(of values: T...) -> T {
        values[Int.random(in: 0..<values.count, using: &self)]
    }
}
