// Exports in formats by the command line, without a process.

import ArgumentParser
import Campaign
import Exports
import Files
import Model
import Pacing
import TestSupport
import Testing

@testable import latchstring

@Suite struct FormatCommandTests {
    private let scene: CommandScene

    init() async throws {
        scene = try CommandScene(identities: 3)
        let rows = ["ann@example.org", "bob@example.org", "nobody"].enumerated().map {
            "\(CommandScene.identity($0 + 1)),\($1)"
        }
        _ = try scene.folder.write("identity_id,email\n\(rows.joined(separator: "\n"))\n", to: "people.csv")
        try await scene.run(["--quiet"])
    }

    private func export(_ arguments: [String]) async throws {
        try await ExportCommand.parse(scene.named(arguments)).run(scene.context)
    }

    private func message(_ arguments: [String]) async -> String {
        do {
            try await export(arguments)
            return ""
        } catch { return "\(error)" }
    }

    @Test func whoIsLeftOutMakesItEndWith3() async throws {
        let before = text(ofFile: "\(scene.campaign.path)/invitations.csv")
        let status = await #expect(throws: ExitCode.self) { try await export(["--format", "listmonk"]) }
        #expect(status == ExitCode(3))
        let path = "\(scene.campaign.path)/invitations.listmonk.csv"
        #expect(scene.terminal.output.contains("  \(path)  2 invitations\n"))
        #expect(scene.terminal.error.contains("Left out: 1 with an impossible address; "))
        #expect(text(ofFile: path)?.hasPrefix("email,name,attributes\nann@example.org,,") == true)
        #expect(text(ofFile: "\(scene.campaign.path)/invitations.csv") == before)
    }

    @Test func jsonTellsTheFilesAndTheCounts() async throws {
        _ = await message(["--format", "ses", "--from", "it@example.com", "--template", "t", "--json"])
        #expect(scene.terminal.output.contains("\"left_out\": {\"impossible_address\": 1}"))
        #expect(scene.terminal.output.contains("invitations.ses.jsonl\"]"))
    }

