// How long is left, held against how long it takes.

import Pacing
import TestSupport
import Testing
import Model

@Suite struct TimeLeftTests {
    struct Run: Sendable, CustomTestStringConvertible {
        let rates: [String]
        var rows = 50_000
        var burst = 1
        /// How long an answer takes.
        var latency: Duration = .milliseconds(30)

        var testDescription: String { "\(rows) at \(rates), burst \(burst), \(latency)" }
    }

    @Test(arguments: [
        Run(rates: ["8/s", "175/m"]), Run(rates: ["5/s", "80/m"], rows: 20_000),
        Run(rates: ["18/s", "425/m"]), Run(rates: ["35/s", "850/m"]), Run(rates: ["8/s"], rows: 5000),
        Run(rates: ["175/m"], rows: 5000), Run(rates: ["10/s", "300/m", "5000/h"], rows: 20_000),
        Run(rates: ["8/s", "175/m"], rows: 1000, burst: 8), Run(rates: ["8/s", "600/m"], rows: 5000),
        Run(rates: ["300/s"], rows: 30_000, latency: .milliseconds(10)),
    ])
    func itIsRightFromTheFirstMinuteOn(_ run: Run) throws {
        var limit = RateLimit(rates: run.rates.compactMap(Rate.init(argument:)), burst: run.burst)
        var (now, sent, last) = (Duration.zero, 0, Duration.zero)
        var inFlight: [(permit: RateLimit.Permit, until: Duration)] = []
        var told: [(at: Duration, left: Duration)] = []
        var lookAt = Duration.seconds(60)
        while sent < run.rows {
            if let first = inFlight.first, first.until <= now {
                limit.answered(first.permit, at: first.until)
                inFlight.removeFirst()
                continue
            }
            if now >= lookAt {
                told.append((now, try #require(limit.timeLeft(for: run.rows - sent, at: now))))
                lookAt = now + .seconds(97)
            }
            switch limit.request(at: now) {
            case .go(let permit):
                limit.sent(permit, at: now)
                inFlight.append((permit, now + run.latency))
                (sent, last) = (sent + 1, now)
            case .wait(let until):
                now = min(until, inFlight.first?.until ?? until, max(lookAt, now + .milliseconds(1)))
            }
        }
        for (at, left) in told {
            let truth = last - at
            let error = abs((left - truth).inSeconds)
            #expect(
                error <= max(0.05 * truth.inSeconds, 0.5),
                "at \(at.inWords) \(left.inWords) are told, and \(truth.inWords) are left"
            )
        }
        #expect(!told.isEmpty || last < .seconds(60))
    }

    @Test func withoutLimitsNobodyCanTell() {
        #expect(RateLimit(rates: []).timeLeft(for: 100, at: .zero) == nil)
        #expect(RateLimit(rates: []).timeLeft(for: 0, at: .zero) == .zero)
    }
}
