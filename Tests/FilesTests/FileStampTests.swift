import Foundation
import Files
import TestSupport
import Testing

@Suite struct FileStampTests {
    @Test func changesWithSizeAndTime() throws {
        let folder = try TemporaryFolder()
        let path = folder("file")
        try put("abc", intoFile: path)
        let first = try #require(FileStamp(fileAt: path))
        #expect(first.size == 3)
        #expect(FileStamp(fileAt: path) == first)

        var times = [timespec(tv_sec: 1, tv_nsec: 5), timespec(tv_sec: 1, tv_nsec: 5)]
        #expect(utimensat(AT_FDCWD, path, &times, 0) == 0)
        #expect(FileStamp(fileAt: path) == FileStamp(size: 3, modifiedNanoseconds: 1_000_000_005))

        try put("abcd", intoFile: path)
        #expect(utimensat(AT_FDCWD, path, &times, 0) == 0)
        #expect(FileStamp(fileAt: path) == FileStamp(size: 4, modifiedNanoseconds: 1_000_000_005))
    }

    @Test func onlyAFileHasOne() throws {
        let folder = try TemporaryFolder()
        try put("abc", intoFile: folder("file"))
        try FileManager.default.createSymbolicLink(
            atPath: folder("link"),
            withDestinationPath: folder("file")
        )
        #expect(FileStamp(fileAt: folder("link")) == nil)
        #expect(FileStamp(fileAt: folder("missing")) == nil)
        #expect(FileStamp(fileAt: folder.path) == nil)
    }
}
