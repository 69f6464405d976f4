// Whole campaigns in simulated time: days of outages, refusals, crashes and stops in seconds.

import Foundation
import Testing
import Model

/// Many campaigns, each of which follows from its seed alone.
///
/// A failure names its seed, the simulated time and the latest events. `LATCHSTRING_SIMULATION_SEED=17` lives
/// through that one campaign again; `LATCHSTRING_SIMULATION_SEEDS=1000` through as many, from 0:
///
///     LATCHSTRING_SIMULATION_SEED=17 scripts/test --filter CampaignSimulationTests
@Suite struct CampaignSimulationTests {
    private static let usual = 16

    /// The seeds asked for, and whether they are all of the usual ones.
    private static var seeds: (Range<UInt64>, isUsual: Bool) {
        let environment = ProcessInfo.processInfo.environment
        if let seed = environment["LATCHSTRING_SIMULATION_SEED"].flatMap(UInt64.init) {
            return (seed..<seed + 1, false)
        }
        let count = environment["LATCHSTRING_SIMULATION_SEEDS"].flatMap(UInt64.init)
        return (0..<(count ?? UInt64(usual)), count.map { $0 >= usual } ?? true)
    }

    @Test func whateverHappensTheCampaignKeepsItsPromises() async {
        let (seeds, isUsual) = Self.seeds
        let clock = ContinuousClock()
        let start = clock.now
        let outcomes = await outcomes(of: seeds)
        let took = start.duration(to: clock.now)
        let simulated = outcomes.reduce(.zero) { $0 + $1.simulated }
        let events = outcomes.map(\.events).reduce(0, +)
        var stops: [String: Int] = [:]
        for outcome in outcomes { stops.merge(outcome.stops, uniquingKeysWith: +) }
        print(
            "\(outcomes.count) campaigns, \(simulated.inSeconds / 86_400) days in \(took.inSeconds) s;",
            "\(events) events, \(outcomes.map(\.requests).reduce(0, +)) requests,",
            "\(outcomes.map(\.runs).reduce(0, +)) runs, \(outcomes.map(\.kills).reduce(0, +)) "
                + "killed, ended by \(stops),",
            "\(outcomes.map(\.ambiguousAttempts).reduce(0, +)) ambiguous attempts,",
            "\(outcomes.map(\.doubled).reduce(0, +)) doubled codes"
        )
        guard isUsual else { return }
        // It has been through everything that it is for.
        #expect(simulated > .seconds(5 * 86_400))
        #expect(outcomes.map(\.kills).reduce(0, +) > 20)
        #expect(outcomes.map(\.doubled).reduce(0, +) > 20)
        for stop in ["done", "outage", "sigint", "max_identities", "max_duration", "ledger_not_writable"] {
            #expect(stops[stop] ?? 0 > 0, "no run ended by \(stop)")
        }
    }

    /// One after the other, for other tests need the processors too; side by side only where many were asked
    /// for.
    private func outcomes(of seeds: Range<UInt64>) async -> [CampaignSimulation.Outcome] {
        let width = seeds.count > Self.usual ? UInt64(ProcessInfo.processInfo.activeProcessorCount) : 1
        return await withTaskGroup { group in
            for lane in 0..<width {
                group.addTask {
                    stride(from: seeds.lowerBound + lane, to: seeds.upperBound, by: Int(width))
                        .compactMap(Self.outcome)
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
    }

    /// The look-ups before issuing, in the same weather.
    @Test func whateverHappensEverybodyIsLookedUpInTheEnd() throws {
        let (seeds, isUsual) = Self.seeds
        var stops: [String: Int] = [:]
        var (requests, kills, shrunk) = (0, 0, 0)
        for seed in seeds {
            do {
                let outcome = try LookupSimulation(seed: seed).run()
                stops.merge(outcome.stops, uniquingKeysWith: +)
                (requests, kills, shrunk) = (
                    requests + outcome.requests, kills + outcome.kills, shrunk + outcome.shrunk
                )
            } catch {
                Issue.record("\(error)")
            }
        }
        print(seeds.count, "times looked up:", requests, "requests,", kills, "killed, ended by \(stops)")
        guard isUsual else { return }
        #expect(kills > 3 && shrunk > 3)
        for stop in ["done", "sigint", "unreachable"] {
            #expect(stops[stop] ?? 0 > 0, "no run ended by \(stop)")
        }
    }

    private static func outcome(of seed: UInt64) -> CampaignSimulation.Outcome? {
        do {
            return try CampaignSimulation(seed: seed).run()
        } catch {
            Issue.record("\(error)")
            return nil
        }
    }

    /// What a seed has led to it leads to again.
    @Test func aSeedIsOneCampaign() throws {
        let simulations = try [CampaignSimulation(seed: 1), CampaignSimulation(seed: 1)]
        let outcomes = try simulations.map { try $0.run() }
        #expect(outcomes[0].events == outcomes[1].events)
        #expect(simulations[0].trace.description == simulations[1].trace.description)
    }
}
