import Pacing
import Testing

@Suite struct RateLimitTests {
    /// One event and, of a question, its answer; times in milliseconds.
    enum Step: Sendable {
        case goes(Int)
        case waits(Int, until: Int)
        case sent(Int)
        case withdrawn
        case hold(until: Int)
    }

    static let tables: [(name: String, rates: [String], steps: [Step])] = [
        ("no limit", [], [.goes(0), .goes(0), .goes(0), .sent(0), .withdrawn, .goes(0)]),
        (
            "the shortest window is spaced evenly", ["2/s"],
            [
                .goes(0), .sent(0), .waits(0, until: 500), .waits(499, until: 500), .goes(500), .sent(500),
                .goes(1000),
            ]
        ),
        (
            "time lost beyond a late wake-up is not made up for", ["2/s"],
            [.goes(0), .sent(0), .goes(10_000), .sent(10_000), .waits(10_000, until: 10_480)]
        ),
        (
            "what counts is when a request was sent", ["1/s"],
            [.goes(0), .sent(700), .waits(1000, until: 1700), .waits(1699, until: 1700), .goes(1700)]
        ),
        (
            "a request not yet sent stands in the way", ["1/s"],
            [
                .goes(0), .waits(1000, until: 1005), .waits(5000, until: 5005), .sent(5100),
                .waits(5200, until: 6100),
            ]
        ),
        (
            "a request withdrawn no longer does", ["1/s"],
            [.goes(0), .waits(1000, until: 1005), .withdrawn, .goes(1000)]
        ),
        (
            "a longer window is a budget", ["2/m", "10/s"],
            [
                .goes(0), .sent(0), .waits(50, until: 100), .goes(100), .sent(100),
                .waits(200, until: 60_000),
                .goes(60_000), .sent(60_000), .waits(60_070, until: 60_080), .waits(60_080, until: 60_100),
                .goes(60_100),
            ]
        ),
        (
            "held", ["2/s"],
            [
                .hold(until: 3000), .hold(until: 2000), .waits(0, until: 3000), .waits(2999, until: 3000),
                .goes(3000),
            ]
        ),
        ("held without a limit", [], [.hold(until: 3000), .waits(0, until: 3000), .goes(3000)]),
    ]

    @Test(arguments: tables.indices)
    func decides(table: Int) throws {
        let (name, rates, steps) = Self.tables[table]
        var limit = RateLimit(rates: try rates.map { try #require(Rate(argument: $0)) }, margin: .zero)
        for (number, step) in steps.enumerated() {
            let comment: Comment = "\(name), step \(number + 1)"
            switch step {
            case .goes(let now):
                #expect(limit.request(at: .milliseconds(now)) == .go, comment)
            case .waits(let now, let until):
                #expect(limit.request(at: .milliseconds(now)) == .wait(until: .milliseconds(until)), comment)
            case .sent(let now): limit.sent(at: .milliseconds(now))
            case .withdrawn: limit.withdrawn()
            case .hold(let until): limit.hold(until: .milliseconds(until))
            }
        }
    }

    @Test func theMarginIsAddedToEveryWindow() {
        var limit = RateLimit(rates: [Rate(count: 1, window: .seconds(1))])
        #expect(limit.request(at: .zero) == .go)
        limit.sent(at: .zero)
        #expect(limit.request(at: .seconds(1)) == .wait(until: .milliseconds(1010)))
        #expect(limit.request(at: .milliseconds(1010)) == .go)
    }
}
