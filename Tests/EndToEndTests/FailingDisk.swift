// A disk that fails when a test wants it to.

import Foundation
import Glibc
import Programs

/// An ext4 file system in a file, mounted at a path, which its kernel can be made to find in error: from then
/// on nothing can be written, not even to files that are open.
final class FailingDisk: Sendable {
    private static let maker = "/sbin/mkfs.ext4"
    private let image: String
    private let path: String

    /// Nil where such a thing cannot be made or mounted.
    ///
    /// - Parameter image: the file that it is to be in.
    static func mounted(at path: String, image: String, megabytes: Int) async throws -> FailingDisk? {
        guard FileManager.default.isExecutableFile(atPath: maker) else { return nil }
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard FileManager.default.createFile(atPath: image, contents: nil),
            truncate(image, off_t(megabytes << 20)) == 0,
            try await Program.run(program: maker, ["-q", "-F", image]).status == 0
        else { return nil }
        let disk = FailingDisk(image: image, path: path)
        return try await disk.mount() ? disk : nil
    }

    private init(image: String, path: String) { (self.image, self.path) = (image, path) }

    /// As after an error of the device: what has not reached it by now never will.
    func fail() { _ = Glibc.mount("none", path, "none", UInt(MS_REMOUNT), "abort") }

    /// Mounts it anew, as an operator does.
    func mend() async throws -> Bool {
        guard try await Program.run(program: "/bin/umount", [path]).status == 0 else { return false }
        return try await mount()
    }

    func unmount() async throws {
        _ = try await Program.run(program: "/bin/umount", ["-l", path])
    }

    private func mount() async throws -> Bool {
        try await Program.run(program: "/bin/mount", ["-o", "loop", image, path]).status == 0
    }
}
