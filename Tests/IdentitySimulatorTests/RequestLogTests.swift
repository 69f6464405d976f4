// The log against what clients were told.

import Foundation
import IdentitySimulator
import Testing
import Model

@Suite(.serialized) struct RequestLogTests {
    private struct Line: Decodable, Hashable {
        var t: Double
        var request: Int
        var event, endpoint, identity_id, request_id: String
        var status: Int?
        var fault, recovery_code, recovery_link, expires_at: String?
    }

    private struct Told: Decodable, Hashable {
        var recovery_code: String?
        var recovery_link, expires_at: String
    }

    @Test func everyRequestHasALineAndEveryCodeIsInIt() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "simulator-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "log.jsonl").path
        var configuration = SimulatorConfiguration()
        configuration.logPath = path
        configuration.identities = .madeUp(count: 200)
        configuration.unknownShare = 0.1
        configuration.faults = try FaultPlan(Fault.list("close-after=10%,500=10%"))
        let simulator = try await IdentitySimulator.start(configuration)

        var told: [Told] = []
        var client = try RawClient(port: simulator.adminPort)
        for (index, identity) in MadeUpIdentities(count: 200, seed: 1).enumerated() {
            try client.ask(
                identity.text,
                index.isMultiple(of: 2) ? "code" : "link",
                headers: "X-Request-ID: \(index)\r\n"
            )
            guard let answer = try client.receive() else {
                client = try RawClient(port: simulator.adminPort)
                continue
            }
            // The line is there before the answer.
            let written = try String(contentsOfFile: path, encoding: .utf8)
            #expect(written.utf8.count { $0 == UInt8(ascii: "\n") } == index + 1)
            guard answer.status < 300 else { continue }
            told.append(try JSONDecoder().decode(Told.self, from: Data(answer.body)))
        }

        let lines = try lines(path)
        let statistics = simulator.statistics()
        #expect(lines.count == 200)
        #expect(lines.map(\.request) == Array(1...200))
        #expect(lines.map(\.request_id) == (0..<200).map(String.init))
        #expect(statistics.requestsReceived == 200)
        #expect(lines.count { $0.recovery_link != nil } == statistics.issued)
        let toldLines = lines.filter { $0.event == "issued" }.map { line in
            Told(
                recovery_code: line.recovery_code,
                recovery_link: line.recovery_link ?? "",
                expires_at: line.expires_at ?? ""
            )
        }
        #expect(toldLines == told)
        #expect(
            lines.contains { $0.fault == "close-after" && $0.recovery_link != nil && $0.event == "fault" }
        )
        #expect(lines.contains { $0.fault == "500" && $0.recovery_link == nil && $0.status == 500 })
        #expect(lines.contains { $0.event == "refused" && $0.status == 404 && $0.endpoint == "code" })
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        try await simulator.stop()
    }

    @Test func theOrderOfRequestsChangesNoOutcome() async throws {
        let identities = MadeUpIdentities(count: 400, seed: 9)
        var outcomes: [[IdentityID: FaultKind?]] = []
        for order in [Array(identities), identities.reversed()] {
            var configuration = SimulatorConfiguration()
            configuration.seed = 9
            configuration.faults = try FaultPlan(Fault.list("half=20%,close-after=20%"))
            let simulator = try await IdentitySimulator.start(configuration)
            for identity in order {
                let client = try RawClient(port: simulator.adminPort)
                try client.ask(identity.text)
                _ = try client.receive()
            }
            let records = simulator.issued()
            outcomes.append(Dictionary(uniqueKeysWithValues: records.map { ($0.identity, $0.fault) }))
            #expect(Set(records.compactMap(\.recoveryCode)).count > 390)
            try await simulator.stop()
        }
        #expect(outcomes[0].count == 400)
        #expect(outcomes[0] == outcomes[1])
    }

    @Test func aLogThatCannotBeOpenedIsToldAtTheStart() async throws {
        var configuration = SimulatorConfiguration()
        configuration.logPath = "/nonexistent/folder/log"
        await #expect(throws: SettingError.self) { try await IdentitySimulator.start(configuration) }
    }

    private func lines(_ path: String) throws -> [Line] {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return try text.split(separator: "\n").map {
            try JSONDecoder().decode(Line.self, from: Data($0.utf8))
        }
    }
}
