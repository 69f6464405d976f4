// What there is where a campaign would be written; nothing is made to find out.

import Glibc
import Files
import Model

/// The output folder and the campaign's in it, as they are now.
struct FolderSurvey: Hashable {
    let path: String
    /// The folder itself, or else the nearest above it that is there.
    let nearest: String
    /// Whether the output folder is there.
    let exists: Bool
    /// Why a run would refuse what is there, in words.
    let refusal: String?
    /// Whether this user may write in `nearest`, and in the campaign's folder where that is there.
    let isWritable: Bool
    /// The permission bits of the output folder; 0 where it is not there.
    let mode: Int
    /// The name of a network file system that it is on.
    let networkFileSystem: String?
    /// What this user may still write there, in bytes; nil where it cannot be told.
    let freeBytes: Int64?
    /// What the campaign's ledger takes already.
    let ledgerBytes: Int64

    init(
        path: String,
        nearest: String,
        exists: Bool,
        refusal: String? = nil,
        isWritable: Bool = true,
        mode: Int = 0o700,
        networkFileSystem: String? = nil,
        freeBytes: Int64? = nil,
        ledgerBytes: Int64 = 0
    ) {
        self.path = path
        self.nearest = nearest
        self.exists = exists
        self.refusal = refusal
        self.isWritable = isWritable
        self.mode = mode
        self.networkFileSystem = networkFileSystem
        self.freeBytes = freeBytes
        self.ledgerBytes = ledgerBytes
    }

    /// Looks at the folders.
    ///
    /// - Parameter campaign: the campaign's folder; nil where none is named.
    init(outputFolder path: String, campaignFolder campaign: String?) {
        let nearest = Self.nearest(to: path)
        let exists = nearest == path
        var folders = [nearest]
        var refusal: String?
        do {
            // Something that is no folder is in the way of one, wherever it is.
            if Self.status(of: nearest).map({ $0.st_mode & S_IFMT != S_IFDIR }) ?? true {
                refusal = "\(nearest) is not a folder"
            }
            if exists, refusal == nil { try PrivateFolder.checkOutputFolder(path) }
            if let campaign, exists, refusal == nil, PrivateFolder.exists(campaign) {
                folders.append(campaign)
                try PrivateFolder.checkCampaignFolder(campaign)
            }
        } catch {
            refusal = error.description
        }
        self.init(
            path: path,
            nearest: nearest,
            exists: exists,
            refusal: refusal,
            isWritable: folders.allSatisfy { faccessat(AT_FDCWD, $0, W_OK | X_OK, AT_EACCESS) == 0 },
            mode: exists ? Self.status(of: path).map { Int($0.st_mode & 0o7777) } ?? 0 : 0,
            networkFileSystem: FileSystemKind.networkFileSystem(ofFolder: folders.last ?? nearest),
            freeBytes: Self.freeBytes(at: folders.last ?? nearest),
            ledgerBytes: campaign.flatMap { Self.status(of: "\($0)/ledger.sqlite") }
                .map { Int64($0.st_size) } ?? 0
        )
    }

    /// The path, or what is nearest above it and there.
    private static func nearest(to path: String) -> String {
        var nearest = path
        while !PrivateFolder.exists(nearest), let parent = PrivateFolder.parent(of: nearest) {
            nearest = parent
        }
        return nearest
    }

    /// What a path leads to; nil where there is nothing.
    private static func status(of path: String) -> stat? {
        var status = stat()
        return stat(path, &status) == 0 ? status : nil
    }

    private static func freeBytes(at path: String) -> Int64? {
        var system = statvfs()
        guard statvfs(path, &system) == 0 else { return nil }
        let (bytes, overflow) = Int64(clamping: system.f_bavail)
            .multipliedReportingOverflow(by: Int64(clamping: system.f_frsize))
        return overflow ? .max : bytes
    }
}

extension FolderSurvey {
    var nearestInWords: String { nearest == "." ? "the working folder" : nearest }

    var finding: Finding {
        if let refusal {
            return .problem(.outputFolder, "\(refusal)", "mend that, or choose another \(.outputFolder)")
        }
        guard isWritable else {
            return .problem(
                .outputFolder,
                "this user cannot write in \(nearestInWords)",
                "give the user who runs this the right to, or choose another \(.outputFolder)"
            )
        }
        if let networkFileSystem {
            return .warning(
                .outputFolder,
                "\(nearestInWords) is on a network file system (\(networkFileSystem)), where SQLite's locks "
                    + "cannot be relied on",
                "put \(.outputFolder) on a local disk"
            )
        }
        guard exists else {
            return .ok(.outputFolder, "\(path) is not there yet, and can be made in \(nearestInWords)")
        }
        guard mode & 0o077 == 0 else {
            return .warning(
                .outputFolder,
                "others can look into \(path) (mode \(String(mode, radix: 8))) and see which campaigns "
                    + "there are, though not what is in them",
                "chmod 700 it"
            )
        }
        return .ok(.outputFolder, "\(path) is writable, and private (mode \(String(mode, radix: 8)))")
    }
}
