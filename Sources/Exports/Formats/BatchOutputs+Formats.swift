// Batches in the formats of other systems, each beside the batch's own file.

import Files
package import Ledger
import Model
package import Sealing

extension BatchOutputs {
    /// Writes the members of a batch in a format: `000007-20261128T021500Z.listmonk.csv` and its manifest.
    ///
    /// - Throws: `FormatError`, which leaves the batch as it is; `BatchError`, `SealError`, `UnsealingError`;
    ///   what the ledger and the files throw.
    package func write(
        _ batch: BatchRecord,
        in options: FormatOptions,
        unsealingWith key: PrivateKey?,
        noteAddress: @escaping NoteAddress
    ) throws -> CampaignOutputs.FormattedExport {
        let (invitations, _) = try BatchOptions.ofFile(batch)
        let ledger = outputs.ledger
        return try outputs.write(
            FormatFileNames(options.format, stem: batch.stem),
            in: outputs.path(of: Self.folderName),
            options,
            InvitationTable(ledger, invitations, try outputs.unsealing(with: key)),
            invitations,
            batch: batch,
            noteAddress
        ) { try ledger.forEachMember(ofBatch: batch.number, $0) }
    }

    /// Removes a batch's files in whatever format.
    func removeFormatted(_ batch: BatchRecord) throws {
        let folder = outputs.path(of: Self.folderName)
        for name in try PrivateFolder.names(in: folder) where name.hasPrefix("\(batch.stem).") {
            try AtomicFile.remove("\(folder)/\(name)")
        }
        for format in ExportFormat.all {
            try StagingFolder.remove("\(folder)/\(FormatFileNames(format, stem: batch.stem).staging)")
        }
    }
}
