// The roster as the command line names it.

import Glibc
import Roster

/// A roster that has been opened and looked at, and can be read once.
struct RosterFile: @unchecked Sendable {
    // Unchecked: the reader is handed to one task, which reads on one queue alone, one piece of work after the other.
    let reader: any RosterItems
    let path: String
    /// In bytes; nil of what can be read only once.
    let size: Int64?
    /// Whether it has no row.
    let isEmpty: Bool

    /// - Parameter mayBeEmpty: whether there may be nobody in it; else that is an error.
    /// - Throws: `RosterError`, in words; also where no row names an identity.
    init(_ path: String, options: RosterOptions, mayBeEmpty: Bool) throws {
        self.path = path
        var status = stat()
        let isFile = path != "-" && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        let size = isFile ? Int64(status.st_size) : nil
        self.size = size
        do {
            reader = try RosterPreview.open(canReopen: isFile) {
                try RosterReader(source: FileByteSource(path: path), options: options)
            }
            isEmpty = false
        } catch let error as RosterError where mayBeEmpty && error.saysEmpty {
            reader =
                try size.map { size in
                    EmptyRoster(
                        fingerprint: try rosterFingerprint(of: FileByteSource(path: path)),
                        bytes: size
                    )
                } ?? EmptyRoster()
            isEmpty = true
        }
    }

    /// Computes the file's fingerprint without parsing it; nil for what can be read only once.
    var fingerprint: (@Sendable () throws -> String)? {
        guard size != nil else { return nil }
        return { [path] in try rosterFingerprint(of: FileByteSource(path: path)) }
    }
}
