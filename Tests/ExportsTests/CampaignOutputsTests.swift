import Campaign
import Foundation
import Exports
import Ledger
import Files
import Sealing
import TestSupport
import Testing
import Model

@Suite struct CampaignOutputsTests {
    private let campaign: LedgerFixture
    private let outputs: CampaignOutputs
    private let run: RunID

    init() throws {
        campaign = try LedgerFixture()
        // The fixture's ledger stands for that of a campaign whose folder is the fixture's.
        let path = campaign.folder.path
        let name = try #require(path.split(separator: "/").last)
        let folder = CampaignFolder(outputFolder: String(path.dropLast(name.count + 1)), name: String(name))
        outputs = CampaignOutputs(folder: folder, ledger: campaign.ledger)
        run = try campaign.beginRun()
        try campaign.issue(1...3, run: run)
    }

    private func export(
        _ options: InvitationOptions = InvitationOptions(),
        perUser: Bool = false
    ) throws -> CampaignOutputs.Export {
        try outputs.export(options, perUser: perUser)
    }

    private func report(_ formulas: FormulaTreatment = .keep) throws -> CampaignOutputs.Reported {
        let summary = try Summary(campaign.ledger, now: LedgerFixture.now, isRunning: false)
        return try outputs.report(summary, formulas: formulas)
    }

    private func parts(_ file: CampaignOutputs.File) -> (path: String, wasWritten: Bool, rows: Int) {
        (file.path, file.wasWritten, file.rows)
    }

    /// What tells one writing of a file from another.
    private struct Written: Equatable {
        let inode: UInt64?
        let stamp: FileStamp?

        init(_ path: String) {
            inode = TestSupport.inode(of: path)
            stamp = FileStamp(fileAt: path)
        }
    }

    @Test func everyFileIsThereAndPrivate() throws {
        let exported = try export(perUser: true)
        let reported = try report()
        let folder = campaign.folder
        #expect(parts(exported.invitations) == (folder("invitations.csv"), true, 3))
        #expect(exported.perUser?.path == folder("invitations"))
        #expect(exported.perUser?.filesWritten == 3)
        #expect(parts(reported.failures) == (folder("failures.csv"), true, 0))
        #expect(parts(reported.rejected) == (folder("rejected.csv"), true, 0))
        #expect(parts(reported.summary) == (folder("summary.json"), true, 1))
        for name in ["invitations.csv", "failures.csv", "rejected.csv", "summary.json"] {
            #expect(mode(of: folder(name)) == 0o600, "\(name)")
        }
        let rest = try names(inFolder: folder.path).filter { !$0.hasPrefix("ledger.") }
        #expect(rest == ["failures.csv", "invitations", "invitations.csv", "rejected.csv", "summary.json"])
    }

    /// Reports that an earlier version has written from a roster with codes, and left as they are.
    @Test func reportsOfAnEarlierVersionAreWrittenAnewWithoutARostersCodes() throws {
        try campaign.enrol(
            [
                .identity(id(11), line: 2, columns: ["CANARY", "Ann"]),
                .rejected(RejectedRow(line: 3, column: nil, reason: "row_too_long", value: "CANARY")),
            ],
            columns: ["recovery_code", "name"]
        )
        let failed = try campaign.claim(1, run)
        try campaign.record(.failed(.refusal), failed, run)
        let names = ["failures.csv", "rejected.csv", "invitations.csv"]
        for name in names {
            let path = campaign.folder(name)
            try put("identity_id,roster_recovery_code\nx,CANARY\n", intoFile: path, mode: 0o600)
            let stamp = try #require(FileStamp(fileAt: path))
            try campaign.ledger.noteOutput(
                OutputRecord(
                    name: name,
                    revision: try campaign.ledger.campaign().revision,
                    options: name == "invitations.csv" ? "keep " : "escape",
                    size: stamp.size,
                    modifiedNanoseconds: stamp.modifiedNanoseconds,
                    remarks: ["rows": 1]
                )
            )
        }
        let cleaned = try outputs.cleanReports()
        #expect(cleaned.map(\.path) == ["failures.csv", "rejected.csv"].map { campaign.folder($0) })
        #expect(try outputs.cleanReports() == [], "once")
        let exported = try export()
        #expect(exported.invitations.wasWritten)
        for name in names {
            #expect(text(ofFile: campaign.folder(name))?.contains("CANARY") == false, "\(name)")
        }
        #expect(text(ofFile: campaign.folder("failures.csv"))?.contains(",name\n") == true)
        #expect(text(ofFile: campaign.folder("rejected.csv"))?.contains("[redacted]") == true)
        #expect(try !report(.escape).failures.wasWritten, "under the options that it had")
        _ = try campaign.ledger.purge(expiredBy: LedgerFixture.now, at: LedgerFixture.now)
        #expect(try outputs.cleanReports() == [], "nothing is left to be cleaned of")
        #expect(text(ofFile: try report().failures.path)?.contains(",name\n") == true)
    }

