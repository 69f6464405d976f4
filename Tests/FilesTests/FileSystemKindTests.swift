import Files
import TestSupport
import Testing

@Suite struct FileSystemKindTests {
    @Test(arguments: ["/proc", "/dev/shm", "/does/not/exist"])
    func aLocalFolderIsOnNoNetwork(_ path: String) {
        #expect(FileSystemKind.networkFileSystem(ofFolder: path) == nil)
    }

    @Test func aTemporaryFolderIsOnNoNetwork() throws {
        #expect(FileSystemKind.networkFileSystem(ofFolder: try TemporaryFolder().path) == nil)
    }
}
