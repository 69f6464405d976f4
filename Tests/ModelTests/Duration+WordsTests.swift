import Testing
import Model

@Suite struct DurationWordsTests {
    @Test(arguments: [
        (Duration.milliseconds(40), "0.0 s"),
        (.milliseconds(12_340), "12.3 s"),
        (.milliseconds(59_940), "59.9 s"),
        (.milliseconds(59_960), "1 min 0 s"),
        (.milliseconds(3_599_400), "59 min 59 s"),
        (.milliseconds(3_599_600), "1 h 0 min"),
        (.seconds(200), "3 min 20 s"),
        (.seconds(3600), "1 h 0 min"),
        (.seconds(34_260), "9 h 31 min"),
        (.seconds(7_199), "2 h 0 min"),
        (.seconds(47 * 3600), "47 h 0 min"),
        (.seconds(76 * 3600), "3 d 4 h"),
        (.seconds(-90), "-1 min 30 s"),
    ])
    func readsLikeWords(_ duration: Duration, _ words: String) {
        #expect(duration.inWords == words)
        #expect(duration.magnitudeInWords == words.replacing("-", with: ""))
    }
}
