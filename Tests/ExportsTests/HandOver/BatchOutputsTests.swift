// Files of batches, and what becomes of them when a process ends between any two steps.

import Campaign
import Foundation
import Exports
import Files
import Ledger
import Sealing
import Synchronization
import TestSupport
import Testing
import Model

@Suite struct BatchOutputsTests {
    private struct Ended: Error {}

    private let campaign: LedgerFixture
    private let run: RunID

    init() throws {
        campaign = try LedgerFixture()
        run = try campaign.beginRun()
        try campaign.issue(1...3, run: run)
    }

    private func batches(
        at time: Timestamp = LedgerFixture.now,
        after: @escaping @Sendable (BatchOutputs.Step) throws -> Void = { _ in }
    ) throws -> BatchOutputs {
        let path = campaign.folder.path
        let name = try #require(path.split(separator: "/").last.map(String.init))
        let folder = CampaignFolder(outputFolder: String(path.dropLast(name.count + 1)), name: name)
        return BatchOutputs(
            CampaignOutputs(folder: folder, ledger: campaign.ledger),
            now: { time },
            after: after
        )
    }

    private func options(_ remaining: Duration = .zero) -> BatchOptions {
        BatchOptions(invitations: InvitationOptions(), remainingMin: remaining)
    }

    /// What `export --new` does; the batches that were written.
    @discardableResult
    private func handOver(_ batches: BatchOutputs, _ options: BatchOptions) throws -> [BatchOutputs.Written] {
        let lock = try batches.lock(holder: "test")
        defer { extendLifetime(lock) }
        var written: [BatchOutputs.Written] = []
        if let batch = try batches.unfinished() {
            written.append(try batches.write(batch, unsealingWith: nil))
        }
        if case .batch(let batch) = try batches.choose(options) {
            written.append(try batches.write(batch, unsealingWith: nil))
        }
        return written
    }

    private func files() throws -> [String] {
        try names(inFolder: campaign.folder("handover")).filter { $0 != ".lock" }
    }

    /// The identity IDs of all batches' files.
    private func handedOver() throws -> [String] {
        try files().filter { $0.hasSuffix(".csv") }.flatMap { name in
            readCSV(try #require(text(ofFile: campaign.folder("handover/\(name)")))).dropFirst().map { $0[0] }
        }
    }

    @Test func aBatchIsAFileAndAManifest() throws {
        let written = try handOver(batches(), options())
        #expect(written.map(\.path) == [campaign.folder("handover/000001-20270115T080000Z.csv")])
        #expect(written.first?.wasWritten == true && written.first?.differs == false)
        let stem = "000001-20270115T080000Z"
        #expect(try files() == ["\(stem).csv", "\(stem).manifest.json"])
        #expect(mode(of: campaign.folder("handover")) == 0o700)
        for name in try files() { #expect(mode(of: campaign.folder("handover/\(name)")) == 0o600) }
        let table = readCSV(try #require(text(ofFile: written[0].path)))
        #expect(table[0] == OwnColumns.invitations + ["name"])
        #expect(table.dropFirst().map { $0[1] } == ["000001", "000002", "000003"])

        let manifest = try object(written[0].manifestPath)
        #expect(manifest["batch"] as? Int == 1 && manifest["rows"] as? Int == 3)
        #expect(manifest["kind"] as? String == "new" && manifest["file"] as? String == "\(stem).csv")
        #expect(manifest["first_generation"] as? Int == 1 && manifest["last_generation"] as? Int == 1)
        #expect((manifest["left_out_identities"] as? [Any])?.isEmpty == true)
        #expect((manifest["options"] as? [String: Any])?["time_zone"] as? String == "UTC")
        var sum = SHA256Sum()
        sum.update(try Data(contentsOf: URL(filePath: written[0].path)))
        #expect(manifest["sha256"] as? String == SHA256Sum.text(sum.bytes))
        #expect(try batches().list().map(\.file) == [.intact])
    }

    private func object(_ path: String) throws -> [String: Any] {
        let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path)))
        return try #require(json as? [String: Any])
    }

