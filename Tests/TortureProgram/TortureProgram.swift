// The command line of the crash campaign; `scripts/torture` builds and runs it.

import ArgumentParser
import Foundation
import Programs
import Torture

@main
struct TortureProgram: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "torture",
        abstract:
            "Kill latchstring at random moments, again and again, and check that it keeps its promises.",
        discussion: """
            Every round is a campaign of some thousand rows against a simulated server with faults. Its \
            process is killed and started again, others run beside it, rows are added, the clock jumps, the \
            server restarts. In many rounds nights follow: some activate, and runs with --sync, --reissue \
            and --hand-over are killed in each of their steps. What happens follows from the round's seed; \
            the moments are counted in \
            requests or in milliseconds, so that a round lived through again is much the same, not the same \
            to the instruction.

            Exit code 0 without violations, 1 otherwise.
            """
    )

    @Option(help: "Begin no round after so many minutes (default: 5, where --rounds says nothing).")
    var minutes: Double?

    @Option(help: "Where the rounds follow from (default: a random one, which is printed).")
    var seed: UInt64?

    @Option(help: "Live through so many rounds at most.")
    var rounds: Int?

    @Flag(help: "Rounds of some hundred rows, as scripts/test has them.")
    var small = false

    @Option(help: ArgumentHelp("Where latchstring is (default: beside this program).", valueName: "folder"))
    var bin: String?

    @Flag(help: "Print the figures as JSON.")
    var json = false

    func validate() throws {
        if let minutes, !(minutes > 0 && minutes <= 100_000) {
            throw ValidationError("--minutes takes a number above 0.")
        }
        if let rounds, rounds < 1 { throw ValidationError("--rounds takes a number of at least 1.") }
    }

    func run() async throws {
        let binary = bin.map { "\($0)/latchstring" } ?? Program.latchstring
        guard FileManager.default.isExecutableFile(atPath: binary) else {
            throw ValidationError("There is no latchstring at \(binary): --bin says where one is.")
        }
        let minutes = self.minutes ?? (rounds == nil ? 5 : nil)
        let campaign = TortureCampaign(
            // Short enough to be typed.
            seed: seed ?? UInt64.random(in: 1..<1_000_000_000),
            size: small ? .small : .full,
            timeMax: minutes.map { .milliseconds(Int64($0 * 60_000)) },
            roundsMax: rounds,
            setting: RoundSetting(binary: URL(filePath: binary).path)
        )
        Self.say("seed \(campaign.seed)")
        let report = try await campaign.run { result, time in
            Self.tell(result, time, of: campaign)
        }
        print(json ? try report.json() : report.table + "\n", terminator: "")
        if !report.violations.isEmpty { throw ExitCode(1) }
    }

    private static func tell(_ result: RoundResult, _ time: Duration, of campaign: TortureCampaign) {
        let tally = result.tally
        let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
        say(
            "seed \(result.plan.seed): \(tally.runs) runs, \(tally.allKills) kills, "
                + "\(tally.requests) requests, "
                + "\(tally.codesIssued) codes in \((seconds * 10).rounded() / 10) s"
                + (result.violations.isEmpty ? "" : ": \(result.violations.count) violations")
        )
        for violation in result.violations.prefix(20) { say("  \(violation)") }
        guard let folder = result.folder else { return }
        say("  its campaign is in \(folder); once more: \(campaign.command(forSeed: result.plan.seed))")
    }

    private static func say(_ line: String) {
        FileHandle.standardError.write(Data("\(line)\n".utf8))
    }
}
