// Plans follow from their seeds, and have everything in store that rounds are for.

import IdentitySimulator
import TestSupport
import Testing
import Model

@testable import Torture

@Suite struct RoundPlanTests {
    private let plans = (0..<400).map { RoundPlan(seed: $0, size: .full) }

    @Test(arguments: [RoundPlan.Size.small, .full]) func aSeedIsOneRound(_ size: RoundPlan.Size) {
        #expect(RoundPlan(seed: 7, size: size) == RoundPlan(seed: 7, size: size))
        #expect(RoundPlan(seed: 7, size: size) != RoundPlan(seed: 8, size: size))
    }

    /// So that the seed that a round prints lives through that round again.
    @Test func theFirstRoundHasTheCampaignsSeed() {
        let campaign = TortureCampaign(
            seed: 17,
            size: .small,
            timeMax: nil,
            roundsMax: nil,
            setting: RoundSetting(binary: "")
        )
        #expect(campaign.seed(ofRound: 0) == 17)
        #expect(Set((0..<1000).map(campaign.seed(ofRound:))).count == 1000)
        #expect(campaign.command(forSeed: 3) == "scripts/torture --seed 3 --rounds 1 --small")
    }

    @Test func everythingIsInStore() {
        let actions = plans.flatMap(\.runs).flatMap(\.events).map(\.action)
        let kills = actions.compactMap { if case .kill(let killing) = $0 { killing } else { nil } }
        #expect(kills.contains(.kill) && kills.contains(.terminate) && kills.contains(.interrupt))
        #expect(kills.contains { if case .interruptTwice = $0 { true } else { false } })
        #expect(actions.contains(.secondRun) && actions.contains(.status) && actions.contains(.report))
        #expect(actions.contains(.export(killedAfter: nil)))
        #expect(actions.contains { if case .restart = $0 { true } else { false } })
        #expect(Set(plans.flatMap(\.faults).map(\.kind)) == Set(FaultKind.allCases))
        #expect(plans.contains { $0.runs.first?.identities != $0.runs.last?.identities })
        #expect(plans.contains(where: \.isImpatient) && !plans.allSatisfy(\.isImpatient))
        #expect(plans.contains { !$0.roster.unknown.isEmpty && !$0.roster.rejectedAfter.isEmpty })
        for plan in plans {
            #expect((1500...4000).contains(plan.roster.count) || !plan.rates.isEmpty)
            #expect(plan.runs.allSatisfy { $0.identities <= plan.roster.count })
        }
    }

    @Test func nightsHaveEverythingInStore() {
        let nights = plans.compactMap(\.nights)
        #expect(nights.count > 100 && nights.count < plans.count)
        #expect(
            nights.contains { $0.purgeAfterHours != nil } && nights.contains { $0.purgeAfterHours == nil }
        )
        let whose = Set(nights.flatMap(\.nights).map { $0.reissue.option[1].prefix(8) })
        #expect(whose == ["expired", "all", "expiring"])
        let runs = nights.flatMap(\.nights).flatMap(\.runs)
        for option in ["--sync", "--hand-over", "--min-remaining"] {
            #expect(runs.contains { $0.options.contains(option) })
            #expect(!runs.allSatisfy { $0.options.contains(option) })
        }
        let first = plans.filter { $0.nights != nil }.flatMap(\.runs)
        #expect(first.contains { $0.options.contains("--hand-over") })
        #expect(first.allSatisfy { !$0.options.contains("--reissue") })
        let events = runs.flatMap(\.events)
        #expect(events.contains { $0.moment.isAfterReading })
        #expect(events.contains { $0.action == .handOver(killedAfter: nil) })
        #expect(events.contains { if case .activate = $0.action { true } else { false } })
        #expect(events.contains { $0.action == .kill(.kill) && $0.moment.share == 1 })
    }

    /// Forward it would forget requests that count.
    @Test func underALimitTheClockOnlyGoesBack() {
        func jumps(_ plan: RoundPlan) -> [Int] {
            plan.runs.flatMap { run in
                [run.clockJump]
                    + run.events.compactMap { if case .clockJump(let time) = $0.action { time } else { nil } }
            }
        }
        let limited = plans.filter { !$0.rates.isEmpty }.flatMap(jumps)
        #expect(limited.contains { $0 < 0 } && limited.allSatisfy { $0 <= 0 })
        #expect(plans.filter(\.rates.isEmpty).flatMap(jumps).contains { $0 > 3600 })
    }

    @Test func aRosterHasTheRowsThatItCounts() {
        let roster = PlannedRoster(
            seed: 3,
            count: 20,
            unknown: [1],
            rejectedAfter: [0, 9],
            doubledAfter: [4, 15]
        )
        for count in [0, 1, 5, 10, 20] {
            let text = roster.text(holding: count)
            let rows = readCSV(text).dropFirst()
            let ids = rows.compactMap { IdentityID($0[0]) }
            let expected = roster.rows(holding: count)
            #expect(rows.count == expected.read)
            #expect(rows.count - ids.count == expected.rejected)
            #expect(ids.count - Set(ids).count == expected.duplicates)
            #expect(roster.text(holding: 20).hasPrefix(text), "it only grows at its end")
        }
        #expect(roster.known.count == 19 && !roster.known.contains(roster.identities[1]))
    }
}
