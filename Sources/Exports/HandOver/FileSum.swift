// The SHA-256 of a file.

import Files
import Glibc
import Sealing

enum FileSum {
    private static let bufferSize = 1 << 18

    /// Reads the whole file.
    ///
    /// - Throws: `FileError`.
    static func sha256(ofFile path: String) throws(FileError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw .current("read", path) }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: bufferSize)
        var sum = SHA256Sum()
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .current("read", path) }
            guard count > 0 else { return sum.bytes }
            sum.update(buffer[..<count])
        }
    }
}
