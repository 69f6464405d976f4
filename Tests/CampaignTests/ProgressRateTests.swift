// How fast a run goes, where that changes and where it stands still.

import Testing
import Model

@testable import Campaign

@Suite struct ProgressRateTests {
    /// A run that goes at so many a second for so many seconds, one after the other; 0 is a pause.
    private static func rate(_ phases: [(perSecond: Double, seconds: Int)], every: Int = 250) -> ProgressRate
    {
        var (rate, done, now) = (ProgressRate(), 0.0, 0)
        for phase in phases {
            for _ in 0..<(phase.seconds * 1000 / every) {
                rate.note(done: Int(done), isPaused: phase.perSecond == 0, at: .milliseconds(now))
                now += every
                done += phase.perSecond * Double(every) / 1000
            }
        }
        rate.note(done: Int(done), isPaused: false, at: .milliseconds(now))
        return rate
    }

    @Test(arguments: [250, 1000, 60_000]) func anEvenRateIsWhatItIs(_ every: Int) {
        let rate = Self.rate([(100, 300)], every: every)
        #expect(abs((rate.lately ?? 0) - 100) < 1)
        #expect(abs((rate.mean ?? 0) - 100) < 1)
    }

    @Test func nothingIsSaidOfNothing() {
        #expect(ProgressRate().lately == nil)
        #expect(Self.rate([(0, 100)]).lately == nil)
    }

    @Test(arguments: [(100.0, 50.0), (50, 200), (10, 1)]) func aChangeIsFollowed(
        _ before: Double,
        _ after: Double
    ) {
        let rate = Self.rate([(before, 600), (after, 120)])
        #expect(abs((rate.lately ?? 0) / after - 1) < 0.2, "\(String(describing: rate.lately))")
    }

    @Test func pausesAndOutagesAreLeftOut() {
        let rate = Self.rate([(100, 60), (0, 600), (100, 5), (0, 60), (100, 5)])
        #expect(abs((rate.lately ?? 0) - 100) < 5, "\(String(describing: rate.lately))")
        #expect(abs((rate.mean ?? 0) - 100) < 5, "\(String(describing: rate.mean))")
    }
}
