// What goes wrong with files and folders, in words.

import Glibc
package import Model

/// A file or a folder that cannot be used; it says which, why, and what to do.
package typealias FileError = CodedError<FileErrorCode>

package enum FileErrorCode: String, Hashable, Sendable, CaseIterable {
    case diskFull = "disk_full"
    case tooManyOpenFiles = "too_many_open_files"
    case noPermission = "no_permission"
    /// A system call failed for another reason.
    case failed = "file_failed"
    case notAFolder = "not_a_folder"
    /// Others may change, or read, what nobody else should.
    case openToOthers = "open_to_others"
    case foreignOwner = "foreign_owner"
    case notALog = "not_a_log"
    /// It would be overwritten.
    case isThere = "file_is_there"
}

extension FileError {
    /// A failed system call; reads `errno`.
    package static func current(_ what: String, _ path: String) -> FileError {
        failed(what, path, errno)
    }

    /// A failed system call, by its error's number.
    package static func failed(_ what: String, _ path: String, _ number: Int32) -> FileError {
        let message: Wording = "cannot \(what) \(path): \(String(cString: strerror(number)))"
        return switch number {
        case ENOSPC, EDQUOT: FileError(.diskFull, message, advice: "make room on that disk, then run again")
        case EMFILE, ENFILE:
            FileError(
                .tooManyOpenFiles,
                message,
                advice: "allow more open files (ulimit -n), or fewer requests at a time (a lower concurrency)"
            )
        case EACCES, EPERM:
            FileError(.noPermission, message, advice: "give the user who runs this the right to do so")
        case EROFS:
            FileError(
                .noPermission,
                message,
                advice: "the file system is read-only: mount it writable, or choose another place"
            )
        default: FileError(.failed, message)
        }
    }
}
