// `latchstring status`: the counts, at any time.

import ArgumentParser
import Campaign
import OutputFiles
import Reports
import Vocabulary

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Tell the counts of a campaign, also while a run is on.",
        discussion: ExitStatus.help(done: "done")
    )

    @OptionGroup var campaign: CampaignOptions
    @OptionGroup var config: ConfigOptions

    func run() async throws {
        let settings = try config.settings([campaign])
        let folder = try CampaignSettings(settings, roster: nil).folder
        let isJSON = try settings.isOn("json")
        try CommandFailure.wrapping {
            let ledger = try folder.openLedger()
            if let warning = folder.spillWarning() { Console(isQuiet: false).note(warning) }
            let holder = FolderLock.holder(ofFolder: folder.path)
            let summary = try Summary(ledger, now: .now(), isRunning: holder != nil)
            if isJSON {
                try Console.data(summary.json)
            } else {
                try Console.data(summary.words + "\n")
                if let holder { try Console.data("  in use by  \(holder)\n") }
            }
        }
    }
}