    @Test func plainExportsAreFound() throws {
        let name = try #require(campaign.folder.path.split(separator: "/").last)
        let path = campaign.folder.path
        let folder = CampaignFolder(outputFolder: String(path.dropLast(name.count + 1)), name: String(name))
        #expect(try CampaignOutputs.plainExports(in: folder) == [])
        _ = try export(perUser: true)
        let found = try CampaignOutputs.plainExports(in: folder)
        #expect(found.map(\.path) == ["\(path)/invitations.csv", "\(path)/invitations"])
        #expect(found.map(\.isFolder) == [false, true])
    }

    @Test func withoutBeingAskedThereAreNoUsersFiles() throws {
        #expect(try export().perUser == nil)
        #expect(!PrivateFolder.exists(campaign.folder("invitations")))
    }

    @Test func aFileIsLeftAloneWhenNothingChanged() throws {
        let first = (try export(), try report())
        let paths = [first.0.invitations.path, first.1.failures.path, first.1.rejected.path]
        let before = paths.map(Written.init)
        try campaign.beginRun()
        let second = (try export(), try report())
        #expect(!second.0.invitations.wasWritten)
        #expect(!second.1.failures.wasWritten)
        #expect(!second.1.rejected.wasWritten)
        #expect(paths.map(Written.init) == before)
        // It still says what is in it.
        #expect(second.0.invitations.rows == 3)
    }

    @Test func anotherProcessLeavesItAloneToo() throws {
        let path = try export().invitations.path
        let before = Written(path)
        try campaign.reopen()
        let name = try #require(campaign.folder.path.split(separator: "/").last.map(String.init))
        let folder = CampaignFolder(
            outputFolder: String(campaign.folder.path.dropLast(name.count + 1)),
            name: name
        )
        let again = try CampaignOutputs(folder: folder, ledger: campaign.ledger)
            .export(InvitationOptions(), perUser: false)
        #expect(!again.invitations.wasWritten)
        #expect(Written(path) == before)
    }

    @Test func theSummaryIsWrittenAgainWhenItsNumbersChange() throws {
        let path = try report().summary.path
        let before = inode(of: path)
        #expect(!(try report().summary.wasWritten))
        #expect(inode(of: path) == before)
        try campaign.issue(7...8, run: run)
        #expect(try report().summary.wasWritten)
        #expect(inode(of: path) != before)
    }

    @Test func aFileIsRewrittenWhenSomethingChanged() throws {
        let path = try export().invitations.path
        let before = Written(path)
        try campaign.issue(4...5, run: run)
        let again = try export()
        #expect(again.invitations.wasWritten)
        #expect(again.invitations.rows == 5)
        #expect(Written(path) != before)
        #expect(text(ofFile: path)?.contains("000005") == true)
    }

    @Test func reportsAreRewrittenWhenSomethingChanged() throws {
        _ = try report()
        try campaign.enrol([
            .identity(id(9), line: 2, columns: ["x"]),
            .rejected(RejectedRow(line: 3, column: nil, reason: "r", value: "v")),
        ])
        try campaign.record(.failed(.sample()), try campaign.claim(1, run), run)
        let again = try report()
        #expect((again.failures.wasWritten, again.failures.rows) == (true, 1))
        #expect((again.rejected.wasWritten, again.rejected.rows) == (true, 1))
    }

