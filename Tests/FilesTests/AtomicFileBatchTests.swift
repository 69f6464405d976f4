import Foundation
import Files
import Model
import TestSupport
import Testing

@Suite struct AtomicFileBatchTests {
    private let folder: TemporaryFolder
    private let root: String

    init() throws {
        folder = try TemporaryFolder()
        root = folder("invitations")
    }

    @Test func filesAppearInGroupsAndAllInTheEnd() throws {
        var files = try AtomicFileBatch(root: root)
        for number in 0..<1001 {
            try files.write(Array("bytes of \(number)".utf8), as: "\(number).csv", in: "0\(number % 3)")
        }
        #expect(files.filesWritten == 1000)
        #expect(text(ofFile: "\(root)/00/999.csv") == "bytes of 999")
        let isThereEarly = files.exists("1000.csv", in: "01")
        #expect(!isThereEarly)
        try files.finish()
        #expect(files.filesWritten == 1001)
        let isThere = files.exists("1000.csv", in: "01")
        #expect(isThere)
        let all = try ["00", "01", "02"].flatMap { try names(inFolder: "\(root)/\($0)") }
        #expect(Set(all) == Set((0..<1001).map { "\($0).csv" }))
        #expect(all.count == 1001)
    }

    @Test func nothingIsSeenOfAGroupThatIsAbandoned() throws {
        do {
            var files = try AtomicFileBatch(root: root)
            try files.write(Array("a".utf8), as: "a.csv", in: "00")
            #expect(try names(inFolder: "\(root)/00") == [".a.csv.partial"])
        }
        #expect(try names(inFolder: "\(root)/00").isEmpty)
    }

    @Test(arguments: [0o000, 0o077] as [mode_t])
    func foldersAndFilesArePrivateWhateverTheUmask(mask: mode_t) throws {
        try withUmask(mask) {
            var files = try AtomicFileBatch(root: root)
            try files.write(Array("a".utf8), as: "a.csv", in: "00")
            #expect(mode(of: "\(root)/00/.a.csv.partial") == 0o600)
            try files.finish()
        }
        #expect(mode(of: root) == 0o700)
        #expect(mode(of: "\(root)/00") == 0o700)
        #expect(mode(of: "\(root)/00/a.csv") == 0o600)
    }

    @Test func whatWasLeftHalfWrittenIsWrittenAnew() throws {
        var files = try AtomicFileBatch(root: root)
        try files.write(Array("a".utf8), as: "a.csv", in: "00")
        try files.finish()
        try put(
            String(repeating: "left over", count: 100),
            intoFile: "\(root)/00/.b.csv.partial",
            mode: 0o644
        )
        try files.write(Array("b".utf8), as: "b.csv", in: "00")
        try files.finish()
        #expect(text(ofFile: "\(root)/00/b.csv") == "b")
        #expect(mode(of: "\(root)/00/b.csv") == 0o600)
    }

    @Test func aPartialThatIsALinkIsRefused() throws {
        try put("precious", intoFile: folder("victim"))
        var files = try AtomicFileBatch(root: root)
        try files.write(Array("a".utf8), as: "a.csv", in: "00")
        let link = "\(root)/00/.b.csv.partial"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder("victim"))
        do throws(FileError) {
            try files.write(Array("b".utf8), as: "b.csv", in: "00")
            Issue.record("it was written")
        } catch {
            #expect(error.description.contains(link))
        }
        #expect(text(ofFile: folder("victim")) == "precious")
    }

    @Test func aFolderOpenToOthersIsRefused() throws {
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: false)
        chmod(root, 0o750)
        let error = #expect(throws: FileError.self) { _ = try AtomicFileBatch(root: root) }
        #expect(error?.description.contains("mode 750") == true)
    }

    @Test func withoutFilesThereIsAnEmptyFolder() throws {
        var files = try AtomicFileBatch(root: root)
        try files.finish()
        #expect(files.filesWritten == 0)
        #expect(try names(inFolder: root) == [".lock"])
    }
}
