// A server that refuses what its limit does not take, and some requests whatever their rate, in simulated
// time.

import Pacing
import TestSupport
import Model

/// How a limit counts.
enum LimitShape: Sendable {
    /// So many in any interval of the window's length.
    case sliding(Rate)
    /// Windows that begin at whole multiples of their length.
    case fixed(Rate)
    /// So many at once, refilled evenly.
    case bucket(Rate)

    var rate: Rate {
        switch self {
        case .sliding(let rate), .fixed(let rate), .bucket(let rate): rate
        }
    }
}

/// A limit's count, which refused requests don't add to.
private struct LimitCount {
    let shape: LimitShape
    private var arrivals: [Duration] = []
    private var first = 0
    private var tokens: Double
    private var filled: Duration = .zero

    init(_ shape: LimitShape) {
        self.shape = shape
        tokens = Double(shape.rate.count)
    }

    /// Nil where the request is taken; else when the next will be.
    mutating func refusal(at now: Duration) -> Duration? {
        let rate = shape.rate
        switch shape {
        case .sliding, .fixed:
            let start: Duration =
                if case .fixed = shape { rate.window * Int((now / rate.window).rounded(.down)) } else {
                    now - rate.window
                }
            while first < arrivals.count, arrivals[first] < start { first += 1 }
            guard arrivals.count - first >= rate.count else {
                arrivals.append(now)
                return nil
            }
            if case .fixed = shape { return start + rate.window }
            return arrivals[first] + rate.window
        case .bucket:
            let perSecond = Double(rate.count) / rate.window.inSeconds
            tokens = min(Double(rate.count), tokens + (now - filled).inSeconds * perSecond)
            filled = now
            guard tokens < 1 else {
                tokens -= 1
                return nil
            }
            return now + .seconds((1 - tokens) / perSecond)
        }
    }
}

/// One client that sends all it may, with the real `Admission`, and one server.
struct RefusingServer {
    struct Outcome: CustomStringConvertible {
        /// By the second of their arrival.
        var taken: [Int]
        var refused: [Int]
        /// What was said of the limits, second by second.
        var limitedBy: [LimitedBy] = []
        var limits: [[Rate]] = []
        /// Requests of one identity that came before its refusal allowed.
        var tooEarly = 0
        /// The most that were refused in a row.
        var inRowMax = 0

        func taken(from start: Int) -> Int { taken[start...].reduce(0, +) }
        func perSecond(from start: Int) -> Double { Double(taken(from: start)) / Double(taken.count - start) }
        /// The part of all that was sent.
        func refusedShare(from start: Int) -> Double {
            let refused = refused[start...].reduce(0, +)
            return Double(refused) / Double(max(1, refused + taken(from: start)))
        }
        var description: String {
            "\(taken.reduce(0, +)) taken, \(refused.reduce(0, +)) refused, \(inRowMax) in a row"
        }
    }

    var rates: [Rate] = []
    var shape: LimitShape?
    /// The part of all requests that is refused whatever the rate.
    var strays = 0.0
    /// Whether refusals say when the next request is taken, in whole seconds; those of strays say one second.
    var saysRetryAfter = false
    var announces = false
    var concurrency = 64
    var latencyMax: Duration = .milliseconds(40)
    var seed: UInt64 = 1

    private struct Request {
        let ticket: Admission.Ticket
    }

    private enum Event {
        case arrives(Request)
        case returns(Request, retryAfter: Duration?, isRefused: Bool, LimitAnnouncement?)
    }

    func run(seconds: Int) -> Outcome {
        var random = SeededGenerator(seed: seed)
        var admission = Admission(
            PacingOptions(rates: rates, concurrency: .fixed(concurrency), giveUpAfter: nil)
        )
        var limit = shape.map(LimitCount.init)
        var outcome = Outcome(
            taken: Array(repeating: 0, count: seconds),
            refused: Array(repeating: 0, count: seconds)
        )
        var events = EventQueue<Duration, Event>()
        /// When the identities that wait by themselves may be asked for again.
        var waiting = EventQueue<Duration, Void>()
        var (now, inRow) = (Duration.zero, 0)
        let end = Duration.seconds(seconds)
        func way() -> Duration { latencyMax / 2 * Double.random(in: 0...1, using: &random) }
        while now < end {
            var ask: Duration?
            asking: while true {
                switch admission.request(isRetry: false, at: now) {
                case .go(let ticket):
                    if let due = waiting.nextKey, due <= now { _ = waiting.removeFirst() }
                    admission.sent(ticket, at: now)
                    events.insert(.arrives(Request(ticket: ticket)), at: now + way())
                case .wait(let until), .noRetry(let until):
                    ask = until
                    break asking
                case .full: break asking
                }
            }
            while outcome.limits.count <= Int(now.inSeconds) {
                outcome.limitedBy.append(admission.limitedBy)
                outcome.limits.append(admission.limitInForce)
            }
            guard let event = events.next(moving: &now, askingAt: ask, end: end) else { continue }
            let second = min(Int(now.inSeconds), seconds - 1)
            switch event {
            case .arrives(let request):
                let isStray = Double.random(in: 0..<1, using: &random) < strays
                let free = isStray ? now + .seconds(1) : limit?.refusal(at: now)
                if free == nil { outcome.taken[second] += 1 } else { outcome.refused[second] += 1 }
                inRow = free == nil ? 0 : inRow + 1
                outcome.inRowMax = max(outcome.inRowMax, inRow)
                let wait = free.map { Duration.seconds(max(1, Int(($0 - now).inSeconds.rounded(.up)))) }
                let announcement =
                    announces && !isStray ? shape.map { LimitAnnouncement(windows: [$0.rate]) } : nil
                events.insert(
                    .returns(
                        request,
                        retryAfter: saysRetryAfter ? wait : nil,
                        isRefused: free != nil,
                        announcement
                    ),
                    at: now + way()
                )
            case .returns(let request, let retryAfter, let isRefused, let announcement):
                let until = admission.ended(
                    request.ticket,
                    isRefused ? .refusal : .good,
                    wasSent: true,
                    announced: announcement,
                    holdFor: retryAfter,
                    at: now,
                    using: &random
                )
                if let until { waiting.insert((), at: until) }
            }
        }
        return outcome
    }
}
