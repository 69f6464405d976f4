// What is said of columns with codes that a ledger has from an earlier version.

import Campaign
import Ledger
import OutputFiles

extension Console {
    /// Says which such columns the ledger has, and what removes them; nothing where it has none.
    ///
    /// - Throws: what the ledger throws.
    func noteSecretColumns(of ledger: any CampaignReading, in folder: CampaignFolder) throws {
        let names = try ledger.secretColumnNames()
        guard !names.isEmpty else { return }
        let purge = CommandText.again([
            "latchstring", "purge", "--campaign", folder.name, "--output-dir", folder.outputFolder,
        ])
        note(
            "note: the ledger holds the roster's columns \(names.joined(separator: ", ")), which an earlier version "
                + "enrolled. They may hold codes and links; no output shows them. This removes them, and codes that have "
                + "expired: \(purge)"
        )
    }
}
