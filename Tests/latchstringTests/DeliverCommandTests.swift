// Mails by the command line, without a process.

import ArgumentParser
import Campaign
import Delivery
import Files
import Foundation
import Model
import Pacing
import TestSupport
import Testing

@testable import latchstring

@Suite struct DeliverCommandTests {
    private let scene: CommandScene
    private let relay = FakeRelay { recipient, _ in
        recipient == "user2@example.com" ? .refused : .sent
    }

    init() async throws {
        scene = try CommandScene(identities: 3)
        let rows = (1...3).map { "\(CommandScene.identity($0)),user\($0)@example.com,User \($0)" }
        _ = try scene.folder.write(
            "identity_id,email,name\n\(rows.joined(separator: "\n"))\n",
            to: "people.csv"
        )
        try FileManager.default.createDirectory(
            atPath: scene.folder("mail/en"),
            withIntermediateDirectories: true
        )
        _ = try scene.folder.write("Your account", to: "mail/en/subject.txt")
        _ = try scene.folder.write("Hello {{name}}, your code: {{code}}\n", to: "mail/en/text.mustache")
        try await scene.run(["--quiet"])
    }

    private var mail: [String] { ["--mail", scene.folder("mail")] }
    private var sender: [String] { ["--from", "Team <it@example.com>", "--smtp", "smtps://relay.example"] }

    private func deliver(
        _ arguments: [String],
        canAsk: Bool = true,
        environment: [String: String] = [:]
    ) async throws -> Campaign.ExitStatus {
        var context = scene.context
        context.time = TimeSource(
            ContinuousClock(),
            wallClock: { CommandScene.start.advanced(by: .seconds(60)) }
        )
        context.relay = { [relay] _ in relay }
        context.console.streams.canAsk = canAsk
        context.environment = environment
        return try await DeliverSendCommand.parse(scene.named(mail + sender + arguments)).run(context)
    }

    @Test func sendsOnceAndTellsWhatBecameOfIt() async throws {
        #expect(try await deliver(["--yes"]) == .withFailures)
        #expect(Set(relay.taken.map(\.recipient)) == ["user1@example.com", "user3@example.com"])
        #expect(relay.taken.allSatisfy { $0.text.contains("Auto-Submitted: auto-generated") })
        #expect(scene.terminal.output.contains("  sent       2\n"))
        #expect(scene.terminal.output.contains("1 failed: 1 550 5.1.1"))
        try await DeliverStatusCommand.parse(scene.named(["--json"])).run(scene.context)
        #expect(scene.terminal.output.contains(#""550 5.1.1": 1"#))
        #expect(try await deliver(["--yes"]) == .withFailures)
        #expect(relay.taken.count == 2, "nobody gets a second one")
        // Of what was mailed nothing is new for a batch: only the one whose mail failed is.
        try await ExportCommand.parse(scene.named(["--new"])).run(scene.context)
        #expect(scene.terminal.output.contains(".csv  1 invitation\n"))
        // The log holds no address and no code.
        let log = scene.log.joined()
        #expect(log.contains("mailing ended"))
        #expect((1...3).allSatisfy { !log.contains("user\($0)@") })
    }

    @Test func nothingIsSentUnlessSomebodySaysYes() async throws {
        let refusal = await #expect(throws: CommandFailure.self) {
            try await deliver([], canAsk: false)
        }
        #expect(refusal?.status == .usage)
        scene.terminal.type("no")
        await #expect(throws: CommandFailure.self) { try await deliver([]) }
        #expect(
            scene.terminal.error.contains(
                #"Send 3 mails from "Team" <it@example.com> through smtps://relay.example:465?"#
            )
        )
        #expect(relay.taken.isEmpty)
        scene.terminal.type("yes")
        #expect(try await deliver([]) == .withFailures)
        #expect(relay.taken.count == 2)
    }

    @Test func aTestGoesToOneselfWithMadeUpCodes() async throws {
        #expect(try await deliver(["--test", "me@example.com", "--samples", "1"]) == .done)
        #expect(relay.taken.map(\.recipient) == ["me@example.com"])
        #expect(relay.taken[0].text.contains("Subject: [TEST] Your account"))
        #expect(try await deliver(["--yes"]) == .withFailures, "it counts for nobody")
        #expect(relay.taken.count == 3)
    }

    @Test func checkAndPreviewSendNothing() async throws {
        let check = try DeliverCheckCommand.parse(scene.named(mail))
        #expect(try await check.run(scene.context) == .done)
        #expect(scene.terminal.output.contains("3 mails were rendered"))
        try await DeliverPreviewCommand.parse(
            scene.named(mail + ["--from", "it@example.com", "--samples", "1"])
        ).run(scene.context)
        let files = try names(inFolder: "\(scene.campaign.path)/preview")
        #expect(files.contains { $0.hasSuffix(".eml") })
        _ = try scene.folder.write("Hello {{nickname}}\n", to: "mail/en/text.mustache")
        #expect(try await check.run(scene.context) == .error)
        let failure = await #expect(throws: CommandFailure.self) { try await deliver(["--yes"]) }
        #expect(failure?.sentence.contains("nothing was sent") == true)
        #expect(relay.taken.isEmpty)
    }

    @Test func credentialsComeFromOnePlace() async throws {
        await #expect(throws: ValidationError.self) { try await deliver(["--smtp-user", "u", "--yes"]) }
        await #expect(throws: ValidationError.self) {
            try await deliver(["--yes"], environment: ["LATCHSTRING_SMTP_PASSWORD": "p"])
        }
        let one = ["--smtp-user", "u", "--smtp-password-file", "a", "--smtp-password-command", "b", "--yes"]
        await #expect(throws: ValidationError.self) { try await deliver(one) }
    }
}
