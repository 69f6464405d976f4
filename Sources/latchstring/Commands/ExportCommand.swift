// `latchstring export`: the invitations again, at any time.

import ArgumentParser
import Campaign
import Ledger
import Outputs
import Reports

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a campaign's invitations again from its ledger, also while a run is on.",
        discussion: ExitStatus.help
    )

    @OptionGroup var campaign: CampaignOptions
    @OptionGroup var export: ExportOptions
    @OptionGroup var config: ConfigOptions

    func run() async throws {
        let console = Console(isQuiet: false)
        let settings = try config.settings([campaign, export])
        let folder = try CampaignSettings(settings, roster: nil).folder
        let options = try ExportSettings(settings)
        let isJSON = try settings.isOn("json")
        try CommandFailure.wrapping {
            let ledger = try folder.openLedger()
            let export = try CampaignOutputs(folder: folder, ledger: ledger)
                .export(options.invitations, perUser: options.perUser, replacing: options.replaces)
            try ledger.close()
            RunReport.warn(export, options, console)
            try Console.data(isJSON ? Self.json(export) : Self.words(export))
        }
    }

    private static func words(_ export: CampaignOutputs.Export) -> String {
        var text = RunReport.line(export.invitations, "invitation") + "\n"
        if let perUser = export.perUser { text += "  \(perUser.path)/  \(perUser.filesWritten) new files\n" }
        return text
    }

    private static func json(_ export: CampaignOutputs.Export) -> String {
        JSONText.object([
            ("path", .text(export.invitations.path)),
            ("invitations", .number(export.invitations.rows)),
            ("written", .flag(export.invitations.wasWritten)),
            ("formula_fields", .number(export.formulaFields)),
            ("relative_links", .number(export.relativeLinks)),
            ("without_code", .number(export.withoutCode)),
            ("per_user_folder", .optional(export.perUser?.path)),
            ("per_user_files_written", .number(export.perUser?.filesWritten ?? 0)),
        ])
    }
}
