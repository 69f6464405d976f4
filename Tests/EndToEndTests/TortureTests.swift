// Half a minute of the crash campaign that `scripts/torture` runs for as long as one likes.

import Foundation
import Programs
import Testing
import Torture

extension EndToEndTests {
    @Suite struct TortureTests {
        @Test func halfAMinuteOfKillsBreaksNoPromise() async throws {
            let library = try #require(
                FakeClock.library,
                "the library FakeClock is a product: it is built with the tests"
            )
            let campaign = TortureCampaign(
                seed: 30,
                size: .small,
                timeMax: .seconds(30),
                roundsMax: nil,
                setting: RoundSetting(binary: Program.latchstring, clockLibrary: library)
            )
            let report = try await campaign.run { result, _ in
                for violation in result.violations {
                    Issue.record(
                        """
                        \(violation)
                        its campaign is in \(result.folder ?? ""); once more: \(campaign.command(forSeed: result.plan.seed))
                        """
                    )
                }
            }
            print(report.table)
            #expect(report.violations.isEmpty)
            #expect(report.tally.allKills > 0)
            #expect(report.tally.codesIssued > 0)
        }
    }
}
