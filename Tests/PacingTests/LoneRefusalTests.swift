// Refusals that come one by one slow nothing; those of a limit are noticed at once, and kept to.

import Pacing
import TestSupport
import Testing
import Model

@Suite struct LoneRefusalTests {
    // MARK: - Refused at random

    struct Stray: Sendable, CustomTestStringConvertible {
        let perSecond: Int
        let share: Double
        let saysRetryAfter: Bool
        /// The least part of the rate that is kept.
        let kept: Double

        var testDescription: String { "\(perSecond)/s, \(share * 100)%, Retry-After \(saysRetryAfter)" }

        static let all = [50, 300, 1000].flatMap { perSecond in
            [(0.001, 0.97), (0.005, 0.95), (0.01, 0.9)].flatMap { share, kept in
                [false, true].map {
                    Stray(perSecond: perSecond, share: share, saysRetryAfter: $0, kept: kept)
                }
            }
        }
    }

    @Test(arguments: Stray.all) func theRateIsKept(_ stray: Stray) {
        let rate = Rate(count: stray.perSecond, window: .seconds(1))
        let world = RefusingServer(
            rates: [rate],
            strays: stray.share,
            saysRetryAfter: stray.saysRetryAfter
        )
        let outcome = world.run(seconds: max(20, 9000 / stray.perSecond))
        let kept = outcome.perSecond(from: 0) / Double(stray.perSecond)
        #expect(kept >= stray.kept, "\(kept) of the rate, \(outcome)")
        #expect(outcome.refused.reduce(0, +) > 0, "nothing was refused")
        // Nobody is told that the server limits where one in a thousand is refused.
        guard stray.share < 0.005 else { return }
        #expect(!outcome.limitedBy.contains(.server))
        #expect(outcome.limits.allSatisfy { $0 == [rate] })
    }

    // MARK: - A limit

    struct Limited: Sendable, CustomTestStringConvertible {
        let shape: LimitShape
        let saysRetryAfter: Bool
        var strays = 0.0

        var testDescription: String { "\(shape), Retry-After \(saysRetryAfter), strays \(strays)" }

        private static let shapes: [LimitShape] = [20, 100, 200, 270].flatMap {
            (count: Int) -> [LimitShape] in
            let rate = Rate(count: count, window: .seconds(1))
            return [.sliding(rate), .fixed(rate), .bucket(rate)]
        }

        static let all = shapes.flatMap { shape in
            [false, true].map { Limited(shape: shape, saysRetryAfter: $0, strays: $0 ? 0.001 : 0) }
        }
    }

    /// Asked for 300 a second, a server that takes fewer is found out within a minute, and kept to.
    @Test(arguments: Limited.all) func aLimitThatOnlyRefusesIsFoundAndKept(_ limited: Limited) {
        let rate = Rate(count: 300, window: .seconds(1))
        let count = Double(limited.shape.rate.count)
        let world = RefusingServer(
            rates: [rate],
            shape: limited.shape,
            strays: limited.strays,
            saysRetryAfter: limited.saysRetryAfter
        )
        let outcome = world.run(seconds: 120)
        let (used, refused) = (outcome.perSecond(from: 60) / count, outcome.refusedShare(from: 60))
        #expect(used >= 0.7, "\(used) of the limit, \(outcome)")
        #expect(refused <= 0.04, "\(refused) refused, \(outcome)")
    }

    /// A minute's budget that is used up in twenty seconds is asked for now and then, and taken at full speed
    /// again.
    @Test(arguments: [600, 6000], [false, true])
    func aMinutesBudgetIsUsed(_ count: Int, _ saysRetryAfter: Bool) {
        let minute = Rate(count: count, window: .seconds(60))
        for shape in [LimitShape.sliding(minute), .fixed(minute), .bucket(minute)] {
            let world = RefusingServer(
                rates: [Rate(count: 300, window: .seconds(1))],
                shape: shape,
                saysRetryAfter: saysRetryAfter
            )
            let outcome = world.run(seconds: 240)
            let (used, refused) = (
                outcome.perSecond(from: 60) * 60 / Double(count), outcome.refusedShare(from: 60)
            )
            #expect(used >= 0.7, "\(shape): \(used) of the limit, \(outcome)")
            #expect(refused <= 0.05, "\(shape): \(refused) refused, \(outcome)")
        }
    }

    /// All that is in flight when a limit begins to refuse, and two more: that is what it is sent too much.
    @Test(arguments: [1, 8, 64], [false, true])
    func littleIsSentIntoALimit(_ concurrency: Int, _ saysRetryAfter: Bool) {
        var world = RefusingServer(shape: .fixed(Rate(count: 500, window: .seconds(60))))
        world.concurrency = concurrency
        world.saysRetryAfter = saysRetryAfter
        let outcome = world.run(seconds: 30)
        let first = outcome.refused.first { $0 > 0 } ?? 0
        #expect((3...concurrency + 2).contains(first), "\(first) refused at \(concurrency) in flight")
    }
}
