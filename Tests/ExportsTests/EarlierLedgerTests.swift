// Ledgers of earlier versions, taken over and exported.

import Campaign
import Foundation
import Exports
import Ledger
import Files
import Sealing
import TestSupport
import Testing
import Model

/// What the former version exported from its ledgers, this one exports (Tests/Ledgers/README.md): reports to
/// the byte, invitations with whole seconds and two more columns.
@Suite struct EarlierLedgerTests {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Ledgers")
    static let campaigns =
        ["finished", "killed", "sealed", "purged", "verified", "spilled", "spilled-sealed"]
        .map { "schema5/\($0)" } + ["finished", "verified"].map { "schema6/\($0)" }

    /// A copy of a campaign's folder.
    private func copy(of fixture: String) throws -> (TemporaryFolder, CampaignFolder) {
        let temporary = try TemporaryFolder()
        let reports = temporary("reports")
        let name = String(fixture.drop { $0 != "/" }.dropFirst())
        let folder = CampaignFolder(outputFolder: reports, name: name)
        let files = FileManager.default
        try files.createDirectory(
            atPath: folder.path,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        try files.setAttributes([.posixPermissions: 0o700], ofItemAtPath: reports)
        for file in ["ledger.sqlite", "ledger.sqlite-wal", "ledger.spill"] {
            let source = Self.fixtures.appending(path: "\(fixture)/\(file)").path
            guard files.fileExists(atPath: source) else { continue }
            try files.copyItem(atPath: source, toPath: "\(folder.path)/\(file)")
            try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: "\(folder.path)/\(file)")
        }
        return (temporary, folder)
    }

    private func key(_ name: String) throws -> PrivateKey? {
        guard name.hasSuffix("sealed") else { return nil }
        let text = try String(
            contentsOf: Self.fixtures.appending(path: "schema5/sealed.key"),
            encoding: .utf8
        )
        return try PrivateKey(text: text)
    }

    /// What depends on the time of day, and what these versions did not tell.
    private static let incomparable = [
        "elapsed_seconds", "issued_per_second", "valid", "redeemed", "activated", "given_up", "handed_over",
        "reissued", "activation_seconds_median", "activation_seconds_90_percent",
    ]

    /// What a file says, without what cannot be compared.
    private func content(_ path: String) throws -> [Substring] {
        try String(contentsOfFile: path, encoding: .utf8).split(
            separator: "\n",
            omittingEmptySubsequences: false
        )
        .filter { line in !Self.incomparable.contains { line.contains("\"\($0)\":") } }
    }

    private func invitations(_ path: String) throws -> [[String]] {
        readCSV(try String(contentsOfFile: path, encoding: .utf8))
    }

    private func expectOutputs(_ folder: CampaignFolder, _ ledger: any Ledger, _ name: String) throws {
        let outputs = CampaignOutputs(folder: folder, ledger: ledger)
        _ = try outputs.export(InvitationOptions(), perUser: false, unsealingWith: try key(name))
        let summary = try Summary(ledger, now: LedgerFixture.now, isRunning: false)
        _ = try outputs.report(summary, formulas: InvitationOptions().formulas)
        let former = try invitations("\(Self.fixtures.path)/\(name)/expected/invitations.csv")
        let rows = try invitations("\(folder.path)/invitations.csv")
        #expect(rows.first?[4...5] == ["issued_at", "generation"])
        #expect(rows.dropFirst().allSatisfy { $0[4].utf8.count == 20 && $0[5] == "1" })
        let kept = rows.map { Array($0[..<4] + $0[6...]) }
        #expect(kept.first == former.first)
        let expected = former.dropFirst().map { row in
            row.enumerated().map { $0 == 3 ? "\($1.prefix(19))Z" : $1 }
        }
        #expect(Array(kept.dropFirst()) == expected)
        for file in ["failures.csv", "rejected.csv", "summary.json"] {
            let expected = Self.fixtures.appending(path: "\(name)/expected/\(file)").path
            #expect(try content("\(folder.path)/\(file)") == content(expected), "\(name): \(file)")
        }
    }

    @Test(arguments: campaigns)
    func exportsAreTheSame(_ name: String) throws {
        let (temporary, folder) = try copy(of: name)
        let ledger = try folder.openLedger()
        _ = try folder.takeInSpill(into: ledger)
        try expectOutputs(folder, ledger, name)
        try ledger.close()
        withExtendedLifetime(temporary) {}
    }

    @Test(arguments: campaigns)
    func aRunTakesThemOver(_ name: String) throws {
        let (temporary, folder) = try copy(of: name)
        let ledger = try folder.openOrCreateLedger(server: "http://127.0.0.1")
        let remarks = try folder.takeInSpill(into: ledger)
        #expect(remarks.notes.isEmpty != name.contains("/spilled"))
        #expect(remarks.warnings == [])
        let before = try ledger.counts(now: LedgerFixture.now)
        #expect((before.claimed > 0) == ["schema5/killed", "schema5/sealed"].contains(name))
        let permanent =
            before.failures["unknown_identity", default: 0] + before.failures["inactive_identity", default: 0]

        let run = try ledger.beginRun(
            RunStart(startedAt: LedgerFixture.now, process: "test", version: "2", retryFailed: false)
        )
        var counts = try ledger.counts(now: LedgerFixture.now)
        #expect((counts.inDoubt, counts.claimed) == (before.inDoubt + before.claimed, 0))
        #expect(counts.ambiguousAttempts == before.ambiguousAttempts + before.claimed)
        #expect((counts.issued, counts.failed) == (before.issued, permanent))

        let progress = RunProgress()
        let claims = try ledger.commit([], run: run, progress: progress, claiming: 99, at: LedgerFixture.now)
            .claims
        #expect(claims.count == counts.identities - counts.issued - counts.failed)
        #expect(claims.filter(\.wasInDoubt).count == counts.inDoubt)
        guard !name.hasSuffix("sealed") else { return }
        let results = claims.map {
            AttemptResult(claim: $0, outcome: .issued(.sample(Int($0.sequence))), isAmbiguous: false)
        }
        _ = try ledger.commit(results, run: run, progress: progress, claiming: 0, at: LedgerFixture.now)
        counts = try ledger.counts(now: LedgerFixture.now)
        #expect(counts.issued == counts.identities - permanent)
        try ledger.close()
        withExtendedLifetime(temporary) {}
    }
}
