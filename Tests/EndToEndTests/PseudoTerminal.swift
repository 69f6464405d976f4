// A terminal of the tests' own, with a person at it.

import Foundation
import Glibc
import Synchronization
import SystemPackage

/// The two ends of a pseudo terminal: the program's, and that of whoever reads and types.
final class PseudoTerminal: Sendable {
    private let person: Int32
    private let path: String
    private let text = Mutex("")

    /// How long the program may take to show something.
    private static let patienceMs: Int32 = 60_000

    /// `TIOCSPTLCK` and `TIOCGPTN` (`asm-generic/ioctls.h`), which Swift doesn't import.
    private static let lockRequest: UInt = 0x4004_5431
    private static let numberRequest: UInt = 0x8004_5430

    init() throws {
        person = Glibc.open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var isLocked: CInt = 0
        var number: CInt = 0
        guard person >= 0, ioctl(person, Self.lockRequest, &isLocked) == 0,
            ioctl(person, Self.numberRequest, &number) == 0
        else { throw POSIXError(.ENXIO) }
        path = "/dev/pts/\(number)"
    }

    deinit { close(person) }

    /// The program's end, once more.
    func open() throws -> FileDescriptor {
        let descriptor = Glibc.open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else { throw POSIXError(.ENXIO) }
        return FileDescriptor(rawValue: descriptor)
    }

    /// Everything that was to be seen so far.
    var shown: String {
        while isReadable(waitingMs: 0), readMore() {}
        return text.withLock { $0 }
    }

    /// Reads until something is to be seen.
    func awaits(_ words: String) async throws {
        while !text.withLock({ $0.contains(words) }) {
            guard isReadable(waitingMs: Self.patienceMs), readMore() else { throw POSIXError(.ETIMEDOUT) }
        }
    }

    func type(_ keys: String) throws {
        let bytes = Array(keys.utf8)
        guard write(person, bytes, bytes.count) == bytes.count else { throw POSIXError(.EIO) }
    }

    private func isReadable(waitingMs: Int32) -> Bool {
        var wait = pollfd(fd: person, events: Int16(POLLIN), revents: 0)
        return poll(&wait, 1, waitingMs) == 1 && wait.revents & Int16(POLLIN) != 0
    }

    /// Whether there was anything.
    private func readMore() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(person, &bytes, bytes.count)
        guard count > 0 else { return false }
        text.withLock { $0 += String(decoding: bytes[..<count], as: UTF8.self) }
        return true
    }
}
