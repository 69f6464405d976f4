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

    @Test func thePeaksAreThoseOfCountingEveryWindowAnew() {
        let hash = SeededHash(seed: 1)
        var peaks = ArrivalPeaks()
        var times: [Int64] = []
        var now: Int64 = 0
        for step in UInt64(0)..<12_000 {
            // About 1,000 a second, then a pause to the nanosecond of a second.
            now += step % 3000 == 0 ? 1_000_000_000 : Int64(hash.word(.fault, step) % 2_000_000)
            peaks.arrive(at: now)
            times.append(now)
        }
        var most = 0
        for (index, end) in times.enumerated() {
            let start = times[...index].partitioningIndex { $0 > end - 1_000_000_000 }
            most = max(most, index + 1 - start)
        }
        #expect(peaks.peakInSecond == most)
        #expect(peaks.peakInMinute == times.count)
    }
}

extension ArraySlice {
    /// The first index whose element is as wanted, where all after it are, too.
    fileprivate func partitioningIndex(_ isWanted: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = (low + high) / 2
            if isWanted(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
