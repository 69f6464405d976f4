// A world for a campaign: a clock, a server, a network, a disk, and processes that come and go.

import Ledger
import Pacing
import SQLiteLedger
import TestSupport
import Model

@testable import Campaign
@testable import Work

/// One campaign from its first run to the one that finds everything done, event by event; all of it follows
/// from the seed.
///
/// ## Topics
/// - The clock and its events: here. Runs: `CampaignSimulation+Runs`. Requests and commits:
///   `CampaignSimulation+Requests`. What must always hold: `CampaignSimulation+Checks`.
final class CampaignSimulation {
    enum Event {
        case begins
        case connects(SimulatedRequest)
        case arrives(SimulatedRequest)
        case ends(SimulatedRequest, SimulatedAnswer)
        case commitEnds(process: Int)
        case enrols(process: Int)
        case isKilled(process: Int)
        case isInterrupted(process: Int)
        case clockJumps
        case diskFills
    }

    /// What happened in sum.
    struct Outcome {
        var simulated: Duration = .zero
        var events = 0
        var requests = 0
        var runs = 0
        var kills = 0
        var ambiguousAttempts = 0
        var doubled = 0
        var stops: [String: Int] = [:]
    }

    let seed: UInt64
    let campaign: SimulatedCampaign
    let folder: TemporaryFolder
    var random: SeededGenerator
    var server: SimulatedServer
    var ledger: any Ledger
    var book = CampaignBook()
    var enrolled = 0

    private(set) var now: Duration = .zero
    var queue = EventQueue<Duration, Event>()
    var process: SimulatedProcess?
    var processes = 0
    var isDone = false
    var outcome = Outcome()
    var trace = SimulationTrace()

    /// How far the time of day is ahead of the world's clock.
    var clockOffset: Duration = .zero
    var diskIsFullUntil: Duration = .zero
    var arrivals = ArrivalLog()

    private static let start = Timestamp(milliseconds: 1_795_218_417_250)
    private static let eventsMax = 300_000

    init(seed: UInt64) throws {
        self.seed = seed
        random = SeededGenerator(seed: seed)
        campaign = SimulatedCampaign(using: &random)
        server = SimulatedServer(
            characters: campaign.characters,
            forecast: Forecast(until: campaign.calm, mean: campaign.weatherMean, using: &random),
            rates: campaign.serverRates,
            announces: random.chance(0.5),
            saysRetryAfter: random.chance(0.5),
            faultShare: campaign.faultShare,
            seed: random.next()
        )
        folder = try TemporaryFolder()
        ledger = try Self.openLedger(in: folder)
    }

    static func openLedger(in folder: TemporaryFolder) throws -> any Ledger {
        try SQLiteLedger.openOrCreate(
            at: folder("ledger.sqlite"),
            campaign: "simulation",
            server: "http://kratos.test"
        )
    }

    /// The time of day.
    var wallClock: Timestamp { Self.start.advanced(by: now + clockOffset) }

    var isCalm: Bool { now >= campaign.calm }

    /// Lives through the whole campaign.
    ///
    /// - Throws: `SimulationFailure` with the seed, the time and the latest events, where anything is not as
    ///   it must be.
    func run() throws -> Outcome {
        do {
            try enrol(campaign.enrolledFirst)
            queue.insert(.begins, at: .zero)
            if campaign.clockJumpMean != nil { queue.insert(.clockJumps, at: campaign.calm / 10) }
            if campaign.diskFullMean != nil { queue.insert(.diskFills, at: campaign.calm / 10) }
            while !isDone { try step() }
            try checkTheEnd()
        } catch {
            throw SimulationFailure("seed \(seed), after \(now): \(error)\n\(trace)")
        }
        outcome.simulated = now
        return outcome
    }

    private func step() throws {
        outcome.events += 1
        try require(outcome.events < Self.eventsMax, "it never ends: \(outcome.stops)")
        let wakeUp = process?.wakeUp
        if let wakeUp, wakeUp <= queue.nextKey ?? wakeUp {
            now = max(now, wakeUp)
            process?.wakeUp = nil
            let deadline = process?.deadline ?? .seconds(Int64.max)
            try proceed(isEvent: false) { machine, elapsed in
                machine.stop == nil && elapsed >= deadline
                    ? machine.requestStop(.maxDuration, at: elapsed) : machine.tick(at: elapsed)
            }
        } else if let (time, event) = queue.removeFirst() {
            now = time
            try happen(event)
        } else {
            try require(false, "nothing will ever happen again")
        }
        try checkAlways()
    }

    private func happen(_ event: Event) throws {
        switch event {
        case .begins: try begin()
        case .connects(let request): connect(request)
        case .arrives(let request): try arrive(request)
        case .ends(let request, let answer): try end(request, answer)
        case .commitEnds(let number): if process?.number == number { try endCommit() }
        case .enrols(let number): if process?.number == number { try enrolMore() }
        case .isKilled(let number): if process?.number == number, !isCalm { try kill() }
        case .isInterrupted(let number):
            if process?.number == number {
                trace.note(now, "interrupted", number)
                process?.wasAskedToStop = true
                try proceed { $0.requestStop(.signal("sigint"), at: $1) }
            }
        case .clockJumps: jump()
        case .diskFills: fillDisk()
        }
    }

    private func jump() {
        guard let mean = campaign.clockJumpMean, !isCalm else { return }
        let far = random.one(of: 2.0, 60, 4000, 100_000)
        clockOffset += .seconds(Double.random(in: -far...far, using: &random))
        arrivals.clockJumped(to: clockOffset)
        trace.note(now, "clock jumps", Int(clockOffset.components.seconds))
        queue.insert(.clockJumps, at: now + random.exponential(mean))
    }

    private func fillDisk() {
        guard let mean = campaign.diskFullMean, !isCalm else { return }
        diskIsFullUntil = now + random.exponential(.seconds(random.one(of: 0.05, 5, 60)))
        trace.note(now, "disk full", 0)
        queue.insert(.diskFills, at: now + random.exponential(mean))
    }
}

/// The latest events, for whoever looks into a failure.
struct SimulationTrace: CustomStringConvertible {
    private var latest: [(time: Duration, what: StaticString, number: Int, other: Int)] = []
    private static let lengthMax = 20

    mutating func note(_ time: Duration, _ what: StaticString, _ number: Int, _ other: Int = 0) {
        if latest.count == 2 * Self.lengthMax { latest.removeFirst(Self.lengthMax) }
        latest.append((time, what, number, other))
    }

    var description: String {
        latest.suffix(Self.lengthMax).map { "  \($0.time): \($0.what) \($0.number) \($0.other)" }
            .joined(separator: "\n")
    }
}
