// Another process' lock on a campaign, as far as anybody can see.

import Files
import Synchronization

/// Holds a folder's lock until it is told to let go.
final class LockHolder: Sendable {
    private struct Held: ~Copyable { let lock: FolderLock }

    private let held: Mutex<Held?>

    init(_ folder: String) throws {
        held = Mutex(Held(lock: try FolderLock(folder: folder, holder: "process 2 on test")))
    }

    func release() { held.withLock { $0 = nil } }
}
