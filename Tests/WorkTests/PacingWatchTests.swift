// What is told of a run's pace, from one look to the next.

import Pacing
import Testing
import Model

@testable import Work

@Suite struct PacingWatchTests {
    private static func report(
        limits: [Rate] = [],
        concurrency: Int = 8,
        outageSince: Duration? = nil,
        heldUntil: Duration = .zero
    ) -> PacingReport {
        PacingReport(
            limitInForce: limits,
            limitedBy: .concurrency,
            concurrency: concurrency,
            outageSince: outageSince,
            heldUntil: heldUntil
        )
    }

    /// What is told when such looks are taken at such times, in words.
    private static func told(_ looks: [(at: Duration, report: PacingReport)]) -> [String] {
        var watch = PacingWatch()
        return looks.flatMap { look in watch.changes(look.report, at: look.at).map { "\($0)" } }
    }

    @Test func theFirstLookTellsTheConcurrencyAlone() {
        #expect(Self.told([(.zero, Self.report())]) == ["concurrencyChanged(8)"])
    }

    @Test func whatStaysIsToldOnce() {
        let rate = Rate(count: 8, window: .seconds(1))
        let looks = (0..<500).map { (Duration.milliseconds(10 * $0), Self.report(limits: [rate])) }
        #expect(Self.told(looks).count == 2)
    }

    @Test func anOutageIsToldAtItsBeginningAndItsEnd() {
        let told = Self.told([
            (.seconds(10), Self.report()),
            (.seconds(40), Self.report(outageSince: .seconds(11))),
            (.seconds(50), Self.report(outageSince: .seconds(11))),
            (.seconds(60), Self.report()),
        ])
        #expect(
            told == [
                "concurrencyChanged(8)", "outageBegan(failingFor: 29.0 seconds)",
                "outageEnded(after: 49.0 seconds)",
            ]
        )
    }

    @Test func aWaitIsToldOnceAndALongerOneAgain() {
        let told = Self.told([
            (.zero, Self.report(heldUntil: .seconds(5))),
            (.seconds(1), Self.report(heldUntil: .seconds(5) + .milliseconds(50))),
            (.seconds(2), Self.report(heldUntil: .seconds(9))),
            (.seconds(20), Self.report(heldUntil: .seconds(9))),
        ])
        #expect(told == ["paused(5.0 seconds)", "concurrencyChanged(8)", "paused(7.0 seconds)"])
    }

    /// A level that is searched for changes many times a second.
    @Test func whatChangesAllTheTimeIsToldOnceASecond() {
        let looks = (0..<1000).map { index in
            (Duration.milliseconds(10 * index), Self.report(concurrency: 8 + index))
        }
        #expect(Self.told(looks).count == 10)
    }
}
