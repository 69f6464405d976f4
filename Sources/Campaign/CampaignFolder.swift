// The ledger of a campaign, opened where its folder says that it lies.

package import Ledger
package import Files
import Model

extension CampaignFolder {
    package var ledger: LedgerLocation { .file(path: ledgerPath) }

    /// The ledger of a campaign that exists, for reading.
    ///
    /// - Throws: `CampaignError`, `FileError` or `LedgerError`.
    package func openLedger() throws -> any Ledger {
        guard try PrivateFolder.mayExist(ledgerPath) else {
            if let trace = emptyLedgersTrace { throw orphan(trace, "no ledger") }
            throw CampaignError(
                .missing,
                "there is no campaign \(name) in \(outputFolder)",
                advice: "check \(.campaign) and \(.outputFolder)"
            )
        }
        try PrivateFolder.checkOutputFolder(outputFolder)
        try PrivateFolder.checkCampaignFolder(path)
        if !hasLedger, let trace = emptyLedgersTrace { throw orphan(trace, "an empty ledger") }
        let ledger = try self.ledger.open()
        try checkOwner(of: ledger)
        return ledger
    }

    /// The same, looked through for damage first: before anything is made of it, or removed from it.
    package func openSoundLedger() throws -> any Ledger {
        let ledger = try openLedger()
        try self.ledger.check.run()
        return ledger
    }

    /// The ledger for a run: opened, or made where the campaign is new.
    ///
    /// - Throws: `FileError` or `LedgerError`; `CampaignError` when something speaks of earlier work that the
    ///   ledger knows nothing of, or when it is another campaign's.
    package func openOrCreateLedger(server: String) throws -> any Ledger {
        if !hasLedger, let trace = emptyLedgersTrace {
            throw orphan(trace, PrivateFolder.exists(ledgerPath) ? "an empty ledger" : "no ledger")
        }
        let ledger: any Ledger
        do {
            ledger = try self.ledger.openOrCreate(
                campaign: name,
                server: server,
                mayBeNew: trace == nil
            )
        } catch let error as LedgerError where error.code == .missing {
            guard let trace else { throw error }
            throw orphan(trace, "a ledger without a campaign")
        }
        if let rescued = try leftovers([.rescuedLedger]).last {
            throw CampaignError(
                .rescuedLedger,
                "\(rescued) was saved by a run whose ledger was deleted, and may have codes that "
                    + "\(ledgerPath) knows nothing of, whose owners would be asked for again",
                advice: "put it in the place of ledger.sqlite (and remove ledger.sqlite-wal and "
                    + "ledger.sqlite-shm), or move it out of the folder to go on without it"
            )
        }
        try checkOwner(of: ledger)
        return ledger
    }

    private func checkOwner(of ledger: any LedgerReader) throws {
        let owner = try ledger.campaign().name
        guard owner == name else {
            throw CampaignError(
                .foreignLedger,
                "\(ledgerPath) is the ledger of the campaign \(owner), and not of \(name)",
                advice: "put the right one back, or give the folder its name back; nothing was changed"
            )
        }
    }

    /// Whether there is a ledger with anything in it.
    private var hasLedger: Bool {
        FileStamp(fileAt: ledgerPath).map { $0.size > 0 } ?? false
    }

    /// What only a run leaves that has begun to work, where there is any.
    ///
    /// Not `run.log`, which is begun before there is a ledger.
    private var trace: String? {
        let names = [
            "invitations.csv", "invitations.csv.age", "invitations", "handover", "failures.csv",
            "rejected.csv",
            "summary.json", "ledger.spill",
        ]
        return (Leftover.allCases.map(\.rawValue) + names).first(where: has)
    }

    /// The same, of a ledger without its first page: its log is worth nothing without that.
    private var emptyLedgersTrace: String? {
        let log = FileStamp(fileAt: "\(ledgerPath)-wal")
        return trace ?? (log.map { $0.size > 0 } == true ? "ledger.sqlite-wal" : nil)
    }

    private func orphan(_ trace: String, _ what: String) -> CampaignError {
        if trace == Leftover.rescuedLedger.rawValue {
            return CampaignError(
                .rescuedLedger,
                "the campaign folder \(path) has \(what), but \(trace), which a run saved when its ledger "
                    + "was deleted",
                advice: "to go on with that, remove ledger.sqlite-wal and ledger.sqlite-shm, and rename it "
                    + "to ledger.sqlite"
            )
        }
        return CampaignError(
            .lostLedger,
            "the campaign folder \(path) has \(trace) but \(what): who was invited is not known any more",
            advice: "restore ledger.sqlite (from a backup: and remove ledger.sqlite-wal and "
                + "ledger.sqlite-shm), or start afresh under another \(.campaign)"
        )
    }

    private func has(_ file: String) -> Bool {
        PrivateFolder.exists("\(path)/\(file)")
    }
}
