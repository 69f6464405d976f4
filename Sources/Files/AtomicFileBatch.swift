// Many small private files, each whole or absent, without a disk flush for each.

import CLinux
import Glibc

/// Writes many files in groups: their bytes first, one flush of the file system, then their names.
///
/// A file appears under its name only after its bytes are safe; so it is whole or absent even after a power
/// cut, for the price of one flush in a thousand files.
package struct AtomicFileBatch: ~Copyable {
    private let root: String
    private var waiting: [(partial: String, final: String)] = []
    private var folders: Set<String> = []
    private var knownFolders: Set<String> = []
    /// Holds the lock that keeps two writers out of each other's partial files.
    private let lock: Int32
    package private(set) var filesWritten = 0

    private static let groupSize = 1000

    /// Files below `root`, a private folder that is made when it is missing; waits while another process
    /// writes there.
    package init(root: String) throws(FileError) {
        try PrivateFolder.make(root, withParents: false)
        try PrivateFolder.checkCampaignFolder(root)
        lock = try Self.locked("\(root)/.lock")
        self.root = root
    }

    deinit {
        for file in waiting { unlink(file.partial) }
        close(lock)
    }

    package func exists(_ name: String, in folder: String) -> Bool {
        PrivateFolder.exists("\(root)/\(folder)/\(name)")
    }

    /// Writes one file; it appears with its group, at the latest in `finish`.
    package mutating func write(_ bytes: [UInt8], as name: String, in folder: String) throws(FileError) {
        let folderPath = "\(root)/\(folder)"
        if knownFolders.insert(folder).inserted { try PrivateFolder.make(folderPath, withParents: false) }
        let partial = "\(folderPath)/.\(name).partial"
        let descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .current("write", partial) }
        waiting.append((partial, "\(folderPath)/\(name)"))
        defer { close(descriptor) }
        guard fchmod(descriptor, 0o600) == 0 else { throw .current("write", partial) }
        if let code = Descriptor.write(bytes, to: descriptor) { throw .failed("write", partial, code) }
        folders.insert(folderPath)
        if waiting.count >= Self.groupSize { try publish() }
    }

    /// Makes the last group appear.
    package mutating func finish() throws(FileError) {
        try publish()
        try AtomicFile.syncFolder(root)
    }

    private static func locked(_ path: String) throws(FileError) -> Int32 {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .current("lock", path) }
        guard Descriptor.lock(descriptor) else {
            close(descriptor)
            throw .current("lock", path)
        }
        return descriptor
    }

    private mutating func publish() throws(FileError) {
        guard !waiting.isEmpty else { return }
        let descriptor = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .current("open the folder", root) }
        defer { close(descriptor) }
        guard clinux_syncfs(descriptor) == 0 else { throw .current("write to disk the files in", root) }
        for file in waiting {
            guard rename(file.partial, file.final) == 0 else { throw .current("put in place", file.final) }
        }
        filesWritten += waiting.count
        waiting.removeAll(keepingCapacity: true)
        for folder in folders { try AtomicFile.syncFolder(folder) }
        folders.removeAll(keepingCapacity: true)
    }
}
