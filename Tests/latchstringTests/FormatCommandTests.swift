// Exports in formats by the command line, without a process.

import ArgumentParser
import Campaign
import Files
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
        #expect(await message(["--format", "xlsx"]).contains("is not a format: one of listmonk, keila, "))
        #expect(await message(["--format", "ses"]).contains("--from \"NAME <ADDRESS>\" and --template ID"))
        #expect(await message(["--format", "keila", "--new"]).contains("batches are written as csv"))
        #expect(await message(["--format", "keila", "--per-user"]).contains("--per-user and --format"))
        #expect(await message(["--split-rows", "5"]).contains("--split-rows needs --format"))
        #expect(await message(["--format", "keila", "--email-column", "x"]).contains("columns are email"))
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
