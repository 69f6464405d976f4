// Folders as they can be found, and the room in them.

import Foundation
import Files
import TestSupport
import Testing

@testable import Doctor

@Suite struct FolderSurveyTests {
    @Test func aFolderThatIsNotThereIsNotMade() throws {
        let folder = try TemporaryFolder()
        let survey = FolderSurvey(outputFolder: folder("a/b/c"), campaignFolder: folder("a/b/c/people"))
        #expect(survey.nearest == folder.path)
        #expect(survey.freeBytes.map { $0 > 0 } == true)
        survey.finding.expect(
            .ok,
            .outputFolder,
            says: "a/b/c is not there yet, and can be made in \(folder.path)"
        )
        #expect(try names(inFolder: folder.path).isEmpty)
    }

    @Test func aRelativePathEndsInTheWorkingFolder() {
        let survey = FolderSurvey(outputFolder: "not-there-\(UUID().uuidString)", campaignFolder: nil)
        #expect(survey.nearest == ".")
        #expect(survey.nearestInWords == "the working folder")
    }

    @Test func modesAreJudgedAsARunWould() throws {
        let folder = try TemporaryFolder()
        let (output, campaign) = (folder("out"), folder("out/people"))
        try FileManager.default.createDirectory(atPath: campaign, withIntermediateDirectories: true)
        func finding(_ outputMode: mode_t, _ campaignMode: mode_t) -> Finding {
            chmod(output, outputMode)
            chmod(campaign, campaignMode)
            return FolderSurvey(outputFolder: output, campaignFolder: campaign).finding
        }
        finding(0o700, 0o700).expect(.ok, .outputFolder, says: "private (mode 700)")
        finding(0o755, 0o700).expect(.warning, .outputFolder, says: "mode 755", advises: "chmod 700")
        finding(0o777, 0o700).expect(
            .problem,
            .outputFolder,
            says: "written by others",
            advises: "output-dir"
        )
        finding(0o700, 0o750).expect(
            .problem,
            .outputFolder,
            says: "campaign folder",
            advises: "output-dir"
        )
        // Without a campaign its folder is nobody's business.
        FolderSurvey(outputFolder: output, campaignFolder: nil).finding.expect(.ok, .outputFolder)
        #expect(try names(inFolder: output) == ["people"])
    }

    @Test func aFileInTheWayIsAProblem() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("x", to: "file")
        for path in [file, file + "/below"] {
            FolderSurvey(outputFolder: path, campaignFolder: nil).finding
                .expect(.problem, .outputFolder, says: "\(file) is not a folder", advises: "output-dir")
        }
        try FileManager.default.createSymbolicLink(atPath: folder("dangling"), withDestinationPath: "nowhere")
        FolderSurvey(outputFolder: folder("dangling"), campaignFolder: nil).finding
            .expect(.problem, .outputFolder, says: "is not a folder", advises: "output-dir")
    }

    @Test func whatCannotBeWrittenOrReliedOnIsSaid() {
        FolderSurvey(path: "/a/b", nearest: "/a", exists: false, isWritable: false).finding
            .expect(.problem, .outputFolder, says: "cannot write in /a", advises: "output-dir")
        FolderSurvey(path: "/a", nearest: "/a", exists: true, networkFileSystem: "NFS").finding
            .expect(.warning, .outputFolder, says: "NFS", advises: "local disk")
    }

    @Test func aLedgerThatIsThereIsMeasured() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder("people"), withIntermediateDirectories: true)
        chmod(folder("people"), 0o700)
        _ = try folder.write(String(repeating: "x", count: 4096), to: "people/ledger.sqlite")
        let survey = FolderSurvey(outputFolder: folder.path, campaignFolder: folder("people"))
        #expect(survey.ledgerBytes == 4096)
    }
}

@Suite struct DiskSpaceCheckTests {
    private func finding(free: Int64?, ledger: Int64 = 0, rows: Int? = 1_000_000) -> Finding {
        let folder = FolderSurvey(
            path: "/a",
            nearest: "/a",
            exists: true,
            freeBytes: free,
            ledgerBytes: ledger
        )
        return DiskSpaceCheck(folder: folder, roster: rows.map { ($0, 60_000_000) }).finding
    }

    /// 16 MB, 600 bytes for each of a million rows, and 60 MB twice.
    private let wanted: Int64 = 736_000_000

    @Test func theEstimateIsComparedWithWhatIsFree() {
        finding(free: 2 * wanted).expect(
            .ok,
            .diskSpace,
            says: "1.5 GB are free",
            "736.0 MB more",
            "600 bytes a row"
        )
        finding(free: 2 * wanted - 2).expect(.warning, .diskSpace, advises: "make room")
        finding(free: wanted).expect(.warning, .diskSpace, advises: "make room")
        finding(free: wanted - 1).expect(.problem, .diskSpace, advises: "output-dir")
        finding(free: 0).expect(.problem, .diskSpace, says: "0 bytes are free", advises: "make room")
    }

    @Test func whatIsWrittenAlreadyIsNotWantedAgain() {
        finding(free: wanted - 1, ledger: wanted / 2).expect(
            .warning,
            .diskSpace,
            says: "368.0 MB more",
            advises: "room"
        )
        finding(free: 0, ledger: wanted).expect(.ok, .diskSpace, says: "0 bytes more")
    }

    @Test func withoutARosterOrAFileSystemNothingIsKnown() {
        finding(free: wanted, rows: nil).expect(
            .skipped,
            .diskSpace,
            says: "736.0 MB are free",
            "without a roster"
        )
        finding(free: nil).expect(.skipped, .diskSpace, says: "cannot be told")
    }

    @Test(arguments: [
        (0, "0 bytes"), (999, "999 bytes"), (1500, "1.5 kB"), (999_949, "999.9 kB"), (999_950, "1.0 MB"),
        (82_700_000_000, "82.7 GB"), (3_000_000_000_000, "3.0 TB"),
    ])
    func bytesAreReadable(_ bytes: Int64, _ words: String) {
        #expect(DiskSpaceCheck.words(bytes) == words)
    }
}
