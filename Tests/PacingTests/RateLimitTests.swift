import Pacing
import Testing
import Model

@Suite struct RateLimitTests {
    /// One event and, of a question, its answer; times in milliseconds.
    enum Step: Sendable {
        case goes(Int)
        case waits(Int, until: Int)
        /// The earliest permit in use was used.
        case sent(Int)
        /// The earliest request on its way was answered.
        case answered(Int)
        /// The earliest permit in use was not used.
        case withdrawn
        case hold(until: Int)
    }

    static let tables: [(name: String, rates: [String], steps: [Step])] = [
        ("no limit", [], [.goes(0), .goes(0), .goes(0), .sent(0), .withdrawn, .goes(0)]),
        (
            "the shortest window is spaced evenly", ["2/s"],
            [
                .goes(0), .sent(0), .answered(0), .waits(0, until: 500), .waits(499, until: 500), .goes(500),
                .sent(500), .answered(500), .goes(1000),
            ]
        ),
        (
            "time lost beyond a late wake-up is not made up for", ["2/s"],
            [.goes(0), .sent(0), .answered(0), .goes(10_000), .sent(10_000), .waits(10_000, until: 10_480)]
        ),
        (
            "a request counts from its permission until a window's length after its answer", ["1/s"],
            [
                .goes(0), .sent(700), .answered(800), .waits(1000, until: 1800), .waits(1799, until: 1800),
                .goes(1800),
            ]
        ),
        (
            "a request not answered yet stands in the way", ["1/s"],
            [
                .goes(0), .sent(0), .waits(999, until: 1000), .waits(1000, until: 2000),
                .waits(1400, until: 2000), .answered(1500),
                .waits(1500, until: 2000), .goes(2000),
            ]
        ),
        (
            "but not for ever when nobody answers it", ["1/s"],
            [.goes(0), .sent(0), .waits(1999, until: 2000), .goes(2000)]
        ),
        (
            "a request not yet sent stands in the way", ["1/s"],
            [
                .goes(0), .waits(1000, until: 1020), .waits(5000, until: 5020), .sent(5100),
                .waits(5200, until: 5220),
            ]
        ),
        (
            "a request withdrawn no longer does", ["1/s"],
            [.goes(0), .waits(1000, until: 1020), .withdrawn, .goes(1000)]
        ),
        (
            "a longer window is a budget", ["2/m", "10/s"],
            [
                .goes(0), .sent(0), .answered(0), .waits(50, until: 100), .goes(100), .sent(100),
                .answered(100),
                .waits(200, until: 60_000), .goes(60_000), .sent(60_000), .answered(60_000),
                .waits(60_070, until: 60_080), .waits(60_080, until: 60_100), .goes(60_100),
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
        var permits: [RateLimit.Permit] = []
        var onTheirWay: [RateLimit.Permit] = []
        for (number, step) in steps.enumerated() {
            let comment: Comment = "\(name), step \(number + 1)"
            switch step {
            case .goes(let now):
                guard case .go(let permit) = limit.request(at: .milliseconds(now)) else {
                    Issue.record("it may not go: \(comment)")
                    return
                }
                permits.append(permit)
            case .waits(let now, let until):
                #expect(limit.request(at: .milliseconds(now)) == .wait(until: .milliseconds(until)), comment)
            case .sent(let now):
                let permit = permits.removeFirst()
                limit.sent(permit, at: .milliseconds(now))
                onTheirWay.append(permit)
            case .answered(let now): limit.answered(onTheirWay.removeFirst(), at: .milliseconds(now))
            case .withdrawn: limit.withdrawn(permits.removeFirst())
            case .hold(let until): limit.hold(until: .milliseconds(until))
            }
        }
    }

    @Test func whatWentBeforeCounts() throws {
        let rates = [Rate(count: 2, window: .seconds(1)), Rate(count: 5, window: .seconds(60))]
        var limit = RateLimit(rates: rates, margin: .zero)
        limit.remember(3, at: .seconds(-30))
        limit.remember(1, at: .milliseconds(-200))
        guard case .go(let permit) = limit.request(at: .zero) else {
            Issue.record("there is room for one")
            return
        }
        limit.sent(permit, at: .zero)
        limit.answered(permit, at: .zero)
        // The minute is full until the three of half a minute ago are out of it.
        #expect(limit.request(at: .seconds(1)) == .wait(until: .seconds(30)))
    }

    @Test func theMarginIsAddedToEveryWindow() throws {
        var limit = RateLimit(rates: [Rate(count: 1, window: .seconds(1))])
        guard case .go(let permit) = limit.request(at: .zero) else {
            Issue.record("the first may go")
            return
        }
        limit.sent(permit, at: .zero)
        limit.answered(permit, at: .zero)
        let end = Duration.seconds(1) + RateLimit.margin
        #expect(limit.request(at: .seconds(1)) == .wait(until: end))
        #expect(limit.request(at: end) != .wait(until: end))
    }
}
