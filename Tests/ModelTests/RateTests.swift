import Model
import Testing

@Suite struct RateTests {
    @Test(arguments: [
        ("8/s", 8, Duration.seconds(1)),
        ("175/m", 175, .seconds(60)),
        ("10000/h", 10_000, .seconds(3600)),
        ("1/h", 1, .seconds(3600)),
        ("007/s", 7, .seconds(1)),
        ("1000000000/s", 1_000_000_000, .seconds(1)),
    ])
    func readsACountAndAWindow(_ text: String, _ count: Int, _ window: Duration) {
        #expect(Rate(argument: text) == Rate(count: count, window: window))
    }

    @Test(arguments: [
        "", "8", "/", "/s", "8/", "s/8", "0/s", "-1/s", "+8/s", "8.5/s", "8e2/s", " 8/s", "8 /s", "8/ s",
        "8/s ",
        "8/S", "8/d", "8/sec", "8/s/s", "8//s", "1000000001/s", "99999999999999999999/s", "٨/s", "8∕s",
    ])
    func refusesAnythingElse(_ text: String) {
        #expect(Rate(argument: text) == nil)
    }

    @Test(arguments: ["8/s", "175/m", "10000/h"])
    func isWrittenAsItIsRead(_ text: String) {
        #expect(Rate(argument: text)?.description == text)
    }

    @Test func otherWindowsAreWrittenInSeconds() {
        #expect(Rate(count: 5, window: .seconds(10)).description == "5/10s")
    }
}
