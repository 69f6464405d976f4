// Limits as headers announce them, against those in force.

import HTTPTransport
import Providers
import Testing
import Model

@testable import Doctor

@Suite struct LimitsCheckTests {
    private func headers(_ fields: [(String, String)]) -> HTTPHeaders {
        HTTPHeaders(fields.map { HTTPHeader(name: $0.0, value: $0.1) })
    }

    private func rates(_ texts: String...) -> [Rate] { texts.compactMap(Rate.init(argument:)) }

    private func finding(_ rates: [Rate], _ fields: [(String, String)]) -> Finding {
        LimitsCheck(rates: rates, now: recordedTime).finding(
            .success(HTTPResponse(status: 404, headers: headers(fields)))
        )
    }

    private let ory = [("x-ratelimit-limit", "10, 10;w=1, 300;w=60"), ("x-ratelimit-remaining", "8")]

    @Test func allFormsAreRead() {
        let forms: [[(String, String)]] = [
            [("X-RateLimit-Limit", "10, 10;w=1, 300;w=60")],
            [("RateLimit-Limit", "10, 300;w=60, 10;w=1")],
            [("RateLimit-Policy", "10;w=1, 300;w=60"), ("RateLimit", "limit=10, remaining=8, reset=1")],
            [("RateLimit-Policy", #""burst";q=10;w=1, "sustained";q=300;w=60;pk=:abc=:"#)],
            [("RateLimit-Policy", #""burst";q=10;w=1"#), ("RateLimit-Policy", #""sustained"; q=300; w=60"#)],
        ]
        for form in forms {
            finding(rates("10/s", "300/m"), form)
                .expect(.ok, .limits, says: "the server announces 10 in a second and 300 in a minute")
        }
    }

    @Test func whatIsLeftIsRead() {
        for form in [
            ory, [("RateLimit-Policy", "burst;q=10;w=1"), ("RateLimit", #""burst";r=8;t=1"#)],
            [("RateLimit", "limit=10, remaining=8, reset=1")],
        ] {
            finding(rates("1/s"), form).expect(.ok, .limits, says: "(8 left)")
        }
        // Nothing to compare with.
        finding([], [("RateLimit", "burst;r=8;t=1")]).expect(.ok, .limits, says: "announces none")
    }

    @Test(arguments: ["", "many", "10;w=0", "-1;w=1", "10;w=99999999999", ";;,=", "0;w=1"])
    func whatIsNoLimitIsNone(_ text: String) {
        finding([], [("x-ratelimit-limit", text)]).expect(.ok, .limits, says: "announces none")
    }

    @Test func withinTheLimitsIsOK() {
        finding(rates("8/s", "175/m"), ory)
            .expect(.ok, .limits, says: "10 in a second and 300 in a minute (8 left)", "8/s, 175/m")
        finding(rates("10/s", "300/m"), ory).expect(.ok, .limits)
        // Spaced evenly, 300 a minute are 5 a second.
        finding(rates("300/m"), ory).expect(.ok, .limits)
    }

    @Test func aboveThemIsAWarning() {
        finding(rates("11/s"), ory).expect(
            .warning,
            .limits,
            says: "exceeded",
            "11/s",
            advises: "rate 10/s"
        )
        finding(rates("10/s"), ory).expect(.warning, .limits, advises: "rate 10/s rate 300/m")
        finding(rates("10/s", "301/m"), ory).expect(.warning, .limits, says: "301/m", advises: "rate 300/m")
        finding([], ory).expect(.warning, .limits, says: "none in force", advises: "rate 10/s")
        finding([], [("RateLimit-Policy", "100;w=10")])
            .expect(.warning, .limits, says: "100 in 10.0 s", advises: "at most 100 requests in 10.0 s")
    }

    @Test func withoutAnnouncementNothingIsExceeded() {
        finding([], []).expect(.ok, .limits, says: "announces none", "none in force")
        finding(rates("8/s"), []).expect(.ok, .limits, says: "announces none", "in force are 8/s")
        finding([], [("x-ratelimit-limit", "10")]).expect(.ok, .limits, says: "a time that it does not tell")
    }

    @Test func theMostInAWindowIsWhatTheRatesLetThroughTogether() {
        #expect(LimitsCheck(rates: rates("8/s", "175/m"), now: recordedTime).most(within: .seconds(1)) == 8)
        #expect(
            LimitsCheck(rates: rates("8/s", "175/m"), now: recordedTime).most(within: .seconds(60)) == 175
        )
        #expect(
            LimitsCheck(rates: rates("8/s", "175/m"), now: recordedTime).most(within: .seconds(3600))
                == 10_500
        )
        #expect(LimitsCheck(rates: rates("175/m"), now: recordedTime).most(within: .seconds(1)) == 3)
        // The longer one may be used up at once, as far as the shorter one lets it.
        #expect(
            LimitsCheck(rates: rates("100/s", "150/m"), now: recordedTime).most(within: .seconds(2)) == 150
        )
        #expect(LimitsCheck(rates: [], now: recordedTime).most(within: .seconds(1)) == .max)
    }
}

@Suite struct ClockCheckTests {
    private func finding(date: String?) -> Finding {
        let headers = date.map { [HTTPHeader(name: "Date", value: $0)] } ?? []
        return ClockCheck(now: recordedTime).finding(
            .success(HTTPResponse(status: 200, headers: .init(headers)))
        )
    }

    @Test func theDirectionIsSaid() {
        finding(date: "Fri, 20 Nov 2026 23:46:56 GMT").expect(.ok, .clock, says: "agree")
        finding(date: "Fri, 20 Nov 2026 23:46:37 GMT").expect(.ok, .clock, says: "differ by 20.0 s")
        finding(date: "Fri, 20 Nov 2026 23:47:57 GMT").expect(.ok, .clock, says: "differ by 1 min 0 s")
        finding(date: "Fri, 20 Nov 2026 23:47:58 GMT")
            .expect(.warning, .clock, says: "1 min 1 s ahead of this machine's", advises: "NTP")
        finding(date: "Fri, 20 Nov 2026 22:46:57 GMT")
            .expect(.warning, .clock, says: "1 h 0 min behind this machine's", advises: "NTP")
    }

    @Test func withoutADateNothingIsKnown() {
        finding(date: nil).expect(.skipped, .clock, says: "no date")
        finding(date: "yesterday").expect(.skipped, .clock, says: "no date")
    }
}
