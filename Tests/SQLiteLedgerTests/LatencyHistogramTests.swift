import Ledger
import TestSupport
import Testing

@Suite struct LatencyHistogramTests {
    @Test(arguments: [0, 1, 255, 256, 257, 1000, 65_535, 1_234_567, 3_600_000_000])
    func aDurationIsKeptToTheHundredthAndTwentyEighth(_ microseconds: Int) throws {
        var histogram = LatencyHistogram()
        histogram.record(.microseconds(microseconds))
        let kept = try #require(histogram.percentile(0.5))
        #expect(kept >= .microseconds(microseconds))
        #expect(kept <= .microseconds(Double(microseconds) * (1 + 1.0 / 128) + 1))
    }

    @Test func percentilesAreThoseOfWhatWasRecorded() {
        var histogram = LatencyHistogram()
        #expect(histogram.percentile(0.5) == nil)
        for value in 1...200 { histogram.record(.microseconds(value)) }
        #expect(histogram.percentile(0) == .microseconds(1))
        #expect(histogram.percentile(0.5) == .microseconds(100))
        #expect(histogram.percentile(0.99) == .microseconds(198))
        #expect(histogram.percentile(1) == .microseconds(200))
        #expect(histogram.count == 200)
    }

    @Test func whatIsTooLongOrNegativeIsCounted() {
        var histogram = LatencyHistogram()
        histogram.record(.seconds(1_000_000))
        histogram.record(.seconds(-1))
        #expect(histogram.count == 2)
        #expect(histogram.percentile(0.1) == .zero)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func bytesBringBackWhatWasRecorded(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var (one, other, both) = (LatencyHistogram(), LatencyHistogram(), LatencyHistogram())
        for _ in 0..<Int.random(in: 0...300, using: &random) {
            let value = Duration.microseconds(1 << Int.random(in: 0...31, using: &random))
            if Bool.random(using: &random) { one.record(value) } else { other.record(value) }
            both.record(value)
        }
        #expect(LatencyHistogram(bytes: one.bytes) == one)
        one.merge(other)
        #expect(one == both)
        for length in 0..<one.bytes.count {
            // A part is another one, or none.
            #expect(LatencyHistogram(bytes: Array(one.bytes.prefix(length))) != one)
        }
    }

    @Test(arguments: [
        [], [1], [3], [2, 1], [2, 1, 0], [2, 5, 1, 0, 1],
        // More than an hour; more than any count.
        [2, 0x80, 0x80, 0x80, 0x80, 0x0f, 1], [2, 1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1],
    ])
    func otherBytesAreRefused(_ bytes: [UInt8]) {
        #expect(LatencyHistogram(bytes: bytes) == nil)
    }
}
