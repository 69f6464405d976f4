// A campaign's invitations, written again from its ledger.

package import Exports
import Ledger
package import Files
package import Sealing
import SQLiteLedger

/// The world outside of an export.
package struct ExportContext: Sendable {
    /// Runs a program that encrypts: its standard output is the descriptor, and what `write` writes into the
    /// pipe its
    /// standard input.
    package typealias Encrypt =
        @Sendable (
            _ output: Int32, _ write: @escaping @Sendable (_ pipe: Int32) throws -> InvitationRemarks
        ) async throws -> InvitationRemarks

    /// Nil where invitations are written plain.
    package var encrypt: Encrypt?
    package var events: RunEvents

    package init(encrypt: Encrypt? = nil, events: RunEvents) {
        self.encrypt = encrypt
        self.events = events
    }
}

/// One export.
package struct ExportCampaign: Sendable {
    /// What it came to.
    package struct Result: Sendable {
        package let export: CampaignOutputs.Export
        /// Plain invitations that lie beside encrypted ones.
        package let plainBeside: [CampaignOutputs.PlainExport]
    }

    private let folder: CampaignFolder
    private let request: ExportRequest
    private let key: PrivateKey?
    private let context: ExportContext

    /// - Parameter key: opens a campaign that is sealed.
    package init(
        _ folder: CampaignFolder,
        _ request: ExportRequest,
        unsealingWith key: PrivateKey? = nil,
        _ context: ExportContext
    ) {
        self.folder = folder
        self.request = request
        self.key = key
        self.context = context
    }

    /// - Throws: `CommandFailure`.
    package func run() async throws -> Result {
        do {
            let ledger = try folder.openSoundLedger()
            if let warning = folder.spillWarning() { context.events.emit(.spillWaits(warning)) }
            let outputs = CampaignOutputs(folder: folder, ledger: ledger)
            let columns = try ledger.secretColumnNames()
            if !columns.isEmpty { context.events.emit(.secretColumns(columns)) }
            let lock = try OutputsLock(folder: folder.path)
            let export = try await export(outputs)
            extendLifetime(lock)
            let plain = context.encrypt == nil ? [] : try CampaignOutputs.plainExports(in: folder)
            try ledger.close()
            return Result(export: export, plainBeside: plain)
        } catch {
            throw CommandFailure(describing: error)
        }
    }

    /// The same in the format of another system.
    ///
    /// - Throws: `CommandFailure`.
    package func run(in options: FormatOptions) throws -> CampaignOutputs.FormattedExport {
        do {
            let ledger = try folder.openSoundLedger()
            if let warning = folder.spillWarning() { context.events.emit(.spillWaits(warning)) }
            let columns = try ledger.secretColumnNames()
            if !columns.isEmpty { context.events.emit(.secretColumns(columns)) }
            let addresses = try SeenAddresses()
            let lock = try OutputsLock(folder: folder.path)
            let export = try CampaignOutputs(folder: folder, ledger: ledger).export(
                in: options,
                request.invitations,
                replacing: request.replaces,
                unsealingWith: key,
                noteAddress: addresses.insert
            )
            extendLifetime(lock)
            try ledger.close()
            return export
        } catch {
            throw CommandFailure(describing: error)
        }
    }

    private func export(_ outputs: CampaignOutputs) async throws -> CampaignOutputs.Export {
        guard let encrypt = context.encrypt else {
            return try outputs.export(
                request.invitations,
                perUser: request.perUser,
                replacing: request.replaces,
                unsealingWith: key
            )
        }
        return try await outputs.exportEncrypted(
            request.invitations,
            replacing: request.replaces,
            unsealingWith: key,
            through: encrypt
        )
    }
}
