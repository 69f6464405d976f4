// A disk that is full when a test wants it to be.

import Foundation
import Glibc
import Programs

/// A file system in memory, mounted at a path; gone with `unmount`.
final class SmallDisk: Sendable {
    let path: String
    private var filler: String { "\(path)/filler" }

    /// Nil where mounting is not allowed.
    static func mounted(at path: String, megabytes: Int) async throws -> SmallDisk? {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let options = "size=\(megabytes)m,mode=0700"
        let mount = try await Program.run(
            program: "/bin/mount",
            ["-t", "tmpfs", "-o", options, "tmpfs", path]
        )
        return mount.status == 0 ? SmallDisk(path: path) : nil
    }

    private init(path: String) { self.path = path }

    /// Takes all the room but so many KiB, whatever else is writing.
    func fill(leaving kibibytes: Int = 0) {
        let descriptor = open(filler, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        let block = [UInt8](repeating: 1, count: 4096)
        while write(descriptor, block, block.count) > 0 {}
        guard kibibytes > 0 else { return }
        ftruncate(descriptor, lseek(descriptor, 0, SEEK_END) - off_t(kibibytes * 1024))
    }

    func makeRoom() { unlink(filler) }

    func remount(_ option: String) async throws -> Bool {
        try await Program.run(program: "/bin/mount", ["-o", "remount,\(option)", path]).status == 0
    }

    func unmount() async throws {
        _ = try await Program.run(program: "/bin/umount", ["-l", path])
    }
}
