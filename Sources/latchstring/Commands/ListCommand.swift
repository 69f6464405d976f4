// `latchstring list`: the campaigns of an output folder.

import ArgumentParser
import Campaign
import Glibc
import Ledger
import OutputFiles
import Vocabulary

struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the campaigns of an output folder, also while runs are on.",
        discussion: """
            One line for each: its server, its counts, when its last run began and how that ended, or whose process is \
            at work on it. Nothing is written. Folders without a ledger are passed over. A campaign whose ledger cannot be \
            read is listed with its error, and the exit code is 1. --json: campaigns, each with campaign, server, \
            identities, issued, failed, pending, in_doubt, last_run_started_at, last_run_finished_at, stopped_because, \
            live, process and error.

            \(ExitStatus.help(done: "every campaign could be read, also where there is none"))
            """
    )

    @OptionGroup(ListGroup.self) var list
    @OptionGroup(ConfigGroup.self) var config

    func run() async throws {
        let settings = try Settings(of: self)
        let outputFolder = try settings[\.list.outputDir]
        let entries = try CommandFailure.wrapping { () -> [ListEntry] in
            // A folder that nobody has named is made by the first run.
            guard try PrivateFolder.mayExist(outputFolder) else {
                guard settings.given(\.list.outputDir) != nil else { return [] }
                throw CommandFailure(.error, "there is no folder \(outputFolder): check --output-dir")
            }
            try PrivateFolder.checkOutputFolder(outputFolder)
            return try CampaignFolder.all(in: outputFolder).map(ListEntry.init)
        }
        if try settings[\.list.json] {
            try Console.data(JSONWriter.document([("campaigns", .objects(entries.map(\.fields)))]))
        } else if !entries.isEmpty {
            try Console.data(ListEntry.table(entries))
        }
        if entries.isEmpty { Console.error("there are no campaigns in \(outputFolder)") }
        if entries.contains(where: { $0.error != nil }) { throw ExitStatus.error.exitCode }
    }
}