    @Test func otherOptionsAreAnotherFile() throws {
        let base = try #require(LinkBase("https://b.example"))
        let options = [
            InvitationOptions(), InvitationOptions(formulas: .escape), InvitationOptions(linkBase: base),
            InvitationOptions(formulas: .escape, linkBase: base),
            InvitationOptions(linkBase: LinkBase("https://c.example")),
        ]
        for option in options {
            #expect(try export(option).invitations.wasWritten)
            #expect(try export(option).invitations.wasWritten == false)
        }
        #expect(try report(.keep).failures.wasWritten)
        let escaped = try report(.escape)
        #expect(escaped.failures.wasWritten && escaped.rejected.wasWritten)
        #expect(try report(.escape).failures.wasWritten == false)
    }

    @Test func whatSomebodyEditedIsWrittenAgain() throws {
        let path = try export().invitations.path
        let content = try #require(text(ofFile: path))
        // As long as it was, and at another time: both happen within one tick of the file system's clock
        // here.
        try put(content.replacing("000002", with: "999999"), intoFile: path)
        let later = Date(timeIntervalSinceNow: 5)
        try FileManager.default.setAttributes([.modificationDate: later], ofItemAtPath: path)
        #expect(try export().invitations.wasWritten)
        #expect(text(ofFile: path) == content)
        // Longer than it was.
        try put(content + "x", intoFile: path)
        #expect(try export().invitations.wasWritten)
        #expect(text(ofFile: path) == content)
    }

    @Test func whatSomebodyDeletedOrReplacedIsWrittenAgain() throws {
        let path = try export().invitations.path
        let content = text(ofFile: path)
        try FileManager.default.removeItem(atPath: path)
        #expect(try export().invitations.wasWritten)
        try FileManager.default.moveItem(atPath: path, toPath: campaign.folder("elsewhere.csv"))
        try FileManager.default.createSymbolicLink(
            atPath: path,
            withDestinationPath: campaign.folder("elsewhere.csv")
        )
        #expect(try export().invitations.wasWritten)
        #expect(FileStamp(fileAt: path) != nil)
        #expect(text(ofFile: path) == content)
    }

    @Test func whatWasFoundIsSaidAgainWhenTheFileIsLeftAlone() throws {
        try campaign.enrol([.identity(id(9), line: 2, columns: ["=1+1"])])
        try campaign.record(.issued(.sample(9, link: "/relative")), try campaign.claim(1, run), run)
        for wasWritten in [true, false] {
            let export = try export()
            #expect(export.invitations.wasWritten == wasWritten)
            #expect((export.formulaFields, export.relativeLinks, export.invitations.rows) == (1, 1, 4))
        }
    }

    @Test func usersFilesOfARunThatIsOnAreAddedToAsItGoesOn() throws {
        #expect(try export(perUser: true).perUser?.filesWritten == 3)
        try campaign.issue(4...5, run: run)
        #expect(try export(perUser: true).perUser?.filesWritten == 2)
        #expect(try export(perUser: true).perUser?.filesWritten == 0)
    }

    @Test func aUsersFileThatIsGoneIsWrittenAgain() throws {
        #expect(try export(perUser: true).perUser?.filesWritten == 3)
        try FileManager.default.removeItem(atPath: campaign.folder("invitations/a0/\(id(2).text).csv"))
        #expect(try export(perUser: true).perUser?.filesWritten == 1)
    }

    @Test func aDeletedFolderOfUsersFilesIsWrittenAgain() throws {
        try campaign.ledger.finishRun(
            run,
            progress: RunProgress(),
            stoppedBecause: nil,
            at: LedgerFixture.now
        )
        _ = try export(perUser: true)
        try FileManager.default.removeItem(atPath: campaign.folder("invitations"))
        #expect(try export(perUser: true).perUser?.filesWritten == 3)
        #expect(text(ofFile: campaign.folder("invitations/a0/\(id(3).text).csv"))?.contains("000003") == true)
    }

    /// The fourth invitation's link is relative.
    private func links() throws -> [String] {
        let written = try #require(text(ofFile: campaign.folder("invitations.csv")))
        return readCSV(written).dropFirst().map { $0[2] }
    }

    private func issueARelativeLink() throws {
        try campaign.enrol(4...4)
        try campaign.record(.issued(.sample(4, link: "/ui/recovery?flow=4")), try campaign.claim(1, run), run)
    }

