// Folders that hold secrets: made private, and refused when they are not.

import Glibc
import Model

/// The folders that campaigns are written to, checked before anything secret goes in.
package enum PrivateFolder {
    /// Makes the folder that campaign folders are in, or checks it: nobody else may write there.
    ///
    /// - Throws: `FileError` when it cannot be made, is no folder, or could be changed by somebody else.
    package static func prepareOutputFolder(_ path: String) throws(FileError) {
        try make(path, withParents: true)
        try checkOutputFolder(path)
    }

    /// Checks the folder that campaign folders are in, which must exist already.
    package static func checkOutputFolder(_ path: String) throws(FileError) {
        let status = try folderStatus(path)
        if status.st_mode & 0o022 != 0 {
            throw FileError(
                .openToOthers,
                "the output folder \(path) can be written by others (mode \(octal(status.st_mode))); whoever "
                    + "can write there can replace a ledger",
                advice: "chmod go-w it, or choose another output folder"
            )
        }
        try checkOwner(status, path)
    }

    /// Makes a campaign's own folder, or checks it: nobody else may even read it.
    ///
    /// - Throws: `FileError` when it cannot be made, is no folder, or is open to somebody else.
    package static func prepareCampaignFolder(_ path: String) throws(FileError) {
        try make(path, withParents: false)
        try checkCampaignFolder(path)
    }

    /// Checks a campaign's folder that must exist already.
    package static func checkCampaignFolder(_ path: String) throws(FileError) {
        let status = try folderStatus(path)
        if status.st_mode & 0o077 != 0 {
            throw FileError(
                .openToOthers,
                "the campaign folder \(path) is open to others (mode \(octal(status.st_mode))); "
                    + "it holds keys to accounts",
                advice: "chmod 700 it"
            )
        }
        try checkOwner(status, path)
    }

    /// Whether there is anything at that path.
    package static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// The same for paths in folders that may not be looked into.
    ///
    /// - Throws: `FileError` when that cannot be told, for want of rights.
    package static func mayExist(_ path: String) throws(FileError) -> Bool {
        var status = stat()
        if lstat(path, &status) == 0 { return true }
        guard errno == ENOENT || errno == ENOTDIR else { throw .current("look at", path) }
        return false
    }

    /// The names in a folder; none where there is no such folder.
    package static func names(in path: String) throws(FileError) -> [String] {
        guard let folder = opendir(path) else {
            if errno == ENOENT { return [] }
            throw .current("look into the folder", path)
        }
        defer { closedir(folder) }
        var names: [String] = []
        while true {
            // At its end as after an error nothing is returned.
            errno = 0
            guard let entry = readdir(folder) else { break }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        guard errno == 0 else { throw .current("look into the folder", path) }
        return names
    }

    /// Makes folders with mode 0700 whatever the umask, the missing parents too; safe from a power cut where
    /// the folder that they are in can be read.
    static func make(_ path: String, withParents: Bool) throws(FileError) {
        if mkdir(path, 0o700) == 0 {
            // A umask such as 0777 takes the owner's own rights too.
            guard chmod(path, 0o700) == 0 else { throw .current("set the rights of", path) }
            if let parent = parent(of: path), access(parent, R_OK) == 0 { try AtomicFile.syncFolder(parent) }
            return
        }
        switch errno {
        case EEXIST: return
        case ENOENT where withParents:
            guard let parent = parent(of: path) else { throw .current("make the folder", path) }
            try make(parent, withParents: true)
            try make(path, withParents: false)
        default: throw .current("make the folder", path)
        }
    }

    /// The folder that a path is in; nil for the root.
    package static func parent(of path: String) -> String? {
        let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        guard let slash = trimmed.lastIndex(of: "/") else { return trimmed == "." ? nil : "." }
        if slash == trimmed.startIndex { return trimmed == "/" ? nil : "/" }
        return String(trimmed[..<slash])
    }

    private static func folderStatus(_ path: String) throws(FileError) -> stat {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .current("look at the folder", path) }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw FileError(.notAFolder, "\(path) is not a folder")
        }
        return status
    }

    private static func checkOwner(_ status: stat, _ path: String) throws(FileError) {
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw FileError(
                .foreignOwner,
                "the folder \(path) belongs to another user (ID \(status.st_uid)), who could change what is "
                    + "in it",
                advice: "chown it to the user who runs this, or choose another output folder"
            )
        }
    }

    private static func octal(_ mode: mode_t) -> String {
        String(mode & 0o7777, radix: 8)
    }
}
