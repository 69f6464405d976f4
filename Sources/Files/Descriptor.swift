// What every writer of files does with a descriptor.

import CLinux
import Glibc

/// Calls on an open file's descriptor, made again where a signal interrupted them.
package enum Descriptor {
    /// Writes all of the bytes; returns the error that kept it from that, nil when none did.
    package static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
        bytes.withUnsafeBytes { bytes in
            var offset = 0
            while offset < bytes.count {
                let written = Glibc.write(
                    descriptor,
                    bytes.baseAddress.map { $0 + offset },
                    bytes.count - offset
                )
                if written >= 0 {
                    offset += written
                } else if errno != EINTR {
                    return errno
                }
            }
            return nil
        }
    }

    /// Whether a path leads to the open file still.
    package static func hasName(_ path: String, _ descriptor: Int32) -> Bool {
        var (opened, named) = (stat(), stat())
        return fstat(descriptor, &opened) == 0 && lstat(path, &named) == 0 && opened.st_ino == named.st_ino
            && opened.st_dev == named.st_dev
    }

    /// Makes a pipe that no other program inherits.
    package static func pipe() throws(FileError) -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        guard clinux_pipe(&ends) == 0 else { throw .current("make", "a pipe") }
        return (ends[0], ends[1])
    }

    /// Waits for the exclusive lock of a file; false, with `errno`, when it cannot be had at all.
    static func lock(_ descriptor: Int32) -> Bool {
        while clinux_lock_waiting(descriptor) != 0 {
            guard errno == EINTR else { return false }
        }
        return true
    }
}