    @Test func theCampaignsLinkBaseIsUsedUnlessAnotherIsGiven() throws {
        try issueARelativeLink()
        #expect(try export().relativeLinks == 1)
        #expect(try links().last == "/ui/recovery?flow=4")

        try campaign.ledger.setLinkBase("https://slug.projects.oryapis.com")
        let based = try export(perUser: true)
        #expect((based.invitations.wasWritten, based.relativeLinks) == (true, 0))
        #expect(try links().last == "https://slug.projects.oryapis.com/ui/recovery?flow=4")
        #expect(try links().first == "https://app.example/recovery?flow=1", "absolute links stay")
        let own = campaign.folder("invitations/\(id(4).text.prefix(2))/\(id(4).text).csv")
        #expect(text(ofFile: own)?.contains("https://slug.projects.oryapis.com/ui/recovery?flow=4") == true)
        #expect(try !export().invitations.wasWritten)

        let option = InvitationOptions(linkBase: LinkBase("https://auth.example.com"))
        #expect(try export(option).invitations.wasWritten)
        #expect(try links().last == "https://auth.example.com/ui/recovery?flow=4")
        // Without the option the campaign's counts again.
        #expect(try export().invitations.wasWritten)
        #expect(try links().last == "https://slug.projects.oryapis.com/ui/recovery?flow=4")
    }

    @Test func aBaseThatIsNoURLLeavesLinksAsTheyAre() throws {
        try issueARelativeLink()
        try campaign.ledger.setLinkBase("slug")
        #expect(try export().relativeLinks == 1)
        #expect(try links().last == "/ui/recovery?flow=4")
    }

    // MARK: sealed

    /// Seals a fourth invitation; as if the others had been purged before.
    private func issueSealed(to key: PrivateKey) throws {
        try purge(1, 2, 3)
        let sealer = try Sealer(to: key.publicKey)
        let seal = try campaign.ledger.seal(
            to: key.publicKey.bytes,
            encapsulatedKey: sealer.encapsulatedKey,
            at: LedgerFixture.now
        )
        try campaign.enrol(4...4)
        var invitation = IssuedInvitation.sample(4)
        invitation.secret = .sealed(seal, try sealer.seal(code: "004", link: "/l", of: id(4)))
        try campaign.record(.issued(invitation), try campaign.claim(1, run), run)
    }

