import Testing

@testable import IdentitySimulator

@Suite struct RateLimiterTests {
    private static let second: Int64 = 1_000_000_000

    @Test(arguments: [
        ("8/s", 8, 1), ("175/m", 175, 60), ("1000/h", 1000, 3600), ("30/10s", 30, 10),
    ])
    func limitsAreReadFromText(_ text: String, _ count: Int, _ seconds: Int) throws {
        #expect(try RateLimit(text) == RateLimit(count: count, windowSeconds: seconds))
    }

    @Test(arguments: ["", "8", "0/s", "-1/s", "8/d", "8/0s", "x/s", "/s"])
    func whatIsNoLimitIsRefused(_ text: String) {
        #expect(throws: SettingError.self) { try RateLimit(text) }
    }

    @Test func withoutLimitsThereIsNothingToSay() {
        var limiter = RateLimiter([])
        let decision = limiter.arrive(at: 0)
        #expect(decision == nil)
    }

    /// Rows of: milliseconds, admitted, limit named, remaining, reset in seconds.
    @Test func windowsSlideAndRefusedRequestsTakeNoPlace() {
        let rows: [(Int64, Bool, Int, Int, Int)] = [
            (0, true, 2, 1, 1), (100, true, 2, 0, 1), (200, false, 2, 0, 1), (999, false, 2, 0, 1),
            (1000, true, 2, 0, 1), (1100, true, 4, 0, 59), (2500, false, 4, 0, 58), (59_999, false, 4, 0, 1),
            (60_000, true, 4, 0, 1), (60_050, false, 4, 0, 1), (60_100, true, 2, 0, 1),
        ]
        var limiter = RateLimiter([
            RateLimit(count: 2, windowSeconds: 1), RateLimit(count: 4, windowSeconds: 60),
        ])
        for (time, isAdmitted, limit, remaining, reset) in rows {
            let decision = limiter.arrive(at: time * 1_000_000)
            let expected = RateDecision(
                isAdmitted: isAdmitted,
                limit: limit,
                remaining: remaining,
                resetSeconds: reset
            )
            #expect(decision == expected, "at \(time) ms")
        }
    }

    @Test func noWindowEverHoldsMoreThanItsLimit() {
        var limiter = RateLimiter([RateLimit(count: 8, windowSeconds: 1)])
        var admitted: [Int64] = []
        for step in Int64(0)..<5000 {
            let time = step * 7_654_321
            if limiter.arrive(at: time)?.isAdmitted == true { admitted.append(time) }
        }
        for (index, time) in admitted.enumerated().dropFirst(8) {
            #expect(time - admitted[index - 8] >= Self.second)
        }
        #expect(admitted.count >= 8 * 38)
    }

    /// Thousands a second, in bursts and gaps that fall anywhere, against counting anew.
    @Test(arguments: [UInt64(1), 2, 3])
    func noIntervalHoldsTooManyAndNoRequestIsRefusedInVain(_ seed: UInt64) throws {
        let limits = [
            RateLimit(count: 1000, windowSeconds: 1), RateLimit(count: 2500, windowSeconds: 3),
            RateLimit(count: 3000, windowSeconds: 60),
        ]
        var limiter = RateLimiter(limits)
        let hash = SeededHash(seed: seed)
        var now: Int64 = 0
        var admitted: [Int64] = []
        var barred = [0, 0, 0]
        for step in UInt64(0)..<20_000 {
            // Mostly 0.3 ms apart, some at the same time; and pauses as long as a window, to the nanosecond.
            let word = hash.word(.fault, step)
            if step % 2500 == 2499 {
                let pause = [1, 1, 3, 60][Int(step / 2500) % 4] * Self.second
                now = max(now, (admitted.last ?? 0) + pause + Int64(word % 3) - 1)
            } else if word % 5 > 0 {
                now += Int64(word % 600_000)
            }
            let full = limits.indices.filter { index in
                let first = admitted.count - limits[index].count
                return first >= 0
                    && now - admitted[first] < Int64(limits[index].windowSeconds) * Self.second
            }
            for index in full { barred[index] += 1 }
            let decision = limiter.arrive(at: now)
            let isAdmitted = try #require(decision).isAdmitted
            if isAdmitted != full.isEmpty { Issue.record("request \(step) at \(now) ns") }
            if isAdmitted { admitted.append(now) }
        }
        #expect(admitted.count > 5000)
        #expect(barred.allSatisfy { $0 > 100 }, "\(barred)")
    }

    /// After the eighth of 8 a second and 9 a minute; and after the ninth, as after the tenth, which is
    /// refused.
    @Test(arguments: [
        (
            LimitHeaderForm.ory,
            "x-ratelimit-limit: 8, 8;w=1, 9;w=60\r\nx-ratelimit-remaining: 0\r\nx-ratelimit-reset: 1\r\n",
            "x-ratelimit-limit: 9, 8;w=1, 9;w=60\r\nx-ratelimit-remaining: 0\r\nx-ratelimit-reset: 59\r\n"
        ),
        (
            .ietf,
            #"RateLimit-Policy: "per-1s";q=8;w=1, "per-60s";q=9;w=60"# + "\r\n"
                + #"RateLimit: "per-1s";r=0;t=1, "per-60s";r=1;t=60"# + "\r\n",
            #"RateLimit-Policy: "per-1s";q=8;w=1, "per-60s";q=9;w=60"# + "\r\n"
                + #"RateLimit: "per-1s";r=7;t=1, "per-60s";r=0;t=59"# + "\r\n"
        ),
        (
            .ietf07, "RateLimit-Policy: 8;w=1, 9;w=60\r\nRateLimit: limit=8, remaining=0, reset=1\r\n",
            "RateLimit-Policy: 8;w=1, 9;w=60\r\nRateLimit: limit=9, remaining=0, reset=59\r\n"
        ),
        (.none, "", ""),
    ]) func everyFormTellsTheSame(_ form: LimitHeaderForm, _ atFirst: String, _ later: String) throws {
        var limiter = RateLimiter(
            [RateLimit(count: 8, windowSeconds: 1), RateLimit(count: 9, windowSeconds: 60)],
            announcing: form
        )
        var decision: RateDecision?
        for _ in 0..<8 { decision = limiter.arrive(at: 0) }
        #expect(limiter.headerLines(try #require(decision), at: 0) == atFirst)
        decision = limiter.arrive(at: 1_050_000_000)
        #expect(decision?.isAdmitted == true)
        #expect(limiter.headerLines(try #require(decision), at: 1_050_000_000) == later)
        decision = limiter.arrive(at: 1_060_000_000)
        #expect(decision?.isAdmitted == false)
        #expect(limiter.headerLines(try #require(decision), at: 1_060_000_000) == later)
    }

    @Test func theHeadersNameEveryLimit() throws {
        var limiter = RateLimiter([
            RateLimit(count: 8, windowSeconds: 1), RateLimit(count: 175, windowSeconds: 60),
        ])
        let arrival = limiter.arrive(at: 0)
        let decision = try #require(arrival)
        #expect(
            limiter.headerLines(decision, at: 0)
                == "x-ratelimit-limit: 8, 8;w=1, 175;w=60\r\nx-ratelimit-remaining: "
                + "7\r\nx-ratelimit-reset: 1\r\n"
        )
    }
}
