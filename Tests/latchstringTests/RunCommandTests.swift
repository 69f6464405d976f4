// `latchstring run`, without a process and a network.

import Campaign
import Files
import Model
import TestSupport
import Testing

@testable import latchstring

@Suite struct RunCommandTests {
    @Test func theSummaryIsShownAndTheFilesAreThere() async throws {
        let scene = try CommandScene(identities: 5)
        #expect(try await scene.run() == .done)
        #expect(scene.terminal.output.contains("issued") && scene.terminal.output.contains("Written:"))
        #expect(scene.terminal.error.contains("Every enrolled identity is issued."))
        #expect(text(ofFile: "\(scene.campaign.path)/invitations.csv")?.contains("123456") == true)
    }

    @Test func jsonIsAllThereIsOnStandardOutput() async throws {
        let scene = try CommandScene()
        try await scene.run(["--json"])
        #expect(scene.terminal.output.hasPrefix("{") && scene.terminal.output.contains("\"issued\": 3"))
    }

    @Test func theQuietHearNothingOfARunThatGoesWell() async throws {
        let scene = try CommandScene()
        try await scene.run(["--quiet"])
        #expect(scene.terminal.output.isEmpty && scene.terminal.error.isEmpty)
    }

    @Test func howToGoOnIsSaidAlsoToTheQuiet() async throws {
        let scene = try CommandScene(ScriptedServer { _, _ in .status(401) })
        #expect(try await scene.run(["--quiet"]) == .credentialRefused)
        #expect(scene.terminal.error.contains("To go on: latchstring run"))
    }

    @Test func aFailureBeforeTheRunIsNotSaidToBeResumable() async throws {
        let scene = try CommandScene()
        _ = try scene.folder.write("", to: "people.csv")
        let failure = await #expect(throws: CommandFailure.self) { try await scene.run() }
        #expect(failure?.sentence.contains("To go on") == false)
        #expect(!PrivateFolder.exists(scene.campaign.path), "a roster that is none leaves no trace")
    }

    @Test func anotherServerIsRefused() async throws {
        let scene = try CommandScene()
        try await scene.run()
        let failure = await #expect(throws: CommandFailure.self) {
            try await scene.run(["--server", "http://127.0.0.1:1"])
        }
        #expect(failure?.sentence.contains("belongs to http://127.0.0.1:4434") == true)
    }
}
