// Every command, in every tone, with every failure; and then a search for what nobody may see.

import Foundation
import IdentitySimulator
import Programs
import Synchronization
import Testing
import Model

extension EndToEndTests {
    @Suite struct RedactionCampaignTests {
        private let secrets = RedactionSecrets()
        private let witness = RedactionWitness()

        /// What a server may answer, with secrets in every place where one could be quoted from.
        private var answers: [Delivery] {
            let (key, code, link, header) = (secrets.apiKey, secrets.code, secrets.link, secrets.header)
            let body = #"{"recovery_link":"\#(link)","recovery_code":"\#(code)"}"#
            let echo =
                #"{"error":{"code":409,"id":"\#(key)","reason":"\#(header) \#(key)","message":"\#(key)"}}"#
            return [
                .answer(.json(201, body)),
                .answer(.json(201, #"{"recovery_link":"\#(link)","recovery_code":5,"x":"\#(code)"}"#)),
                .answer(.json(201, #"{"recovery_link":"ftp://\#(link)","recovery_code":"\#(code)"}"#)),
                .answer(.json(201, #"{"recovery_link":"\#(link)","recovery_code":"\#(code)\n"}"#)),
                .answer(.json(201, #"[\#(body)]"#)),
                .answer(.json(201, String(body.dropLast(3)))),
                .answer(.json(201, body + body)),
                .half(.json(201, body)),
                .answer(.json(409, echo)),
                .answer(.json(422, echo)),
                .answer(.json(500, echo)),
                .answer(.json(503, echo)),
                .answer(.json(500, #"{"error":{"message":"Authorization: Bearer \#(key)"}}"#)),
                .answer(.json(400, String(repeating: "\(key) ", count: 50_000))),
                .raw(
                    Array("HTTP/1.1 500 \(key)\r\nX-Echo: \(header)\r\nContent-Length: 0\r\n\r\n".utf8),
                    thenClose: true
                ),
                .raw(Array("\(key) \(header) is not HTTP\r\n\r\n".utf8), thenClose: true),
                .raw(
                    Array("HTTP/1.1 201 Created\r\nContent-Length: 900\r\n\r\n\(body)".utf8),
                    thenClose: true
                ),
                .close, .reset,
            ]
        }

        /// Answers that stop a run, each for a run of its own.
        private var fatalAnswers: [Delivery] {
            let (key, header) = (secrets.apiKey, secrets.header)
            let echo = #"{"error":{"code":401,"reason":"\#(header) \#(key)","message":"\#(key) \#(header)"}}"#
            let redirect =
                "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://elsewhere.example/\(key)?k=\(key)\r\n"
            return [
                .answer(.json(401, echo)), .answer(.json(403, echo)), .answer(.json(404, "<p>\(key)</p>")),
                .answer(.json(400, #"{"error":{"reason":"expires_in \#(key)"}}"#)),
                .raw(Array("\(redirect)Content-Length: 0\r\n\r\n".utf8), thenClose: true),
            ]
        }

        /// A scene whose server wants the key, and answers so, every fourth identity another; the others get
        /// the code.
        private func withScene(
            _ deliveries: [Delivery],
            identities: Int? = nil,
            configure: @escaping (inout SimulatorConfiguration) -> Void = { _ in },
            _ body: (RedactionScene) async throws -> Void
        ) async throws {
            let count = identities ?? deliveries.count
            let places = Dictionary(
                uniqueKeysWithValues: MadeUpIdentities(count: count, seed: 7).enumerated().map { ($1, $0) }
            )
            let good = Delivery.answer(
                .json(201, #"{"recovery_link":"\#(secrets.link)","recovery_code":"\#(secrets.code)"}"#)
            )
            let key = secrets.apiKey
            try await Scene.with(
                identities: count,
                configure: {
                    $0.requiredToken = key
                    $0.script = { request in
                        guard request.header("authorization") == "Bearer \(key)",
                            let place = request.identity.flatMap({ places[$0] })
                        else { return nil }
                        return place % 4 == 0 && place / 4 < deliveries.count ? deliveries[place / 4] : good
                    }
                    configure(&$0)
                }
            ) { scene in
                try await body(try RedactionScene(scene, secrets, witness))
            }
        }

        /// The secrets that a campaign's files may have in them.
        private func allowed(_ path: String) -> [String] {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            let people = [secrets.email]
            let invitations = people + [secrets.code, secrets.token, "CANARYFLOW"]
            return switch name {
            case "api.key": [secrets.apiKey]
            case "headers": [secrets.header]
            case "people.csv", "failures.csv", "rejected.csv": people
            case "ledger.sqlite", "ledger.sqlite-wal", "ledger.spill", "invitations.csv": invitations
            default: path.contains("/invitations/") ? invitations : []
            }
        }

        /// The same of a sealed campaign: nothing that opens an account.
        private func allowedSealed(_ path: String) -> [String] {
            allowed(path).filter { ![secrets.code, secrets.token, "CANARYFLOW"].contains($0) }
        }

        @Test func everyCommandWithEveryAnswer() async throws {
            try await withScene(answers, identities: answers.count * 4) { scene in
                for tone in [[], ["--quiet"], ["--json", "--retry-failed"], ["--per-user"]] {
                    let run = try await scene.run(tone + ["--attempts-max", "1"])
                    #expect(run.status == 3, "\(run.words)")
                }
                try await scene.everyReadingCommand()
                for arguments in [["--verify"], ["--columns", "mail=traits.email"], []] {
                    try await scene.note(
                        ["plan", scene.roster] + scene.server + scene.folderOption + arguments
                    )
                }
                for arguments in [[], ["--json"]] {
                    try await scene.note(
                        ["doctor", scene.roster] + scene.server + scene.folderOption + arguments
                    )
                    let identity = scene.base.identities[1].text
                    try await scene.note(
                        [
                            "drill", "--identity", identity, "--yes", "--public-server",
                            scene.base.simulator.publicURL,
                        ]
                            + scene.server + arguments
                    )
                }
                #expect(
                    try scene.base.file("invitations.csv").contains(secrets.code),
                    "it was there to be told"
                )
                try scene.survey(allowed: allowed)

                // Purged, nothing of them is left in the ledger.
                let purge = try await scene.note(["purge", "--all", "--yes"] + scene.campaign)
                #expect(purge.status == 0, "\(purge.words)")
                for file in ["ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm"] {
                    let bytes =
                        FileManager.default.contents(atPath: "\(scene.base.campaignFolder)/\(file)") ?? Data()
                    #expect(RedactionSecrets.found(secrets.keys, in: bytes).isEmpty, "\(file)")
                }
                try await scene.everyReadingCommand()
            }
            #expect(witness.count > 20)
            witness.expectNothing()
        }

        @Test func everyAnswerThatStopsARun() async throws {
            for answer in fatalAnswers {
                try await withScene([answer], identities: 2) { scene in
                    for tone in [[], ["--quiet"], ["--json"]] {
                        let run = try await scene.run(tone)
                        #expect(run.status != 0 && run.status != 3, "\(run.words)")
                    }
                    try await scene.note(["doctor", scene.roster] + scene.server + scene.folderOption)
                    try scene.survey(allowed: allowed)
                }
            }
            witness.expectNothing()
        }

        @Test func everyWayToStopARun() async throws {
            for (signals, slow) in [
                ([SIGINT], false), ([SIGTERM, SIGINT], true), ([SIGKILL], true), ([SIGABRT], true),
            ] {
                let gate = Gate()
                let arrival = Arrival()
                let count = Atomic(0)
                try await withScene(
                    [],
                    identities: 40,
                    configure: { configuration in
                        guard let script = configuration.script else { return }
                        configuration.script = { request in
                            guard let delivery = script(request), request.identity != nil else {
                                return script(request)
                            }
                            guard count.add(1, ordering: .relaxed).newValue > 20 else { return delivery }
                            arrival.note()
                            return .hold(.gate(gate), then: delivery)
                        }
                    }
                ) { scene in
                    let run = try await scene.run(["--concurrency", "4"]) { [witness] id in
                        await arrival.wait()
                        witness.noteProcess(id, "a run")
                        for signal in signals { kill(id, signal) }
                        if !slow { gate.open() }
                    }
                    gate.open()
                    #expect(run.status != 0)
                    try scene.survey(allowed: allowed)
                    try await scene.everyReadingCommand()
                }
            }
            witness.expectNothing()
        }

        @Test func aSealedCampaign() async throws {
            try await withScene(answers, identities: answers.count * 4) { scene in
                let key = "\(scene.base.folder)/seal.key"
                let pair = try await scene.note(["keygen", "--output", key])
                #expect(pair.status == 0, "\(pair.words)")
                let run = try await scene.run([
                    "--seal-to", "\(scene.base.folder)/seal.pub", "--attempts-max", "1",
                ])
                #expect(run.status == 3, "\(run.words)")
                #expect(!scene.base.has("invitations.csv"))
                try await scene.everyReadingCommand()
                try scene.survey(allowed: allowedSealed)

                let secret = try #require(FileManager.default.contents(atPath: key))
                let line = try #require(
                    String(decoding: secret, as: UTF8.self).split(separator: "\n").last?.split(separator: " ")
                        .last
                )
                #expect(
                    RedactionSecrets.found([String(line)], in: Data(pair.words.utf8)).isEmpty,
                    "the key was told"
                )
                // A key is no public key: refused, without a word of it.
                let mistaken = try await scene.run(["--seal-to", key, "--campaign", "other"])
                #expect(mistaken.status != 0 && !mistaken.words.contains(line))

                let export = try await scene.note(["export", "--unseal-with", key] + scene.campaign)
                #expect(export.status == 0, "\(export.words)")
                #expect(try scene.base.file("invitations.csv").contains(secrets.code))
                #expect(!export.words.contains(line))
            }
            witness.expectNothing()
        }

        @Test func otherProgramsAreToldNoSecret() async throws {
            try await withScene([], identities: 3) { scene in
                // What a child sees of itself and of its parent is noted before it does its work.
                let seen = "\(scene.base.folder)/seen"
                try FileManager.default.createDirectory(atPath: seen, withIntermediateDirectories: false)
                let look = "cat /proc/$$/environ /proc/$$/cmdline /proc/$PPID/cmdline > \(seen)/$$"
                let tools = "\(scene.base.folder)/tools"
                try FileManager.default.createDirectory(atPath: tools, withIntermediateDirectories: false)
                try scene.base.write("#!/bin/sh\n\(look)\nexec /usr/bin/age \"$@\"\n", to: "\(tools)/age")
                chmod("\(tools)/age", 0o700)

                let keyCommand = try await scene.base.run(
                    [
                        "--api-key-command", "\(look); cat '\(scene.keyFile)'", "--header-file",
                        scene.headerFile,
                    ],
                    environment: ["TMPDIR": scene.temporary, "LATCHSTRING_PROXY": "none"]
                )
                #expect(keyCommand.status == 3, "\(keyCommand.words)")
                witness.note(keyCommand, "run --api-key-command")
                let age = try await Program.run(
                    [
                        "export", "--encrypt-to",
                        "age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg",
                    ] + scene.campaign,
                    environment: [
                        "PATH": "\(tools):/usr/bin:/bin", "TMPDIR": scene.temporary,
                        "LATCHSTRING_API_KEY": secrets.apiKey,
                        "LATCHSTRING_PROXY": "http://user:\(secrets.header)@127.0.0.1:9",
                    ]
                )
                #expect(age.status == 0, "\(age.words)")
                witness.note(age, "export --encrypt-to")
                let sights = try FileManager.default.contentsOfDirectory(atPath: seen)
                #expect(sights.count == 2)
                for sight in sights {
                    let bytes = try #require(FileManager.default.contents(atPath: "\(seen)/\(sight)"))
                    #expect(bytes.count > 50)
                    witness.note(bytes, "a child's environment and arguments")
                }
                try scene.survey(allowed: allowed)
            }
            witness.expectNothing()
        }
    }
}
