// One CSV for each user: `invitations/ab/<identity_id>.csv`.

package import Ledger
import OutputFiles
import Vocabulary

/// The invitations as one file a user, for systems that attach or upload them one by one.
package enum PerUserCSV {
    /// Writes the files that are new.
    ///
    /// - Parameters:
    ///   - folder: the folder `invitations`, made when it is missing.
    ///   - finishedRun: the latest run whose invitations are all written, so that those are not looked at again;
    ///     nil to look at all.
    /// - Returns: the number of files written.
    /// - Throws: what the ledger and the files throw; what was written stays.
    package static func write(
        _ reading: any CampaignReading,
        options: InvitationOptions,
        folder: String,
        finishedRun: RunID?
    ) throws -> Int {
        var files = try SmallFiles(root: folder)
        var table = try InvitationTable(reading, options)
        var header: [UInt8] = []
        table.appendHeader(to: &header)
        try reading.forEachInvitation { row in
            if let finishedRun, row.run.number <= finishedRun.number { return }
            let id = row.identityID.text
            let (subfolder, name) = (String(id.prefix(2)), "\(id).csv")
            if files.exists(name, in: subfolder) { return }
            var bytes = header
            table.append(row, to: &bytes)
            try files.write(bytes, as: name, in: subfolder)
        }
        try files.finish()
        return files.filesWritten
    }
}
