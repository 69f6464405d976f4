// `latchstring list`: the campaigns of an output folder.

import ArgumentParser
import Campaign
import Model

struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the campaigns of an output folder, also while runs are on.",
        discussion: """
            One line for each: its server, its counts, when its last run began and how that ended, or whose \
            process is at work on it. Nothing is written. Folders without a ledger are passed over. A \
            campaign whose ledger cannot be read is listed with its error, and the exit code is 1. --json: \
            campaigns, each with campaign, server, identities, issued, failed, pending, in_doubt, \
            last_run_started_at, last_run_finished_at, stopped_because, live, process and error.

            \(ExitStatus.help(done: "every campaign could be read, also where there is none"))
            """
    )

    @OptionGroup(ListGroup.self) var list
    @OptionGroup(ConfigGroup.self) var config

    func run() async throws {
        let status = try run(.process)
        if status != .done { throw status.exitCode }
    }

    func run(_ context: CommandContext) throws -> ExitStatus {
        let settings = try Settings(of: self, context)
        let outputFolder = try settings[\.list.outputDir]
        let isNamed = settings.given(\.list.outputDir) != nil
        let entries = try ListedCampaign.all(in: outputFolder, isNamed: isNamed).map(ListEntry.init)
        let console = context.console
        if try settings[\.list.json] {
            try console.data(JSONWriter.document([("campaigns", .objects(entries.map(\.fields)))]))
        } else if !entries.isEmpty {
            try console.data(ListEntry.table(entries))
        }
        if entries.isEmpty { console.error("there are no campaigns in \(outputFolder)") }
        return entries.contains { $0.error != nil } ? .error : .done
    }
}