    @Test func aSealedCampaignIsExportedWithItsKeyOnly() throws {
        let (key, other) = (PrivateKey(), PrivateKey())
        #expect(throws: SealError.self, "not sealed") {
            try outputs.export(InvitationOptions(), perUser: false, unsealingWith: key)
        }
        try issueSealed(to: key)
        let missing = #expect(throws: SealError.self) { try export(perUser: true) }
        #expect(missing?.description.contains(key.publicKey.fingerprint) == true)
        let wrong = #expect(throws: SealError.self) {
            try outputs.export(InvitationOptions(), perUser: true, unsealingWith: other)
        }
        for fingerprint in [key, other].map(\.publicKey.fingerprint) {
            #expect(wrong?.description.contains(fingerprint) == true)
        }
        #expect(try names(inFolder: campaign.folder.path).filter { !$0.hasPrefix("ledger") } == [])
        let opened = try outputs.export(InvitationOptions(), perUser: true, unsealingWith: key)
        #expect((opened.invitations.rows, opened.withoutCode) == (1, 3))
        #expect(text(ofFile: opened.invitations.path)?.contains(",004,/l,") == true)
        let summary = try Summary(campaign.ledger, now: LedgerFixture.now, isRunning: false)
        #expect((summary.purged, summary.sealedTo) == (3, key.publicKey.fingerprint))
    }

    // MARK: through another program

    /// Plays the program: collects what comes through the pipe, and writes it in capitals.
    private func encrypt(
        _ output: Int32,
        _ write: @escaping @Sendable (Int32) throws -> InvitationRemarks
    ) async throws -> InvitationRemarks {
        let pipe = try Descriptor.pipe()
        // The few rows of these tests fit into a pipe.
        let remarks = try write(pipe.writing)
        let read = FileHandle(fileDescriptor: pipe.reading, closeOnDealloc: true).readDataToEndOfFile()
        let text = String(decoding: read, as: UTF8.self).uppercased()
        try FileHandle(fileDescriptor: output, closeOnDealloc: false).write(contentsOf: Data(text.utf8))
        return remarks
    }

    @Test func theEncryptedFileIsWhatTheProgramWrites() async throws {
        let path = campaign.folder("invitations.csv.age")
        let written = try await outputs.exportEncrypted(
            InvitationOptions(),
            replacing: false,
            unsealingWith: nil,
            through: encrypt
        )
        #expect(parts(written.invitations) == (path, true, 3))
        #expect(text(ofFile: path)?.hasPrefix("IDENTITY_ID,RECOVERY_CODE") == true)
        #expect(text(ofFile: path)?.contains(",000003,") == true && mode(of: path) == 0o600)
        #expect(!PrivateFolder.exists(campaign.folder("invitations.csv")))
        #expect(try outputs.codesBesideLedger() == [path])

        try purge(1, 2, 3)
        await #expect(throws: StillHoldsCodes.self) {
            try await outputs.exportEncrypted(
                InvitationOptions(),
                replacing: false,
                unsealingWith: nil,
                through: encrypt
            )
        }
        let replaced = try await outputs.exportEncrypted(
            InvitationOptions(),
            replacing: true,
            unsealingWith: nil,
            through: encrypt
        )
        #expect((replaced.invitations.rows, replaced.withoutCode) == (0, 3))
        #expect(try outputs.codesBesideLedger() == [])
    }

    @Test func aPurgeInTheMiddleOfAnExportLosesNoCodes() async throws {
        let path = campaign.folder("invitations.csv.age")
        let ledger = campaign.ledger
        func exportAgain(purging: Bool) async throws {
            _ = try await outputs.exportEncrypted(
                InvitationOptions(),
                replacing: false,
                unsealingWith: nil
            ) { output, write in
                if purging { _ = try ledger.purge(expiredBy: nil, at: LedgerFixture.now) }
                return try await encrypt(output, write)
            }
        }
        try await exportAgain(purging: false)
        await #expect(throws: StillHoldsCodes.self) { try await exportAgain(purging: true) }
        #expect(text(ofFile: path)?.contains(",000003,") == true)
        #expect(!PrivateFolder.exists(campaign.folder(".invitations.csv.age.partial")))
    }

    @Test func aProgramThatFailsLeavesNothing() async throws {
        struct Failed: Error {}
        await #expect(throws: Failed.self) {
            try await outputs.exportEncrypted(
                InvitationOptions(),
                replacing: false,
                unsealingWith: nil
            ) { output, write in
                _ = try await encrypt(output, write)
                throw Failed()
            }
        }
        #expect(try names(inFolder: campaign.folder.path).filter { !$0.hasPrefix("ledger") } == [])
    }

    /// Of a ledger that was restored from a backup: what was issued since is in the export alone.
    @Test func anExportWithMoreThanTheLedgerHasIsNotOverwritten() throws {
        let path = try export().invitations.path
        let more = try #require(text(ofFile: path)) + "later,\"424242\n\",https://a.test,never\n"
        try put(more, intoFile: path)
        let error = #expect(throws: StillHoldsCodes.self) { try export() }
        #expect(error?.reason == .more(rows: 4, codes: 3))
        #expect(error?.description.contains("give replace") == true)
        #expect(text(ofFile: path) == more)
        // With as many it is only the same people's.
        try campaign.issue(4...4, run: run)
        #expect(try export().invitations.rows == 4)
        try put(more + more, intoFile: path)
        #expect(
            try outputs.export(InvitationOptions(), perUser: false, replacing: true).invitations.rows == 4
        )
    }

    // MARK: after a purge

    private func purge(_ numbers: Int...) throws {
        #expect(try campaign.ledger.purge(expiredBy: nil, at: LedgerFixture.now) == numbers.count)
    }

    @Test func codesThatAreNowhereElseAreNotOverwritten() throws {
        let path = try export().invitations.path
        let before = Written(path)
        try purge(1, 2, 3)
        let error = #expect(throws: StillHoldsCodes.self) { try export(perUser: true) }
        #expect(error?.path == path && error?.description.contains("give replace") == true)
        #expect(Written(path) == before)
        #expect(try names(inFolder: campaign.folder("invitations")) == [".lock"], "no file without a code")

        try campaign.issue(4...5, run: run)
        let replaced = try outputs.export(InvitationOptions(), perUser: false, replacing: true)
        #expect((replaced.invitations.rows, replaced.withoutCode) == (2, 3))
        #expect(text(ofFile: path)?.contains("000001") == false)
        // From then on it holds nothing but what the ledger has.
        #expect(try export().withoutCode == 3)
        try campaign.issue(6...6, run: run)
        #expect(try export().invitations.rows == 3)
        try put("a copy from somewhere", intoFile: path)
        #expect(throws: StillHoldsCodes.self) { try export() }
    }

    @Test func theyAreKeptUnderAnotherNameForTheNextOnes() throws {
        #expect(try outputs.keepPurged() == nil && outputs.withoutCodeBefore() == 0)
        let path = try export().invitations.path
        let before = text(ofFile: path)
        #expect(try outputs.keepPurged() == nil, "nothing was purged")
        try purge(1, 2, 3)
        let kept = campaign.folder("invitations.purged.csv")
        #expect(try outputs.keepPurged() == kept)
        #expect(text(ofFile: kept) == before && !PrivateFolder.exists(path))
        #expect(try outputs.codesBesideLedger() == [kept])
        try campaign.issue(4...5, run: run)
        let next = try export()
        #expect((next.invitations.rows, next.withoutCode) == (2, 3))
        #expect(try outputs.keepPurged() == nil && outputs.withoutCodeBefore() == 3)
        try purge(4, 5)
        #expect(try outputs.keepPurged() == "\(kept).2")
        // What a run itself has purged is expired, and of no use to anybody.
        try campaign.issue(6...6, run: run)
        _ = try export()
        let expiry = IssuedInvitation.sample(1).expiresAt
        #expect(try campaign.ledger.purgeExpired(by: expiry, at: expiry) == 1)
        #expect(try outputs.keepPurged() == nil)
        #expect(try export().withoutCode == 6)
    }

    @Test func aFileThatSomebodyTouchedMayHoldCodes() throws {
        let path = try export().invitations.path
        try campaign.ledger.noteOutput(
            OutputRecord(
                name: "invitations.csv",
                revision: .max,
                options: "",
                size: 1,
                modifiedNanoseconds: 1,
                remarks: [:]
            )
        )
        try purge(1, 2, 3)
        #expect(throws: StillHoldsCodes.self) { try export() }
        #expect(text(ofFile: path)?.contains("000001") == true)
        try FileManager.default.removeItem(atPath: path)
        let anew = try export()
        #expect((anew.invitations.wasWritten, anew.invitations.rows, anew.withoutCode) == (true, 0, 3))
    }

    @Test func whatHeldNoCodesIsOverwritten() throws {
        try purge(1, 2, 3)
        #expect(try export().invitations.rows == 0)
        try campaign.issue(4...4, run: run)
        try purge(4)
        #expect(try export().withoutCode == 4)
    }

    @Test func whatHoldsCodesBesideTheLedgerIsNamed() throws {
        let folder = campaign.folder
        #expect(try outputs.codesBesideLedger() == [])
        _ = try export(perUser: true)
        try put("half an export", intoFile: folder(".invitations.csv.partial"))
        try purge(1, 2, 3)
        #expect(try outputs.codesBesideLedger() == [folder("invitations.csv"), folder("invitations") + "/"])
        #expect(!PrivateFolder.exists(folder(".invitations.csv.partial")), "a dead process'")
        try FileManager.default.removeItem(atPath: folder("invitations"))
        _ = try outputs.export(InvitationOptions(), perUser: true, replacing: true)
        #expect(try outputs.codesBesideLedger() == [], "neither has a code")

        let file = try AtomicFile(folder("invitations.csv"))
        #expect(try outputs.codesBesideLedger() == [folder(".invitations.csv.partial")])
        extendLifetime(file)
    }

    @Test func whatWasLookedUpMakesAnotherFile() throws {
        #expect(try export().invitations.wasWritten)
        try campaign.ledger.declareColumns([LookedUpColumn(name: "mail", path: "traits.email")])
        #expect(try export().invitations.wasWritten)
        #expect(try !export().invitations.wasWritten)
    }
}
