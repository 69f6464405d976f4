import CLinux
import Foundation
import Files
import Synchronization
import Model
import TestSupport
import Testing

@Suite struct AtomicFileTests {
    private let folder: TemporaryFolder
    private let path: String
    private let partial: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder("out.csv")
        partial = folder(".out.csv.partial")
    }

    @Test func nothingIsSeenBeforeTheCommitAndEverythingAfterIt() throws {
        var file = try AtomicFile(path)
        try file.write { $0 += Array("one,".utf8) }
        try file.write { $0 += [UInt8](repeating: 0x61, count: 600_000) }
        #expect(try names(inFolder: folder.path) == [".out.csv.partial"])
        try file.write { $0 += Array(",two".utf8) }
        #expect(file.size == 600_008)
        let stamp = try file.commit()
        #expect(try names(inFolder: folder.path) == ["out.csv"])
        #expect(text(ofFile: path) == "one," + String(repeating: "a", count: 600_000) + ",two")
        #expect(FileStamp(fileAt: path) == stamp)
        #expect(stamp.size == 600_008)
    }

    @Test func whatIsThereIsNotReplacedUnlessItMayBe() throws {
        try put("old", intoFile: path)
        var file = try AtomicFile(path)
        try file.write { $0 += Array("new".utf8) }
        var failure: FileError?
        do { _ = try file.commit(replacing: false) } catch { failure = error }
        #expect(failure?.description.contains(path) == true)
        #expect(text(ofFile: path) == "old")
        #expect(try names(inFolder: folder.path) == ["out.csv"])

        try FileManager.default.removeItem(atPath: path)
        file = try AtomicFile(path)
        try file.write { $0 += Array("new".utf8) }
        _ = try file.commit(replacing: false)
        #expect(text(ofFile: path) == "new" && mode(of: path) == 0o600)
        #expect(try names(inFolder: folder.path) == ["out.csv"])
    }

    @Test func whatAKilledWriterLeftIsRemovedAndNothingElse() throws {
        #expect(AtomicFile.partialPath(of: path) == partial)
        #expect(try AtomicFile.removeAbandoned(partial), "there is none")
        try put("half", intoFile: partial)
        #expect(try AtomicFile.removeAbandoned(partial))
        #expect(try names(inFolder: folder.path) == [])
        let file = try AtomicFile(path)
        #expect(try !AtomicFile.removeAbandoned(partial), "it is being written")
        #expect(try names(inFolder: folder.path) == [".out.csv.partial"])
        _ = try file.commit()
    }

    @Test func theOldFileStaysUntilTheCommit() throws {
        try put("old", intoFile: path, mode: 0o644)
        var file = try AtomicFile(path)
        try file.write { $0 += Array("new".utf8) }
        #expect(text(ofFile: path) == "old")
        _ = try file.commit()
        #expect(text(ofFile: path) == "new")
        #expect(mode(of: path) == 0o600)
    }

    @Test func whatIsAbandonedLeavesNothing() throws {
        try put("old", intoFile: path)
        do {
            var file = try AtomicFile(path)
            try file.write { $0 += [UInt8](repeating: 0x61, count: 300_000) }
            #expect(try names(inFolder: folder.path) == [".out.csv.partial", "out.csv"])
        }
        #expect(try names(inFolder: folder.path) == ["out.csv"])
        #expect(text(ofFile: path) == "old")
    }

    @Test(arguments: [0o000, 0o022, 0o077] as [mode_t])
    func isPrivateFromItsFirstByteWhateverTheUmask(mask: mode_t) throws {
        try withUmask(mask) {
            let file = try AtomicFile(path)
            #expect(mode(of: partial) == 0o600)
            _ = try file.commit()
        }
        #expect(mode(of: path) == 0o600)
    }

    @Test func whatAKilledWriterLeftIsTakenOver() throws {
        try put(String(repeating: "left over ", count: 1000), intoFile: partial, mode: 0o644)
        var file = try AtomicFile(path)
        #expect(mode(of: partial) == 0o600)
        try file.write { $0 += Array("mine".utf8) }
        _ = try file.commit()
        #expect(text(ofFile: path) == "mine")
        #expect(try names(inFolder: folder.path) == ["out.csv"])
    }

    /// As a writer leaves it that is killed when it has put a file in place that must not be there yet.
    @Test func aWholeFileThatHasThePartialNameTooStaysWhole() throws {
        try put("precious", intoFile: folder("moved"))
        try FileManager.default.linkItem(atPath: folder("moved"), toPath: partial)
        var file = try AtomicFile(path)
        try file.write { $0 += Array("mine".utf8) }
        _ = try file.commit(replacing: false)
        #expect(text(ofFile: folder("moved")) == "precious")
        #expect(text(ofFile: path) == "mine")
        #expect(try names(inFolder: folder.path) == ["moved", "out.csv"])
    }

    @Test func aPartialThatIsALinkIsRefused() throws {
        try put("precious", intoFile: folder("victim"))
        try FileManager.default.createSymbolicLink(atPath: partial, withDestinationPath: folder("victim"))
        let error = #expect(throws: FileError.self) { _ = try AtomicFile(path) }
        #expect(error?.description.contains(partial) == true)
        #expect(text(ofFile: folder("victim")) == "precious")
    }

    @Test func aFileThatIsALinkIsReplacedAndNotFollowed() throws {
        try put("precious", intoFile: folder("victim"))
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: folder("victim"))
        var file = try AtomicFile(path)
        try file.write { $0 += Array("mine".utf8) }
        let stamp = try file.commit()
        #expect(text(ofFile: folder("victim")) == "precious")
        #expect(FileStamp(fileAt: path) == stamp)
    }

    @Test func aCommitThatFailsSaysSoAndLeavesNothing() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        let error = #expect(throws: FileError.self) {
            let file = try AtomicFile(path)
            _ = try file.commit()
        }
        #expect(error?.description == "cannot put in place \(path): Is a directory")
        #expect(try names(inFolder: folder.path) == ["out.csv"])
    }

    @Test func aFolderThatIsMissingIsNamed() {
        let missing = folder("missing/out.csv")
        let error = #expect(throws: FileError.self) { _ = try AtomicFile(missing) }
        #expect(
            error?.description
                == "cannot write \(folder("missing/.out.csv.partial")): No such file or directory"
        )
    }

    @Test func theWriterHasThePartialToItself() throws {
        let file = try AtomicFile(path)
        let other = open(partial, O_WRONLY)
        defer { close(other) }
        #expect(clinux_is_locked(other))
        #expect(clinux_lock(other) == -1)
        _ = try file.commit()
        #expect(clinux_lock(other) == 0)
    }

    @Test func writersOfTheSameFileTakeTurns() throws {
        // Each writes one letter many times; if two ever had the same partial, letters would mix.
        let mixed = Count()
        let writers = DispatchGroup()
        for writer in 0..<6 {
            writers.enter()
            // A thread each, for they block each other.
            Thread.detachNewThread { [self] in
                for _ in 0..<10 where (try? writeLetters(writer)) != true {
                    mixed.value.add(1, ordering: .relaxed)
                }
                writers.leave()
            }
        }
        writers.wait()
        #expect(mixed.value.load(ordering: .relaxed) == 0)
        #expect(try names(inFolder: folder.path) == ["out.csv"])
    }

    /// Writes the file, and says whether what is there then is all by one writer.
    private func writeLetters(_ writer: Int) throws -> Bool {
        let size = 60_000
        var file = try AtomicFile(path)
        for _ in 0..<3 {
            try file.write { $0 += [UInt8](repeating: UInt8(0x61 + writer), count: size / 3) }
        }
        _ = try file.commit()
        guard let bytes = FileManager.default.contents(atPath: path) else { return false }
        return bytes.count == size && bytes.allSatisfy { $0 == bytes.first }
    }
}

private final class Count: Sendable {
    let value = Atomic(0)
}
