// What the server announces, and what it refuses.

import Pacing
import TestSupport
import Testing
import Model

@Suite struct LearntLimitTests {
    private static let eight = Rate(count: 8, window: .seconds(1))
    private static let ten = Rate(count: 10, window: .seconds(1))
    private static let minute = Rate(count: 175, window: .seconds(60))

    /// How many go at `now` when all are sent at once and none is answered.
    private static func permissions(_ limit: inout RateLimit, at now: Duration) -> Int {
        var count = 0
        while count < 100_000, case .go(let permit) = limit.request(at: now) {
            limit.sent(permit, at: now)
            count += 1
        }
        return count
    }

    @Test func theLowerCountOfEachWindowHolds() {
        var limit = RateLimit(rates: [Self.ten, Rate(count: 100, window: .seconds(60))])
        #expect(limit.inForce == [Self.ten, Rate(count: 100, window: .seconds(60))])
        limit.learn(LimitAnnouncement(windows: [Self.eight, Self.minute]), at: .zero)
        #expect(limit.inForce == [Self.eight, Rate(count: 100, window: .seconds(60))])
        // Another announcement replaces it.
        limit.learn(LimitAnnouncement(windows: [Rate(count: 5, window: .seconds(3600))]), at: .zero)
        #expect(
            limit.inForce == [
                Self.ten, Rate(count: 100, window: .seconds(60)), Rate(count: 5, window: .seconds(3600)),
            ]
        )
        // One that names none does not.
        limit.learn(LimitAnnouncement(), at: .zero)
        #expect(limit.inForce.count == 3)
    }

    @Test func theShareIsTakenOfWhatTheServerAnnouncesToo() {
        var limit = RateLimit(rates: [], share: 0.5)
        limit.learn(LimitAnnouncement(windows: [Self.eight, Self.minute]), at: .zero)
        #expect(
            limit.inForce == [Rate(count: 4, window: .seconds(1)), Rate(count: 87, window: .seconds(60))]
        )
    }

    @Test func whatWentBeforeCountsInAWindowThatIsLearntOf() {
        var limit = RateLimit(rates: [], margin: .zero)
        limit.remember(100, at: .seconds(-30))
        limit.remember(60, at: .seconds(-10))
        limit.learn(LimitAnnouncement(windows: [Rate(count: 160, window: .seconds(60))]), at: .zero)
        #expect(limit.request(at: .zero) == .wait(until: .seconds(30)))
    }

    @Test(arguments: [(5, 5), (1, 1), (0, 0)])
    func whereOthersUseTheLimitNoMoreThanRemainsGoesOut(remaining: Int, expected: Int) {
        var limit = RateLimit(rates: [], burst: 100)
        limit.learn(
            LimitAnnouncement(windows: [Self.minute], limit: 175, remaining: remaining, reset: .seconds(20)),
            at: .zero
        )
        #expect(Self.permissions(&limit, at: .seconds(1)) == expected)
        #expect(limit.request(at: .seconds(2)) == .wait(until: .seconds(20)))
        #expect(limit.limitedBy == .server)
        #expect(Self.permissions(&limit, at: .seconds(20)) > 0)
    }

    @Test func thoseOnTheirWayCountAmongThoseThatRemain() {
        var limit = RateLimit(rates: [], burst: 100)
        var permits: [RateLimit.Permit] = []
        for _ in 0..<4 {
            guard case .go(let permit) = limit.request(at: .zero) else { break }
            limit.sent(permit, at: .zero)
            permits.append(permit)
        }
        #expect(permits.count == 4)
        limit.answered(permits[1], at: .milliseconds(10))
        // The first is on its way, the third and the fourth went out after the second.
        limit.learn(
            LimitAnnouncement(windows: [Self.minute], limit: 175, remaining: 5, reset: .seconds(20)),
            from: permits[1],
            at: .milliseconds(10)
        )
        #expect(Self.permissions(&limit, at: .seconds(5)) == 2)
    }

    @Test func aPermissionThatIsWithdrawnIsGivenAgain() {
        var limit = RateLimit(rates: [], burst: 100)
        limit.learn(LimitAnnouncement(windows: [Self.minute], remaining: 1, reset: .seconds(20)), at: .zero)
        for _ in 0..<50 {
            guard case .go(let permit) = limit.request(at: .seconds(1)) else {
                Issue.record("a permission is lost")
                return
            }
            limit.withdrawn(permit)
        }
        #expect(Self.permissions(&limit, at: .seconds(1)) == 1)
    }

    @Test func aRefusalHoldsEveryoneAndThePaceStartsAtAQuarter() throws {
        var limit = RateLimit(rates: [Rate(count: 100, window: .seconds(1))], burst: 1)
        guard case .go(let permit) = limit.request(at: .zero) else { return }
        limit.sent(permit, at: .zero)
        limit.answered(permit, at: .milliseconds(5))
        limit.learn(LimitAnnouncement(windows: [Rate(count: 40, window: .seconds(1))]), at: .milliseconds(5))
        limit.refused(permit, at: .milliseconds(5), retryAfter: .seconds(3))
        #expect(limit.request(at: .milliseconds(5)) == .wait(until: .milliseconds(3005)))
        #expect(limit.limitedBy == .server)
        #expect(limit.inForce.first == Rate(count: 10, window: .seconds(1)))
        // It doubles in a second, and is back after two.
        var perHalf: [Int] = []
        for half in 0..<8 {
            var count = 0
            for millisecond in 0..<500 {
                let now = Duration.milliseconds(3005 + half * 500 + millisecond)
                guard case .go(let permit) = limit.request(at: now) else { continue }
                limit.sent(permit, at: now)
                limit.answered(permit, at: now)
                count += 1
            }
            perHalf.append(count)
        }
        #expect((5...8).contains(perHalf[0]), "\(perHalf)")
        #expect(perHalf[1] > perHalf[0] && perHalf[2] > perHalf[1], "\(perHalf)")
        #expect((19...21).contains(perHalf[7]), "\(perHalf)")
        #expect(limit.inForce.first == Rate(count: 40, window: .seconds(1)))
    }

    @Test func refusalsOfThoseOnTheirWayHoldButSlowOnlyOnce() {
        var limit = RateLimit(rates: [Rate(count: 80, window: .seconds(1))], burst: 20)
        limit.learn(LimitAnnouncement(windows: limit.rates), at: .zero)
        var permits: [RateLimit.Permit] = []
        for _ in 0..<20 {
            guard case .go(let permit) = limit.request(at: .zero) else { break }
            permits.append(permit)
        }
        for (number, permit) in permits.enumerated() {
            limit.refused(permit, at: .milliseconds(number), retryAfter: .seconds(1))
        }
        #expect(limit.inForce.first == Rate(count: 20, window: .seconds(1)))
        #expect(limit.request(at: .milliseconds(500)) == .wait(until: .milliseconds(1019)))
    }

    @Test func withoutARetryAfterTheAnnouncedResetCounts() {
        var limit = RateLimit(rates: [])
        limit.learn(
            LimitAnnouncement(windows: [Self.minute], limit: 175, remaining: 3, reset: .seconds(9)),
            at: .zero
        )
        limit.refused(at: .seconds(1))
        #expect(limit.request(at: .seconds(1)) == .wait(until: .seconds(9)))
        var other = RateLimit(rates: [])
        other.refused(at: .seconds(1))
        #expect(other.request(at: .seconds(1)) == .wait(until: .seconds(2)))
    }

    @Test func limitedByTellsWhatRequestsWaitFor() {
        var limit = RateLimit(rates: [Self.eight])
        #expect(limit.limitedBy == .concurrency)
        for second in 0..<5 {
            #expect(limit.request(at: .seconds(second)) != .wait(until: .zero))
            #expect(limit.limitedBy == .concurrency)
        }
        _ = limit.request(at: .seconds(4))
        #expect(limit.limitedBy == .operator)
        limit.learn(LimitAnnouncement(windows: [Rate(count: 2, window: .seconds(1))]), at: .seconds(4))
        _ = limit.request(at: .seconds(4))
        #expect(limit.limitedBy == .server)
    }
}
