// The invitations through a program that encrypts them: plain in a pipe, never on the disk.

import Ledger
import Files
package import Sealing

extension CampaignOutputs {
    static let encryptedInvitations = "invitations.csv.age"

    /// Writes `invitations.csv.age`, always anew.
    ///
    /// - Parameter encrypt: runs the program with its standard output on the descriptor, calls `write` with a
    ///   pipe to its standard input, which becomes that call's own, and returns once the program has
    ///   succeeded.
    /// - Throws: as `export`, and what `encrypt` throws; then there is no file.
    package func exportEncrypted(
        _ options: InvitationOptions,
        replacing: Bool,
        unsealingWith key: PrivateKey?,
        through encrypt: (
            _ output: Int32, _ write: @escaping @Sendable (_ pipe: Int32) throws -> InvitationRemarks
        ) async throws -> InvitationRemarks
    ) async throws -> Export {
        let options = try complete(options)
        let unsealing = try unsealing(with: key)
        let name = Self.encryptedInvitations
        if !replacing, let holding = try codesOnly(in: name) { throw holding }
        // A plain one that was killed is in nobody's way, and nobody's use.
        _ = try AtomicFile.removeAbandoned(AtomicFile.partialPath(of: path(of: Self.invitations)))
        // Read before the rows are, as for every output.
        let revision = try ledger.campaign().revision
        let file = try AtomicFile(path(of: name))
        let found = try await encrypt(file.descriptorForChild) { [ledger] pipe in
            var sink = PipeSink(pipe, to: "the program that encrypts")
            let found = try InvitationCSV.write(ledger, options: options, unsealing: unsealing, to: &sink)
            try sink.finish()
            return found
        }
        // A purge may have come since.
        if !replacing, let holding = try codesOnly(in: name) { throw holding }
        let stamp = try file.commit()
        let remarks = Remark.all(of: found)
        try ledger.noteOutput(
            OutputRecord(
                name: name,
                revision: revision,
                options: "",
                size: stamp.size,
                modifiedNanoseconds: stamp.modifiedNanoseconds,
                remarks: remarks
            )
        )
        return Export(
            invitations: File(path: path(of: name), wasWritten: true, rows: found.invitations),
            remarks
        )
    }
}
