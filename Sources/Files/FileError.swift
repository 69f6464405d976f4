// What goes wrong with files and folders, in words.

import Glibc

/// A file or a folder that cannot be used; the description says which, why, and what to do.
package struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }

    /// A failed system call; reads `errno`.
    package static func current(_ what: String, _ path: String) -> FileError {
        failed(what, path, errno)
    }

    /// A failed system call, by its error's number.
    package static func failed(_ what: String, _ path: String, _ code: Int32) -> FileError {
        FileError("cannot \(what) \(path): \(String(cString: strerror(code)))\(advice(code))")
    }

    private static func advice(_ code: Int32) -> String {
        switch code {
        case ENOSPC, EDQUOT: "; make room on that disk, then run again"
        case EMFILE, ENFILE:
            "; allow more open files (ulimit -n), or fewer requests at a time (a lower concurrency)"
        case EACCES, EPERM, EROFS: "; give the user who runs this the right to write there"
        default: ""
        }
    }
}
