// One CSV for each user: `invitations/ab/<identity_id>.csv`.

package import Ledger
import Files
import Foundation
import Model

/// The invitations as one file a user, for systems that attach or upload them one by one.
package enum PerUserCSV {
    /// Writes the files that are not there, or hold an earlier invitation of their user's.
    ///
    /// - Parameters:
    ///   - folder: the folder `invitations`, made when it is missing.
    /// - Returns: the number of files written.
    /// - Throws: what the ledger and the files throw; what was written stays.
    package static func write(
        _ reading: any LedgerReader,
        options: InvitationOptions,
        unsealing: Unsealing? = nil,
        folder: String
    ) throws -> Int {
        var files = try AtomicFileBatch(root: folder)
        var table = try InvitationTable(reading, options, unsealing)
        var header: [UInt8] = []
        table.appendHeader(to: &header)
        try reading.forEachInvitation(options.filter) { row in
            let id = row.identityID.text
            let (subfolder, name) = (String(id.prefix(2)), "\(id).csv")
            let isThere = files.exists(name, in: subfolder)
            // The first invitation is never another one.
            if isThere, row.generation == 1 { return }
            guard let secret = try table.secret(of: row) else { return }
            var bytes = header
            table.append(row, secret, to: &bytes)
            if isThere, FileManager.default.contents(atPath: "\(folder)/\(subfolder)/\(name)") == Data(bytes)
            {
                return
            }
            try files.write(bytes, as: name, in: subfolder)
        }
        try files.finish()
        return files.filesWritten
    }
}
