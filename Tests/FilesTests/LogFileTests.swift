// A log on the disk: whole lines, private, kept small, and no trouble where the disk is full.

import Glibc
import Files
import Model
import TestSupport
import Testing

@Suite struct LogFileTests {
    private let folder: TemporaryFolder
    private var path: String { folder("run.log") }

    init() throws { folder = try TemporaryFolder() }

    private func line(_ text: String) -> [UInt8] { Array("\(text)\n".utf8) }

    @Test func linesWaitForTheFlushAndAreAppended() throws {
        let log = try LogFile(path, sizeMax: 1000)
        log.append(line("2026-11-27 one"))
        #expect(text(ofFile: path)?.isEmpty == true)
        log.flush()
        #expect(text(ofFile: path) == "2026-11-27 one\n")
        let next = try LogFile(path, sizeMax: 1000)
        next.append(line("two"))
        next.flush()
        #expect(text(ofFile: path) == "2026-11-27 one\ntwo\n")
    }

    @Test func whatWaitsIsWrittenAtTheLatestWithTheValue() throws {
        do {
            let log = try LogFile(path, sizeMax: 1000)
            log.append(line("last"))
        }
        #expect(text(ofFile: path) == "last\n")
    }

    @Test func manyLinesAreWrittenWithoutAFlush() throws {
        let log = try LogFile(path, sizeMax: 10 << 20)
        for _ in 0..<1000 { log.append(line(String(repeating: "x", count: 100))) }
        #expect(try folder.size(of: "run.log") > 64 << 10)
    }

    @Test func itIsItsOwnersAlone() throws {
        try put(#"{"time":"2026-11-27"}"# + "\n", intoFile: path, mode: 0o644)
        _ = try LogFile(path, sizeMax: 1000)
        #expect(mode(of: path) == 0o600)
        try withUmask(0) {
            let log = try LogFile(folder("other.log"), sizeMax: 10)
            for _ in 0..<3 {
                log.append(line("12345678"))
                log.flush()
            }
        }
        #expect(mode(of: folder("other.log")) == 0o600 && mode(of: folder("other.log.1")) == 0o600)
    }

    @Test func oneOlderFileIsKept() throws {
        let log = try LogFile(path, sizeMax: 20)
        for number in 1...7 {
            log.append(line("line \(number)"))
            log.flush()
        }
        #expect(
            text(ofFile: "\(path).1") == "line 4\nline 5\n"
                || text(ofFile: "\(path).1") == "line "
                    + "5\nline 6\n"
        )
        #expect(try names(inFolder: folder.path) == ["run.log", "run.log.1"])
        let kept = (text(ofFile: "\(path).1") ?? "") + (text(ofFile: path) ?? "")
        #expect(kept.hasSuffix("line 7\n"))
        #expect(try folder.size(of: "run.log") <= 20)
    }

    @Test func aFullDiskIsToldAndTheLinesWait() throws {
        let log = try LogFile("/dev/full", sizeMax: 1000)
        log.append(line("one"))
        log.flush()
        #expect(log.error?.description.contains("/dev/full") == true)
        #expect(log.takeLost() == 0)
    }

    @Test func whatWaitsIsBounded() throws {
        let log = try LogFile("/dev/full", sizeMax: 1000)
        let long = line(String(repeating: "x", count: 99_999))
        for _ in 0..<30 { log.append(long) }
        log.flush()
        #expect(log.takeLost() == 20)
        #expect(log.takeLost() == 0, "told once")
    }

    /// A roster or a ledger that is named by mistake stays as it is.
    @Test(arguments: [
        "identity_id\n", "7b0f4c1e-2222-4333-8444-555555555555\n", "SQLite format 3\u{0}", "[{\"id\":1}]",
        "1",
    ])
    func whatIsNoLogIsNotAppendedTo(_ content: String) throws {
        try put(content, intoFile: path)
        #expect(throws: FileError.self) { try LogFile(path, sizeMax: 1000) }
        #expect(text(ofFile: path) == content)
    }

    @Test func aFolderOfOthersIsAnErrorInWords() {
        #expect(throws: FileError.self) { try LogFile("/nowhere/run.log", sizeMax: 1000) }
    }
}
