// A scene whose roster, credential and headers are secrets.

import Foundation
import IdentitySimulator
import Programs
import Testing
import Model

/// A scene, the secrets in it, and the one who looks for them.
struct RedactionScene: Sendable {
    let base: Scene
    let keyFile: String
    let headerFile: String
    /// Where temporary files would be.
    let temporary: String
    private let witness: RedactionWitness

    init(_ base: Scene, _ secrets: RedactionSecrets, _ witness: RedactionWitness) throws {
        self.base = base
        self.witness = witness
        (keyFile, headerFile) = ("\(base.folder)/api.key", "\(base.folder)/headers")
        temporary = "\(base.folder)/tmp"
        try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: false)
        try base.write(secrets.apiKey + "\n", to: keyFile)
        try base.write("X-Gateway: \(secrets.header)\n", to: headerFile)
        chmod(keyFile, 0o600)
        chmod(headerFile, 0o600)
        let rows = base.identities.map { "\($0.text),\(secrets.email)\n" }.joined()
        try base.write("identity_id,email\n\(rows)not-a-uuid,\(secrets.email)\n", to: base.rosterPath)
    }

    var roster: String { base.rosterPath }
    var folderOption: [String] { ["--output-dir", base.outputFolder] }
    var campaign: [String] { ["--campaign", "people"] + folderOption }
    var server: [String] {
        ["--server", base.simulator.adminURL, "--api-key-file", keyFile, "--header-file", headerFile]
    }

    /// Runs a command, and has what it says looked through.
    @discardableResult
    func note(
        _ arguments: [String],
        whileRunning: @Sendable (Int32) async throws -> Void = { _ in }
    ) async throws -> Run {
        let run = try await Program.run(
            arguments,
            environment: ["TMPDIR": temporary],
            in: base.folder,
            whileRunning: whileRunning
        )
        witness.note(run, arguments.joined(separator: " "))
        return run
    }

    func run(
        _ arguments: [String] = [],
        whileRunning: @Sendable (Int32) async throws -> Void = { _ in }
    ) async throws -> Run {
        try await note(["run", roster] + server + folderOption + arguments, whileRunning: whileRunning)
    }

    /// Every command that only reads, in every tone.
    func everyReadingCommand() async throws {
        for command in ["status", "export", "report"] {
            for tone in [[], ["--json"]] { try await note([command] + campaign + tone) }
        }
    }

    /// Looks for secrets in every file, temporary ones included.
    func survey(allowed: (String) -> [String], sourceLocation: SourceLocation = #_sourceLocation) throws {
        try witness.survey(base.folder, allowed: allowed, sourceLocation: sourceLocation)
        let left = try FileManager.default.contentsOfDirectory(atPath: temporary)
        #expect(left.isEmpty, "\(left)", sourceLocation: sourceLocation)
    }
}
