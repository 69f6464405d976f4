// Folders and files of tests.

package import Foundation
import Synchronization

/// A private folder that is gone with the value.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init() throws {
        var template = Array("\(NSTemporaryDirectory())/latchstring-tests-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        chmod(path, 0o700)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Makes or replaces a file in the folder; returns its path.
    package func write(_ text: String, to name: String) throws -> String {
        try put(text, intoFile: self(name))
        return self(name)
    }

    /// The size of a file in the folder.
    package func size(of name: String) throws -> Int {
        guard let status = status(of: self(name)) else { throw POSIXError(.ENOENT) }
        return Int(status.st_size)
    }

    /// The path of something in the folder.
    package func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }
}

/// The bytes of a file as text; nil where there is none.
package func text(ofFile path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
}

/// The names in a folder, hidden ones too, sorted.
package func names(inFolder path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
}

/// Makes or replaces a file.
package func put(_ text: String, intoFile path: String, mode: mode_t = 0o600) throws {
    guard FileManager.default.createFile(atPath: path, contents: Data(text.utf8)) else {
        throw POSIXError(.EIO)
    }
    chmod(path, mode)
}

/// The permission bits of a file or folder; nil where there is none.
package func mode(of path: String) -> mode_t? {
    status(of: path).map { $0.st_mode & 0o7777 }
}

/// Which file is at a path; another one after a rename onto it.
package func inode(of path: String) -> UInt64? {
    status(of: path).map { UInt64($0.st_ino) }
}

private func status(of path: String) -> stat? {
    var status = stat()
    return lstat(path, &status) == 0 ? status : nil
}

/// Runs something under a umask, one at a time in this process, for a umask is the whole process'.
///
/// Nothing else that runs in parallel may depend on it; so take none that would deny the owner's own rights.
package func withUmask<T>(_ mask: mode_t, _ body: () throws -> T) rethrows -> T {
    try umaskInUse.withLock { _ in
        let before = umask(mask)
        defer { umask(before) }
        return try body()
    }
}

private let umaskInUse = Mutex(())
