// `latchstring export`: the invitations again, at any time.

import ArgumentParser
import Campaign
import Files
import Exports
import Sealing
import Model

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a campaign's invitations again from its ledger, also while a run is on.",
        discussion: """
            A campaign that is sealed is opened with --unseal-with, on the machine that has the private key: \
            on a copy of the campaign's folder, under the same name below an --output-dir. The ledger is \
            looked through for damage first, which takes a second for each few hundred MB, and of a damaged \
            one nothing is written. With --encrypt-to the invitations go through age into \
            invitations.csv.age, and nothing of them is written plain.

            \(ExitStatus.help(done: "done"))
            """
    )

    @OptionGroup(CampaignGroup.self) var campaign
    @OptionGroup(ExportGroup.self) var export
    @OptionGroup(OpeningGroup.self) var opening
    @OptionGroup(ConfigGroup.self) var config

    func run() async throws { try await run(.process) }

    func run(_ context: CommandContext) async throws {
        let settings = try Settings(of: self, context)
        let folder = try CampaignSettings(settings, roster: nil).folder
        let options = try ExportSettings(settings)
        let isJSON = try settings[\.campaign.json]
        let age = try AgeProgram(settings, perUser: options.perUser)
        let key = try SealKeyFile.unsealWith(settings)
        let console = context.console
        let notes = RunNotes(console: console, folder: folder)
        let result = try await ExportCampaign(
            folder,
            options.request,
            unsealingWith: key,
            ExportContext(
                encrypt: age.map(Self.encrypting),
                events: RunEvents([notes.tell])
            )
        ).run()
        RunReport.warn(result.export, options.request, console)
        for line in PlainExportWarning.lines(result.plainBeside, beside: result.export.invitations.path) {
            console.note(line)
        }
        try console.data(
            isJSON ? Self.json(result.export, result.plainBeside) : Self.words(result.export)
        )
    }

    private static func encrypting(_ age: AgeProgram) -> ExportContext.Encrypt {
        { output, write in try await age.encrypt(to: output, write) }
    }

    private static func words(_ export: CampaignOutputs.Export) -> String {
        var text = RunReport.line(export.invitations, "invitation") + "\n"
        if let perUser = export.perUser { text += "  \(perUser.path)/  \(perUser.filesWritten) new files\n" }
        return text
    }

    private static func json(
        _ export: CampaignOutputs.Export,
        _ plain: [CampaignOutputs.PlainExport]
    ) -> String {
        JSONWriter.document([
            ("path", .text(export.invitations.path)),
            ("invitations", .number(export.invitations.rows)),
            ("written", .flag(export.invitations.wasWritten)),
            ("formula_fields", .number(export.formulaFields)),
            ("relative_links", .number(export.relativeLinks)),
            ("without_code", .number(export.withoutCode)),
            ("per_user_folder", .optional(export.perUser?.path)),
            ("per_user_files_written", .number(export.perUser?.filesWritten ?? 0)),
            ("plain_beside", .texts(plain.map(\.path))),
        ])
    }
}
