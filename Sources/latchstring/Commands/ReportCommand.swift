// `latchstring report`: failures, rejected rows and the summary again, at any time.

import ArgumentParser
import Campaign
import Invitations
import Ledger
import Outputs
import Reports
import Vocabulary

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write a campaign's failures, rejected rows and summary again, also while a run is on.",
        discussion: ExitStatus.help(done: "done")
    )

    @OptionGroup(CampaignGroup.self) var campaign
    @OptionGroup(ExportGroup.self) var export
    @OptionGroup(ConfigGroup.self) var config

    func run() async throws {
        let settings = try Settings(of: self)
        let folder = try CampaignSettings(settings, roster: nil).folder
        let options = try ExportSettings(settings)
        let isJSON = try settings[\.campaign.json]
        try CommandFailure.wrapping {
            let ledger = try folder.openSoundLedger()
            if let warning = folder.spillWarning() { Console(isQuiet: false).note(warning) }
            let isRunning = folder.holder?.isRun == true
            try Console(isQuiet: false).noteSecretColumns(of: ledger, in: folder)
            let summary = try Summary(ledger, now: .now(), isRunning: isRunning)
            let reported = try CampaignOutputs(folder: folder, ledger: ledger)
                .report(summary, formulas: options.invitations.formulas)
            try ledger.close()
            if isJSON {
                try Console.data(summary.json)
            } else {
                let files = [
                    summary.words, RunReport.line(reported.failures, "failure"),
                    RunReport.line(reported.rejected, "rejected or doubled row"),
                    "  \(reported.summary.path)",
                ]
                try Console.data(files.joined(separator: "\n") + "\n")
            }
        }
    }
}
