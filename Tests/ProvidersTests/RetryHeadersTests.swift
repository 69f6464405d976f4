// How long a 429 holds everyone.

import HTTPTransport
import Testing
import Model

@testable import Providers

@Suite struct RetryHeadersTests {
    /// Fri, 20 Nov 2026 23:46:57 GMT.
    private let now = Timestamp(rfc3339: "2026-11-20T23:46:57Z")!  // A constant that can be read.

    private func hold(_ headers: [String: String]) -> Duration? {
        let fields = headers.map { HTTPHeader(name: $0.key, value: $0.value) }
        return RetryHeaders.hold(in: HTTPHeaders(fields), now: now)
    }

    @Test(arguments: [
        ("0", Duration.zero),
        ("1", .seconds(1)),
        ("007", .seconds(7)),
        (" 2 ", .seconds(2)),
        ("1.5", .milliseconds(1500)),
        (".25", .milliseconds(250)),
        ("3600", .seconds(3600)),
        ("3601", .seconds(3600)),
        ("99999999999999999999", .seconds(3600)),
    ])
    func secondsAreTakenUpToAnHour(_ value: String, _ expected: Duration) {
        #expect(hold(["Retry-After": value]) == expected)
        #expect(hold(["X-RateLimit-Reset": value]) == expected)
    }

    @Test(arguments: [
        ("1795218447", Duration.seconds(30)),
        ("1795218417", .zero),
        ("1795218447.5", .milliseconds(30_500)),
        ("1795218447000", .seconds(30)),
        ("1795218447250", .milliseconds(30_250)),
        ("1795218447000000", .seconds(30)),
        // Past, and too far ahead.
        ("1795218000", .zero),
        ("1795218000000", .zero),
        ("1795228417", .seconds(3600)),
        // Neither a delay nor a moment near the clock.
        ("1000000000", .seconds(3600)),
        ("31536000", .seconds(3600)),
    ])
    func aMomentSince1970IsTakenUpToAnHour(_ value: String, _ expected: Duration) {
        #expect(hold(["Retry-After": value]) == expected)
    }

    @Test func aMomentIsReckonedByTheServersClock() {
        let headers = ["Retry-After": "1795222027", "Date": "Sat, 21 Nov 2026 00:46:57 GMT"]
        #expect(hold(headers) == .seconds(10))
    }

    @Test(arguments: [
        ("Fri, 20 Nov 2026 23:47:57 GMT", Duration.seconds(60)),
        ("Sat, 21 Nov 2026 00:00:00 GMT", .seconds(783)),
        // Past, now, and too far ahead.
        ("Fri, 20 Nov 2026 23:46:56 GMT", .zero),
        ("Fri, 20 Nov 2026 23:46:57 GMT", .zero),
        ("Mon, 01 Jan 2001 00:00:00 GMT", .zero),
        ("Sun, 20 Nov 2033 23:46:57 GMT", .seconds(3600)),
    ])
    func aDateIsTakenUpToAnHour(_ value: String, _ expected: Duration) {
        #expect(hold(["Retry-After": value]) == expected)
    }

    @Test(arguments: [
        "", " ", "-1", "-0.5", "+1", "1e3", "0x10", "1,5", "1.2.3", ".", "soon", "NaN", "inf", "1s", "5, 6",
        "٣", "Fri, 20 Nov 2026 23:47:57 CET", "Fri 20 Nov 2026 23:47:57 GMT",
        "Fri, 20 Smarch 2026 23:47:57 GMT",
        "Fri, 32 Nov 2026 23:47:57 GMT", "Fri, 20 Nov 2026 25:47:57 GMT",
        "2026-11-20T23:47:57Z", "Fri, 20 Nov 2026 23:47 GMT", "GMT",
    ])
    func garbageCountsAsAbsent(_ value: String) {
        #expect(hold(["Retry-After": value]) == nil)
        #expect(hold(["Retry-After": value, "x-ratelimit-reset": "9"]) == .seconds(9))
        #expect(hold(["x-ratelimit-reset": value]) == nil)
    }

    @Test func retryAfterOutweighsTheReset() {
        #expect(hold(["Retry-After": "0", "x-ratelimit-reset": "9"]) == .zero)
        #expect(hold([:]) == nil)
    }

    @Test(arguments: [
        "Fri, 20 Nov 2026 23:47:57 GMT", "Friday, 20-Nov-26 23:47:57 GMT", "Fri Nov 20 23:47:57 2026",
    ])
    func aDateIsByTheServersClock(_ value: String) {
        #expect(hold(["Retry-After": value]) == .seconds(60))
        // Its clock is a minute ahead, or an hour behind.
        #expect(hold(["Retry-After": value, "Date": "Fri, 20 Nov 2026 23:47:50 GMT"]) == .seconds(7))
        #expect(hold(["Retry-After": value, "Date": "Friday, 20-Nov-26 22:47:56 GMT"]) == .seconds(3600))
        #expect(hold(["Retry-After": value, "Date": "Fri, 20 Nov 2026 23:49:50 GMT"]) == .zero)
        #expect(hold(["Retry-After": value, "Date": "today"]) == .seconds(60))
        // Seconds are seconds by any clock.
        #expect(hold(["Retry-After": "5", "Date": "Fri, 20 Nov 2026 23:47:50 GMT"]) == .seconds(5))
    }

    @Test func everyResetCounts() {
        #expect(hold(["RateLimit-Reset": "9"]) == .seconds(9))
        #expect(hold(["RateLimit": "limit=10, remaining=0, reset=9"]) == .seconds(9))
        #expect(hold(["RateLimit": #""burst";r=0;t=1, "sustained";r=0;t=9"#]) == .seconds(9))
        #expect(hold(["x-ratelimit-limit": "10, 10;w=1"]) == nil)
    }

    @Test func theLongestOfSeveralCounts() {
        let headers = HTTPHeaders(["2", "soon", "7", "3"].map { HTTPHeader(name: "Retry-After", value: $0) })
        #expect(RetryHeaders.hold(in: headers, now: now) == .seconds(7))
    }
}
