import Pacing
import TestSupport
import Testing

@Suite struct BackoffTests {
    /// What may be waited at most after that many failures.
    private static func bound(_ failures: Int) -> Duration {
        failures <= 6
            ? [.milliseconds(500), .seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(16)][
                failures - 1
            ] : .seconds(30)
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8, 31, 32, 33, 64, 65, 1000, Int.max])
    func everyWaitIsBetweenNothingAndItsBoundAndTheyCoverAllOfIt(failures: Int) {
        var random = SeededGenerator(seed: UInt64(failures))
        let backoff = Backoff()
        let delays = (0..<2000).map { _ in backoff.delay(afterFailures: failures, using: &random) }
        let bound = Self.bound(failures)
        #expect(delays.allSatisfy { $0 >= .zero && $0 <= bound })
        // Full jitter: every tenth of the range gets about its tenth of the waits.
        let tenths = Dictionary(grouping: delays) { min(Int($0 / bound * 10), 9) }
        for tenth in 0..<10 {
            #expect((120...280).contains(tenths[tenth]?.count ?? 0))
        }
    }

    @Test func theSameSeedWaitsTheSame() {
        let backoff = Backoff(base: .milliseconds(100), ceiling: .seconds(2))
        func delays(seed: UInt64) -> [Duration] {
            var random = SeededGenerator(seed: seed)
            return (1...20).map { backoff.delay(afterFailures: $0, using: &random) }
        }
        #expect(delays(seed: 1) == delays(seed: 1))
        #expect(delays(seed: 1) != delays(seed: 2))
    }

    @Test func aCeilingBelowTheBaseHolds() {
        var random = SeededGenerator(seed: 3)
        let backoff = Backoff(base: .seconds(10), ceiling: .milliseconds(1))
        let longest = (1...500).map { backoff.delay(afterFailures: $0, using: &random) }.max()
        #expect(longest.map { $0 <= .milliseconds(1) } == true)
    }
}
