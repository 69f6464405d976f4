// A server with a capacity and a client that keeps so many requests in flight, in simulated time.

import Foundation
import Pacing
import TestSupport
import Model

/// How much work a server gets done.
enum ServerShape: Sendable {
    /// So many lanes, each with one request at a time; the others queue.
    case lanes(Int, serviceTime: Duration)
    /// So many requests a second with so many in the server, as measured; in between by the logarithm of the
    /// count.
    case measured([(inServer: Int, perSecond: Double)])

    /// A real Kratos, `POST /admin/recovery/code`.
    static let rollbackJournal = measured([(1, 254), (8, 216), (32, 213), (128, 206)])
    static let writeAheadLog = measured([(1, 510), (8, 666), (32, 597), (128, 590)])
    static let postgreSQL = measured([(1, 527), (8, 1044), (32, 968), (128, 987)])

    /// Requests a second with so many in the server.
    func perSecond(_ inServer: Int) -> Double {
        switch self {
        case .lanes(let lanes, let time): return Double(min(lanes, inServer)) / time.inSeconds
        case .measured(let points):
            guard let above = points.firstIndex(where: { $0.inServer >= inServer }) else {
                return points.last?.perSecond ?? 0
            }
            guard above > 0 else { return points[0].perSecond }
            let (low, high) = (points[above - 1], points[above])
            let part =
                log(Double(inServer) / Double(low.inServer))
                / log(Double(high.inServer) / Double(low.inServer))
            return low.perSecond + part * (high.perSecond - low.perSecond)
        }
    }
}

/// How the work of one request differs from another's.
enum Noise: Sendable {
    case none
    /// Between half and one and a half.
    case even
    /// Exponentially distributed: as wild as queues are usually reckoned.
    case wild

    func work(_ random: inout SeededGenerator) -> Double {
        switch self {
        case .none: 1
        case .even: Double.random(in: 0.5...1.5, using: &random)
        case .wild: -log(1 - Double.random(in: 0..<1, using: &random))
        }
    }
}

/// The whole world of one run: a client, a network and a server.
struct ClosedLoop {
    var shape: ServerShape
    var noise = Noise.none
    /// The way there and back.
    var roundTrip: Duration = .zero
    /// The server is this one from then on.
    var change: (at: Duration, to: ServerShape)?
    /// Everything fails at once in this time.
    var outage: Range<Duration>?
    /// A part of all requests fails, whatever the level.
    var faultPart = 0.0
    /// More than so many in the server fail.
    var inServerMax: Int?
    var rates: [Rate] = []
    var seed: UInt64 = 1

    struct Outcome {
        /// Good answers, second by second.
        var good: [Int] = []
        /// The limit at the end of each tenth of a second.
        var limits: [Int] = []
        var sent = 0

        func perSecond(from: Int, to: Int) -> Double {
            Double(good[from..<to].reduce(0, +)) / Double(to - from)
        }
    }

    /// Runs with the limit that is found.
    func adaptive(seconds: Int, max: Int = 256) -> Outcome {
        run(seconds: seconds, ConcurrencyLimit(max: max), fixed: nil)
    }

    /// Runs with a limit that stays.
    func fixed(_ limit: Int, seconds: Int) -> Outcome {
        run(seconds: seconds, ConcurrencyLimit(max: 1), fixed: limit)
    }

    /// The best throughput that a limit that stays reaches.
    func best(seconds: Int, levels: [Int] = [1, 2, 4, 8, 16, 24, 32, 64, 128, 256]) -> Double {
        levels.map { fixed($0, seconds: seconds).perSecond(from: 1, to: seconds) }.max() ?? 0
    }

    private struct Request {
        let started: Duration
        let permit: RateLimit.Permit?
        var isFailed = false
    }

    private enum Event {
        case arrives(Request)
        case returns(Request)
        case asks
    }

    private func run(seconds: Int, _ limit: ConcurrencyLimit, fixed: Int?) -> Outcome {
        var random = SeededGenerator(seed: seed)
        var limit = limit
        var rate = RateLimit(rates: rates)
        var outcome = Outcome(good: Array(repeating: 0, count: seconds))
        var events = EventQueue<Duration, Event>()
        // Those in the server, by the work done for each until they are ready: all get the same.
        var inServer = EventQueue<Double, Request>()
        var (now, inFlight, done) = (Duration.zero, 0, 0.0)
        var waiting: [Request] = []
        var nextAsk: Duration?
        let end = Duration.seconds(seconds)

        func lanes(_ shape: ServerShape) -> Int {
            if case .lanes(let lanes, _) = shape { lanes } else { .max }
        }
        while now < end {
            let shape = if let change, now >= change.at { change.to } else { self.shape }
            // The client.
            while inFlight < fixed ?? limit.limit {
                var permit: RateLimit.Permit?
                if !rates.isEmpty {
                    guard case .go(let given) = rate.request(at: now) else { break }
                    rate.sent(given, at: now)
                    permit = given
                }
                if fixed == nil { limit.started(at: now) }
                inFlight += 1
                outcome.sent += 1
                events.insert(.arrives(Request(started: now, permit: permit)), at: now + roundTrip / 2)
            }
            if !rates.isEmpty, inFlight < fixed ?? limit.limit, nextAsk.map({ $0 <= now }) ?? true,
                case .wait(let until) = rate.request(at: now)
            {
                nextAsk = until
                events.insert(.asks, at: until)
            }
            // Whichever is next: something on the way, or the server is done with one.
            while inServer.count < lanes(shape), !waiting.isEmpty {
                inServer.insert(waiting.removeFirst(), at: done + noise.work(&random))
            }
            let speed = inServer.count > 0 ? shape.perSecond(inServer.count) / Double(inServer.count) : 0
            let ready = inServer.nextKey.map { now + .seconds(max(0, $0 - done) / speed) }
            let next = events.nextKey
            if let ready, ready <= next ?? ready {
                done = inServer.nextKey ?? done
                now = ready
                if let request = inServer.removeFirst()?.event {
                    events.insert(.returns(request), at: now + roundTrip / 2)
                }
                continue
            }
            guard let (time, event) = events.removeFirst() else { break }
            done += (time - now).inSeconds * speed
            now = time
            switch event {
            case .asks: break
            case .arrives(var request):
                let isOut = outage?.contains(now) ?? false
                let isFault = Double.random(in: 0..<1, using: &random) < faultPart
                let isTooMuch = inServerMax.map { inServer.count + waiting.count >= $0 } ?? false
                if isOut || isFault || isTooMuch {
                    request.isFailed = true
                    events.insert(.returns(request), at: now + .milliseconds(1) + roundTrip / 2)
                } else {
                    waiting.append(request)
                }
            case .returns(let request):
                inFlight -= 1
                if let permit = request.permit { rate.answered(permit, at: now) }
                if fixed == nil {
                    limit.ended(
                        latency: now - request.started,
                        outcome: request.isFailed ? .overload : .ok,
                        at: now
                    )
                }
                let second = Int(now.components.seconds)
                if !request.isFailed, second < seconds { outcome.good[second] += 1 }
            }
            while outcome.limits.count < Int(now.inSeconds * 10), outcome.limits.count < seconds * 10 {
                outcome.limits.append(limit.limit)
            }
        }
        return outcome
    }
}
