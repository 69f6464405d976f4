// One process at a time writes a campaign's outputs: a kernel lock of the folder itself.

import Glibc
import Model

/// The exclusive use of a folder's outputs, held until the value is gone or the process ends.
///
/// Whoever writes outputs reads the ledger under it, so that no file is replaced by one that was read
/// earlier: a report that was begun during a run would otherwise outlast the run's own. The lock is `flock`'s
/// on the folder, which needs no file and is in nobody's way who looks or runs.
package struct OutputsLock: ~Copyable {
    private let descriptor: Int32

    /// Waits for the lock, however long another process writes.
    ///
    /// Where the file system has no such locks nobody waits.
    ///
    /// - Throws: `FileError` when the folder cannot be opened.
    package init(folder: String) throws(FileError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .current("open the folder", folder) }
        while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Whether somebody has the lock now.
    package static func isHeld(ofFolder folder: String) -> Bool {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }
}
