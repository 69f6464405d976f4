// Dates in headers: three formats, and what is none of them.

import Testing
import Model

@testable import Providers

@Suite struct HTTPDateTests {
    private static let now = Timestamp(milliseconds: 1_795_218_417_000)

    @Test(arguments: [
        // The examples of RFC 9110.
        ("Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37.000Z"),
        ("Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37.000Z"),
        ("Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37.000Z"),
        ("Fri, 20 Nov 2026 23:46:57 GMT", "2026-11-20T23:46:57.000Z"),
        (" Fri,  20 Nov 2026 23:46:57 GMT ", "2026-11-20T23:46:57.000Z"),
        ("Fri Nov 20 23:46:57 2026", "2026-11-20T23:46:57.000Z"),
        ("Thu, 29 Feb 2024 00:00:00 GMT", "2024-02-29T00:00:00.000Z"),
        // A year of two digits is at most 50 years ahead.
        ("Friday, 20-Nov-26 23:47:57 GMT", "2026-11-20T23:47:57.000Z"),
        ("Friday, 20-Nov-76 00:00:00 GMT", "2076-11-20T00:00:00.000Z"),
        ("Friday, 20-Nov-77 00:00:00 GMT", "1977-11-20T00:00:00.000Z"),
        ("Friday, 20-Nov-00 00:00:00 GMT", "2000-11-20T00:00:00.000Z"),
    ]) func allFormatsAreRead(_ text: String, _ expected: String) {
        #expect(Timestamp(httpDate: text, now: Self.now)?.rfc3339 == expected)
    }

    @Test func theCenturyFollowsFromNow() {
        let late = Timestamp(rfc3339: "2099-12-31T00:00:00Z")
        let dates = ["49", "50", "99"].map { year in
            late.flatMap {
                Timestamp(httpDate: "Fri, 01-Jan-\(year) 00:00:00 GMT", now: $0)?.rfc3339.prefix(4)
            }
        }
        #expect(dates == ["2149", "2050", "2099"])
    }

    @Test(arguments: [
        "", " ", "GMT", "soon", "1", "2026-11-20T23:47:57Z", "Fri, 20 Nov 2026 23:47:57 CET",
        "Fri, 20 Nov 2026 23:47:57", "Fri 20 Nov 2026 23:47:57 GMT", "Fri, 20 Smarch 2026 23:47:57 GMT",
        "Fri, 20 nov 2026 23:47:57 GMT", "Fri, 32 Nov 2026 23:47:57 GMT", "Thu, 29 Feb 2026 00:00:00 GMT",
        "Fri, 20 Nov 2026 25:47:57 GMT", "Fri, 20 Nov 2026 23:47 GMT", "Fri, 20 Nov 2026 23:47:57.5 GMT",
        "Fri, 6 Nov 2026 23:47:57 GMT", "Fri, 20 Nov 26 23:47:57 GMT", "Fri, 20 Nov 2026 23:47:57 GMT x",
        "Friday, 20-Nov-2026 23:47:57 GMT", "Friday 20-Nov-26 23:47:57 GMT", "Friday, 20-Nov-26 23:47:57",
        "Friday, 20-Nov--6 23:47:57 GMT", "Friday, --- 23:47:57 GMT", "Friday, 20-Nov-٣٣ 23:47:57 GMT",
        "Fri, Nov 20 23:46:57 2026", "Fri Nov 20 23:46:57 -2026", "Fri Nov 20 23:46:57 26",
        "Fri Nov  23:46:57 2026",
    ]) func whatIsNoDateIsNone(_ text: String) {
        #expect(Timestamp(httpDate: text, now: Self.now) == nil)
    }
}
