// How long a 429 holds everyone.

import HTTPTransport
import Testing
import Vocabulary

@testable import IdentityAPI

@Suite struct RetryHeadersTests {
    /// Fri, 20 Nov 2026 23:46:57 GMT.
    private let now = Timestamp(rfc3339: "2026-11-20T23:46:57Z")!  // A constant that can be read.

    private func hold(_ headers: [String: String]) -> Duration {
        let fields = headers.map { HTTPHeader(name: $0.key, value: $0.value) }
        return RetryHeaders.hold(in: HTTPResponse(status: 429, headers: HTTPHeaders(fields)), now: now)
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
        // A moment as seconds since 1970, as some gateways have it.
        ("1790000000", .seconds(3600)),
    ])
    func secondsAreTakenUpToAnHour(_ value: String, _ expected: Duration) {
        #expect(hold(["Retry-After": value]) == expected)
        #expect(hold(["X-RateLimit-Reset": value]) == expected)
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
        "Fri, 32 Nov 2026 23:47:57 GMT", "Fri, 20 Nov 2026 25:47:57 GMT", "Friday, 20-Nov-26 23:47:57 GMT",
        "2026-11-20T23:47:57Z", "Fri, 20 Nov 2026 23:47 GMT", "GMT",
    ])
    func garbageCountsAsAbsent(_ value: String) {
        #expect(hold(["Retry-After": value]) == RetryHeaders.defaultHold)
        #expect(hold(["Retry-After": value, "x-ratelimit-reset": "9"]) == .seconds(9))
        #expect(hold(["x-ratelimit-reset": value]) == RetryHeaders.defaultHold)
    }

    @Test func retryAfterOutweighsTheReset() {
        #expect(hold(["Retry-After": "0", "x-ratelimit-reset": "9"]) == .zero)
        #expect(hold([:]) == .seconds(1))
    }
}
