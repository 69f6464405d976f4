// The campaigns that are in an output folder, looked at without touching them.

import Glibc
package import Ledger
package import Files
import Model

extension CampaignFolder {
    /// The folders with a ledger, or with what a run has left of one, by name.
    ///
    /// - Throws: `FileError` where the output folder cannot be read.
    package static func all(in outputFolder: String) throws(FileError) -> [CampaignFolder] {
        let names = try PrivateFolder.names(in: outputFolder).filter(isValid(name:)).sorted()
        return names.map { CampaignFolder(outputFolder: outputFolder, name: $0) }.filter(\.isCampaign)
    }

    /// One look at the campaign's ledger; nothing is written, not even beside it.
    ///
    /// - Throws: `CampaignError`, `FileError` or `LedgerError`.
    package func glance() throws -> LedgerGlance {
        try PrivateFolder.checkCampaignFolder(path)
        guard PrivateFolder.exists(ledgerPath) else {
            throw CampaignError(
                .lostLedger,
                "\(path) has no ledger.sqlite, only what belongs to one",
                advice: "restore it from a backup"
            )
        }
        let glance = try ledger.glance()
        guard glance.campaign == name else {
            throw CampaignError(
                .foreignLedger,
                "\(ledgerPath) is the ledger of the campaign \(glance.campaign), and not of \(name)"
            )
        }
        return glance
    }

    /// Whether a run has ever begun here.
    private var isCampaign: Bool {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return false }
        // A ledger that is gone leaves the lock of its runs.
        let traces = [
            ".lock", "ledger.sqlite", "ledger.sqlite-wal", "ledger.spill", Leftover.rescuedLedger.rawValue,
        ]
        return traces.contains { PrivateFolder.exists("\(path)/\($0)") }
    }
}
