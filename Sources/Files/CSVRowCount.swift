// How many rows a CSV file has, without reading what is in them.

import Glibc

package enum CSVRowCount {
    /// The rows of a file as `CSVFormat` writes it, without its header; line breaks in quotes end none, and a
    /// line without its end is none.
    ///
    /// - Throws: `FileError` where it cannot be read.
    package static func rows(inFile path: String) throws(FileError) -> Int {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw .current("read", path) }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var lines = 0
        var isQuoted = false
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .current("read", path) }
            guard count > 0 else { break }
            for byte in buffer[..<count] {
                if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
                if byte == UInt8(ascii: "\n"), !isQuoted { lines += 1 }
            }
        }
        return max(0, lines - 1)
    }
}
