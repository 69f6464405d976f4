import Foundation
import Files
import TestSupport
import Testing

@Suite struct FolderLockTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func aSecondIsRefusedWithTheHoldersWords() throws {
        let lock = try FolderLock(folder: folder.path, holder: "process 7 on ann's machine")
        // Whoever is refused takes nothing from the holder: neither the lock nor the words.
        for _ in 0..<3 {
            let refusal = #expect(throws: FolderLock.InUse.self) {
                _ = try FolderLock(folder: folder.path, holder: "process 8")
            }
            #expect(refusal?.holder == "process 7 on ann's machine")
        }
        #expect(FolderLock.holder(ofFolder: folder.path) == "process 7 on ann's machine")
        release(lock)
    }

    @Test func isFreeWhenItsValueIsGone() throws {
        release(try FolderLock(folder: folder.path, holder: "a holder with a long name"))
        #expect(FolderLock.holder(ofFolder: folder.path) == nil)
        let next = try FolderLock(folder: folder.path, holder: "next")
        #expect(FolderLock.holder(ofFolder: folder.path) == "next")
        release(next)
    }

    @Test func askingForTheHolderTakesNoLock() throws {
        #expect(FolderLock.holder(ofFolder: folder.path) == nil)
        #expect(try names(inFolder: folder.path).isEmpty)
        release(try FolderLock(folder: folder.path, holder: "first"))
        for _ in 0..<10 { #expect(FolderLock.holder(ofFolder: folder.path) == nil) }
        release(try FolderLock(folder: folder.path, holder: "second"))
    }

    @Test func whoIsRefusedClosesOnlyWhatItOpened() throws {
        let lock = try FolderLock(folder: folder.path, holder: "holder")
        // A descriptor closed twice, or emptied after that, may be a file that another thread has just
        // opened.
        errno = 0
        var code: Int32 = 0
        do {
            _ = try FolderLock(folder: folder.path, holder: "refused")
            Issue.record("it was not refused")
        } catch {
            code = errno
        }
        #expect(code != EBADF)
        release(lock)
    }

    @Test func aLockFileIsPrivateAndNoLink() throws {
        try withUmask(0) { release(try FolderLock(folder: folder.path, holder: "holder")) }
        #expect(mode(of: folder(".lock")) == 0o600)
        try FileManager.default.removeItem(atPath: folder(".lock"))
        try put("precious", intoFile: folder("victim"))
        try FileManager.default.createSymbolicLink(
            atPath: folder(".lock"),
            withDestinationPath: folder("victim")
        )
        #expect(throws: FileError.self) { _ = try FolderLock(folder: folder.path, holder: "holder") }
        #expect(text(ofFile: folder("victim")) == "precious")
    }

    private func release(_ lock: consuming FolderLock) {}
}
