// A month of nights in simulated time.

import Foundation
import Testing
import Model

/// Several months, each with its own seed.
///
/// `LATCHSTRING_SIMULATION_SEED=17` lives through that month again, as far as threads allow;
/// `LATCHSTRING_SIMULATION_MONTHS=100` through as many, from 0.
@Suite struct MonthSimulationTests {
    private static let usual = 2

    private static var seeds: (Range<UInt64>, isUsual: Bool) {
        let environment = ProcessInfo.processInfo.environment
        if let seed = environment["LATCHSTRING_SIMULATION_SEED"].flatMap(UInt64.init) {
            return (seed..<seed + 1, false)
        }
        let count = environment["LATCHSTRING_SIMULATION_MONTHS"].flatMap(UInt64.init)
        return (0..<(count ?? UInt64(usual)), count.map { $0 >= usual } ?? true)
    }

    @Test func aMonthOfNightsKeepsItsPromises() async {
        let (seeds, isUsual) = Self.seeds
        var outcomes: [MonthSimulation.Outcome] = []
        for seed in seeds {
            do {
                outcomes.append(try await MonthSimulation(seed: seed).run(nights: 30))
            } catch {
                Issue.record("\(error)")
            }
        }
        func sum(_ figure: (MonthSimulation.Outcome) -> Int) -> Int { outcomes.map(figure).reduce(0, +) }
        print(
            "\(outcomes.count) months: \(sum(\.runs)) runs, \(sum(\.deaths)) died, \(sum(\.codes)) codes,",
            "\(sum(\.activated)) activated, \(sum(\.givenUp)) given up, \(sum(\.batches)) batches"
        )
        guard isUsual else { return }
        // It has been through everything that it is for.
        #expect(sum(\.nights) == 31 * seeds.count)
        #expect(sum(\.deaths) > 20 && sum(\.activated) > 40)
        #expect(sum(\.givenUp) > 20 && sum(\.batches) > 40)
    }
}
