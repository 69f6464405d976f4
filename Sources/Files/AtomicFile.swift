// Output files that are whole or absent, and private from their first byte.

import CLinux
import Glibc

/// One output file being written: nothing is seen under its name before `commit`, and everything after it.
///
/// The bytes go to `.NAME.partial` beside it (mode 0600, locked while it is written, so that two writers take
/// turns), then fsync, rename, and fsync of the folder. What a killed process leaves behind is taken over by
/// the next writer of the same file.
package struct AtomicFile: ~Copyable {
    package let path: String
    private let partialPath: String
    private var descriptor: Int32
    private var buffer: [UInt8] = []
    /// The bytes written so far, those in the buffer included.
    package private(set) var size: Int64 = 0

    private static let bufferSize = 1 << 18

    /// Begins to write the file; waits while another process writes the same one.
    package init(_ path: String) throws(FileError) {
        let partialPath = Self.partialPath(of: path)
        self.path = path
        self.partialPath = partialPath
        descriptor = try Self.lockedPartial(partialPath)
        buffer.reserveCapacity(Self.bufferSize + 4096)
    }

    deinit {
        guard descriptor >= 0 else { return }
        // Not committed: what was written is nobody's.
        unlink(partialPath)
        close(descriptor)
    }

    /// For a child process to write to instead, which has ended before `commit`.
    package var descriptorForChild: Int32 { descriptor }

    /// Appends bytes, by way of a buffer of 256 KiB.
    package mutating func write(_ body: (inout [UInt8]) -> Void) throws(FileError) {
        let before = buffer.count
        body(&buffer)
        size += Int64(buffer.count - before)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Passes on what is in the buffer.
    ///
    /// - Returns: the path at which all of the bytes are that were written so far, for whoever reads them.
    package mutating func flushed() throws(FileError) -> String {
        try flush()
        return partialPath
    }

    /// Makes the file visible under its name, safe from a power cut, and says how to recognise it.
    ///
    /// - Parameter replacing: whether what has that name already is replaced; otherwise it is an error.
    package consuming func commit(replacing: Bool = true) throws(FileError) -> FileStamp {
        try flush()
        guard fsync(descriptor) == 0 else { throw .current("write to disk", path) }
        if replacing {
            guard rename(partialPath, path) == 0 else { throw .current("put in place", path) }
        } else {
            guard link(partialPath, path) == 0 else { throw .current("put in place", path) }
            unlink(partialPath)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .current("look at", path) }
        close(descriptor)
        descriptor = -1
        try Self.syncFolder(PrivateFolder.parent(of: path) ?? ".")
        return FileStamp(status)
    }

    /// Where the bytes of a file go until it is whole.
    package static func partialPath(of path: String) -> String {
        let folder = PrivateFolder.parent(of: path) ?? "."
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return "\(folder)/.\(name).partial"
    }

    /// Removes a file, and what a killed process left of it, safe from a power cut; also where there is none.
    package static func remove(_ path: String) throws(FileError) {
        var isRemoved = false
        for path in [path, partialPath(of: path)] {
            if unlink(path) == 0 {
                isRemoved = true
            } else if errno != ENOENT {
                throw .current("remove", path)
            }
        }
        if isRemoved { try syncFolder(PrivateFolder.parent(of: path) ?? ".") }
    }

    /// Gives a file another name in its folder, safe from a power cut.
    package static func move(_ path: String, to other: String) throws(FileError) {
        guard rename(path, other) == 0 else { throw .current("rename", path) }
        try syncFolder(PrivateFolder.parent(of: other) ?? ".")
    }

    /// Removes what a killed process left behind.
    ///
    /// - Returns: false where it is being written at this moment, and stays.
    package static func removeAbandoned(_ partialPath: String) throws(FileError) -> Bool {
        let descriptor = open(partialPath, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return true }
            throw .current("open", partialPath)
        }
        defer { close(descriptor) }
        guard clinux_lock(descriptor) == 0 else {
            guard errno == EAGAIN || errno == EACCES else { throw .current("lock", partialPath) }
            return false
        }
        guard unlink(partialPath) == 0 || errno == ENOENT else { throw .current("remove", partialPath) }
        return true
    }

    private mutating func flush() throws(FileError) {
        if let code = Descriptor.write(buffer, to: descriptor) { throw .failed("write", path, code) }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Opens and locks the partial file: the one that has that name when the lock is had.
    private static func lockedPartial(_ path: String) throws(FileError) -> Int32 {
        while true {
            let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard descriptor >= 0 else { throw .current("write", path) }
            guard Descriptor.lock(descriptor) else {
                close(descriptor)
                throw .current("lock", path)
            }
            // Its former writer may have renamed it while we waited for the lock.
            guard Descriptor.hasName(path, descriptor) else {
                close(descriptor)
                continue
            }
            var status = stat()
            var isReady = fstat(descriptor, &status) == 0
            // A writer that was killed between `link` and `unlink` has left a whole file with two names.
            if isReady, status.st_nlink > 1 {
                let isRemoved = unlink(path) == 0
                close(descriptor)
                guard isRemoved else { throw .current("remove", path) }
                continue
            }
            isReady = isReady && ftruncate(descriptor, 0) == 0 && fchmod(descriptor, 0o600) == 0
            guard isReady else {
                close(descriptor)
                throw .current("write", path)
            }
            return descriptor
        }
    }

    /// Makes the names in a folder safe from a power cut.
    package static func syncFolder(_ path: String) throws(FileError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .current("open the folder", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .current("write to disk the folder", path) }
    }
}

/// What tells whether a file is still the one that was written: its size and the time of its last change.
package struct FileStamp: Hashable, Sendable {
    package let size: Int64
    package let modifiedNanoseconds: Int64

    package init(size: Int64, modifiedNanoseconds: Int64) {
        self.size = size
        self.modifiedNanoseconds = modifiedNanoseconds
    }

    init(_ status: stat) {
        size = Int64(status.st_size)
        modifiedNanoseconds = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
    }

    /// The stamp of the file at that path; nil where there is none.
    package init?(fileAt path: String) {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        self.init(status)
    }
}