    @Test func whoIsLeftOutIsInTheManifest() throws {
        try campaign.ledger.purgeOne(id(2), campaign, run)
        let manifest = try object(try #require(handOver(batches(), options()).first).manifestPath)
        #expect(manifest["left_out"] as? [String: Int] == ["no_code": 2])
        let leftOut = try #require(manifest["left_out_identities"] as? [[String: Any]])
        #expect(leftOut.map { $0["identity_id"] as? String } == [id(1).text, id(3).text])
        #expect(leftOut.allSatisfy { $0["reason"] as? String == "no_code" && $0["generation"] as? Int == 1 })
        let hour = LedgerFixture.now.advanced(by: .seconds(3000))
        #expect(try handOver(batches(at: hour), options(.seconds(900))).isEmpty)
    }

    /// Ended after any step, and given again: the same batch, the same name, the same bytes, nobody twice.
    @Test(arguments: BatchOutputs.Step.allCases)
    func endedAfterAnyStepItGoesOn(_ step: BatchOutputs.Step) throws {
        let hasEnded = Mutex(false)
        let ending = try batches { reached in
            guard reached == step else { return }
            hasEnded.withLock { $0 = true }
            throw Ended()
        }
        #expect(throws: Ended.self) { try handOver(ending, options()) }
        #expect(hasEnded.withLock { $0 })
        let before = PrivateFolder.exists(campaign.folder("handover/000001-20270115T080000Z.csv"))
        #expect(before == [.filePlaced, .manifestPlaced, .written].contains(step), "whole or absent")

        try campaign.reopen()
        // Somebody is issued meanwhile, and the next one comes a minute later, with other options.
        try campaign.issue(4...4, run: run)
        let later = LedgerFixture.now.advanced(by: .seconds(60))
        var others = options(.seconds(60))
        others.invitations.formulas = .escape
        let written = try handOver(batches(at: later), others)
        // One that was being chosen takes in who came meanwhile.
        let wasOpen = [.begun, .chosen].contains(step)
        let stems = ["000001-20270115T080000Z"] + (wasOpen ? [] : ["000002-20270115T080100Z"])
        #expect(try files() == stems.flatMap { ["\($0).csv", "\($0).manifest.json"] })
        #expect(written.map(\.batch.number) == (step == .written ? [2] : wasOpen ? [1] : [1, 2]))
        #expect(try handedOver().sorted() == (1...4).map { id($0).text })
        #expect(try campaign.ledger.notHandedOverCount() == 0)
        #expect(try batches().list().allSatisfy { $0.file == .intact && $0.manifest == .intact })
    }

    /// A file that cannot have been seen is not written when its codes are of no use any more.
    @Test(arguments: [BatchOutputs.Step.begun, .chosen, .prepared, .summed, .filePlaced], [0, 900])
    func aBatchThatComesTooLateIsUndone(_ step: BatchOutputs.Step, remaining: Int) throws {
        let options = options(.seconds(remaining))
        #expect(throws: Ended.self) {
            try handOver(try batches { if $0 == step { throw Ended() } }, options)
        }
        try campaign.reopen()
        let late = LedgerFixture.now.advanced(by: .seconds(3600 - remaining))
        if [.summed, .filePlaced].contains(step) {
            #expect(try handOver(batches(at: late), options).map(\.batch.number) == [1])
            #expect(try handedOver().count == 3)
        } else {
            var dropped: [Int] = []
            #expect(try batches(at: late).unfinished { dropped.append($0.number) } == nil)
            #expect(dropped == [1])
            #expect(try handOver(batches(at: late), options).isEmpty && files() == [])
            #expect(try campaign.ledger.notHandedOverCount() == 3)
        }
    }

