import Testing

@testable import IdentitySimulator

@Suite struct GoTimeTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (1_795_221_417_000_000_000, "2026-11-21T00:36:57Z"),
            (1_795_221_417_374_943_000, "2026-11-21T00:36:57.374943Z"),
            (1_795_221_417_359_118_240, "2026-11-21T00:36:57.35911824Z"),
            (1_795_221_417_000_000_001, "2026-11-21T00:36:57.000000001Z"),
            (951_782_400_000_000_000, "2000-02-29T00:00:00Z"), (-1, "1969-12-31T23:59:59.999999999Z"),
        ] as [(Int64, String)]
    )
    func fractionsLoseTheirTrailingZeros(_ nanoseconds: Int64, _ text: String) {
        #expect(GoTime(nanoseconds: nanoseconds).rfc3339Nano == text)
    }

    @Test(
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (1_795_218_417_000_000_000, "Fri, 20 Nov 2026 23:46:57 GMT"),
        ] as [(Int64, String)]
    )
    func datesOfHeadersAreWrittenOut(_ nanoseconds: Int64, _ text: String) {
        #expect(GoTime(nanoseconds: nanoseconds).httpDate == text)
    }
}
