// Half a minute of the crash campaign that `scripts/torture` runs for as long as one likes.

import Foundation
import IdentitySimulator
import Programs
import Testing
import Torture
import Model

extension EndToEndTests {
    @Suite struct TortureTests {
        @Test func halfAMinuteOfKillsBreaksNoPromise() async throws {
            let clockObject = try #require(
                FakeClock.sharedObject,
                "FakeClock is a product: it is built with the tests"
            )
            let campaign = TortureCampaign(
                seed: 30,
                size: .small,
                timeMax: .seconds(30),
                roundsMax: nil,
                setting: RoundSetting(binary: Program.latchstring, clockObject: clockObject)
            )
            let report = try await campaign.run { result, _ in
                for violation in result.violations {
                    Issue.record(
                        """
                        \(violation)
                        its campaign is in \(result.folder ?? ""); once more: \
                        \(campaign.command(forSeed: result.plan.seed))
                        """
                    )
                }
            }
            print(report.table)
            #expect(report.violations.isEmpty)
            #expect(report.tally.allKills > 0)
            #expect(report.tally.codesIssued > 0)
        }

        /// Without it the jumps of the campaign would be none.
        @Test func theClockOfAProcessJumpsWhileItRuns() async throws {
            let clockObject = try #require(FakeClock.sharedObject)
            let arrivals = RequestWatch()
            try await Scene.with(
                identities: 12,
                configure: { configuration in
                    configuration.script = { request in
                        arrivals.requestReceived(request)
                        return nil
                    }
                }
            ) { scene in
                let clock = try FakeClock(sharedObject: clockObject, folder: scene.folder)
                try clock.jump(-86_400)
                arrivals.when(6) { try? clock.jump(3 * 86_400) }
                let run = try await scene.run(
                    ["--expires-in", "200h"],
                    environment: clock.environment
                )
                #expect(run.status == 0, "\(run.words)")
                let summary = try scene.summary()
                let times = try ["started_at", "finished_at"].map { name in
                    try Date(
                        #require(summary.text(name)),
                        strategy: .iso8601.year().month().day()
                            .time(includingFractionalSeconds: true).timeZone(separator: .omitted)
                    )
                }
                let off = times.map { ($0.timeIntervalSinceNow / 86_400).rounded() }
                #expect(off == [-1, 2])
                #expect(summary["requests"] == 12)
            }
        }
    }
}
