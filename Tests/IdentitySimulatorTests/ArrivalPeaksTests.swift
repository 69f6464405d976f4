import Testing

@testable import IdentitySimulator

@Suite struct ArrivalPeaksTests {
    @Test func thePeaksAreThoseOfSlidingWindows() {
        var peaks = ArrivalPeaks()
        // Five at once lie across the border of two calendar seconds.
        for time in [0, 900, 950, 1050, 1100, 1899, 30_000, 59_999, 60_000, 60_001] as [Int64] {
            peaks.arrive(at: time * 1_000_000)
        }
        #expect(peaks.peakInSecond == 5)
        #expect(peaks.peakInMinute == 9)
    }

    @Test func oldArrivalsAreForgottenAndTheCountsStayRight() {
        var peaks = ArrivalPeaks()
        for step in Int64(0)..<200_000 { peaks.arrive(at: step * 10_000_000) }
        #expect(peaks.peakInSecond == 100)
        #expect(peaks.peakInMinute == 6000)
    }
}