    /// Completed a second earlier it is the same batch.
    @Test func aBatchThatComesInTimeIsWritten() throws {
        #expect(throws: Ended.self) {
            try handOver(try batches { if $0 == .prepared { throw Ended() } }, options(.seconds(900)))
        }
        let late = LedgerFixture.now.advanced(by: .seconds(3600 - 901))
        #expect(try handOver(batches(at: late), options(.seconds(900))).map(\.batch.number) == [1])
    }

    /// The bytes of a batch are settled with its members.
    @Test(arguments: [BatchOutputs.Step.prepared, .summed, .filePlaced, .manifestPlaced])
    func onceItIsPreparedItsBytesAreSettled(_ step: BatchOutputs.Step) throws {
        let whole = try Self.once()
        #expect(throws: Ended.self) {
            try handOver(try batches { if $0 == step { throw Ended() } }, options())
        }
        #expect(try campaign.ledger.reissue([id(2)]) == 1)
        try campaign.record(.issued(.sample(77)), try campaign.claim(1, run), run)
        let path = campaign.folder("handover/000001-20270115T080000Z.csv")
        let inode = inode(of: path)
        let written = try #require(handOver(batches(), options()).first)
        #expect(text(ofFile: path) == whole.file)
        #expect(text(ofFile: written.manifestPath) == whole.manifest)
        if inode != nil { #expect(TestSupport.inode(of: path) == inode, "what is there is left alone") }
        let second = try #require(text(ofFile: campaign.folder("handover/000002-20270115T080000Z.csv")))
        #expect(readCSV(second).dropFirst().map { "\($0[1]) \($0[5])" } == ["000077 2"])
    }

    /// A batch that nothing has interrupted.
    private static func once() throws -> (file: String, manifest: String) {
        let test = try BatchOutputsTests()
        let written = try #require(test.handOver(test.batches(), test.options()).first)
        return (try #require(text(ofFile: written.path)), try #require(text(ofFile: written.manifestPath)))
    }

    @Test func whatIsGoneOrWasChangedIsSaidAndMended() throws {
        let written = try #require(handOver(batches(), options()).first)
        let (file, manifest) = (text(ofFile: written.path), text(ofFile: written.manifestPath))
        func list() throws -> BatchOutputs.Listed { try #require(batches().list().first) }
        func mend() throws -> BatchOutputs.Written {
            try batches().write(try batches().batch(1), unsealingWith: nil)
        }
        #expect(try !list().isBroken)
        #expect(try !mend().wasWritten)

        try FileManager.default.removeItem(atPath: written.path)
        #expect(try (list().file, list().manifest) == (.missing, .intact))
        #expect(try mend().wasWritten)
        #expect(text(ofFile: written.path) == file)

        try put((file ?? "").replacing("000002", with: "999999"), intoFile: written.path)
        try FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: written.path)
        try put("{}", intoFile: written.manifestPath)
        #expect(try (list().file, list().manifest) == (.changed, .changed))
        #expect(try mend().differs == false)
        #expect(text(ofFile: written.path) == file && text(ofFile: written.manifestPath) == manifest)
        #expect(try !list().isBroken)

        try FileManager.default.removeItem(atPath: written.manifestPath)
        #expect(try (list().file, list().manifest) == (.intact, .missing))
        #expect(try mend().wasWritten)
        #expect(text(ofFile: written.manifestPath) == manifest)

        // As somebody who copies it back leaves it.
        try put(file ?? "", intoFile: written.path)
        let later = Date(timeIntervalSinceNow: 60)
        try FileManager.default.setAttributes([.modificationDate: later], ofItemAtPath: written.path)
        #expect(try list().file == .intact)
    }

    @Test func withoutItsCodesItIsNotWrittenAgain() throws {
        let written = try #require(handOver(batches(), options()).first)
        _ = try campaign.ledger.purge(expiredBy: nil, at: LedgerFixture.now)
        try FileManager.default.removeItem(atPath: written.path)
        let error = #expect(throws: BatchError.self) {
            try batches().write(try batches().batch(1), unsealingWith: nil)
        }
        #expect(error?.code == .withoutCodes && error?.members == 3)
        #expect(try files() == ["000001-20270115T080000Z.manifest.json"])
        #expect(throws: BatchError(.missing, 9)) { try batches().batch(9) }
    }

    @Test func anUndoneBatchHasNoFiles() throws {
        try handOver(batches(), options())
        try batches().undo(try batches().batch(1))
        #expect(try files() == [])
        #expect(try batches().list().map(\.batch.state) == [.undone])
        #expect(throws: BatchError(.undone, 1)) {
            try batches().write(try batches().batch(1), unsealingWith: nil)
        }
        let again = try handOver(batches(), options())
        #expect(again.map(\.batch.number) == [2])
        #expect(try handedOver().count == 3)
    }

    @Test func anUndoThatWasCutShortIsCompleted() throws {
        let written = try #require(handOver(batches(), options()).first)
        #expect(try !campaign.ledger.undoBatch(1))
        try campaign.reopen()
        #expect(PrivateFolder.exists(written.path))
        let again = try handOver(batches(), options())
        #expect(again.map(\.batch.number) == [2])
        #expect(!PrivateFolder.exists(written.path))
        #expect(try handedOver().count == 3)
    }

    @Test func twoDoNotHandOverAtOnce() throws {
        let lock = try batches().lock(holder: "process 7")
        let error = #expect(throws: FolderLock.InUse.self) { try handOver(batches(), options()) }
        #expect(error?.holder == "process 7")
        extendLifetime(lock)
    }

    @Test func whatIsToBeEncryptedIsNeverWrittenPlain() async throws {
        var options = options()
        options.isEncrypted = true
        guard case .batch(let batch) = try batches().choose(options) else { throw Ended() }
        let lock = try batches().lock(holder: "test")
        #expect(batch.fileName == "000001-20270115T080000Z.csv.age")
        #expect(throws: BatchError(.mustBeEncrypted, 1)) { try batches().write(batch, unsealingWith: nil) }
        let written = try await batches().write(batch, unsealingWith: nil) { output, write in
            let pipe = try Descriptor.pipe()
            let remarks = try write(pipe.writing)
            close(pipe.reading)
            _ = Descriptor.write(Array("ciphertext".utf8), to: output)
            return remarks
        }
        #expect(text(ofFile: written.path) == "ciphertext")
        #expect(written.remarks?.invitations == 3)
        #expect(try batches().list().map(\.file) == [.intact])
        extendLifetime(lock)
    }

    @Test func batchesHoldCodesBesideTheLedger() throws {
        let path = campaign.folder.path
        let name = try #require(path.split(separator: "/").last.map(String.init))
        let folder = CampaignFolder(outputFolder: String(path.dropLast(name.count + 1)), name: name)
        let outputs = CampaignOutputs(folder: folder, ledger: campaign.ledger)
        #expect(try outputs.codesBesideLedger() == [])
        let written = try #require(handOver(batches(), options()).first)
        #expect(try outputs.codesBesideLedger() == [campaign.folder("handover/")])
        try FileManager.default.removeItem(atPath: written.path)
        #expect(try outputs.codesBesideLedger() == [])
    }
}

extension Ledger {
    /// Purges all and issues to that identity anew, so that the others have no code.
    fileprivate func purgeOne(_ identity: IdentityID, _ campaign: LedgerFixture, _ run: RunID) throws {
        _ = try purge(expiredBy: nil, at: LedgerFixture.now)
        #expect(try reissue([identity]) == 1)
        try campaign.record(.issued(.sample(2)), try campaign.claim(1, run), run)
    }
}
