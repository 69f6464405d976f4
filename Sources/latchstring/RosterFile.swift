// The roster as the command line names it.

import Glibc
import Roster

/// A roster that has been opened and looked at, and can be read once.
struct RosterFile: @unchecked Sendable {
    // Unchecked: the reader is handed to one task, which reads on one queue alone, one piece of work after the other.
    let reader: RosterReader
    let path: String
    /// In bytes; nil of what can be read only once.
    let size: Int64?

    /// - Throws: `RosterError`, in words.
    init(_ path: String, options: RosterOptions) throws {
        self.path = path
        var status = stat()
        let isFile = path != "-" && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        size = isFile ? Int64(status.st_size) : nil
        reader = try RosterReader(source: FileByteSource(path: path), options: options)
    }

    /// Computes the file's fingerprint without parsing it; nil for what can be read only once.
    var fingerprint: (@Sendable () throws -> String)? {
        guard size != nil else { return nil }
        return { [path] in try rosterFingerprint(of: FileByteSource(path: path)) }
    }
}
