// A log on the disk: lines behind one another, in a file that is kept small.

import Glibc
import Synchronization
import Model

/// Appends lines to a file, from any thread; a file that has grown too large is kept as `<path>.1`, and a
/// new one begun.
///
/// Lines are gathered and written together: when there are enough of them, and with `flush`. What cannot be
/// written
/// waits for the next time, up to a bound, so that a full disk neither ends a run nor costs a line at once.
package final class LogFile: Sendable {
    private struct State {
        var descriptor: Int32
        /// What is in the file.
        var size: Int
        var waiting: [UInt8] = []
        /// Lines that there was no room for while nothing could be written.
        var lost = 0
        var error: FileError?
    }

    package let path: String
    private let sizeMax: Int
    /// Whether it is a file, and no device or pipe.
    private let isFile: Bool
    private let state: Mutex<State>

    /// As much is written at once.
    private static let batch = 32 << 10
    /// As much waits where nothing can be written.
    private static let waitingMax = 1 << 20

    /// - Parameter sizeMax: the file's size in bytes beyond which a new one is begun.
    /// - Throws: `FileError` where the file cannot be opened or made private, or is no log.
    package init(_ path: String, sizeMax: Int) throws(FileError) {
        guard Self.mayBeLog(path) else {
            throw FileError(
                .notALog,
                "\(path) is no log, and nothing is appended to it",
                advice: "name another file"
            )
        }
        self.path = path
        self.sizeMax = sizeMax
        let (descriptor, status) = try Self.opened(path)
        isFile = status.st_mode & S_IFMT == S_IFREG
        state = Mutex(State(descriptor: descriptor, size: Int(status.st_size)))
    }

    deinit {
        flush()
        state.withLock { _ = close($0.descriptor) }
    }

    /// Why lines cannot be written at the moment; nil where they can.
    package var error: FileError? { state.withLock(\.error) }

    /// How many lines were lost since this was asked the last time.
    package func takeLost() -> Int {
        state.withLock { state in
            defer { state.lost = 0 }
            return state.lost
        }
    }

    /// Appends a line, which ends in a line break.
    package func append(_ line: [UInt8]) {
        state.withLock { state in
            guard state.waiting.count + line.count <= Self.waitingMax else {
                state.lost += 1
                return
            }
            state.waiting += line
            if state.waiting.count >= Self.batch, state.error == nil { write(&state) }
        }
    }

    /// Writes what waits.
    package func flush() { state.withLock { write(&$0) } }

    private func write(_ state: inout State) {
        guard !state.waiting.isEmpty else { return }
        if isFile, state.size > 0, state.size + state.waiting.count > sizeMax { beginAnew(&state) }
        var written = 0
        while written < state.waiting.count {
            let count = state.waiting.withUnsafeBytes { bytes in
                Glibc.write(state.descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
            }
            if count > 0 {
                written += count
            } else if errno != EINTR {
                break
            }
        }
        state.error = written == state.waiting.count ? nil : .current("write to the log", path)
        state.size += written
        state.waiting.removeFirst(written)
    }

    /// Keeps the file as `<path>.1` in the place of the one before; where that fails it goes on growing.
    private func beginAnew(_ state: inout State) {
        guard rename(path, "\(path).1") == 0, let (descriptor, _) = try? Self.opened(path) else {
            return
        }
        close(state.descriptor)
        state.descriptor = descriptor
        state.size = 0
    }

    /// Whether a file is empty, begins as a log's line does (`{"time":`, or a date), or is none.
    ///
    /// A roster or a ledger that is named by mistake would be spoilt.
    private static func mayBeLog(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else {
            return true
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 8)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let start = bytes.prefix(max(0, count))
        let isDate =
            start.count > 4 && start[4] == UInt8(ascii: "-") && start[..<4].allSatisfy { 0x30...0x39 ~= $0 }
        return isDate || start.elementsEqual("{\"time\":".utf8)
    }

    /// Opens a file for appending and makes it its owner's alone; a device or a pipe stays as it is.
    private static func opened(_ path: String) throws(FileError) -> (Int32, stat) {
        // A pipe that nobody reads must not stop a run.
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_CREAT, 0o600)
        guard descriptor >= 0 else { throw .current("open the log", path) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let error = FileError.current("look at the log", path)
            close(descriptor)
            throw error
        }
        if status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o777 != 0o600, fchmod(descriptor, 0o600) != 0
        {
            let error = FileError.current("make private the log", path)
            close(descriptor)
            throw error
        }
        return (descriptor, status)
    }
}
