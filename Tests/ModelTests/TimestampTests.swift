import Foundation
import Testing
import Model

@Suite struct TimestampTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0),
        ("2026-02-25T03:09:37.60684766Z", 1_771_988_977_606),
        ("2026-11-21T00:46:57.284692879Z", 1_795_222_017_284),
        ("2026-11-21T01:46:57.2+01:00", 1_795_222_017_200),
        ("2026-11-20T23:16:57-01:30", 1_795_222_017_000),
        ("2024-02-29T12:00:00Z", 1_709_208_000_000),
        ("1969-12-31T23:59:59.999Z", -1),
        ("9999-12-31T23:59:59.999999999Z", 253_402_300_799_999),
        ("0000-01-01T00:00:00Z", -62_167_219_200_000),
    ])
    func readsRFC3339(_ text: String, _ milliseconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "soon", "2026-02-25", "2026-02-25T03:09:37", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-02-25T24:00:00Z", "2026-02-25T03:60:00Z", "2026-02-25T03:09:37.Z", "2026-02-25T03:09:37Zx",
        "2025-02-29T00:00:00Z", "2026-02-25T03:09:37+25:00", "+2026-02-25T03:09:37Z", "٢٠٢٦-02-25T03:09:37Z",
    ])
    func refusesAnythingElse(_ text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func agreesWithFoundationOnRandomTimes() {
        var random = SystemRandomNumberGenerator()
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        for _ in 0..<2000 {
            let milliseconds = Int64.random(in: -62_167_219_200_000...253_402_300_799_999, using: &random)
            let ours = Timestamp(milliseconds: milliseconds)
            #expect(Timestamp(rfc3339: ours.rfc3339) == ours)
            guard milliseconds > -2_000_000_000_000 else { continue }  // Foundation turns Julian before 1582
            // Half a millisecond more, for Date is a binary fraction and its style cuts off.
            let date = Date(timeIntervalSince1970: (Double(milliseconds) + 0.5) / 1000)
            #expect(ours.rfc3339 == date.formatted(style))
        }
    }

    @Test func timesBeyondWhatRFC3339CanWriteAreBounded() {
        #expect(Timestamp(milliseconds: .max).rfc3339 == "9999-12-31T23:59:59.999Z")
        #expect(Timestamp(milliseconds: .min).rfc3339 == "0000-01-01T00:00:00.000Z")
    }

    @Test func durationsGoBothWays() {
        let start = Timestamp(milliseconds: 1000)
        #expect(start.advanced(by: .seconds(90)).milliseconds == 91_000)
        #expect(start.duration(to: Timestamp(milliseconds: 500)) == .milliseconds(-500))
    }
}
