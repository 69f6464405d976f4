// A run's log: what is in it, what is not, and that it is in nobody's way.

import Campaign
import Foundation
import Logging
import Files
import TestSupport
import Testing
import Model

@testable import latchstring

@Suite struct RunLogTests {
    /// A server that has something of everything: an unknown identity, one that fails once, one that never
    /// works.
    private static func mixed() -> ScriptedServer {
        ScriptedServer { answer(to: $0, $1) }
    }

    private static func answer(to identity: String, _ timesBefore: Int) -> ScriptedServer.Answer {
        switch identity {
        case CommandScene.identity(2): .unknownIdentity(identity)
        case CommandScene.identity(3): timesBefore == 0 ? .status(500) : .issued
        case CommandScene.identity(4): .status(500)
        default: .issued
        }
    }

    private func messages(_ scene: CommandScene) throws -> [String] {
        try scene.log.map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
            let fields = try #require(object as? [String: Any])
            #expect(fields["campaign"] as? String == "people")
            #expect(fields["time"] is String && fields["level"] is String)
            return try #require(fields["message"] as? String)
        }
    }

    @Test func everyFailureIsInItAndTheBeginningAndTheEnd() async throws {
        let scene = try CommandScene(identities: 30, Self.mixed())
        #expect(try await scene.run() == .withFailures)
        let messages = try messages(scene)
        #expect(messages.first == "run started" && messages.last == "run ended")
        for message in ["campaign taken", "run begun", "roster enrolled", "concurrency changed"] {
            #expect(messages.contains(message), "\(message)")
        }
        #expect(messages.count { $0 == "attempt failed" } >= 7, "one unknown, one once, one five times")
        #expect(
            messages.count { $0 == "identity failed" } == 1,
            "the other one is in the line of its attempt"
        )
        let end = try #require(scene.log.last)
        #expect(end.contains("\"exit_code\":3") && end.contains("\"issued\":28"))
        #expect(end.contains("\"campaign_failed\":2"))
        #expect(mode(of: scene.campaign.logPath) == 0o600)
    }

    @Test func nothingThatOpensAnAccountIsInIt() async throws {
        let scene = try CommandScene(identities: 5, Self.mixed())
        try await scene.run(["--proxy", "http://127.0.0.1:3128", "--header", "X-Team: blue-team"])
        let log = scene.log.joined(separator: "\n")
        for secret in ["123456", "recovery?flow", "blue-team", "127.0.0.1:3128"] {
            #expect(!log.contains(secret), "\(secret)")
        }
        #expect(log.contains("\"header\":\"[secret]\""))
    }

    @Test func identitiesAreShortUnlessTheyAreWanted() async throws {
        let short = try CommandScene(identities: 4, Self.mixed())
        try await short.run()
        #expect(!short.log.contains { $0.contains(CommandScene.identity(2)) })
        let whole = try CommandScene(identities: 4, Self.mixed())
        try await whole.run(["--log-identities"])
        #expect(whole.log.contains { $0.contains("\"identity\":\"\(CommandScene.identity(2))\"") })
    }

    @Test func runsFollowOneAnotherInIt() async throws {
        let scene = try CommandScene()
        try await scene.run()
        try await scene.run()
        #expect(try messages(scene).count { $0 == "run ended" } == 2)
    }

    @Test func anotherFileALevelAndNone() async throws {
        let scene = try CommandScene(identities: 4, Self.mixed())
        let path = scene.folder("night.log")
        try await scene.run(["--log", path, "--log-format", "text", "--log-level", "warning"])
        let log = try #require(text(ofFile: path))
        #expect(log.contains(" warning identity failed ") && !log.contains(" info "))
        #expect(scene.log.isEmpty)
        let silent = try CommandScene()
        try await silent.run(["--log", "none"])
        #expect(!PrivateFolder.exists(silent.campaign.logPath))
    }

    @Test(arguments: ["/nowhere/run.log", "/dev/full"]) func whatCannotBeWrittenStopsNothing(_ path: String)
        async throws
    {
        let scene = try CommandScene()
        #expect(try await scene.run(["--log", path]) == .done)
        #expect(scene.terminal.error.components(separatedBy: "warning: the").count == 2, "told once")
        #expect(scene.terminal.error.contains(path))
    }

    @Test func itIsKeptSmall() async throws {
        let scene = try CommandScene(identities: 400, ScriptedServer { _, _ in .unknownIdentity() })
        try await scene.run(["--log-max-size", "64K"])
        #expect(try scene.folder.size(of: "reports/people/run.log") <= 64 << 10)
        #expect(try scene.folder.size(of: "reports/people/run.log.1") <= 64 << 10)
        #expect(try messages(scene).last == "run ended")
    }

    /// Whatever opens the log before it is alone could spoil another run's.
    @Test func aCampaignOfAnothersIsNotTouched() async throws {
        let scene = try CommandScene()
        try await scene.run()
        let before = scene.log.count
        let lock = try FolderLock(folder: scene.campaign.path, holder: "another")
        await #expect(throws: CommandFailure.self) { try await scene.run() }
        #expect(scene.log.count == before)
        extendLifetime(lock)
    }

    @Test func aRunThatFailsSaysSo() async throws {
        let scene = try CommandScene()
        try await scene.run()
        await #expect(throws: CommandFailure.self) {
            try await scene.run(["--server", "http://127.0.0.1:1"])
        }
        let end = try #require(scene.log.last)
        #expect(end.contains("\"run failed\"") && end.contains("\"exit_code\":1"))
    }
}
