// What befalls the runs of a round.

import TestSupport

extension RoundPlan {
    /// The runs that are meddled with, some to start with a part of the roster only.
    ///
    /// Under a limit the clock jumps backwards only: what a clock that is set forward makes a run forget was
    /// sent as far as anybody can tell outside the window, so nothing is promised then. Backwards, everything
    /// counts longer.
    static func runs(
        upTo runsMax: Int,
        of count: Int,
        isLimited: Bool,
        _ random: inout SeededGenerator
    ) -> [PlannedRun] {
        let number = Int.random(in: 2...runsMax, using: &random)
        let grows = random.chance(0.4)
        let jumps = random.chance(0.5)
        var identities = grows ? count * Int.random(in: 3...8, using: &random) / 10 : count
        var runs: [PlannedRun] = []
        for index in 0..<number {
            if grows, index > 0, random.chance(0.5) {
                identities = min(count, identities + count * Int.random(in: 1...3, using: &random) / 10)
            }
            var events: [PlannedEvent] = []
            // The last one may come to its end; the others leave something to do.
            let isLast = index == number - 1
            if !isLast || random.chance(0.7) { events.append(killing(isLast: isLast, &random)) }
            let end = events.first.map(\.moment.share).flatMap { $0 > 0 ? $0 : nil } ?? 0.9
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                events.append(incident(before: end, isLimited: isLimited, jumps: jumps, &random))
            }
            let jump = jumps && random.chance(0.5) ? clockJump(isLimited: isLimited, &random) : 0
            runs.append(PlannedRun(identities: identities, clockJump: jump, events: events))
        }
        return runs
    }

    private static func killing(isLast: Bool, _ random: inout SeededGenerator) -> PlannedEvent {
        let kind: PlannedEvent.Killing =
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<6: .kill
            case 6: .terminate
            case 7: .interrupt
            default: .interruptTwice(random.some(.zero, .milliseconds(300)))
            }
        return PlannedEvent(moment: killingMoment(isLast: isLast, &random), action: .kill(kind))
    }

    private static func killingMoment(isLast: Bool, _ random: inout SeededGenerator) -> PlannedEvent.Moment {
        let kind = Int.random(in: 0..<10, using: &random)
        if isLast, kind < 5 {
            // While it comes to its end and writes the outputs.
            return PlannedEvent.Moment(share: 1, delay: random.some(.zero, .milliseconds(80)))
        }
        if kind < 8 {
            // At work, mostly in the very moment in which a request comes.
            let delay = random.chance(0.2) ? random.some(.zero, .milliseconds(50)) : .zero
            return PlannedEvent.Moment(share: Double.random(in: 0.001...0.4, using: &random), delay: delay)
        }
        // While it starts or enrols.
        let latest = Duration.milliseconds(random.chance(0.5) ? 60 : 400)
        return PlannedEvent.Moment(share: 0, delay: random.some(.zero, latest))
    }

    /// Anything but an end of the run, and before that, as far as it is known.
    private static func incident(
        before end: Double,
        isLimited: Bool,
        jumps: Bool,
        _ random: inout SeededGenerator
    ) -> PlannedEvent {
        let moment = PlannedEvent.Moment(
            share: random.chance(0.1) ? 0 : Double.random(in: 0.0005...end, using: &random),
            delay: random.chance(0.5) ? .zero : random.some(.zero, .milliseconds(100))
        )
        let action: PlannedEvent.Action
        switch Int.random(in: 0..<10, using: &random) {
        case 0, 1: action = .secondRun
        case 2: action = .status
        case 3: action = .report
        case 4, 5: action = .export(killedAfter: nil)
        case 6: action = .export(killedAfter: random.some(.zero, .milliseconds(60)))
        case 7 where jumps, 8 where jumps: action = .clockJump(clockJump(isLimited: isLimited, &random))
        default: action = .restart(downFor: random.some(.milliseconds(10), .milliseconds(400)))
        }
        // A second process is only told off where the first is at work already.
        let isEarly = action == .secondRun && moment.share == 0
        return PlannedEvent(
            moment: isEarly ? PlannedEvent.Moment(share: 0.0005, delay: moment.delay) : moment,
            action: action
        )
    }

    /// By seconds up to a day.
    private static func clockJump(isLimited: Bool, _ random: inout SeededGenerator) -> Int {
        let length = [5, 90, 4000, 86_400][Int.random(in: 0..<4, using: &random)]
        let seconds = Int.random(in: 1...length, using: &random)
        return isLimited || random.chance(0.5) ? -seconds : seconds
    }
}
