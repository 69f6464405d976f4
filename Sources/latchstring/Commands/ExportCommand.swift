// `latchstring export`: the invitations again, at any time.

import ArgumentParser
import Campaign
import Files
import Ledger
import Exports
import Pacing
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

            With --new, --reminder or --batch it writes a batch instead: a file in the campaign's folder \
            handover, and a manifest beside it that tells its rows, its SHA-256, and who was left out and \
            why. latchstring handovers lists the batches.

            \(ExitStatus.help(done: "done"))
            """
    )

    @OptionGroup(CampaignGroup.self) var campaign
    @OptionGroup(ExportGroup.self) var export
    @OptionGroup(section: FormatGroup.self) var format
    @OptionGroup(OpeningGroup.self) var opening
    @OptionGroup(section: SelectionGroup.self) var selection
    @OptionGroup(ConfigGroup.self) var config

    func run() async throws { try await run(.process) }

    func run(_ context: CommandContext) async throws {
        let settings = try Settings(of: self, context)
        let folder = try CampaignSettings(settings, roster: nil).folder
        let options = try ExportSettings(settings)
        let isJSON = try settings[\.campaign.json]
        let age = try AgeProgram(settings, perUser: options.perUser)
        let selection = try ExportSelection(
            settings,
            options,
            isEncrypted: age != nil,
            now: context.time.wallClock()
        )
        let format = try FormatOptions(settings, options, isEncrypted: age != nil)
        let key = try SealKeyFile.unsealWith(settings)
        let console = context.console
        let notes = RunNotes(console: console, folder: folder)
        var request = options.request
        switch selection {
        case .table(let filter): request.invitations.filter = filter
        case .handOver, .batch:
            let handOver = HandOver(
                folder,
                unsealingWith: key,
                in: format,
                HandOverContext(
                    now: context.time.wallClock,
                    process: context.processName(.handOver),
                    encrypt: age.map(Self.encrypting),
                    events: RunEvents([notes.tell])
                )
            )
            let report = try await Self.report(of: selection, handOver)
            report.warn(options.invitations, console)
            try console.data(isJSON ? report.json : report.words)
            if report.leavesOut { throw ExitStatus.withFailures.exitCode }
            return
        }
        let campaign = ExportCampaign(
            folder,
            request,
            unsealingWith: key,
            ExportContext(
                encrypt: age.map(Self.encrypting),
                events: RunEvents([notes.tell])
            )
        )
        if let format {
            let report = FormatReport(export: try campaign.run(in: format))
            report.warn(request.invitations, console)
            try console.data(isJSON ? report.json : report.words)
            if report.leavesOut { throw ExitStatus.withFailures.exitCode }
            return
        }
        let result = try await campaign.run()
        RunReport.warn(result.export.remarks, request.invitations, console)
        for line in PlainExportWarning.lines(result.plainBeside, beside: result.export.invitations.path) {
            console.note(line)
        }
        try console.data(
            isJSON ? Self.json(result.export, result.plainBeside) : Self.words(result.export)
        )
    }

    private static func report(
        of selection: ExportSelection,
        _ handOver: HandOver
    ) async throws -> HandOverReport {
        switch selection {
        case .handOver(let options):
            var report = HandOverReport(try await handOver.handOver(options))
            report.kind = options.reminder == nil ? .new : .reminder
            return report
        case .batch(let number): return HandOverReport(try await handOver.writeAgain(number))
        case .table: return HandOverReport(written: [])
        }
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
