// What most tests need: a folder, a roster, a simulated server, and the program run on them.

import Foundation
import IdentitySimulator
import Programs
import Synchronization
import TestSupport
import Testing
import Model

/// A folder of its own with a roster in it, and a server; gone when the test is over.
final class Scene: Sendable {
    let folder: String
    let simulator: IdentitySimulator
    let identities: [IdentityID]
    private let look = Mutex<(@Sendable (Scene, Run) -> Void)?>(nil)

    var rosterPath: String { "\(folder)/people.csv" }
    var outputFolder: String { "\(folder)/reports" }
    var campaignFolder: String { "\(outputFolder)/people" }

    /// - Parameters:
    ///   - count: identities in the roster, all known to the server unless `known` says otherwise.
    ///   - configure: changes the server's configuration.
    init(
        identities count: Int,
        known: [IdentityID]? = nil,
        seed: UInt64 = 7,
        configure: (inout SimulatorConfiguration) -> Void = { _ in }
    ) async throws {
        identities = Array(MadeUpIdentities(count: count, seed: seed))
        folder =
            FileManager.default.temporaryDirectory.appending(path: "latchstring-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        var configuration = SimulatorConfiguration()
        configuration.identities = .listed(known ?? identities)
        configuration.seed = seed
        configure(&configuration)
        simulator = try await IdentitySimulator.start(configuration)
        try write(roster: identities)
    }

    func close() async throws {
        try await simulator.stop()
        try FileManager.default.removeItem(atPath: folder)
    }

    /// Opens a scene, runs the body, and cleans up whatever happens.
    static func with<T>(
        identities count: Int,
        known: [IdentityID]? = nil,
        configure: (inout SimulatorConfiguration) -> Void = { _ in },
        _ body: (Scene) async throws -> T
    ) async throws -> T {
        let scene = try await Scene(identities: count, known: known, configure: configure)
        do {
            let result = try await body(scene)
            try await scene.close()
            return result
        } catch {
            try? await scene.close()
            throw error
        }
    }

    func write(roster: [IdentityID], extra: String = "") throws {
        let rows = roster.enumerated().map { "\($1.text),user\($0)@example.org" }
        try write("identity_id,email\n" + rows.joined(separator: "\n") + "\n" + extra, to: rosterPath)
    }

    func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    /// `latchstring run` on the scene's roster and server.
    func run(
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        umask: String? = nil,
        prelude: String? = nil,
        whileRunning: @Sendable (Int32) async throws -> Void = { _ in }
    ) async throws -> Run {
        let run = try await Program.run(
            ["run", rosterPath, "--server", simulator.adminURL, "--output-dir", outputFolder] + arguments,
            environment: environment,
            umask: umask,
            prelude: prelude,
            whileRunning: whileRunning
        )
        look.withLock { $0 }?(self, run)
        return run
    }

    /// `status`, `export` or `report` on the scene's campaign.
    func command(_ name: String, _ arguments: [String] = []) async throws -> Run {
        let run = try await Program.run(
            [name, "--campaign", "people", "--output-dir", outputFolder] + arguments
        )
        look.withLock { $0 }?(self, run)
        return run
    }

    /// Has whatever `run` and `command` do looked at from now on.
    func afterEachRun(_ look: @escaping @Sendable (Scene, Run) -> Void) { self.look.withLock { $0 = look } }

    func status() async throws -> Summary {
        try Summary(try await command("status", ["--json"]).stdout)
    }

    func file(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: "\(campaignFolder)/\(name)")), as: UTF8.self)
    }

    func has(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(campaignFolder)/\(name)")
    }

    func rows(_ name: String) throws -> [[String: String]] {
        CSVTable(try file(name)).rows
    }

    func summary() throws -> Summary { try Summary(try file("summary.json")) }
}

/// `summary.json`, read by a JSON library, with its sums checked.
struct Summary {
    let fields: [String: Any]

    init(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
        fields = try #require(object as? [String: Any], sourceLocation: sourceLocation)
        #expect(
            self["rows_read"] == self["enrolled"] + self["duplicates"] + self["rejected"],
            sourceLocation: sourceLocation
        )
        #expect(
            self["identities"] == self["issued"] + self["failed"] + self["pending"] + self["in_doubt"],
            sourceLocation: sourceLocation
        )
    }

    subscript(name: String) -> Int { fields[name] as? Int ?? .min }

    func text(_ name: String) -> String? { fields[name] as? String }

    var failures: [String: Int] { fields["failures"] as? [String: Int] ?? [:] }
}

/// CSV as any other program would read it, by the names in its header.
struct CSVTable {
    let header: [String]
    let rows: [[String: String]]

    init(_ text: String) {
        let lines = readCSV(text)
        let header = lines.first ?? []
        self.header = header
        rows = lines.dropFirst().map { Dictionary(zip(header, $0)) { first, _ in first } }
    }
}
