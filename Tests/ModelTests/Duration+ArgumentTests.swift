import Testing
import Model

@Suite struct DurationArgumentTests {
    @Test(arguments: [
        ("90s", Duration.seconds(90)),
        ("12h", .seconds(43_200)),
        ("7d", .seconds(604_800)),
        ("1h30m", .seconds(5400)),
        ("250ms", .milliseconds(250)),
        ("1m1ms", .milliseconds(60_001)),
        ("0s", .zero),
        ("007s", .seconds(7)),
        ("1s1s", .seconds(2)),
        ("36600d", .seconds(36_600 * 86_400)),
    ])
    func readsNumbersWithUnits(_ text: String, _ duration: Duration) {
        #expect(Duration(argument: text) == duration)
    }

    @Test(arguments: [
        "", " ", "90", "s", "90 s", " 90s", "90s ", "-90s", "+90s", "1.5h", "90S", "90sec", "1w", "1h30",
        "h1",
        "36601d", "36600d1ms", "9999999999999d", "99999999999999s", "99999999999999999999s", "٩s", "1µs",
    ])
    func refusesAnythingElse(_ text: String) {
        #expect(Duration(argument: text) == nil)
    }

    @Test(arguments: [
        (Duration.milliseconds(1500), 1.5, 1500),
        (.microseconds(1_999), 0.001999, 1),
        (.seconds(-2), -2, -2000),
        (.zero, 0, 0),
    ])
    func isCountedInSecondsAndMilliseconds(_ duration: Duration, _ seconds: Double, _ milliseconds: Int64) {
        #expect(abs(duration.inSeconds - seconds) < 1e-9)
        #expect(duration.inMilliseconds == milliseconds)
    }
}