    @Test func whatDoesNotGoTogetherIsSaid() async throws {
        #expect(
            await message(["--format", "xls"]).contains("is not a format: one of csv, listmonk, keila, ")
        )
        #expect(await message(["--format", "xlsx", "--split-bytes", "1M"]).contains("give --split-rows"))
        #expect(await message(["--format", "csv", "--fields", "code"]).contains("--fields needs --format"))
        #expect(await message(["--format", "ses"]).contains("--from \"NAME <ADDRESS>\" and --template ID"))
        let mailjet = ["--format", "mailjet", "--from", "a@example.com", "--template", "invite"]
        #expect(await message(mailjet).contains("Mailjet knows a template by its number alone"))
        #expect(await message(["--format", "keila", "--per-user"]).contains("--per-user and --format"))
        #expect(await message(["--split-rows", "5"]).contains("--split-rows needs --format"))
        #expect(await message(["--format", "keila", "--email-column", "x"]).contains("columns are email"))
    }

    @Test func aBatchIsWrittenInAFormatBesides() async throws {
        let status = await #expect(throws: ExitCode.self) {
            try await export(["--new", "--format", "listmonk"])
        }
        #expect(status == ExitCode(3))
        let folder = "\(scene.campaign.path)/handover"
        let files = try names(inFolder: folder).filter { $0 != ".lock" }
        #expect(
            files.map { String($0.drop { $0 != "." }) } == [
                ".csv", ".listmonk.csv", ".listmonk.manifest.json", ".manifest.json",
            ]
        )
        let first = text(ofFile: "\(folder)/\(files[1])")
        #expect(first?.hasPrefix("email,name,attributes\nann@example.org,,") == true)
        _ = await message(["--batch", "1", "--format", "ses", "--from", "a@example.com", "--template", "t"])
        #expect(scene.terminal.output.contains("\(files[0].prefix { $0 != "." }).ses.jsonl  2 invitations\n"))
        #expect(text(ofFile: "\(folder)/\(files[1])") == first)
        _ = await message(["--batch", "1", "--format", "listmonk"])
        #expect(scene.terminal.output.contains(".listmonk.csv  2 invitations (unchanged)\n"))
        try await HandoversCommand.parse(scene.named(["--undo", "1"])).run(scene.context)
        #expect(try names(inFolder: folder) == [".lock"])
    }

    @Test func aBatchIsHandedOverOnceAlsoWhereItsFormatFails() async throws {
        let rows = (1...2).map { "\(CommandScene.identity($0)),ann@example.org" }.joined(separator: "\n")
        let scene = try CommandScene(identities: 2)
        _ = try scene.folder.write("identity_id,email\n\(rows)\n", to: "people.csv")
        try await scene.run(["--quiet"])
        let error = await #expect(throws: CommandFailure.self) {
            try await ExportCommand.parse(scene.named(["--new", "--format", "keila"])).run(scene.context)
        }
        #expect(error?.problem.code == "duplicate_addresses")
        let words = error?.problem.sentence.inOptions ?? ""
        #expect(words.contains("batch 1 is written as csv alone: "))
        #expect(words.contains("latchstring export --batch 1 --format keila"))
        let again = ["--batch", "1", "--format", "keila", "--on-duplicate-address", "list"]
        try await ExportCommand.parse(scene.named(again)).run(scene.context)
        #expect(scene.terminal.output.contains(".keila.csv  2 invitations\n"))
    }

    @Test func csvIsTheTableAsEver() async throws {
        let path = "\(scene.campaign.path)/invitations.csv"
        let before = text(ofFile: path)
        try await export(["--format", "csv"])
        #expect(text(ofFile: path) == before)
        #expect(scene.terminal.output.contains("  \(path)  3 invitations (unchanged)\n"))
    }

    /// The format's files are there before the batch counts as written.
    @Test func aBatchThatWasCutShortIsCompletedInItsFormat() async throws {
        struct Killed: Error {}
        let options = FormatOptions(try #require(ExportFormat.named("listmonk")))
        let handOver = HandOver(
            scene.campaign,
            in: options,
            HandOverContext(
                now: scene.time.wallClock,
                process: "test",
                events: RunEvents([]),
                after: { if $0 == .manifestPlaced { throw Killed() } }
            )
        )
        await #expect(throws: CommandFailure.self) {
            _ = try await handOver.handOver(BatchOptions(invitations: InvitationOptions()))
        }
        let folder = "\(scene.campaign.path)/handover"
        #expect(try names(inFolder: folder).filter { $0.hasSuffix(".listmonk.csv") } == [])
        _ = await message(["--new", "--format", "listmonk"])
        let files = try names(inFolder: folder).filter { $0.hasSuffix(".listmonk.csv") }
        #expect(files.count == 1)
        #expect(text(ofFile: "\(folder)/\(files.first ?? "")")?.split(separator: "\n").count == 3)
        #expect(scene.terminal.error.contains("Nobody is new"))
    }

    @Test func aRunWritesItsBatchInAFormatAndEndsWith3WhereSomebodyIsLeftOut() async throws {
        #expect(try await scene.run(["--hand-over", "--format", "keila"]) == .withFailures)
        #expect(scene.terminal.output.contains(".keila.csv  2 invitations\n"))
        #expect(scene.terminal.error.contains("the manifest of the batch's format says who is left out"))
        let doubled = try CommandScene(identities: 2)
        let rows = (1...2).map { "\(CommandScene.identity($0)),ann@example.org" }.joined(separator: "\n")
        _ = try doubled.folder.write("identity_id,email\n\(rows)\n", to: "people.csv")
        #expect(try await doubled.run(["--hand-over", "--format", "keila"]) == .error)
        #expect(doubled.terminal.error.contains("batch 1 is written as csv alone: "))
        #expect(doubled.terminal.error.contains("latchstring export --batch 1 --format keila"))
        let error = await #expect(throws: (any Error).self) {
            _ = try await scene.run(["--format", "keila"])
        }
        #expect(error.map { "\($0)".contains("--format needs --hand-over in a run") } == true)
    }

    @Test func settingsOfFormats() async throws {
        _ = await message([
            "--format", "mautic", "--fields", "code,email", "--map", "code=PIN", "--split-rows", "1",
        ])
        let path = "\(scene.campaign.path)/invitations.mautic.0002.csv"
        #expect(text(ofFile: path)?.hasPrefix("email,PIN\nbob@example.org,") == true)
        #expect(scene.terminal.output.contains("2 invitations in 2 files"))
    }
}
