// One run at a time on a campaign: a kernel lock, which ends with its process whatever kills it.

import CLinux
import Glibc

/// The exclusive use of a folder, held until the value is gone or the process ends.
///
/// A lock of the open file description on `.lock` in the folder: the kernel drops it with the process, so
/// that a dead process, or one in another container, is no obstacle. The file says whose process holds it.
package struct FolderLock: ~Copyable {
    private let descriptor: Int32

    /// The folder is in use; `holder` says by which process.
    package struct InUse: Error, Hashable, Sendable {
        package let holder: String
    }

    /// Takes the lock at once or throws.
    ///
    /// - Throws: `InUse`, or `FileError` when the lock file cannot be used.
    package init(folder: String, holder: String) throws {
        // Set last: had it a value when something throws, `deinit` would empty and close what is not held.
        descriptor = try Self.locked(Self.path(in: folder), holder)
    }

    deinit {
        ftruncate(descriptor, 0)
        close(descriptor)
    }

    /// Who holds the lock now; nil when nobody does.
    package static func holder(ofFolder folder: String) -> String? {
        let descriptor = open(path(in: folder), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return clinux_is_locked(descriptor) ? read(descriptor) : nil
    }

    /// A descriptor that has the lock, and the holder's words in its file.
    private static func locked(_ path: String, _ holder: String) throws -> Int32 {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw FileError.current("lock", path) }
        do {
            guard fchmod(descriptor, 0o600) == 0 else { throw FileError.current("lock", path) }
            guard clinux_lock(descriptor) == 0 else {
                guard errno == EAGAIN || errno == EACCES else { throw FileError.current("lock", path) }
                throw InUse(holder: read(descriptor))
            }
            let bytes = Array(holder.utf8)
            guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, bytes, bytes.count, 0) == bytes.count
            else {
                throw FileError.current("write", path)
            }
            return descriptor
        } catch {
            close(descriptor)
            throw error
        }
    }

    private static func path(in folder: String) -> String { "\(folder)/.lock" }

    private static func read(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let text = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
        return text.isEmpty ? "another process" : text
    }
}
