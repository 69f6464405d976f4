// Whether a ledger's files still are those that were opened.

import Glibc
import Ledger
import Synchronization
import Model

/// The files of a ledger in use, looked at before and after each transaction: before, as SQLite makes a log
/// that was cut short as long as it was.
///
/// SQLite goes on with a file that was deleted or replaced, and what it writes is then lost with the process.
/// So the names must lead to what was opened, and no file may get smaller: in a run nobody else may shrink
/// them, as SQLite itself only does when the last connection closes.
///
/// The ledger itself is never opened here, for closing it would end SQLite's locks (POSIX, `fcntl`). Its log
/// has none.
final class LedgerFiles: Sendable {
    private struct File {
        let device: dev_t
        let inode: ino_t
        var size: off_t
    }

    private struct State {
        var files: [String: File] = [:]
        /// The log, for reading its first bytes.
        var log: Int32 = -1
        /// Whether the ledger itself is there no more, or another one is.
        var isLost = false
    }

    private let path: String
    private let state = Mutex(State())

    /// What a log begins with, its last bit aside (sqlite.org, "WAL-mode File Format").
    private static let logMagic: [UInt8] = [0x37, 0x7f, 0x06]

    init(path: String) { self.path = path }

    deinit {
        let log = state.withLock { $0.log }
        if log >= 0 { close(log) }
    }

    /// Whether the ledger is whole still, and only for SQLite: its name is gone, or another file's.
    var isLost: Bool { state.withLock(\.isLost) }

    /// - Throws: `LedgerError` where a file is not what it was.
    func check() throws {
        try state.withLock { state in
            for suffix in ["", "-wal", "-shm"] { try check(suffix, &state) }
            try checkLog(&state)
        }
    }

    /// Takes the files as large as they are from now on, after the ledger itself was written anew.
    func forgetSizes() {
        state.withLock { state in
            for suffix in state.files.keys { state.files[suffix]?.size = 0 }
        }
    }

    private func check(_ suffix: String, _ state: inout State) throws {
        var status = stat()
        let known = state.files[suffix]
        guard lstat(path + suffix, &status) == 0 else {
            let code = errno
            guard known != nil else { return }
            // What is out of reach for a moment is not gone.
            if suffix.isEmpty, code == ENOENT { state.isLost = true }
            throw error(
                suffix,
                code == ENOENT ? "was deleted" : "is out of reach (\(String(cString: strerror(code))))"
            )
        }
        let file = File(device: status.st_dev, inode: status.st_ino, size: status.st_size)
        if let known {
            guard file.device == known.device, file.inode == known.inode else {
                if suffix.isEmpty { state.isLost = true }
                throw error(suffix, "was replaced by another file")
            }
            guard file.size >= known.size else {
                throw error(suffix, file.size == 0 ? "was emptied" : "was cut short")
            }
        }
        state.files[suffix] = file
    }

    /// A log that was cut short and written to since has its size again, and zeros where it began.
    private func checkLog(_ state: inout State) throws {
        guard let known = state.files["-wal"], known.size > 0 else { return }
        if state.log < 0 { state.log = open("\(path)-wal", O_RDONLY | O_CLOEXEC | O_NOFOLLOW) }
        guard state.log >= 0 else { return }
        var start = [UInt8](repeating: 0, count: Self.logMagic.count)
        let count = pread(state.log, &start, start.count, 0)
        guard count == start.count, start == Self.logMagic else { throw error("-wal", "was overwritten") }
    }

    private func error(_ suffix: String, _ what: String) -> LedgerError {
        LedgerError(
            suffix.isEmpty && what == "was deleted" ? .missing : .unreadable,
            "the ledger's file \(path)\(suffix) \(what) while it was in use: nothing more is issued, for it "
                + "could not be kept",
            advice: "put back what was there, or restore ledger.sqlite from a backup (and then remove "
                + "ledger.sqlite-wal and ledger.sqlite-shm), and run again"
        )
    }
}
