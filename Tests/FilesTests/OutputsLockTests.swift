import Dispatch
import Files
import Glibc
import Synchronization
import TestSupport
import Testing

@Suite struct OutputsLockTests {
    @Test func itIsHeldAsLongAsTheValueLives() throws {
        let folder = try TemporaryFolder()
        #expect(!OutputsLock.isHeld(ofFolder: folder.path))
        do {
            let lock = try OutputsLock(folder: folder.path)
            #expect(OutputsLock.isHeld(ofFolder: folder.path))
            #expect(FolderLock.holder(ofFolder: folder.path) == nil, "a run is not kept out")
            _ = try FolderLock(folder: folder.path, holder: "a run")
            keep(lock)
        }
        #expect(!OutputsLock.isHeld(ofFolder: folder.path))
        #expect(try names(inFolder: folder.path) == [".lock"])
    }

    @Test func theNextOneWaits() throws {
        let folder = try TemporaryFolder()
        let order = Mutex<[String]>([])
        let isTrying = Atomic(false)
        let group = DispatchGroup()
        do {
            let lock = try OutputsLock(folder: folder.path)
            DispatchQueue(label: "another").async(group: group) {
                isTrying.store(true, ordering: .releasing)
                guard let lock = try? OutputsLock(folder: folder.path) else { return }
                order.withLock { $0.append("second") }
                keep(lock)
            }
            while !isTrying.load(ordering: .acquiring) { sched_yield() }
            // Time enough for a lock that does not wait.
            for _ in 0..<10_000 { sched_yield() }
            order.withLock { $0.append("first") }
            keep(lock)
        }
        group.wait()
        #expect(order.withLock(\.self) == ["first", "second"])
    }

    @Test func aFolderThatIsNotThereIsAnError() throws {
        let folder = try TemporaryFolder()
        #expect(throws: FileError.self) { _ = try OutputsLock(folder: folder("none")) }
    }
}

/// Lets the lock live until here.
private func keep(_ lock: borrowing OutputsLock) {}
