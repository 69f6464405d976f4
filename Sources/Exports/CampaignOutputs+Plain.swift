// Plain invitations beside encrypted ones.

package import Files

extension CampaignOutputs {
    /// An export that anybody can read who can read the folder.
    package struct PlainExport: Hashable, Sendable {
        package let path: String
        package let isFolder: Bool
    }

    /// The plain exports in a campaign's folder, of whatever run.
    ///
    /// - Throws: `FileError` where it cannot be told.
    package static func plainExports(in folder: CampaignFolder) throws -> [PlainExport] {
        let (file, users) = ("\(folder.path)/\(invitations)", "\(folder.path)/\(usersFolder)")
        var found: [PlainExport] = []
        if PrivateFolder.exists(file) { found.append(PlainExport(path: file, isFolder: false)) }
        found += try formattedFiles(in: folder).map { PlainExport(path: $0, isFolder: false) }
        if try PrivateFolder.names(in: users).contains(where: { $0 != ".lock" }) {
            found.append(PlainExport(path: users, isFolder: true))
        }
        let batches = "\(folder.path)/\(BatchOutputs.folderName)"
        let plain = try PrivateFolder.names(in: batches).filter {
            $0.hasSuffix(".csv") || $0.hasSuffix(".jsonl")
        }.sorted()
        found += plain.map { PlainExport(path: "\(batches)/\($0)", isFolder: false) }
        return found
    }
}
