// Batches by the command line, without a process.

import ArgumentParser
import Campaign
import Files
import Foundation
import TestSupport
import Testing

@testable import latchstring

@Suite struct HandOverCommandTests {
    private let scene: CommandScene

    init() async throws { scene = try CommandScene(identities: 4) }

    private func export(_ arguments: [String]) async throws {
        try await ExportCommand.parse(scene.named(arguments)).run(scene.context)
    }

    private func handovers(_ arguments: [String] = []) async throws {
        try await HandoversCommand.parse(scene.named(arguments)).run(scene.context)
    }

    private var files: [String] {
        get throws {
            try names(inFolder: "\(scene.campaign.path)/handover").filter { $0 != ".lock" }
        }
    }

    @Test func aRunHandsOverWhoIsNew() async throws {
        #expect(try await scene.run(["--hand-over", "--max-identities", "3", "--no-export"]) == .done)
        #expect(try files.map { String($0.prefix(7)) } == ["000001-", "000001-"])
        #expect(scene.terminal.output.contains(".csv  3 invitations\n"))
        #expect(!PrivateFolder.exists("\(scene.campaign.path)/invitations.csv"))
        #expect(try await scene.run(["--hand-over"]) == .done)
        #expect(scene.terminal.output.contains(".csv  1 invitation\n"))
        #expect(try await scene.run(["--hand-over"]) == .done)
        #expect(scene.terminal.error.contains("Nobody is new: no batch was begun."))
        #expect(try files.count == 4)
    }

    @Test func exportNewAndTheListOfBatches() async throws {
        try await scene.run(["--quiet"])
        try await export(["--new"])
        try await handovers()
        #expect(scene.terminal.output.contains("  1  new  2026-11-20T23:46:57Z  4 invitations  "))
        #expect(scene.terminal.error.contains("0 invitations are not handed over."))
        let name = try #require(files.first { $0.hasSuffix(".csv") })
        let path = "\(scene.campaign.path)/handover/\(name)"
        let before = text(ofFile: path)
        try FileManager.default.removeItem(atPath: path)
        try await handovers()
        #expect(scene.terminal.output.contains("\(path) is gone"))
        #expect(scene.terminal.output.contains("latchstring export --batch 1 --campaign people"))
        try await export(["--batch", "1"])
        #expect(text(ofFile: path) == before)
        try await handovers(["--undo", "1", "--json"])
        #expect(scene.terminal.output.contains(#""not_handed_over": 4"#))
        #expect(scene.terminal.output.contains(#""state": "undone""#))
        #expect(try files.isEmpty)
    }

    @Test func exportsOfSome() async throws {
        try await scene.run(["--quiet"])
        func rows(_ arguments: [String]) async throws -> Int {
            try await export(arguments)
            let table = readCSV(try #require(text(ofFile: "\(scene.campaign.path)/invitations.csv")))
            return table.count - 1
        }
        #expect(try await rows(["--only", "new"]) == 4)
        #expect(try await rows(["--only", "expired"]) == 0)
        #expect(try await rows(["--only", "valid"]) == 4)
        #expect(try await rows(["--generation", "2"]) == 0)
        #expect(try await rows(["--since", "2030-01-01"]) == 0)
        try await export(["--new"])
        #expect(try await rows(["--only", "new"]) == 0)
        #expect(try await rows([]) == 4, "without a filter it is whole again")
        func firstIssuedAt() throws -> String {
            let table = readCSV(try #require(text(ofFile: "\(scene.campaign.path)/invitations.csv")))
            return try #require(table.dropFirst().first)[4]
        }
        let issued = try Date(firstIssuedAt(), strategy: .iso8601)
        try await export(["--time-format", "%d.%m.%Y %H:%M", "--time-zone", "Europe/Berlin"])
        let form = DateFormatter()
        form.locale = Locale(identifier: "en_US_POSIX")
        form.timeZone = TimeZone(identifier: "Europe/Berlin")
        form.dateFormat = "dd.MM.yyyy HH:mm"
        #expect(try firstIssuedAt() == form.string(from: issued))
    }

    @Test func remindersComeLater() async throws {
        try await scene.run(["--quiet"])
        try await export(["--new"])
        try await export(["--reminder", "--older-than", "1h"])
        #expect(try files.count == 2)
        scene.clock.advance(by: .seconds(3600))
        try await export(["--reminder", "--older-than", "1h", "--json"])
        #expect(scene.terminal.output.contains(#""kind": "reminder""#))
        #expect(try files.count == 4)
        try await export(["--reminder", "--older-than", "1h"])
        #expect(scene.terminal.error.hasSuffix("Nobody is to be reminded: no batch was begun.\n"))
        try await handovers(["--undo", "2"])
        #expect(scene.terminal.error.contains("Batch 2 is undone: its 4 reminders do not count.\n"))
        #expect(scene.terminal.error.hasSuffix("0 invitations are not handed over.\n"))
    }

    @Test func whatWasIssuedAnewIsNotNewAgain() async throws {
        try await scene.run(["--quiet"])
        try await export(["--new"])
        try await scene.run(
            ["--reissue", "all", "--without-sync", "--max-identities", "3", "--hand-over"],
            later: .seconds(300 * 86_400)
        )
        try await handovers(["--undo", "1"])
        let words = "Batch 1 is undone: of its 4 invitations, those that are still current are new again.\n"
        #expect(scene.terminal.error.hasSuffix(words + "1 invitation is not handed over.\n"))
    }

    @Test(arguments: [
        ["--new", "--reminder"], ["--new", "--batch", "1"], ["--new", "--only", "valid"],
        ["--new", "--per-user"],
        ["--reminder"], ["--batch", "1", "--generation", "1"],
    ])
    func whatContradictsItselfIsRefused(_ arguments: [String]) async throws {
        try await scene.run(["--quiet"])
        await #expect(throws: ValidationError.self) { try await export(arguments) }
        #expect(!PrivateFolder.exists("\(scene.campaign.path)/handover"))
    }

    @Test func thereIsNoSuchBatch() async throws {
        try await scene.run(["--quiet"])
        let failure = await #expect(throws: CommandFailure.self) { try await export(["--batch", "9"]) }
        #expect(failure?.status == .error)
        #expect(failure?.sentence.contains("there is no batch 9") == true)
        await #expect(throws: CommandFailure.self) { try await handovers(["--undo", "9"]) }
    }
}
