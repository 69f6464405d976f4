// What will happen in the nights after a round's first runs: also a value that follows from the seed.

import TestSupport

/// Nights a day apart: some have activated, and runs learn of it, issue anew and hand over.
package struct NightsPlan: Hashable, Sendable {
    /// Given as `--reissue-max`.
    package let reissueMax: Int
    /// Given as `--purge-expired-after`, in hours; nil for nothing is purged.
    package let purgeAfterHours: Int?
    package let nights: [PlannedNight]

    /// How long the codes are valid that the first runs issue, in hours.
    package static let firstValidityHours = 36

    /// The options of a run that are the same in all nights, and `--expires-in`.
    ///
    /// The server's clock stands still by days, so codes are asked for that are valid for longer.
    func options(hoursOfValidity: Int) -> [String] {
        ["--reissue-max", "\(reissueMax)", "--expires-in", "\(hoursOfValidity)h"]
            + (purgeAfterHours.map { ["--purge-expired-after", "\($0)h"] } ?? [])
    }
}

/// One night's runs.
package struct PlannedNight: Hashable, Sendable {
    package enum Reissue: Hashable, Sendable {
        case expired, all
        case expiring(hours: Int)

        package var option: [String] {
            switch self {
            case .expired: ["--reissue", "expired"]
            case .all: ["--reissue", "all"]
            case .expiring(let hours): ["--reissue", "expiring:\(hours)h"]
            }
        }
    }

    /// The share of those with a code who activate before it, 0 to 1.
    package let activating: Double
    package let reissue: Reissue
    /// How long its codes are valid by its own clock, in hours.
    package let validityHours: Int
    package let runs: [PlannedRun]
}

// MARK: - Drawing

extension NightsPlan {
    /// - Parameter count: the identities of the roster.
    init(_ size: RoundPlan.Size, count: Int, _ random: inout SeededGenerator) {
        reissueMax = Int.random(in: 1...3, using: &random)
        let purges = random.chance(0.4)
        purgeAfterHours = purges ? Int.random(in: 1...30, using: &random) : nil
        let number = Int.random(in: 1...(size == .small ? 2 : 4), using: &random)
        var nights: [PlannedNight] = []
        for _ in 0..<number { nights.append(Self.night(count, &random)) }
        self.nights = nights
    }

    private static func night(_ count: Int, _ random: inout SeededGenerator) -> PlannedNight {
        let reissue: PlannedNight.Reissue =
            switch Int.random(in: 0..<5, using: &random) {
            case 0..<3: .expired
            case 3: .expiring(hours: Int.random(in: 1...11, using: &random))
            default: .all
            }
        var runs: [PlannedRun] = []
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            runs.append(
                PlannedRun(
                    identities: count,
                    clockJump: 0,
                    events: events(&random),
                    options: reissue.option + steps(&random)
                )
            )
        }
        return PlannedNight(
            activating: random.chance(0.8) ? Double.random(in: 0...0.3, using: &random) : 0,
            reissue: reissue,
            validityHours: Int.random(in: 12...60, using: &random),
            runs: runs
        )
    }

    /// What a run does besides issuing anew.
    private static func steps(_ random: inout SeededGenerator) -> [String] {
        var options: [String] = []
        if random.chance(0.5) { options.append("--sync") }
        if random.chance(0.7) {
            options.append("--hand-over")
            if random.chance(0.3) { options += ["--min-remaining", "20h"] }
        }
        return options
    }

    private static func events(_ random: inout SeededGenerator) -> [PlannedEvent] {
        var events: [PlannedEvent] = []
        if random.chance(0.85) {
            let kind: PlannedEvent.Killing =
                switch Int.random(in: 0..<10, using: &random) {
                case 0..<7: .kill
                case 7: .terminate
                case 8: .interrupt
                default: .interruptTwice(random.some(.zero, .milliseconds(300)))
                }
            events.append(PlannedEvent(moment: killingMoment(&random), action: .kill(kind)))
        }
        for _ in 0..<Int.random(in: 0...3, using: &random) { events.append(incident(&random)) }
        return events
    }

    /// In each of a night's steps: the start, the sync, the issuing, and the batch, the purge and the
    /// outputs.
    private static func killingMoment(_ random: inout SeededGenerator) -> PlannedEvent.Moment {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: PlannedEvent.Moment(share: 0, delay: random.some(.zero, .milliseconds(400)))
        case 1, 2:
            PlannedEvent.Moment(share: 0, delay: random.some(.zero, .milliseconds(40)), isAfterReading: true)
        case 3..<7:
            PlannedEvent.Moment(
                share: Double.random(in: 0.001...0.9, using: &random),
                delay: random.chance(0.2) ? random.some(.zero, .milliseconds(50)) : .zero
            )
        default: PlannedEvent.Moment(share: 1, delay: random.some(.zero, .milliseconds(250)))
        }
    }

    private static func incident(_ random: inout SeededGenerator) -> PlannedEvent {
        let moment = PlannedEvent.Moment(
            share: Double.random(in: 0.001...1, using: &random),
            delay: random.chance(0.5) ? .zero : random.some(.zero, .milliseconds(150))
        )
        let action: PlannedEvent.Action =
            switch Int.random(in: 0..<10, using: &random) {
            case 0: .secondRun
            case 1: .status
            case 2: .export(killedAfter: random.chance(0.5) ? random.some(.zero, .milliseconds(60)) : nil)
            case 3, 4: .handOver(killedAfter: nil)
            case 5, 6: .handOver(killedAfter: random.some(.zero, .milliseconds(120)))
            case 7, 8: .activate(share: Double.random(in: 0...0.2, using: &random))
            default: .restart(downFor: random.some(.milliseconds(10), .milliseconds(400)))
            }
        return PlannedEvent(moment: moment, action: action)
    }
}
